"""A person's calendar feed: whoever has its address reads it, so that the person can take it back.

Calendar programs do not log in. The address holds a code made from the feed's id, how often it was
renewed, and a secret of the installation; with each renewal the old address is worth nothing.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from shared.contracts.event import Event
from shared.contracts.types import Id
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick


@dataclass(frozen=True, slots=True)
class Feed:
    """`person` is None after they were erased; `turn` counts the addresses that it has had."""

    feed: str = ""
    person: str | None = None
    turn: int = 0
    open: bool = False


@dataclass(frozen=True, slots=True)
class OpenFeed(Command):
    """The caller wants their calendar to have an address. It stays the same where it has one."""

    by: Id


@dataclass(frozen=True, slots=True)
class RenewFeed(Command):
    """The calendar gets another address."""

    verb = "renew"
    by: Id


@dataclass(frozen=True, slots=True)
class CloseFeed(Command):
    """The calendar has no address any more."""

    verb = "close"
    by: Id


@dataclass(frozen=True, slots=True)
class ForgetFeed(Command):
    """The person was erased."""


@dataclass(frozen=True, slots=True)
class FeedOpened(Event):
    """The calendar has an address it never had before."""

    feed: str
    person: str


@dataclass(frozen=True, slots=True)
class FeedClosed(Event):
    """No address is worth anything."""


@dataclass(frozen=True, slots=True)
class FeedForgotten(Event):
    """Nobody is known to whom it belonged."""


def feed_id(person: str) -> str:
    """The id of a person's feed: it stands in the address, and does not tell whose it is."""
    return sha256(f"calendar-feed:{person}".encode()).hexdigest()[:32]


def decide(command: Command, feed: Feed, now: datetime) -> list[Event]:
    """What follows from a command."""
    match command:
        case Tick():
            return []
        case OpenFeed(by=by):
            return [] if feed.open else [FeedOpened(feed_id(by), by)]
        case ForgetFeed():
            return [] if feed.person is None else [FeedForgotten()]
        case RenewFeed(by=by) if feed.open:
            return [FeedOpened(feed.feed, by)]
        case CloseFeed() if feed.open:
            return [FeedClosed()]
    raise Rejected("feed-closed", "this calendar has no address: open it first")


def evolve(feed: Feed, event: Event) -> Feed:
    """The feed after an event."""
    match event:
        case FeedOpened(feed=id, person=person):
            return Feed(id, person, feed.turn + 1, open=True)
        case FeedClosed():
            return replace(feed, open=False)
        case FeedForgotten():
            return replace(feed, person=None, open=False)
    return feed


def open_verbs(feed: Feed) -> tuple[str, ...]:
    """The verbs that this feed knows now."""
    return ("renew", "close") if feed.open else ()


calendar_feed = Aggregate(
    kind="calendar-feed",
    initial=Feed(),
    decide=decide,
    evolve=evolve,
    events=(FeedOpened, FeedClosed, FeedForgotten),
)
