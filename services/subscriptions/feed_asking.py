"""What somebody asks of the feed: where to begin, which entries, how many, and how long to wait."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from services.subscriptions.feed_reading import START, Cursor, Entry, Feed, Wanted
from services.subscriptions.judged import FED
from shared.contracts.envelope import type_of
from shared.runtime import cursors
from shared.runtime.clock import Clock
from shared.runtime.identity import Caller
from shared.runtime.problems import Invalid

MOST_NAMED = 100
"""Types, places or categories that one request names at most."""
MOST_SCANNED = 5_000
"""Entries that one request looks at. Where none of them is wanted the answer is empty, and its
cursor goes on from there.
"""
AT_ONCE = 500
"""Entries that are read at once."""

FED_TYPES = frozenset(type_of(event) for event in FED)

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")


@dataclass(frozen=True, slots=True)
class Shown:
    """Which entries a request is shown: those that it wants, of those that its caller may see. A
    token that names places sees what lies in them; one that names none is the city's own.
    """

    wanted: Wanted
    scopes: frozenset[str]

    def shows(self, entry: Entry) -> bool:
        """Whether this is one of them."""
        inside = not self.scopes or not self.scopes.isdisjoint(entry.places)
        return inside and self.wanted.wants(entry)


@dataclass(frozen=True, slots=True)
class Part:
    """What a request found: entries in order, the place up to which it looked, and whether that is
    the end for now.
    """

    entries: tuple[Entry, ...]
    upto: Cursor
    at_end: bool


def wanted_by(types: str | None, places: str | None, categories: str | None) -> Wanted:
    """The lists of a request, each with commas in between. Raises `Invalid`, naming the one that is
    wrong.
    """
    asked = _listed("types", types)
    for one in asked:
        if not _is_fed(one):
            raise Invalid("types", f"{one[:100]}: the feed holds no such event: see /catalogue")
    return Wanted(
        asked,
        frozenset(_codes("places", places)),
        frozenset(_codes("categories", categories)),
    )


def shown_to(caller: Caller, wanted: Wanted) -> Shown:
    """What this caller is shown of what they want."""
    return Shown(wanted, caller.places)


def _is_fed(type: str) -> bool:
    if type.endswith("*"):
        return any(one.startswith(type[:-1]) for one in FED_TYPES)
    return type in FED_TYPES


def _codes(field: str, given: str | None) -> tuple[str, ...]:
    listed = _listed(field, given)
    for one in listed:
        if not _CODE.fullmatch(one):
            raise Invalid(field, f"{one[:100]!r} is no code")
    return listed


def _listed(field: str, given: str | None) -> tuple[str, ...]:
    if given is None:
        return ()
    listed = tuple(one for part in given.split(",") if (one := part.strip()))
    if not listed:
        raise Invalid(field, "names none")
    if len(listed) > MOST_NAMED:
        raise Invalid(field, f"names more than {MOST_NAMED}")
    return listed


# --- places in the feed --------------------------------------------------------------------------


def text_of(cursor: Cursor) -> str:
    """A place as the text that clients keep, for years if they like."""
    text = cursors.encode((cursor.version, cursor.index))
    assert text is not None, "only of no place there is no text"
    return text


def cursor_in(field: str, text: str) -> Cursor:
    """The place that a client kept. Raises `Invalid` for what `text_of` did not make."""
    try:
        match cursors.decode(text):
            case (int(version), int(index)) if _held(version, index):
                return Cursor(version, index)
    except Invalid:
        pass
    raise Invalid(field, "is not one that this feed gave")


def _held(*numbers: int) -> bool:
    return all(0 <= one < 2**53 and not isinstance(one, bool) for one in numbers)


async def beginning(feed: Feed, after: str | None, moment: datetime | None) -> Cursor:
    """Where a request begins: after a place, at a moment, or with the first entry of all. Raises
    `Invalid`.
    """
    if after is not None:
        if moment is not None:
            raise Invalid("from", "says where to begin, and so does `after`: give one of them")
        return cursor_in("after", after)
    if moment is None:
        return START
    if moment.tzinfo is None:
        raise Invalid("from", "has no offset from UTC: as in 2026-03-02T09:15:00+08:00")
    return await feed.before(moment)


# --- reading -------------------------------------------------------------------------------------


async def part_after(feed: Feed, cursor: Cursor, shown: Shown, most: int) -> Part:
    """What is shown of the next entries, at most so many. A bounded number of them is looked at."""
    found: list[Entry] = []
    begun = cursor
    scanned = 0
    while scanned < MOST_SCANNED:
        read = await feed.after(cursor, AT_ONCE)
        for entry in read:
            cursor = entry.at
            if shown.shows(entry):
                found.append(entry)
                if len(found) == most:
                    return Part(tuple(found), cursor, at_end=False)
        scanned += len(read)
        if len(read) < AT_ONCE:
            if cursor == begun and cursor > await feed.newest():
                raise Invalid("after", "lies ahead of this feed: it is another's, or was restored")
            return Part(tuple(found), cursor, at_end=True)
    return Part(tuple(found), cursor, at_end=False)


async def awaited(
    feed: Feed, clock: Clock, cursor: Cursor, shown: Shown, most: int, wait: float
) -> Part:
    """The same; where nothing is shown yet it waits for it, at most so many seconds."""
    until = clock.monotonic() + wait
    while True:
        part = await part_after(feed, cursor, shown, most)
        left = until - clock.monotonic()
        if part.entries or not part.at_end or left <= 0:
            return part
        if not await feed.grown(part.upto, left):
            return part
        cursor = part.upto


def query_of_next(asked: Mapping[str, str], upto: Cursor) -> str:
    """The same request's query from there on."""
    kept = {name: value for name, value in asked.items() if name not in ("after", "from")}
    return urlencode({**kept, "after": text_of(upto)})
