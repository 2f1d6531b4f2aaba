"""A post as another service knows it: who holds which duty at which place now."""

from dataclasses import dataclass, replace
from datetime import datetime

from shared.contracts.event import Event
from shared.runtime.aggregate import Aggregate, Command


@dataclass(frozen=True, slots=True)
class KnownPost:
    """`holder` is None while the post is vacant."""

    place: str = ""
    duty: str = ""
    holder: str | None = None


@dataclass(frozen=True, slots=True)
class LearnHolder(Command):
    """Somebody was given the post."""

    place: str
    duty: str
    holder: str


@dataclass(frozen=True, slots=True)
class LearnVacancy(Command):
    """The holder has left it."""

    holder: str


@dataclass(frozen=True, slots=True)
class HolderLearned(Event):
    """Who holds the post from now on."""

    place: str
    duty: str
    holder: str | None


def decide(command: Command, known: KnownPost, now: datetime) -> list[Event]:
    """The new knowledge, unless it is the old. Somebody else's vacancy changes nothing."""
    match command:
        case LearnHolder(place, duty, holder):
            learned = KnownPost(place, duty, holder)
        case LearnVacancy(holder) if holder == known.holder:
            learned = replace(known, holder=None)
        case _:
            return []
    if learned == known:
        return []
    return [HolderLearned(learned.place, learned.duty, learned.holder)]


def evolve(known: KnownPost, event: Event) -> KnownPost:
    """The knowledge after the event."""
    match event:
        case HolderLearned(place, duty, holder):
            return KnownPost(place, duty, holder)
    return known


post = Aggregate(
    kind="post", initial=KnownPost(), decide=decide, evolve=evolve, events=(HolderLearned,)
)
