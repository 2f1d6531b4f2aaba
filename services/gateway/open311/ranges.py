"""The time that a question is about: 90 days at most, by the standard."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.gateway.open311.refusals import NotServed
from shared.worktime.hours import CHINA

LONGEST = timedelta(days=90)
FINEST = timedelta(milliseconds=1)
EARLIEST, LATEST = 1970, 9_000
"""Years."""


@dataclass(frozen=True, slots=True)
class Range:
    """From `since` until before `until`."""

    since: datetime
    until: datetime

    def holds(self, moment: datetime) -> bool:
        """Whether it lies in it."""
        return self.since <= moment < self.until


def range_of(params: Mapping[str, str], now: datetime) -> Range:
    """What `start_date` and `end_date` ask for, both included; where one is missing, 90 days from
    the other; where both are, the 90 days until now. Raises `NotServed`.
    """
    start, end = _moment(params, "start_date"), _moment(params, "end_date")
    if start is None and end is None:
        # To the minute, so that all who ask in one minute ask the same.
        latest = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
        return Range(latest - LONGEST, latest)
    if start is None:
        assert end is not None
        start = end - LONGEST
    elif end is None:
        end = start + LONGEST
    if end < start:
        raise NotServed(400, "range-reversed")
    if end - start > LONGEST:
        raise NotServed(400, "range-too-long")
    return Range(start, end + FINEST)


def _moment(params: Mapping[str, str], field: str) -> datetime | None:
    given = params.get(field)
    if not given:
        return None
    try:
        # A + that was not quoted arrives as a blank.
        moment = datetime.fromisoformat(given.strip().replace(" ", "+") if "T" in given else given)
    except ValueError:
        raise NotServed(400, "not-a-date", field=field) from None
    if moment.tzinfo is None or not EARLIEST <= moment.year <= LATEST:
        raise NotServed(400, "not-a-date", field=field)
    return moment.astimezone(UTC)


def w3(moment: str) -> str:
    """A moment of a service's answer in the city's time, to the second, with its offset."""
    return datetime.fromisoformat(moment).astimezone(CHINA).isoformat(timespec="seconds")
