"""When an endpoint that did not take a call is called again, and when no more."""

import random
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

DELAYS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""Before the second attempt, the third ...: the schedule that Standard Webhooks recommends."""
JITTER = 0.1
"""By which part of it a delay is longer or shorter, so that not all come back at once."""
GIVE_UP_AFTER = timedelta(days=3)
"""Since an event was first not taken. Its last attempt is then."""
SOONEST, LATEST = timedelta(seconds=1), timedelta(days=1)
"""The bounds within which an endpoint's own ``Retry-After`` is honoured."""
LONGEST_PAUSE = timedelta(minutes=5)
"""An endpoint that takes nothing is sent one fresh event so often: so it is soon known that it is
back.
"""


def delay(tries: int, randomness: random.Random) -> timedelta:
    """How long after attempt number `tries` the next one comes."""
    planned = DELAYS[min(tries, len(DELAYS)) - 1]
    return planned * (1 + randomness.uniform(-JITTER, JITTER))


def next_try(tries: int, since: datetime, now: datetime, randomness: random.Random) -> datetime:
    """When an event is sent again that was not taken for `tries` times, first at `since`."""
    planned = now + delay(tries, randomness)
    end = since + GIVE_UP_AFTER
    return _whole(min(planned, end) if end > now else planned)


def pause_until(pauses: int, now: datetime, randomness: random.Random) -> datetime:
    """Until when an endpoint is left alone that took nothing before pause number `pauses`."""
    return _whole(now + min(delay(pauses, randomness), LONGEST_PAUSE))


def retry_after(told: str | None, now: datetime) -> datetime | None:
    """The moment that a ``Retry-After`` names (RFC 9110, 10.2.3: seconds or a date), within
    bounds; None where it names none.
    """
    if told is None:
        return None
    told = told.strip()
    if told.isascii() and told.isdecimal():
        wait = timedelta(seconds=int(told[:9]))
    else:
        try:
            moment = parsedate_to_datetime(told)
        except (ValueError, TypeError, OverflowError):
            return None
        wait = (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)) - now
    return now + min(max(wait, SOONEST), LATEST)


def _whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
