"""The feed: every public event that leaves the city's services, once each, in one order for ever.

Its commits are the feed. What arrives at once is one commit, so an event's place is the version of
its commit and its number in there, and never changes. The state only says how far the feed has
come.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.contracts.event import Event
from shared.runtime.aggregate import Aggregate, Command, Together

CITY = "city"
"""The id of the only feed."""
LARGEST = 400_000
"""Characters of a message. Public events are far smaller; a commit must hold it as text."""


class TooLarge(Exception):
    """A message that the feed cannot hold: it is put aside as a dead letter, not left out in
    silence.
    """


@dataclass(frozen=True, slots=True)
class Lying:
    """Where an event lies: the path of its place when it was entered, the district first (empty for
    one that lies nowhere), and the category of what it is about.
    """

    places: tuple[str, ...] = ()
    category: str | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """One event of the feed: the message as it was published, and where it lies."""

    message: str
    places: tuple[str, ...]
    category: str | None


@dataclass(frozen=True, slots=True)
class EventsEntered(Event):
    """Private: the entries that came next, in order."""

    entries: tuple[Entered, ...]


@dataclass(frozen=True)
class Feed:
    """`entered` is how many entries there are, `last` how many of them in the latest commit."""

    entered: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True)
class Enter(Command):
    """An event comes next. `path`, `place` and `category` are what it says itself; `about` are the
    streams of which what it does not say may be known, its own first.
    """

    message: str
    path: tuple[str, ...] = ()
    place: str | None = None
    category: str | None = None
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EnterAll(Command):
    """Several events come next, in this order."""

    entering: tuple[Enter, ...]


def together(commands: Sequence[Enter]) -> EnterAll:
    """Several that arrive at once, as one."""
    return EnterAll(tuple(commands))


def entering(command: Command) -> tuple[Enter, ...]:
    """What a command enters."""
    match command:
        case Enter():
            return (command,)
        case EnterAll(several):
            return several
    return ()


def decide(command: Command, feed: Feed, now: datetime, lying: Sequence[Lying]) -> list[Event]:
    """The entries, with where each lies. Raises `TooLarge`."""
    coming = entering(command)
    for one in coming:
        if len(one.message) > LARGEST:
            raise TooLarge(f"an event of {len(one.message)} characters")
    if not coming:
        return []
    return [
        EventsEntered(
            tuple(
                Entered(one.message, where.places, where.category)
                for one, where in zip(coming, lying, strict=True)
            )
        )
    ]


def evolve(feed: Feed, event: Event) -> Feed:
    """The feed after an event."""
    match event:
        case EventsEntered(entries):
            return Feed(feed.entered + len(entries), len(entries))
    return feed


feed = Aggregate(
    kind="feed",
    initial=Feed(),
    decide=decide,
    evolve=evolve,
    events=(EventsEntered,),
    together=Together(Enter, together),
)
