"""What can be done with a project, and its events that are not published."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from shared.contracts.event import Event, Personal
from shared.contracts.types import Code, Id, PlaceCode, Stars, Text, Title, Word, at_most, between
from shared.runtime.aggregate import Command

MOST_NEEDS = 10
MOST_TASKS = 100
MOST_RESULTS = 20
LONGEST_MINUTES = 12 * 60
"""That somebody serves for one task."""

TaskNumber = Annotated[int, between(1, MOST_TASKS)]
Minutes = Annotated[int, between(0, LONGEST_MINUTES)]
Count = Annotated[int, between(0, 1_000_000)]


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it, counted: ``people-reached``, 120."""

    what: Code
    count: Count


@dataclass(frozen=True, slots=True)
class PlanProject(Command):
    """Meet these needs together, led by one person, until then."""

    by: Id
    place: PlaceCode
    needs: Annotated[tuple[Id, ...], at_most(MOST_NEEDS)]
    lead: Id
    title: Title
    text: Text
    until: datetime


@dataclass(frozen=True, slots=True)
class GiveTask(Command):
    """Somebody, or an organisation, does a task until then."""

    by: Id
    text: Title
    until: datetime
    person: Id | None = None
    organisation: Id | None = None


@dataclass(frozen=True, slots=True)
class PassTask(Command):
    """Somebody else does it, until then."""

    by: Id
    task: TaskNumber
    until: datetime
    person: Id | None = None
    organisation: Id | None = None


@dataclass(frozen=True, slots=True)
class DropTask(Command):
    """It is not to be done any more."""

    by: Id
    task: TaskNumber
    reason: Word = ""


@dataclass(frozen=True, slots=True)
class DoTask(Command):
    """It is done; of a person's task, from when to when and how many minutes of it."""

    by: Id
    org: Id | None
    task: TaskNumber
    begun: datetime | None = None
    ended: datetime | None = None
    minutes: Minutes = 0
    note: Word = ""


@dataclass(frozen=True, slots=True)
class ConfirmTask(Command):
    """It is really done. `minutes` is how many count, where those are fewer."""

    by: Id
    task: TaskNumber
    minutes: Minutes | None = None


@dataclass(frozen=True, slots=True)
class SendTaskBack(Command):
    """It is not."""

    by: Id
    task: TaskNumber
    reason: Text


@dataclass(frozen=True, slots=True)
class CorrectTaskHours(Command):
    """The confirmed minutes of a task were wrong; 0 takes them back."""

    verb = "correct"
    by: Id
    task: TaskNumber
    minutes: Minutes
    reason: Text


@dataclass(frozen=True, slots=True)
class ChangeLead(Command):
    """Somebody else answers for it."""

    by: Id
    lead: Id


@dataclass(frozen=True, slots=True)
class ReportProject(Command):
    """All is done: what came of it, counted and in words."""

    verb = "report"
    by: Id
    results: Annotated[tuple[Result, ...], at_most(MOST_RESULTS)]
    text: Text


@dataclass(frozen=True, slots=True)
class JudgeProject(Command):
    """Whether it met the needs, said by their side. What was not met goes on."""

    verb = "judge"
    by: Id
    met: bool
    stars: Stars
    text: Word = ""


@dataclass(frozen=True, slots=True)
class CallOffProject(Command):
    """It is not carried out."""

    verb = "call-off"
    by: Id
    reason: Text


# --- what follows from events --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DropNeed(Command):
    """The need is carried by another project, or has ended."""

    need: str


@dataclass(frozen=True, slots=True)
class ForgetMember(Command):
    """Somebody was erased."""

    person: str


# --- private events ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProjectTaskServed(Event):
    """When it was done, and how many minutes of that were served."""

    task: int
    begun: datetime
    ended: datetime
    minutes: int


@dataclass(frozen=True, slots=True)
class ProjectCounted(Event):
    """What came of it, counted."""

    results: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ProjectNeedDropped(Event):
    """It does not carry this need."""

    need: str


@dataclass(frozen=True, slots=True)
class ProjectMemberForgotten(Event):
    """What somebody has not done yet has nobody now."""

    person: str


@dataclass(frozen=True, slots=True)
class ProjectDescribed(Personal):
    """What it is to do, in words."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class ProjectTaskDescribed(Personal):
    """What a task is."""

    task: int
    text: str


@dataclass(frozen=True, slots=True)
class ProjectWordGiven(Personal):
    """What was said (`verb`), of a task or of all."""

    verb: str
    task: int | None
    text: str


@dataclass(frozen=True, slots=True)
class ProjectReportWritten(Personal):
    """The report."""

    text: str
