"""A case: what an event's stream, or another that it names, told earlier of where it lies.

Many events say only what happened to a petition or a dispute. The first ones of its stream said
where it lies and what it is about.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from shared.contracts.event import Event
from shared.runtime.aggregate import Aggregate, Command


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of a stream: the code of its place, its category."""

    place: str | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True)
class LearnCase(Command):
    """An event of the stream said this; None is what it did not say."""

    place: str | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True)
class CaseLearned(Event):
    """What is known of the stream from now on."""

    place: str | None
    category: str | None


def decide(command: Command, known: Case, now: datetime) -> list[Event]:
    """The new knowledge, unless it is the old."""
    match command:
        case LearnCase(place, category):
            learned = replace(
                known,
                place=known.place if place is None else place,
                category=known.category if category is None else category,
            )
            if learned != known:
                return [CaseLearned(learned.place, learned.category)]
    return []


def evolve(known: Case, event: Event) -> Case:
    """The knowledge after the event."""
    match event:
        case CaseLearned(place, category):
            return Case(place, category)
    return known


case = Aggregate(kind="case", initial=Case(), decide=decide, evolve=evolve, events=(CaseLearned,))
