"""The tasks of a project: given, done by who has them, confirmed by somebody else."""

from datetime import datetime, timedelta

from services.volunteering.domain.lists.project_commands import (
    MOST_TASKS,
    ConfirmTask,
    CorrectTaskHours,
    DoTask,
    GiveTask,
    PassTask,
    ProjectTaskDescribed,
    ProjectTaskServed,
    ProjectWordGiven,
)
from services.volunteering.domain.lists.project_state import Project, Scene, Stage, Task
from services.volunteering.domain.teams.fitness import refuse_unfit
from services.volunteering.domain.teams.volunteer_state import Conditions
from shared.contracts.event import Event
from shared.contracts.volunteering import HoursConfirmed, HoursCorrected
from shared.contracts.volunteering.hours import Work
from shared.contracts.volunteering.lists import (
    ProjectTaskConfirmed,
    ProjectTaskDone,
    ProjectTaskGiven,
)
from shared.runtime.aggregate import Rejected


def task_at(project: Project, n: int, *stages: Stage) -> Task:
    """The task, at one of these stages. Raises `Rejected`."""
    task = next((one for one in project.tasks if one.task == n), None)
    if task is None:
        raise Rejected("unknown-task", "the project has no such task")
    if task.stage not in stages:
        raise Rejected("task-wrong-moment", f"the task is {task.stage.value}")
    return task


def given(command: GiveTask | PassTask, project: Project, now: datetime) -> list[Event]:
    """One person or one organisation has it, until a time within the project."""
    if (command.person is None) == (command.organisation is None):
        raise Rejected("task-for-whom", "a task is for one person or one organisation")
    assert project.until is not None, "what was planned ends"
    if not now < command.until <= project.until:
        raise Rejected("task-times", "a task is due later than now, and within the project")
    former, words = None, []
    if isinstance(command, PassTask):
        n = command.task
        task = task_at(project, n, Stage.GIVEN)
        former = task.person or task.organisation
    else:
        n = len(project.tasks) + 1
        words = [ProjectTaskDescribed(n, command.text)]
        if n > MOST_TASKS:
            raise Rejected("too-many-tasks", f"at most {MOST_TASKS} tasks", most=MOST_TASKS)
    return [
        ProjectTaskGiven(
            project.project,
            n,
            command.person,
            command.organisation,
            former,
            project.lead,
            command.until,
        ),
        *words,
    ]


def done(command: DoTask, project: Project, now: datetime, scene: Scene) -> list[Event]:
    """Said by who has it. Hours are a volunteer's, within the time from begin to end."""
    n, begun, ended, minutes = command.task, command.begun, command.ended, command.minutes
    task = task_at(project, n, Stage.GIVEN)
    theirs = command.by == task.person
    if not theirs and (task.organisation is None or command.org != task.organisation):
        raise Rejected("not-your-task", "somebody else has this task")
    events: list[Event] = [
        ProjectTaskDone(project.project, n, task.person, task.organisation, project.lead)
    ]
    if minutes:
        if not theirs:
            raise Rejected("hours-of-persons", "only persons serve hours")
        if begun is None or ended is None or not begun < ended <= now:
            raise Rejected("served-times", "say from when to when, in the past, it was done")
        if timedelta(minutes=minutes) > ended - begun:
            raise Rejected("more-than-presence", "nobody serves longer than they were there")
        refuse_unfit(scene.volunteer, Conditions(work=Work.PROJECT, end=ended), begun)
        events.append(ProjectTaskServed(n, begun, ended, minutes))
    return [*events, *said(command.verb, n, command.note)]


def confirmed(command: ConfirmTask, project: Project) -> list[Event]:
    """Somebody else than who did it says so; the hours count."""
    task = task_at(project, command.task, Stage.DONE)
    if command.by == task.person:
        raise Rejected("own-task", "nobody confirms what they did themselves")
    minutes = task.minutes if command.minutes is None else min(task.minutes, command.minutes)
    hours = []
    if minutes and task.person is not None and task.begun is not None:
        hours = [
            HoursConfirmed(
                work=f"{project.project}.{task.task}",
                kind=Work.PROJECT,
                volunteer=task.person,
                place=project.place,
                begun=task.begun,
                minutes=minutes,
                confirmed_by=command.by,
            )
        ]
    over = ProjectTaskConfirmed(
        project.project, task.task, task.person, task.organisation, command.by
    )
    return [over, *hours]


def corrected(command: CorrectTaskHours, project: Project) -> list[Event]:
    """Confirmed minutes are changed, by somebody who did not serve them."""
    task = task_at(project, command.task, Stage.CONFIRMED)
    if command.by == task.person:
        raise Rejected("own-task", "nobody confirms what they did themselves")
    if task.person is None or task.begun is None or task.ended is None:
        raise Rejected("served-nothing", "no hours of this volunteer were confirmed here")
    if command.minutes == task.confirmed:
        return []
    if timedelta(minutes=command.minutes) > task.ended - task.begun:
        raise Rejected("more-than-presence", "nobody serves longer than they were there")
    return [
        HoursCorrected(
            work=f"{project.project}.{task.task}",
            kind=Work.PROJECT,
            volunteer=task.person,
            place=project.place,
            begun=task.begun,
            before=task.confirmed,
            minutes=command.minutes,
            corrected_by=command.by,
        ),
        *said(command.verb, task.task, command.reason),
    ]


def said(verb: str, task: int | None, text: str) -> list[Event]:
    """Words, where there are any."""
    return [ProjectWordGiven(verb, task, text)] if text else []
