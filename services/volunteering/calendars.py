"""Calendars as programs subscribe to them: iCalendar (RFC 5545), in the city's time.

What is called off stays, as cancelled. An entry keeps its UID for ever; its sequence grows when it
is announced otherwise. Names and words of people are in none of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneStandard, vDatetime

from shared.worktime.hours import CHINA

ZONE = ZoneInfo("Asia/Shanghai")
PRODUCT = "-//Jinlin//volunteering//ZH"
REFRESHED = timedelta(minutes=30)
"""So often programs are asked to look again."""
SINCE_1991 = datetime(1991, 9, 15)  # noqa: DTZ001 - RFC 5545 has it without a zone
"""When the city's last summer time ended: from then on it is eight hours ahead of UTC all year."""
MOST_WRITTEN = 5_000
"""Entries that a process keeps as they are written."""
MEDIA_TYPE = "text/calendar; charset=utf-8"

CONFIRMED, TENTATIVE, CANCELLED = "CONFIRMED", "TENTATIVE", "CANCELLED"

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_UNWRITTEN, _END = b"\r\nDTSTAMP:19700101T000000Z\r\n", b"END:VCALENDAR\r\n"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that is on a calendar; `uid` is the same for ever."""

    uid: str
    begin: datetime
    end: datetime
    title: str
    where: str
    status: str = CONFIRMED
    sequence: int = 0
    text: str = ""


def uid(kind: str, id: str) -> str:
    """The UID of a thing's entry."""
    return f"{kind}-{id}@volunteering.jinlin"


def tag_of(name: str, entries: Sequence[Entry]) -> str:
    """An ETag: weak, for each copy says when it was written."""
    said = repr((name, entries)).encode()
    return f'W/"{blake2b(said, digest_size=12).hexdigest()}"'


def as_icalendar(name: str, entries: Sequence[Entry], now: datetime) -> bytes:
    """The calendar, written now. It takes a millisecond for each entry that this process has not
    written lately: not for the thread that answers everybody.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", ZONE.key)
    calendar.add("refresh-interval", REFRESHED, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT30M")
    calendar.add_component(_zone())
    written = b"\r\nDTSTAMP:" + vDatetime(now.astimezone(UTC)).to_ical() + b"\r\n"
    events = b"".join(_event(entry) for entry in entries).replace(_UNWRITTEN, written)
    return calendar.to_ical().removesuffix(_END) + events + _END


def _zone() -> Timezone:
    zone = Timezone()
    zone.add("tzid", ZONE.key)
    standard = TimezoneStandard()
    standard.add("dtstart", SINCE_1991)
    standard.add("tzoffsetfrom", CHINA.utcoffset(None))
    standard.add("tzoffsetto", CHINA.utcoffset(None))
    standard.add("tzname", "CST")
    zone.add_component(standard)
    return zone


@lru_cache(maxsize=MOST_WRITTEN)
def _event(entry: Entry) -> bytes:
    """An entry as it was written at no time yet: most feeds have the same ones."""
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", _NEVER)
    event.add("dtstart", entry.begin.astimezone(ZONE))
    event.add("dtend", entry.end.astimezone(ZONE))
    event.add("summary", entry.title)
    event.add("status", entry.status)
    event.add("sequence", entry.sequence)
    if entry.where:
        event.add("location", entry.where)
    if entry.text:
        event.add("description", entry.text)
    if entry.status == TENTATIVE:
        event.add("transp", "TRANSPARENT")
    return event.to_ical()
