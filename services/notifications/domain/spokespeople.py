"""Who is told what an organisation must know: those of its members who speak for it."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.event import Event
from shared.runtime.aggregate import Aggregate, Command

SPEAK = ("contact", "head")
"""Roles in an organisation whose holders are told for it."""
MOST = 50
"""Persons who are told for one organisation."""


@dataclass(frozen=True, slots=True)
class Spokespeople:
    """The persons who are told for an organisation now."""

    persons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LearnRole(Command):
    """A person has a role in it, or (None) has left."""

    person: str
    role: str | None


@dataclass(frozen=True, slots=True)
class SpokespeopleLearned(Event):
    """Who is told for it from now on."""

    persons: tuple[str, ...]


def decide(command: Command, known: Spokespeople, now: datetime) -> list[Event]:
    """The new knowledge, unless it is the old."""
    match command:
        case LearnRole(person=person, role=role):
            others = tuple(each for each in known.persons if each != person)
            persons = (*others, person) if role in SPEAK and len(others) < MOST else others
            return [] if set(persons) == set(known.persons) else [SpokespeopleLearned(persons)]
    return []


def evolve(known: Spokespeople, event: Event) -> Spokespeople:
    """The knowledge after the event."""
    match event:
        case SpokespeopleLearned(persons):
            return Spokespeople(persons)
    return known


spokespeople = Aggregate(
    kind="spokespeople",
    initial=Spokespeople(),
    decide=decide,
    evolve=evolve,
    events=(SpokespeopleLearned,),
)
