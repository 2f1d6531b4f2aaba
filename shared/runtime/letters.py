"""Dead letters: what a service could not handle, as it lies in the service's dead letter topic.

The topic is a log. What became of a letter is a further record in it, with the letter's id as key
and the outcome in its headers; a letter without such a record is unresolved.

`kafka_letters.KafkaLetterbox` and `MemoryLetterbox` implement `Letterbox` and pass one test suite.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

import orjson

from shared.contracts.envelope import CONTENT_TYPE, SERVICES, topic

RESOLUTION = "resolution"
"""The header of a record that says what became of a letter: ``replayed`` or ``dropped``."""
REPLAYED, DROPPED = "replayed", "dropped"
REPLAYED_FOR = "replayed-for"
"""The header of a replayed dead letter: the one service it is meant for; all others pass it over.
"""
ORIGINS = frozenset(topic(service) for service in SERVICES)
"""Where a letter may come from. Its header says it, and headers are whatever somebody wrote: what
names another topic is not sent there."""

MOST_SHOWN = 4_000
"""Characters of what a letter says that anybody is shown."""
NEWEST = 5_000
"""Records of each partition that one look takes in, the newest: a topic may hold weeks of them."""
LONGEST_LOOK = 8.0
"""Seconds after which a look ends with what it has."""


class NoSuchLetter(Exception):
    """There is no such letter, or no longer."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """What became of a letter: `how` is `REPLAYED` or `DROPPED`, `reason` why it was dropped. `at`
    is None, and `by` empty, where nobody noted it.
    """

    how: str
    reason: str
    at: datetime | None
    by: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that could not be handled. `id` is ``<partition>-<offset>`` in the dead letter
    topic, `key` that of the original message.
    """

    id: str
    service: str
    key: bytes | None
    value: bytes
    headers: Mapping[str, bytes]
    resolution: Resolution | None = None

    def header(self, name: str) -> str:
        """A header as text, empty where there is none."""
        return _text(self.headers, name)

    @property
    def origin(self) -> tuple[str, str, str]:
        """Topic, partition and offset of the original message."""
        names = ("original-topic", "original-partition", "original-offset")
        first, second, third = (self.header(name) for name in names)
        return first, second, third

    @property
    def failed_at(self) -> datetime | None:
        """When it was given up; None where no time is noted."""
        return _moment(self.headers, "failed-at")

    def text(self, most: int) -> tuple[str, bool]:
        """The message for a person to read: the first `most` characters, and whether that is all
        of it.
        """
        try:
            text = orjson.dumps(orjson.loads(self.value), option=orjson.OPT_INDENT_2).decode()
        except (ValueError, RecursionError):
            text = self.value.decode(errors="backslashreplace")
        return text[:most], len(text) <= most


@dataclass(frozen=True, slots=True)
class Record:
    """A record of a dead letter topic. `id` is ``<partition>-<offset>``."""

    id: str
    key: bytes | None
    value: bytes
    headers: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Look:
    """Letters as they were found. `complete` is false where the topic holds more than one look
    takes in: then older letters are missing, and one may seem unresolved that is not.
    """

    letters: tuple[Letter, ...]
    complete: bool

    def unresolved(self) -> list[Letter]:
        """Those of which nothing has become yet."""
        return [letter for letter in self.letters if letter.resolution is None]

    def find(self, id: str) -> Letter:
        """One of them. Raises `NoSuchLetter`."""
        for letter in self.letters:
            if letter.id == id:
                return letter
        raise NoSuchLetter(id)


class Letterbox(Protocol):
    """The dead letters of one service. Every method raises `shared.runtime.bus.BusUnavailable`."""

    async def look(self, whole: str | None = None) -> Look:
        """The letters, by partition and oldest first, within `NEWEST` and `LONGEST_LOOK`. What they
        say is kept of the one alone that `whole` names: they may be 12 MB each.
        """
        ...

    async def replay(self, letter: Letter, by: str) -> None:
        """Sends a letter again to the topic it came from, for its service only, and notes who did.

        A crash in between lets it be sent a second time: that has no effect.
        """
        ...

    async def drop(self, letter: Letter, reason: str, by: str) -> None:
        """Notes that a letter is put away for good, why, and by whom."""
        ...


def letters_in(service: str, records: Iterable[Record]) -> tuple[Letter, ...]:
    """The letters among the records of a service's dead letter topic, with what became of them."""
    letters: dict[str, Letter] = {}
    resolved: dict[str, Resolution] = {}
    for record in records:
        how = _text(record.headers, RESOLUTION)
        if how not in (REPLAYED, DROPPED):
            original = record.headers.get("original-key")
            letters[record.id] = Letter(
                record.id, service, original, record.value, dict(record.headers)
            )
            continue
        reason, by = _text(record.headers, "reason"), _text(record.headers, "by")
        # The first counts: a second is of somebody who decided at the same moment.
        id = (record.key or b"").decode(errors="replace")
        resolved.setdefault(id, Resolution(how, reason, _moment(record.headers, "at"), by))
    return tuple(replace(letter, resolution=resolved.get(letter.id)) for letter in letters.values())


def resolution_headers(
    how: str, reason: str, by: str, now: datetime
) -> tuple[tuple[str, bytes], ...]:
    """The headers of the record that says what became of a letter."""
    return (
        (RESOLUTION, how.encode()),
        ("reason", reason.encode()),
        ("at", now.isoformat(timespec="milliseconds").encode()),
        ("by", by.encode()),
    )


def replay_headers(service: str) -> tuple[tuple[str, bytes], ...]:
    """The headers of a message that is sent again for one service."""
    return (("content-type", CONTENT_TYPE.encode()), (REPLAYED_FOR, service.encode()))


def _text(headers: Mapping[str, bytes], name: str) -> str:
    return headers.get(name, b"").decode(errors="replace")


def _moment(headers: Mapping[str, bytes], name: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(_text(headers, name))
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
