"""The shelf: how many pieces of evidence a dispute takes. It alone gives its places away.

A place is taken before a piece is recorded, and given back where it is not. Whoever withdraws a
piece leaves its place taken: what was shown stays there.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from shared.contracts.event import Event
from shared.runtime.aggregate import Aggregate, Command, Rejected

MOST_OF_A_DISPUTE = 200
"""Pieces."""


@dataclass(frozen=True)
class Shelf:
    """By what each taken place is known."""

    taken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TakePlace(Command):
    """A piece came and is to be recorded. Asked again for the same `place`, nothing follows."""

    place: str


@dataclass(frozen=True, slots=True)
class GivePlaceBack(Command):
    """The piece was not recorded."""

    place: str


@dataclass(frozen=True, slots=True)
class ShelfPlaceTaken(Event):
    """There is one place less."""

    place: str


@dataclass(frozen=True, slots=True)
class ShelfPlaceGivenBack(Event):
    """There is one more again."""

    place: str


def decide(command: Command, shelf: Shelf, _now: datetime) -> list[Event]:
    """What follows from a command."""
    match command:
        case TakePlace(place=place) if place not in shelf.taken:
            must_have_room(shelf)
            return [ShelfPlaceTaken(place)]
        case GivePlaceBack(place=place) if place in shelf.taken:
            return [ShelfPlaceGivenBack(place)]
    return []


def must_have_room(shelf: Shelf) -> None:
    """Raises `Rejected` where no place is left."""
    if len(shelf.taken) >= MOST_OF_A_DISPUTE:
        raise Rejected(
            "too-much-evidence",
            f"a dispute takes {MOST_OF_A_DISPUTE} pieces of evidence",
            most=MOST_OF_A_DISPUTE,
        )


def evolve(shelf: Shelf, event: Event) -> Shelf:
    """The shelf after an event."""
    match event:
        case ShelfPlaceTaken(place=place):
            return replace(shelf, taken=(*shelf.taken, place))
        case ShelfPlaceGivenBack(place=place):
            return replace(shelf, taken=tuple(one for one in shelf.taken if one != place))
    return shelf


shelf = Aggregate(
    kind="evidence-shelf",
    initial=Shelf(),
    decide=decide,
    evolve=evolve,
    events=(ShelfPlaceTaken, ShelfPlaceGivenBack),
)
