"""Project (项目): what meets needs, task by task: who, until when, done; reported and judged.

Whoever leads it confirms what others have done, never their own; the side of the needs judges the
report, and none of those who worked on it.
"""

from datetime import datetime, timedelta

from services.volunteering.domain.lists.need_state import Status as NeedStatus
from services.volunteering.domain.lists.project_commands import (
    CallOffProject,
    ChangeLead,
    ConfirmTask,
    CorrectTaskHours,
    DoTask,
    DropNeed,
    DropTask,
    ForgetMember,
    GiveTask,
    JudgeProject,
    PassTask,
    PlanProject,
    ProjectCounted,
    ProjectDescribed,
    ProjectMemberForgotten,
    ProjectNeedDropped,
    ProjectReportWritten,
    ProjectTaskDescribed,
    ProjectTaskServed,
    ProjectWordGiven,
    ReportProject,
    SendTaskBack,
)
from services.volunteering.domain.lists.project_state import (
    Project,
    Scene,
    Stage,
    Status,
    Task,
    evolve,
)
from services.volunteering.domain.lists.tasking import (
    confirmed,
    corrected,
    done,
    given,
    said,
    task_at,
)
from shared.contracts.event import Event
from shared.contracts.volunteering import HoursConfirmed, HoursCorrected
from shared.contracts.volunteering.lists import (
    ProjectCalledOff,
    ProjectJudged,
    ProjectJudgementLate,
    ProjectLeadChanged,
    ProjectPlanned,
    ProjectReported,
    ProjectTaskConfirmed,
    ProjectTaskDone,
    ProjectTaskDropped,
    ProjectTaskGiven,
    ProjectTaskOverdue,
    ProjectTaskSentBack,
)
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick

LONGEST = timedelta(days=2 * 366)
JUDGE_WITHIN = timedelta(days=14)

OPEN: dict[str, frozenset[Status]] = {
    **dict.fromkeys(
        ("give-task", "pass-task", "drop-task", "do-task", "confirm-task", "send-task-back"),
        frozenset({Status.RUNNING}),
    ),
    "report": frozenset({Status.RUNNING}),
    "change-lead": frozenset({Status.RUNNING, Status.REPORTED}),
    "judge": frozenset({Status.REPORTED}),
    "call-off": frozenset({Status.RUNNING}),
    "correct": frozenset({Status.RUNNING, Status.REPORTED, Status.MET, Status.CALLED_OFF}),
}
"""In which statuses a verb is open, whoever asks."""


def decide(command: Command, project: Project, now: datetime, scene: Scene) -> list[Event]:
    """What follows from a command; `scene` is what the rules are told of the world."""
    if project.status is Status.NONE:
        if isinstance(command, PlanProject):
            return planned(command, now, scene)
        if command.verb in OPEN:
            raise Rejected("unknown-project", "no such project was planned")
        return []
    if isinstance(command, PlanProject):
        raise Rejected("project-planned", "this project was planned before")
    if command.verb in OPEN and project.status not in OPEN[command.verb]:
        raise Rejected("project-wrong-moment", f"the project is {project.status.value}")
    match command:
        case Tick():
            return passed(project, now, scene)
        case GiveTask() | PassTask():
            return given(command, project, now)
        case DropTask(task=n, reason=reason):
            task = task_at(project, n, Stage.GIVEN, Stage.DONE)
            gone = ProjectTaskDropped(project.project, n, task.person, task.organisation)
            return [gone, *said(command.verb, n, reason)]
        case DoTask():
            return done(command, project, now, scene)
        case ConfirmTask():
            return confirmed(command, project)
        case SendTaskBack(by=by, task=n, reason=reason):
            task = task_at(project, n, Stage.DONE)
            back = ProjectTaskSentBack(project.project, n, task.person, task.organisation)
            return [back, *said(command.verb, n, reason)]
        case CorrectTaskHours():
            return corrected(command, project)
        case ChangeLead(lead=lead):
            if lead == project.lead:
                return []
            return [ProjectLeadChanged(project.project, lead, project.lead)]
        case ReportProject():
            return reported(command, project, now)
        case JudgeProject():
            return judged(command, project)
        case CallOffProject(by=by, reason=reason):
            off = ProjectCalledOff(project.project, project.place, project.needs, project.lead, by)
            return [off, *said(command.verb, None, reason)]
        case DropNeed(need=need) if need in project.needs:
            return [ProjectNeedDropped(need)]
        case ForgetMember(person=person) if person in project.people:
            return [ProjectMemberForgotten(person)]
    return []


def planned(command: PlanProject, now: datetime, scene: Scene) -> list[Event]:
    """For needs at the place or below it that are open and that nobody carries."""
    if not scene.path:
        place = command.place
        raise Rejected("unknown-place", f"no place {place} is registered", place=place)
    if not now < command.until <= now + LONGEST:
        raise Rejected("project-times", "a project ends later than now, within two years")
    needs = tuple(dict.fromkeys(command.needs))
    if not needs:
        raise Rejected("project-needs", "name the needs that the project meets")
    for id in needs:
        need = scene.needs.get(id)
        if need is None or need.status is not NeedStatus.OPEN or command.place not in need.path:
            raise Rejected("need-not-here", f"the need {id} is not open here", need=id)
        if need.project is not None:
            raise Rejected("need-carried", "a project carries it: that is called off first")
    return [
        ProjectPlanned(
            scene.project, command.place, scene.path, needs, command.lead, command.until
        ),
        ProjectDescribed(command.title, command.text),
    ]


# --- report and judgement ------------------------------------------------------------------------


def reported(command: ReportProject, project: Project, now: datetime) -> list[Event]:
    """Nothing is left to do; what came of it is told."""
    if any(one.stage in (Stage.GIVEN, Stage.DONE) for one in project.tasks):
        raise Rejected("tasks-open", "tasks are still to be done, confirmed or dropped")
    if not any(one.stage is Stage.CONFIRMED for one in project.tasks):
        raise Rejected("nothing-done", "no task was done: call the project off instead")
    results = {one.what: one.count for one in command.results}
    if not results or len(results) != len(command.results):
        raise Rejected("results-needed", "say what came of it, each thing once")
    return [
        ProjectCounted(tuple(sorted(results.items()))),
        ProjectReported(
            project.project, project.place, project.needs, project.lead, now + JUDGE_WITHIN
        ),
        ProjectReportWritten(command.text),
    ]


def judged(command: JudgeProject, project: Project) -> list[Event]:
    """By the needs' side, not by those who did it."""
    if command.by == project.lead or command.by in project.people:
        raise Rejected("own-project", "who worked on it does not judge it")
    return [
        ProjectJudged(
            project.project,
            project.place,
            project.path,
            project.needs,
            project.lead,
            command.met,
            command.stars,
            command.by,
        ),
        *said(command.verb, None, command.text),
    ]


# --- time ----------------------------------------------------------------------------------------


def due(project: Project) -> datetime | None:
    """When a task is overdue, or the judgement."""
    if project.status is Status.REPORTED:
        return project.judge_by
    if project.status is not Status.RUNNING:
        return None
    return min((one.until for one in _waiting(project)), default=None)


def _waiting(project: Project) -> list[Task]:
    return [one for one in project.tasks if one.stage is Stage.GIVEN and not one.overdue]


def passed(project: Project, now: datetime, scene: Scene) -> list[Event]:
    """What was not done in time is told, once."""
    if project.status is Status.REPORTED:
        if project.judge_by is None or now < project.judge_by:
            return []
        late = ProjectJudgementLate(project.project, project.place, scene.office, scene.person)
        return [late]
    if project.status is not Status.RUNNING:
        return []
    return [
        ProjectTaskOverdue(
            project.project, one.task, one.person, one.organisation, project.lead, one.until
        )
        for one in _waiting(project)
        if one.until <= now
    ]


def open_verbs(project: Project) -> tuple[str, ...]:
    """The verbs that this project knows now."""
    return tuple(verb for verb, statuses in OPEN.items() if project.status in statuses)


project = Aggregate(
    kind="project",
    initial=Project(),
    decide=decide,
    evolve=evolve,
    events=(
        ProjectPlanned,
        ProjectLeadChanged,
        ProjectNeedDropped,
        ProjectTaskGiven,
        ProjectTaskDropped,
        ProjectTaskDone,
        ProjectTaskServed,
        ProjectTaskConfirmed,
        ProjectTaskSentBack,
        ProjectTaskOverdue,
        ProjectMemberForgotten,
        ProjectCounted,
        ProjectReported,
        ProjectJudgementLate,
        ProjectJudged,
        ProjectCalledOff,
        HoursConfirmed,
        HoursCorrected,
        ProjectDescribed,
        ProjectTaskDescribed,
        ProjectWordGiven,
        ProjectReportWritten,
    ),
    due=due,
)
