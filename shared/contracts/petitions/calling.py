"""Others are called: departments to a consultation (会诊), bodies by a whistle (吹哨报到)."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.event import Event
from shared.contracts.types import Level


@dataclass(frozen=True, slots=True)
class ConsultationCalled(Event):
    """`departments` (organisations) were called onto one petition for `level` (会诊); the `lead`
    gives the joint answer. `DepartmentCalled` follows for each.
    """

    petition: str
    by: str
    level: Level
    place: str
    category: str
    lead: str
    departments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DepartmentCalled(Event):
    """A department accepts or refuses its part by `accept_by`. `again` says that it takes over from
    another department.
    """

    petition: str
    department: str
    accept_by: datetime
    again: bool = False


@dataclass(frozen=True, slots=True)
class DepartmentAccepted(Event):
    """A department delivers its part by `part_by`; `caller` called it."""

    petition: str
    department: str
    caller: str
    part_by: datetime


@dataclass(frozen=True, slots=True)
class DepartmentRefused(Event):
    """A department says that the matter is not its own: the level of the `caller` decides."""

    petition: str
    department: str
    caller: str


@dataclass(frozen=True, slots=True)
class DepartmentSilent(Event):
    """A department said nothing by `accept_by`: the level of the `caller` decides."""

    petition: str
    department: str
    caller: str
    accept_by: datetime


@dataclass(frozen=True, slots=True)
class DepartmentInsisted(Event):
    """A department has to deliver its part by `part_by`, whatever it said."""

    petition: str
    department: str
    part_by: datetime


@dataclass(frozen=True, slots=True)
class DepartmentHandedOver(Event):
    """The part of a department is that of another one now, `instead` of it."""

    petition: str
    department: str
    instead: str


@dataclass(frozen=True, slots=True)
class DepartmentRuledOut(Event):
    """The part of a department is not needed."""

    petition: str
    department: str
    caller: str


@dataclass(frozen=True, slots=True)
class DepartmentDelivered(Event):
    """A department handed in its part."""

    petition: str
    department: str
    caller: str
    in_time: bool


@dataclass(frozen=True, slots=True)
class DepartmentLate(Event):
    """A department did not deliver by `part_by`: the level of the `caller` decides."""

    petition: str
    department: str
    caller: str
    part_by: datetime


@dataclass(frozen=True, slots=True)
class ConsultationConcluded(Event):
    """It is over, with what happened to the petition: ``answered``, ``closed`` or ``merged``."""

    petition: str
    because: str
    caller: str


@dataclass(frozen=True, slots=True)
class WhistleBlown(Event):
    """Somebody whistled for whoever has to come (吹哨), about a `petition` or something else.

    `path` runs from the district down to `place`. `WhistleCalled` follows.
    """

    whistle: str
    by: str
    place: str
    path: tuple[str, ...]
    category: str
    petition: str | None


@dataclass(frozen=True, slots=True)
class WhistleCalled(Event):
    """The holder of a duty at a place is called to report (报到) by `report_by`; `judge` judges it.

    `called` is None where nobody can be called by name. `because` is ``blown``, ``overdue``,
    ``refused``, ``unjudged`` or ``passed-on``.
    """

    whistle: str
    level: Level
    place: str
    duty: str
    called: str | None
    report_by: datetime
    because: str
    judge: str
    category: str
    petition: str | None


@dataclass(frozen=True, slots=True)
class WhistleClimbed(Event):
    """The next rung of the ladder is called, because of silence (``overdue``), a report that was
    ``refused`` or that nobody judged (``unjudged``), or because the one called, now a `whistler`,
    ``passed-on`` it.
    """

    whistle: str
    before: Level
    level: Level
    place: str
    because: str
    whistler: str | None


@dataclass(frozen=True, slots=True)
class WhistleReported(Event):
    """Whoever was called has reported; `judge` accepts or refuses it until `judge_by`."""

    whistle: str
    by: str
    level: Level
    place: str
    in_time: bool
    judge: str
    judge_by: datetime


@dataclass(frozen=True, slots=True)
class WhistleReportAccepted(Event):
    """The report was found good, with `stars` (None only of old, when silence was taken for it).

    Another `judge`, who whistled before, has it now until `judge_by`, if there is one.
    """

    whistle: str
    by: str
    reported_by: str | None
    stars: int | None
    judge: str | None
    judge_by: datetime | None


@dataclass(frozen=True, slots=True)
class WhistleReportRefused(Event):
    """The report was found not good: the next rung is called, at the top the same one again."""

    whistle: str
    by: str
    level: Level
    place: str
    reported_by: str | None


@dataclass(frozen=True, slots=True)
class WhistleReportUnjudged(Event):
    """The judge (`by`) said nothing of the report in time, and so did not accept it.

    Another `judge`, who whistled before, has it now until `judge_by`; where there is none, the next
    rung is called, and at the top it is over.
    """

    whistle: str
    by: str
    level: Level
    place: str
    reported_by: str | None
    judge: str | None
    judge_by: datetime | None


@dataclass(frozen=True, slots=True)
class WhistleOverdue(Event):
    """No report came by `report_by`.

    Below the top the next rung is called at once; at the top it is told again at `again_at`, every
    working day; `days` are the working days since the deadline.
    """

    whistle: str
    level: Level
    place: str
    called: str | None
    report_by: datetime
    days: int
    judge: str
    again_at: datetime | None


@dataclass(frozen=True, slots=True)
class WhistleClosed(Event):
    """It is over: ``rated`` with `stars`, ``unjudged`` where nobody judged the report of the top,
    ``called-off``, or, of old, ``unrated``.
    """

    whistle: str
    outcome: str
    stars: int | None
    level: Level
    place: str
    category: str
    whistler: str
    called: str | None
