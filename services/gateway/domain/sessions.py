"""Sessions that have ended before their time: what all replicas of the door must know of them.

A session lives in its cookie, so nothing need be stored to begin one. That it has ended has to be
known until its cookie would have lapsed by itself. Endings lie in drawers by the first letters of
what they are about, so that what is kept does not grow with the years.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.contracts.event import Event
from shared.runtime.aggregate import Aggregate, Command, Tick

DRAWER_LETTERS = 2
"""Of a digest in hex: 256 drawers."""


@dataclass(frozen=True, slots=True)
class Ending:
    """All sessions of what the digest is of that began at `at` or before have ended; `until` says
    when none of them could be going on any more anyhow.
    """

    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Drawer:
    """Endings by digest: of a session's id, of the issuer's id of a sign-in, or of a person's
    subject.
    """

    endings: Mapping[str, Ending] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EndSessions(Command):
    """What the digest is of has no session any more that began at `at` or before."""

    digest: str
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class SessionsEnded(Event):
    """Sessions have ended before their time."""

    digest: str
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class EndingsLapsed(Event):
    """Endings up to here need not be known any more."""

    upto: datetime


def drawer_of(digest: str) -> str:
    """The id of the drawer in which a digest lies."""
    return digest[:DRAWER_LETTERS]


def decide(command: Command, drawer: Drawer, now: datetime) -> list[Event]:
    """What follows from a command."""
    match command:
        case EndSessions(digest, at, until):
            known = drawer.endings.get(digest)
            if known is not None and known.at >= at:
                return []
            return [SessionsEnded(digest, at, _next_hour(until))]
        case Tick() if (moment := due(drawer)) is not None and moment <= now:
            return [EndingsLapsed(now)]
    return []


def evolve(drawer: Drawer, event: Event) -> Drawer:
    """The drawer after the event."""
    match event:
        case SessionsEnded(digest, at, until):
            return Drawer({**drawer.endings, digest: Ending(at, until)})
        case EndingsLapsed(upto):
            kept = {key: one for key, one in drawer.endings.items() if one.until > upto}
            return Drawer(kept)
    return drawer


def due(drawer: Drawer) -> datetime | None:
    """When the first of its endings lapses."""
    return min((one.until for one in drawer.endings.values()), default=None)


def _next_hour(moment: datetime) -> datetime:
    """The next full hour: those that lapse in the same one are forgotten in one step."""
    return moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


ended_sessions = Aggregate(
    kind="ended-sessions",
    initial=Drawer(),
    decide=decide,
    evolve=evolve,
    events=(SessionsEnded, EndingsLapsed),
    due=due,
)
