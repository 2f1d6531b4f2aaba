"""What is remembered of a patrol's shift: who patrols, where they were, what was handed over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from services.volunteering.domain.activities.outline import Meeting
from services.volunteering.domain.patrols.climbing import Climb, Office
from services.volunteering.domain.patrols.route import PatrolRoute
from services.volunteering.domain.teams.team_state import Team
from services.volunteering.domain.teams.volunteer_state import Volunteer
from shared.contracts.volunteering.patrols import (
    CheckWay,
    PatrolAlarm,
    PatrolKind,
)
from shared.runtime.aggregate import changed

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Status(StrEnum):
    """How far a shift has come."""

    NONE = "none"
    PLANNED = "planned"
    RUNNING = "running"
    ENDED = "ended"
    MISSED = "missed"
    CALLED_OFF = "called-off"


@dataclass(frozen=True, slots=True)
class Leg:
    """A checkpoint of the route that the shift goes, to be passed by `due`."""

    key: int
    name: str
    place: str
    due: datetime
    spot: Meeting | None = None
    passed: datetime | None = None
    way: CheckWay | None = None
    by: str | None = None
    missed: bool = False


@dataclass(frozen=True, slots=True)
class Presence:
    """Somebody was on patrol since `came`, until `left`; `seen` is the last sign of them."""

    person: str
    came: datetime
    seen: datetime
    left: datetime | None = None


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something is not as it should be. `number` is the checkpoint's."""

    kind: PatrolAlarm
    number: int | None
    climb: Climb


@dataclass(frozen=True, slots=True)
class Handover:
    """So many matters are left open since then; somebody confirms by `until` that they take over.
    `told` once it was said that nobody has, `taken` once somebody does.
    """

    by: str | None
    at: datetime
    matters: int
    until: datetime
    told: bool = False
    taken: bool = False
    taken_by: str | None = None


@dataclass(frozen=True, slots=True)
class Credit:
    """The hours of somebody as they were confirmed, in minutes. Hours that did not count from the
    start were never `told` to others.
    """

    person: str
    minutes: int
    told: bool = True


@dataclass(frozen=True)
class PatrolShift:
    """A shift. `crew` are those who are to patrol, `size` how many should, `presence` who did.

    `successor` is the shift that takes over from it, beginning at `successor_begin`; `former` those
    that it takes over from. `legs` are those of version `version` of the route, once it has begun.
    """

    status: Status = Status.NONE
    shift: str = ""
    rota: str = ""
    number: int = 0
    route: str = ""
    place: str = ""
    path: tuple[str, ...] = ()
    kind: PatrolKind = PatrolKind.SAFETY
    team: str = ""
    begin: datetime = NEVER
    end: datetime = NEVER
    size: int = 1
    crew: tuple[str, ...] = ()
    keeper: str | None = None
    organisers: tuple[str, ...] = ()
    successor: str | None = None
    successor_begin: datetime | None = None
    former: tuple[str, ...] = ()
    reminded: bool = False
    version: int = 0
    begun: datetime | None = None
    ended: datetime | None = None
    legs: tuple[Leg, ...] = ()
    presence: tuple[Presence, ...] = ()
    handover: Handover | None = None
    credits: tuple[Credit, ...] = ()
    alarms: tuple[Alarm, ...] = ()


@dataclass(frozen=True, slots=True)
class Round:
    """What the rules are told: the shift's id, the route, the path of its place and the leaders of
    the team; the volunteer and the other shift that are named; the codes that the signs have now,
    by the checkpoint's key; the offices that an alarm climbs to; the team that is to patrol.
    """

    shift: str
    route: PatrolRoute | None = None
    path: tuple[str, ...] = ()
    leaders: tuple[str, ...] = ()
    volunteer: Volunteer | None = None
    other: PatrolShift | None = None
    codes: Mapping[int, str] = field(default_factory=dict)
    offices: tuple[Office, ...] = ()
    team: Team | None = None


def alarm_of(shift: PatrolShift, kind: PatrolAlarm, number: int | None = None) -> Alarm | None:
    """The alarm of that kind that nobody has settled."""
    for alarm in shift.alarms:
        if (alarm.kind, alarm.number) == (kind, number):
            return alarm
    return None


def alarmed(
    shift: PatrolShift, kind: PatrolAlarm, since: datetime, number: int | None = None
) -> PatrolShift:
    """With an alarm."""
    return changed(shift, alarms=(*shift.alarms, Alarm(kind, number, Climb(since))))


def quiet(shift: PatrolShift, kind: PatrolAlarm, number: int | None = None) -> tuple[Alarm, ...]:
    """The alarms but that one."""
    return tuple(one for one in shift.alarms if (one.kind, one.number) != (kind, number))


def present(shift: PatrolShift, person: str) -> Presence | None:
    """Whether somebody is on patrol now, and since when."""
    for one in shift.presence:
        if one.person == person and one.left is None:
            return one
    return None


def who_was_there(shift: PatrolShift) -> tuple[str, ...]:
    """Everybody who patrolled."""
    return tuple(dict.fromkeys(one.person for one in shift.presence))


def unconfirmed(shift: PatrolShift) -> tuple[str, ...]:
    """Who patrolled and whose hours nobody has confirmed."""
    told = {one.person for one in shift.credits}
    return tuple(person for person in who_was_there(shift) if person not in told)
