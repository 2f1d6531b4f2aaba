"""What is done to a patrol rota, its state, and the events of it that stay in the service."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated

from services.volunteering.domain.patrols.route import PatrolRoute
from services.volunteering.domain.teams.team_state import Team
from services.volunteering.domain.teams.volunteer_state import Volunteer
from shared.contracts.event import Event
from shared.contracts.types import DaySpan, Id, PlaceCode, Title, Weekday, at_most, between
from shared.contracts.volunteering.patrols import (
    PatrolKind,
)
from shared.runtime.aggregate import Command

MOST_MEMBERS = 60
"""Of one line."""
MOST_LINES = 6
MOST_CREW = 8
MOST_SHIFTS = 400
MOST_PLACES = 200
"""Places of the crews of one line, in all its shifts: shared out within a fifth of a second."""
MOST_SWAPS = 50
MOST_ABSENCES = 400
LONGEST_RANGE = 100
"""Days between the first and the last."""
EARLY = timedelta(minutes=30)
"""Before its beginning a shift can be begun: until then the rota says who patrols, and from then on
the shift itself does.
"""


class RotaStatus(StrEnum):
    """Where a rota stands."""

    NONE = "none"
    DRAWN_UP = "drawn-up"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of defence: members of a team who patrol `crew` at a time, at these times of each of
    the days, or with `weekdays` of those only.
    """

    kind: PatrolKind
    team: Id
    members: Annotated[tuple[Id, ...], at_most(MOST_MEMBERS)]
    shifts: Annotated[tuple[DaySpan, ...], at_most(6)]
    crew: Annotated[int, between(1, MOST_CREW)] = 2
    weekdays: Annotated[tuple[Weekday, ...], at_most(7)] = ()


@dataclass(frozen=True, slots=True)
class Away:
    """A member cannot take a shift that begins on this (local) day."""

    person: Id
    day: date


@dataclass(frozen=True, slots=True)
class RotaShift:
    """The `crew` of the line with that number patrols from `begin` to `end`; it is complete with
    `size` people.
    """

    begin: datetime
    end: datetime
    line: int
    size: int
    crew: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """What is remembered of a line. `done` are the shifts of each of its members in this rota and
    in those that it follows.
    """

    kind: PatrolKind
    team: str
    members: tuple[str, ...]
    done: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Swap:
    """`by` offers the shift `mine` for the shift `theirs` of `to`. Shifts go by their number, from
    0.
    """

    by: str
    to: str
    mine: int
    theirs: int
    until: datetime


@dataclass(frozen=True)
class PatrolRota:
    """Who patrols a route when; `keeper` drew it up, as a leader of the team `led` where one is
    named. `over` is when its last shift ends.
    """

    status: RotaStatus = RotaStatus.NONE
    rota: str = ""
    place: str = ""
    route: str = ""
    name: str = ""
    led: str | None = None
    keeper: str | None = None
    organisers: tuple[str, ...] = ()
    lines: tuple[DrawnLine, ...] = ()
    shifts: tuple[RotaShift, ...] = ()
    swaps: tuple[Swap, ...] = ()
    over: datetime | None = None


@dataclass(frozen=True, slots=True)
class Muster:
    """What the rules ask for: the rota's id, the route with the path of its place, the teams and
    volunteers that are named, and the rota that this one follows.
    """

    rota: str
    route: PatrolRoute | None = None
    path: tuple[str, ...] = ()
    teams: Mapping[str, Team] = field(default_factory=dict)
    volunteers: Mapping[str, Volunteer] = field(default_factory=dict)
    follows: PatrolRota | None = None


# --- commands ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DrawUp(Command):
    """Shares out the shifts of the days from `first` to `last` (local dates) among the members of
    each line. A shift that ends before it begins ends on the day after. Who did more in the rota
    that it `follows` has fewer in this one. As a leader of `team` where one is named: then the
    lines are that team's.
    """

    verb = "draw-up-patrols"
    by: Id
    place: PlaceCode
    route: Id
    name: Title
    first: date
    last: date
    lines: Annotated[tuple[Line, ...], at_most(MOST_LINES)]
    away: Annotated[tuple[Away, ...], at_most(MOST_ABSENCES)] = ()
    follows: Id | None = None
    team: Id | None = None


@dataclass(frozen=True, slots=True)
class DrawAgain(Command):
    """Shares them out anew, before the rota is published."""

    by: Id
    first: date
    last: date
    lines: Annotated[tuple[Line, ...], at_most(MOST_LINES)]
    away: Annotated[tuple[Away, ...], at_most(MOST_ABSENCES)] = ()
    follows: Id | None = None


@dataclass(frozen=True, slots=True)
class PublishRota(Command):
    """From now on it holds, and changes only shift by shift."""

    verb = "publish"
    by: Id


@dataclass(frozen=True, slots=True)
class ProposeSwap(Command):
    """Offers one's own shift for another's, in the same line."""

    by: Id
    to: Id
    mine: Annotated[int, between(0, MOST_SHIFTS)]
    theirs: Annotated[int, between(0, MOST_SHIFTS)]


@dataclass(frozen=True, slots=True)
class ConfirmSwap(Command):
    """Takes the shift `theirs` that somebody offered for one's own."""

    by: Id
    of: Id
    theirs: Annotated[int, between(0, MOST_SHIFTS)]


@dataclass(frozen=True, slots=True)
class DeclineSwap(Command):
    """Does not take it."""

    by: Id
    of: Id
    theirs: Annotated[int, between(0, MOST_SHIFTS)]


@dataclass(frozen=True, slots=True)
class WithdrawSwap(Command):
    """Takes one's own offer back."""

    by: Id
    mine: Annotated[int, between(0, MOST_SHIFTS)]


@dataclass(frozen=True, slots=True)
class StandIn(Command):
    """Who looks after the rota puts a member of the team in another's place, or in one that nobody
    has.
    """

    by: Id
    shift: Annotated[int, between(0, MOST_SHIFTS)]
    person: Id
    instead_of: Id | None = None


@dataclass(frozen=True, slots=True)
class Strike(Command):
    """Somebody patrols no more: in that `team`, or at all; until then, or for good."""

    person: str
    because: str
    team: str | None = None
    until: datetime | None = None


# --- private events ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PatrolRotaDrawnUp(Event):
    """Who is to patrol when; not yet for sure."""

    rota: str
    place: str
    route: str
    name: str
    led: str | None
    keeper: str
    organisers: tuple[str, ...]
    lines: tuple[DrawnLine, ...]
    shifts: tuple[RotaShift, ...]


@dataclass(frozen=True, slots=True)
class RotaMemberForgotten(Event):
    """Nothing tells any more that somebody was on it, or looked after it."""

    person: str
