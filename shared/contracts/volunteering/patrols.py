"""Patrols (三重巡防): shifts, and what goes wrong with them. Ids, codes, times and counts.

`crew` are those who patrol in a shift, `organisers` those who answer for it. `kind` says which of
the three lines of defence the team is. `number` is that of a checkpoint on its route, from 0.
Routes and rotas stand in `patrol_rotas`, what is found in `patrol_findings`.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.contracts.event import Event
from shared.contracts.types import Level


class PatrolKind(StrEnum):
    """The three lines of defence: volunteers of the party (党员志愿者队伍), for safety
    (平安志愿者队伍), and of the owners' committee (业委会志愿者队伍).
    """

    PARTY = "party"
    SAFETY = "safety"
    OWNERS = "owners"


class CheckWay(StrEnum):
    """How it is known that somebody was at a checkpoint: the code of its sign, their position, or
    their word.
    """

    SIGN = "sign"
    POSITION = "position"
    HAND = "hand"


class PatrolAlarm(StrEnum):
    """What went wrong with a shift, or was not done in time."""

    NOT_BEGUN = "not-begun"
    CHECKPOINT_MISSED = "checkpoint-missed"
    NOT_ENDED = "not-ended"
    NOT_TAKEN_OVER = "not-taken-over"
    HOURS_WAITING = "hours-waiting"


@dataclass(frozen=True, slots=True)
class PatrolShiftPlanned(Event):
    """A team's crew patrols a route, from when to when."""

    shift: str
    rota: str
    number: int
    route: str
    place: str
    path: tuple[str, ...]
    kind: PatrolKind
    team: str
    begin: datetime
    end: datetime
    crew: tuple[str, ...]
    organisers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PatrolCrewChanged(Event):
    """As `PatrolRotaChanged`, of the shift itself; `vacant` are the places of the crew that nobody
    has now.
    """

    shift: str
    place: str
    begin: datetime
    end: datetime
    before: str | None
    person: str | None
    because: str
    vacant: int
    organisers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PatrolShiftCalledOff(Event):
    """Nobody patrols then: ``weather``, ``event``, ``too-few``, ``planned-in-error``, or its team
    does nothing (``team-stops``).
    """

    shift: str
    place: str
    begin: datetime
    crew: tuple[str, ...]
    organisers: tuple[str, ...]
    because: str


@dataclass(frozen=True, slots=True)
class PatrolNear(Event):
    """The crew is reminded of a shift."""

    shift: str
    place: str
    begin: datetime
    crew: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PatrolBegun(Event):
    """The patrol is on its way, on version `number` of the route."""

    shift: str
    route: str
    number: int
    place: str
    kind: PatrolKind
    team: str
    by: str
    in_time: bool


@dataclass(frozen=True, slots=True)
class PatrolNotBegun(Event):
    """Nobody has begun the shift: crew and organisers are told at once."""

    shift: str
    place: str
    kind: PatrolKind
    team: str
    begin: datetime
    crew: tuple[str, ...]
    organisers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PatrolMissed(Event):
    """The shift is over, and nobody has begun it."""

    shift: str
    place: str
    path: tuple[str, ...]
    kind: PatrolKind
    team: str
    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class PatrolCheckpointPassed(Event):
    """`by` was at a checkpoint."""

    shift: str
    route: str
    place: str
    number: int
    way: CheckWay
    in_time: bool
    by: str


@dataclass(frozen=True, slots=True)
class PatrolCheckpointMissed(Event):
    """Nobody was at a checkpoint by `due`."""

    shift: str
    route: str
    place: str
    number: int
    due: datetime
    organisers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PatrolNotEnded(Event):
    """Long after its end the patrol has not reported back."""

    shift: str
    place: str
    end: datetime
    crew: tuple[str, ...]
    organisers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PatrolEnded(Event):
    """The patrol is back. Of its `checkpoints` so many were `passed`, `late` ones among them, and
    so many by word only (`by_hand`). `people` took part. `by` is None where nobody reported back
    and time ended it.
    """

    shift: str
    place: str
    path: tuple[str, ...]
    kind: PatrolKind
    team: str
    begun: datetime
    ended: datetime
    people: int
    checkpoints: int
    passed: int
    late: int
    by_hand: int
    by: str | None


@dataclass(frozen=True, slots=True)
class PatrolHandedOver(Event):
    """So many `matters` are left open; the patrol of the shift `successor`, or the organisers where
    none follows, have to confirm by `until` that they take over.
    """

    shift: str
    place: str
    by: str
    matters: int
    successor: str | None
    until: datetime
    organisers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PatrolHandoverAwaited(Event):
    """The patrol of this shift has to confirm that it takes over from the shift `former`."""

    shift: str
    former: str
    place: str
    crew: tuple[str, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class PatrolTakenOver(Event):
    """`by` takes over what is open, for the patrol of the shift `successor` or as an organiser."""

    shift: str
    place: str
    by: str
    successor: str | None
    matters: int


@dataclass(frozen=True, slots=True)
class PatrolNotTakenOver(Event):
    """Nobody has confirmed it in time."""

    shift: str
    place: str
    matters: int
    successor: str | None
    organisers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PatrolHoursWaiting(Event):
    """The hours of a patrol wait to be confirmed."""

    shift: str
    place: str
    organisers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PatrolAlarmClimbed(Event):
    """What the organisers were told of is still so: `called` at the `office` of that level is told,
    None where nobody has the duty there. `number` is the checkpoint's.
    """

    shift: str
    place: str
    kind: PatrolAlarm
    number: int | None
    since: datetime
    level: Level
    office: str
    called: str | None


@dataclass(frozen=True, slots=True)
class PatrolAlarmSettled(Event):
    """Somebody who answers for the patrol has looked at it and says why it was so."""

    shift: str
    place: str
    kind: PatrolAlarm
    number: int | None
    by: str
