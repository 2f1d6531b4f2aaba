"""A care plan as it stands: who is visited how often by whom, what is due, what is alarming.

It stays small for all its years: what visits found lies in the dossier, and of past visits only the
last are known.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from services.volunteering.domain.care.form import Form, OwnLimit
from services.volunteering.domain.care.rhythm import Rhythm
from services.volunteering.domain.teams.volunteer_state import Volunteer
from shared.contracts.types import PlaceKind
from shared.contracts.volunteering.care import CareAlarm, CareRung

LAST_VISITS = 12
"""Past visits that a plan knows of."""


class PlanStatus(StrEnum):
    """How a plan stands."""

    NONE = "none"
    PROPOSED = "proposed"
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class Outcome(StrEnum):
    """What became of a visit."""

    MADE = "made"
    LATE = "late"
    NOT_HOME = "not-home"
    REFUSED = "visit-refused"


@dataclass(frozen=True)
class DueVisit:
    """The visit of the rhythm that is to be made next. `told`: who visits knows that it is due.
    `missed`: its time was over and nobody had been there.
    """

    begin: datetime
    end: datetime
    told: bool = False
    missed: bool = False


@dataclass(frozen=True)
class PastVisit:
    """A visit by its number: who was there, from when to when; `begin` is that of the visit of the
    rhythm, None beside it. `minutes` count as hours served.
    """

    number: int
    outcome: Outcome
    visitor: str
    begin: datetime | None
    begun: datetime | None = None
    end: datetime | None = None
    minutes: int = 0
    confirmed: bool = False
    """Whether hours were confirmed for it."""


@dataclass(frozen=True)
class Pause:
    """No visits from `since` to `until`."""

    since: datetime
    until: datetime
    because: str


@dataclass(frozen=True)
class Leave:
    """The visitor is away; the deputy steps in once it has `begun`."""

    since: datetime
    until: datetime
    begun: bool = False


@dataclass(frozen=True)
class Alarm:
    """Who is called because of what; at `until` it climbs. `taken_by` sees to it."""

    number: int
    because: CareAlarm
    rung: CareRung
    called: tuple[str, ...]
    until: datetime
    taken_by: str | None = None


@dataclass(frozen=True)
class CarePlan:
    """`path` are the places it lies in, the district first. `open`: it is to be seen to, or waits
    for consent. `organisers` are the leaders of its team and who made it.
    """

    status: PlanStatus = PlanStatus.NONE
    open: bool = False
    plan: str = ""
    place: str = ""
    path: tuple[str, ...] = ()
    person: str | None = None
    purpose: str = ""
    rhythm: Rhythm = field(default_factory=Rhythm)
    minutes: int = 0
    first: datetime | None = None
    """No visit of the rhythm, as it is now, is due before."""
    team: str | None = None
    maker: str | None = None
    leaders: tuple[str, ...] = ()
    organisers: tuple[str, ...] = ()
    health_contact: str | None = None
    visitor: str | None = None
    deputy: str | None = None
    leave: Leave | None = None
    consent: str | None = None
    """How the person agreed."""
    consented: datetime | None = None
    consent_by: datetime | None = None
    visit: DueVisit | None = None
    resolved: datetime | None = None
    """The begin of the last visit of the rhythm that was made, tried in vain or missed."""
    pause: Pause | None = None
    unmet: int = 0
    """Visits in a row that were tried and not made."""
    visits: int = 0
    """Visits so far, tried ones too."""
    last: tuple[PastVisit, ...] = ()
    last_end: datetime | None = None
    alarms: tuple[Alarm, ...] = ()
    alarms_raised: int = 0
    limits: tuple[OwnLimit, ...] = ()
    forget_at: datetime | None = None

    @property
    def on_duty(self) -> str | None:
        """Who visits now."""
        return self.deputy if self.leave is not None and self.leave.begun else self.visitor

    @property
    def called(self) -> tuple[str, ...]:
        """Who sees to a visit now: who is on duty, or the organisers."""
        return self.organisers if self.on_duty is None else (self.on_duty,)


@dataclass(frozen=True)
class Scene:
    """What the rules ask for: the plan's id; of its place the kind (None where it is not
    registered), the path, whether it is closed; the leaders of the team named (None where there is
    no such team); who does the office's duty at the community and the street; the form of the
    purpose; whether the person has another such plan; of the persons named, what is known of them
    as volunteers, and which have a post around there.
    """

    plan: str
    kind: PlaceKind | None = None
    path: tuple[str, ...] = ()
    closed: bool = False
    leaders: tuple[str, ...] | None = None
    community: str | None = None
    street: str | None = None
    form: Form | None = None
    taken: bool = False
    volunteers: Mapping[str, Volunteer] = field(default_factory=dict)
    posted: frozenset[str] = frozenset()
