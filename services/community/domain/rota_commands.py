"""What is done to a rota, its state, and the events of it that stay in the service."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from shared.contracts.event import Event
from shared.contracts.types import Code, DaySpan, Id, PlaceCode, at_most
from shared.runtime.aggregate import Command

MOST_MEMBERS = 60
MOST_SHIFTS = 400


class RotaStatus(StrEnum):
    """Where a rota stands."""

    NONE = "none"
    DRAWN_UP = "drawn-up"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Shift:
    """`person` is on duty from `start` to `end`."""

    start: datetime
    end: datetime
    person: str


@dataclass(frozen=True, slots=True)
class Swap:
    """`by` offers the shift `mine` for the shift `theirs` of `to`, until the earlier one begins.
    Shifts go by their number, from 0.
    """

    by: str
    to: str
    mine: int
    theirs: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Rota:
    """Who is on duty when, at a place; `keeper` drew it up and looks after it."""

    status: RotaStatus = RotaStatus.NONE
    place: str = ""
    name: str = ""
    keeper: str = ""
    members: tuple[str, ...] = ()
    shifts: tuple[Shift, ...] = ()
    swaps: tuple[Swap, ...] = ()


@dataclass(frozen=True, slots=True)
class Roster:
    """What the rules ask for: the rota's id, whether its place is there and open, the days off
    between the dates named, and the shifts of each person in former rotas of the place.
    """

    rota: str
    open: bool = False
    days_off: frozenset[date] = frozenset()
    before: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Away:
    """A member cannot take a shift that begins on this (local) day."""

    person: Id
    day: date


# --- commands ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DrawUp(Command):
    """Shares out the shifts of the days from `first` to `last` (local dates): of each, or with
    `days_off_only` of weekends and public holidays. A shift that ends before it begins ends on the
    day after.
    """

    by: Id
    place: PlaceCode
    name: Code
    first: date
    last: date
    members: Annotated[tuple[Id, ...], at_most(MOST_MEMBERS)]
    shifts: Annotated[tuple[DaySpan, ...], at_most(6)]
    days_off_only: bool = False
    away: Annotated[tuple[Away, ...], at_most(MOST_SHIFTS)] = ()


@dataclass(frozen=True, slots=True)
class DrawAgain(Command):
    """Shares them out anew, before the rota is published."""

    by: Id
    first: date
    last: date
    members: Annotated[tuple[Id, ...], at_most(MOST_MEMBERS)]
    shifts: Annotated[tuple[DaySpan, ...], at_most(6)]
    days_off_only: bool = False
    away: Annotated[tuple[Away, ...], at_most(MOST_SHIFTS)] = ()


@dataclass(frozen=True, slots=True)
class PublishRota(Command):
    """From now on it holds, and changes only shift by shift."""

    verb = "publish"
    by: Id


@dataclass(frozen=True, slots=True)
class ProposeSwap(Command):
    """Offers one's own shift for another's."""

    by: Id
    mine: int
    theirs: int


@dataclass(frozen=True, slots=True)
class ConfirmSwap(Command):
    """Takes what was offered for this shift of one's own."""

    by: Id
    shift: int


@dataclass(frozen=True, slots=True)
class DeclineSwap(Command):
    """Does not take it."""

    by: Id
    shift: int


@dataclass(frozen=True, slots=True)
class WithdrawSwap(Command):
    """Takes back what one offered for this shift of one's own."""

    by: Id
    shift: int


@dataclass(frozen=True, slots=True)
class StandIn(Command):
    """Puts somebody else on a shift, because who has it is ill or cannot come."""

    by: Id
    shift: int
    person: Id


# --- private events ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RotaDrawnUp(Event):
    """Who would be on duty when."""

    place: str
    name: str
    keeper: str
    members: tuple[str, ...]
    shifts: tuple[Shift, ...]
