"""A project as it stands: the fold of its events."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from services.volunteering.domain.lists.need_state import Need
from services.volunteering.domain.lists.project_commands import (
    ProjectCounted,
    ProjectMemberForgotten,
    ProjectNeedDropped,
    ProjectTaskServed,
)
from services.volunteering.domain.teams.volunteer_state import Volunteer
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
from shared.runtime.aggregate import changed


class Status(StrEnum):
    """How a project stands."""

    NONE = "none"
    RUNNING = "running"
    REPORTED = "reported"
    MET = "met"
    CALLED_OFF = "called-off"


class Stage(StrEnum):
    """How a task stands."""

    GIVEN = "given"
    DONE = "done"
    CONFIRMED = "confirmed"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Task:
    """Who does it until when; both None where nobody has it now. `minutes` were served from `begun`
    to `ended`, as they say; `confirmed` count.
    """

    task: int
    person: str | None
    organisation: str | None
    until: datetime
    stage: Stage = Stage.GIVEN
    overdue: bool = False
    begun: datetime | None = None
    ended: datetime | None = None
    minutes: int = 0
    confirmed: int = 0


@dataclass(frozen=True)
class Alarm:
    """Nobody judged it in time: the office that was told, and who there; None for nobody."""

    office: str
    person: str | None


@dataclass(frozen=True)
class Project:
    """`people` and `bodies` have tasks. `results` are what came of it, counted."""

    project: str = ""
    status: Status = Status.NONE
    place: str = ""
    path: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    lead: str = ""
    until: datetime | None = None
    tasks: tuple[Task, ...] = ()
    people: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    results: tuple[tuple[str, int], ...] = ()
    judge_by: datetime | None = None
    alarm: Alarm | None = None
    stars: int | None = None
    judge: str | None = None


@dataclass(frozen=True)
class Scene:
    """The project's own id; the path of the place named; the needs named, by id; the record of who
    has done a task; the office that an alarm goes to.
    """

    project: str
    path: tuple[str, ...] = ()
    needs: Mapping[str, Need | None] = field(default_factory=dict)
    volunteer: Volunteer | None = None
    office: str = ""
    person: str | None = None


def task_of_work(work: str) -> int:
    """The number of the task in the id of a work: ``<project>.3`` is of the third."""
    return int(work.rpartition(".")[2])


def evolve(project: Project, event: Event) -> Project:
    """The project after an event."""
    match event:
        case ProjectPlanned(project=id, place=place, path=path, needs=needs, lead=lead) as e:
            return Project(id, Status.RUNNING, place, path, needs, lead, e.until)
        case ProjectLeadChanged(lead=lead):
            return changed(project, lead=lead)
        case ProjectNeedDropped(need=need):
            return changed(project, needs=tuple(one for one in project.needs if one != need))
        case ProjectTaskGiven(task=n, person=person, organisation=organisation, until=until):
            others = tuple(one for one in project.tasks if one.task != n)
            tasks = (*others, Task(n, person, organisation, until))
            return _with(project, tuple(sorted(tasks, key=lambda one: one.task)))
        case ProjectTaskDropped(task=n):
            return _task(project, n, stage=Stage.DROPPED)
        case ProjectTaskDone(task=n):
            return _task(project, n, stage=Stage.DONE)
        case ProjectTaskServed(task=n, begun=begun, ended=ended, minutes=minutes):
            return _task(project, n, begun=begun, ended=ended, minutes=minutes)
        case ProjectTaskConfirmed(task=n):
            return _task(project, n, stage=Stage.CONFIRMED)
        case (
            HoursConfirmed(work=work, minutes=minutes) | HoursCorrected(work=work, minutes=minutes)
        ):
            return _task(project, task_of_work(work), confirmed=minutes)
        case ProjectTaskSentBack(task=n):
            return _task(project, n, stage=Stage.GIVEN, begun=None, ended=None, minutes=0)
        case ProjectTaskOverdue(task=n):
            return _task(project, n, overdue=True)
        case ProjectMemberForgotten(person=person):
            tasks = tuple(
                changed(one, person=None)
                if one.person == person and one.stage in (Stage.GIVEN, Stage.DONE)
                else one
                for one in project.tasks
            )
            return _with(project, tasks)
        case ProjectCounted(results=results):
            return changed(project, results=results)
        case ProjectReported(judge_by=judge_by):
            return changed(project, status=Status.REPORTED, judge_by=judge_by)
        case ProjectJudgementLate(office=office, person=person):
            return changed(project, judge_by=None, alarm=Alarm(office, person))
        case ProjectJudged(met=met, stars=stars, judge=judge):
            status = Status.MET if met else Status.RUNNING
            judged = {"judge_by": None, "alarm": None, "stars": stars, "judge": judge}
            return changed(project, status=status, **judged)
        case ProjectCalledOff():
            return changed(project, status=Status.CALLED_OFF, judge_by=None, alarm=None)
    return project


def _task(project: Project, n: int, **changes: object) -> Project:
    tasks = (changed(one, **changes) if one.task == n else one for one in project.tasks)
    return changed(project, tasks=tuple(tasks))


def _with(project: Project, tasks: tuple[Task, ...]) -> Project:
    people = sorted({one.person for one in tasks if one.person is not None})
    bodies = sorted({one.organisation for one in tasks if one.organisation is not None})
    return changed(project, tasks=tasks, people=tuple(people), bodies=tuple(bodies))
