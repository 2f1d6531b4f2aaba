"""What people find at a place: hours, languages, contact points; and the duties it must fill."""

from datetime import datetime, timedelta

from services.community.domain.place_commands import (
    DescribePlace,
    OpeningHours,
    PlaceContactsSet,
)
from services.community.domain.place_state import Duties, Place
from shared.contracts.community import PatternAdopted, PlaceHoursSet
from shared.contracts.event import Event
from shared.runtime.aggregate import Rejected
from shared.worktime.hours import WorkingHours


def described(place: Place, asked: DescribePlace, now: datetime) -> list[Event]:
    """What differs from before: hours and languages are told to all, contacts stay here."""
    spans = minutes(asked.hours)
    every_day = asked.hours is not None and asked.hours.every_day
    before = ((), False) if place.hours is None else (place.hours.spans, place.hours.every_day)
    events: list[Event] = []
    if (spans, every_day) != before or asked.languages != place.languages:
        events.append(PlaceHoursSet(place.code, spans, every_day, asked.languages, since=now))
    if asked.contacts != place.contacts:
        events.append(PlaceContactsSet(asked.contacts))
    return events


def minutes(hours: OpeningHours | None) -> tuple[tuple[int, int], ...]:
    """The spans in minutes of the day; none without hours."""
    if hours is None:
        return ()
    spans = tuple(
        (minute_of(begin), minute_of(end))
        for begin, _, end in (span.partition("-") for span in hours.spans)
    )
    try:
        WorkingHours(
            tuple((timedelta(minutes=begin), timedelta(minutes=end)) for begin, end in spans)
        )
    except ValueError:
        raise Rejected(
            "hours-unusable", "spans of a day lie in order, without overlap, up to 24:00"
        ) from None
    return spans


def minute_of(clock: str) -> int:
    """``08:30`` is 510."""
    hour, _, minute = clock.partition(":")
    return int(hour) * 60 + int(minute)


def adopted(place: Place, pattern: str | None, asked: Duties | None) -> list[Event]:
    """The place must fill these duties from now on, and no longer those of the pattern before."""
    if pattern is None:
        if place.pattern is None:
            return []
        return [PatternAdopted(place.code, None, (), place.duties, 0)]
    if asked is None:
        raise Rejected("unknown-pattern", f"there is no pattern {pattern}", pattern=pattern)
    if place.kind not in asked.kinds:
        kinds = ", ".join(sorted(asked.kinds))
        raise Rejected("pattern-for-others", f"the pattern {pattern} is for a {kinds}", kinds=kinds)
    if (pattern, asked.duties) == (place.pattern, place.duties):
        return []
    dropped = tuple(duty for duty in place.duties if duty not in asked.duties)
    return [PatternAdopted(place.code, pattern, asked.duties, dropped, asked.fill_within_days)]
