"""Calendars as programs read them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar

from services.volunteering.calendars import (
    CANCELLED,
    TENTATIVE,
    Entry,
    as_icalendar,
    tag_of,
    uid,
)

BEGIN = datetime(2026, 5, 6, 11, 30, tzinfo=UTC)
NOW = datetime(2026, 5, 1, 2, 3, 4, tzinfo=UTC)
ENTRY = Entry(
    uid("activity", "s1.20260506"),
    BEGIN,
    BEGIN + timedelta(minutes=90),
    "河道清洁；带手套, 穿雨靴",
    "金山社区 东门",
    sequence=2,
    text="DTSTAMP:19700101T000000Z\nEND:VCALENDAR\n第二行; 逗号, 反斜杠\\ " + "很长" * 60,
)


def read(*entries: Entry, now: datetime = NOW) -> Any:
    written = as_icalendar("近邻队", entries, now)
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    return icalendar.Calendar.from_ical(written)


def test_what_is_written_is_read_again() -> None:
    calendar = read(ENTRY)
    (event,) = calendar.walk("VEVENT")
    assert calendar["X-WR-CALNAME"] == "近邻队"
    assert event["UID"] == "activity-s1.20260506@volunteering.jinlin"
    assert (event.start, event.end) == (BEGIN, BEGIN + timedelta(minutes=90))
    assert event["DTSTART"].params["TZID"] == "Asia/Shanghai"
    assert event["DTSTAMP"].dt == NOW
    assert (event["SUMMARY"], event["LOCATION"]) == (ENTRY.title, ENTRY.where)
    assert event["DESCRIPTION"] == ENTRY.text
    assert (event["SEQUENCE"], event["STATUS"]) == (2, "CONFIRMED")


def test_the_zone_is_eight_hours_ahead_of_utc() -> None:
    (standard,) = read(ENTRY).walk("STANDARD")
    assert standard["TZOFFSETTO"].td == timedelta(hours=8)


def test_what_is_called_off_is_cancelled_and_what_is_not_sure_takes_no_time() -> None:
    calendar = read(replace(ENTRY, status=CANCELLED), replace(ENTRY, status=TENTATIVE))
    called_off, unsure = calendar.walk("VEVENT")
    assert (called_off["STATUS"], "TRANSP" in called_off) == ("CANCELLED", False)
    assert (unsure["STATUS"], unsure["TRANSP"]) == ("TENTATIVE", "TRANSPARENT")


def test_each_copy_says_when_it_was_written_and_the_tag_does_not() -> None:
    later = NOW + timedelta(hours=1)
    (event,) = read(ENTRY, now=later).walk("VEVENT")
    assert event["DTSTAMP"].dt == later
    tag = tag_of("x", [ENTRY])
    assert tag.startswith('W/"')
    assert tag == tag_of("x", [replace(ENTRY)])
    others = {tag_of("y", [ENTRY]), tag_of("x", []), tag_of("x", [replace(ENTRY, sequence=3)])}
    assert tag not in others
    assert len(others) == 3


def test_nothing_to_come_is_a_calendar_too() -> None:
    assert read().walk("VEVENT") == []
