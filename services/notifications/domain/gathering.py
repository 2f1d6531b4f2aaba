"""Where an organisation or a team is at home: who may broadcast to its members."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.event import Event
from shared.runtime.aggregate import Aggregate, Command


@dataclass(frozen=True, slots=True)
class Gathering:
    """An organisation or a team by ``organisation:<id>`` or ``team:<id>``. `seat` is where it has
    its seat or serves, `serves` where it works besides. None of both: it is no more.
    """

    seat: str | None = None
    serves: tuple[str, ...] = ()

    @property
    def places(self) -> tuple[str, ...]:
        """All of them."""
        return self.serves if self.seat is None else (self.seat, *self.serves)


@dataclass(frozen=True, slots=True)
class LearnSeat(Command):
    """It has its seat there, and works at those places besides (None: as before)."""

    seat: str
    serves: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class LearnServes(Command):
    """It works at these places from now on, and at no others."""

    serves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LearnItEnded(Command):
    """It is no more."""


@dataclass(frozen=True, slots=True)
class GatheringLearned(Event):
    """Where it is from now on."""

    seat: str | None
    serves: tuple[str, ...]


def decide(command: Command, known: Gathering, now: datetime) -> list[Event]:
    """The new knowledge, unless it is the old."""
    match command:
        case LearnSeat(seat, serves):
            learned = Gathering(seat, known.serves if serves is None else serves)
        case LearnServes(serves):
            learned = Gathering(known.seat, serves)
        case LearnItEnded():
            learned = Gathering()
        case _:
            return []
    return [] if learned == known else [GatheringLearned(learned.seat, learned.serves)]


def evolve(known: Gathering, event: Event) -> Gathering:
    """The knowledge after the event."""
    match event:
        case GatheringLearned(seat, serves):
            return Gathering(seat, serves)
    return known


gathering = Aggregate(
    kind="gathering",
    initial=Gathering(),
    decide=decide,
    evolve=evolve,
    events=(GatheringLearned,),
)
