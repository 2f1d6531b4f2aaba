"""What a person chooses: language, ways by topic, quiet hours, digest, cases of which they have
heard enough.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from services.notifications.domain.kinds import Topic
from services.notifications.domain.preferences.state import (
    Digest,
    Every,
    Preferences,
    QuietHours,
    Tongue,
)
from services.notifications.domain.ways import Way
from shared.contracts.event import Event
from shared.contracts.notifications import DigestDue
from shared.contracts.types import ClockTime, Id, Weekday, at_most
from shared.runtime.aggregate import Command, Rejected

MOST_MUTED = 200
"""Cases that somebody has muted at once."""
LONGEST_QUIET = 12 * 60
"""Minutes: what must be told is good for longer."""


@dataclass(frozen=True, slots=True)
class ChooseLanguage(Command):
    """In which language the person is written to."""

    language: Tongue


@dataclass(frozen=True, slots=True)
class ChooseWays(Command):
    """By which ways the person is told of a topic; none: it lies in the inbox only."""

    topic: Topic
    ways: Annotated[tuple[Way, ...], at_most(len(Way))]


@dataclass(frozen=True, slots=True)
class StopWay(Command):
    """Nothing more by this way, whatever the topic."""

    way: Way


@dataclass(frozen=True, slots=True)
class ResumeWay(Command):
    """By this way again."""

    way: Way


@dataclass(frozen=True, slots=True)
class SetQuietHours(Command):
    """When nothing is sent that is not urgent; the same twice: at no time."""

    begin: ClockTime
    end: ClockTime


@dataclass(frozen=True, slots=True)
class SetDigest(Command):
    """How often, and when, the person gets what can wait in one message."""

    every: Every
    at: ClockTime = "18:00"
    weekday: Weekday = 0


@dataclass(frozen=True, slots=True)
class MuteCase(Command):
    """Nothing more of this case but in the inbox, and what must be told."""

    about: Id


@dataclass(frozen=True, slots=True)
class UnmuteCase(Command):
    """Told of this case again."""

    about: Id


COMMANDS = (
    ChooseLanguage,
    ChooseWays,
    StopWay,
    ResumeWay,
    SetQuietHours,
    SetDigest,
    MuteCase,
    UnmuteCase,
)


@dataclass(frozen=True, slots=True)
class LanguageChosen(Event):
    """Messages are written in it."""

    language: Tongue


@dataclass(frozen=True, slots=True)
class WaysChosen(Event):
    """The ways for a topic; `by_link` where the link of an e-mail was used."""

    topic: Topic
    ways: tuple[Way, ...]
    by_link: bool = False


@dataclass(frozen=True, slots=True)
class WayStopped(Event):
    """Nothing more by this way. `because`: ``asked``, ``link``, ``import``."""

    way: Way
    because: str


@dataclass(frozen=True, slots=True)
class WayResumed(Event):
    """By this way again: the person said so."""

    way: Way


@dataclass(frozen=True, slots=True)
class QuietHoursSet(Event):
    """In minutes of the city's day."""

    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class DigestSet(Event):
    """From `since` on it collects; None where there is none any more."""

    every: Every
    minute: int
    weekday: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class CaseMuted(Event):
    """A stream of which the person hears in the inbox only."""

    about: str


@dataclass(frozen=True, slots=True)
class CaseUnmuted(Event):
    """The person hears of it again."""

    about: str


EVENTS: tuple[type[Event], ...] = (
    LanguageChosen,
    WaysChosen,
    WayStopped,
    WayResumed,
    QuietHoursSet,
    DigestSet,
    CaseMuted,
    CaseUnmuted,
    DigestDue,
)


def decide(command: Command, known: Preferences, now: datetime) -> list[Event]:
    """What follows from a choice; nothing where it was so before."""
    event = _chosen(command, known, now)
    return [] if evolve(known, event) == known else [event]


def _chosen(command: Command, known: Preferences, now: datetime) -> Event:
    match command:
        case ChooseLanguage(language):
            return LanguageChosen(language)
        case ChooseWays(topic=topic, ways=ways):
            return WaysChosen(topic, tuple(dict.fromkeys(ways)))
        case StopWay(way):
            return WayStopped(way, "asked")
        case ResumeWay(way):
            return WayResumed(way)
        case SetQuietHours(begin=begin, end=end) if _minutes(begin, end) > LONGEST_QUIET:
            raise Rejected(
                "quiet-too-long",
                f"quiet hours are {LONGEST_QUIET // 60} at most",
                hours=LONGEST_QUIET // 60,
            )
        case SetQuietHours(begin=begin, end=end):
            return QuietHoursSet(_minute(begin), _minute(end))
        case SetDigest(every=every, at=at, weekday=weekday):
            since = None if every is Every.NONE else known.digest.since or now
            return DigestSet(every, _minute(at), weekday, since)
        case MuteCase(about=about) if about not in known.muted and len(known.muted) >= MOST_MUTED:
            raise Rejected(
                "too-many-muted",
                f"{MOST_MUTED} cases are muted: take back one of them first",
                most=MOST_MUTED,
            )
        case MuteCase(about=about):
            return CaseMuted(about)
        case UnmuteCase(about=about):
            return CaseUnmuted(about)
    raise AssertionError(command)


def _minute(at: str) -> int:
    hour, minute = at.split(":")
    return int(hour) * 60 + int(minute)


def _minutes(begin: str, end: str) -> int:
    """How long quiet hours are, over midnight too."""
    return (_minute(end) - _minute(begin)) % (24 * 60)


def evolve(known: Preferences, event: Event) -> Preferences:
    """The preferences after an event of this chapter."""
    match event:
        case LanguageChosen(language):
            return replace(known, language=language)
        case WaysChosen(topic=topic, ways=ways):
            return replace(known, ways={**known.ways, topic: ways})
        case WayStopped(way=way) if way not in known.stopped:
            return replace(known, stopped=(*known.stopped, way))
        case WayResumed(way):
            return replace(known, stopped=tuple(one for one in known.stopped if one is not way))
        case QuietHoursSet(begin, end):
            return replace(known, quiet=QuietHours(begin, end))
        case DigestSet(every, minute, weekday, since):
            return replace(known, digest=Digest(every, minute, weekday, since))
        case DigestDue(until=until):
            return replace(known, digest=replace(known.digest, since=until))
        case CaseMuted(about) if about not in known.muted:
            return replace(known, muted=(*known.muted, about))
        case CaseUnmuted(about):
            return replace(known, muted=tuple(one for one in known.muted if one != about))
    return known
