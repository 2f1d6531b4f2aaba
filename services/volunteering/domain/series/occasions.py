"""The occasions of a series: made when their time has come, left out, moved."""

from dataclasses import replace
from datetime import date, datetime

from services.volunteering.domain.series.rhythm import held_on
from services.volunteering.domain.series.series_commands import DayDealtWith, DayDecided, Scene
from services.volunteering.domain.series.series_state import (
    Coming,
    Decided,
    Series,
    activity_id,
    coming,
    course_of,
    decided_of,
    made_at,
    span,
    timing_of,
)
from shared.contracts.event import Event
from shared.contracts.volunteering.series import (
    OccasionDue,
    OccasionLeftOut,
    OccasionMoved,
    SeriesEnded,
)
from shared.runtime.aggregate import Rejected

MOST_DAYS_AHEAD = 200
"""Days of the rhythm that are looked through for one that is named."""
MOST_AT_ONCE = 20
"""Occasions dealt with in one step."""


# --- single days ---------------------------------------------------------------------------------


def named(series: Series, day: date) -> Coming:
    """The day of the rhythm that is meant. Raises `Rejected` for another day, and for one whose
    occasion was made already.
    """
    if series.through is not None and day <= series.through:
        raise Rejected(
            "occasion-made",
            "this day was dealt with: call off or move its activity"
            f" {activity_id(series.series, day)} itself",
            activity=activity_id(series.series, day),
        )
    found = next((one for one in coming(series, MOST_DAYS_AHEAD) if one.day == day), None)
    if found is None:
        raise Rejected("not-a-day", f"{day} is no day of this series", day=str(day))
    return found


def left_out(series: Series, which: Coming) -> list[Event]:
    """It is not held."""
    decided = decided_of(series, which.day)
    if decided is not None and decided.to is None:
        return []
    event = OccasionLeftOut(
        series.series,
        series.place,
        series.team,
        begin_of(series, which.day),
        "decided",
        series.organisers,
    )
    return [event, DayDecided(Decided(which.day, None))]


def moved(series: Series, which: Coming, to: date, now: datetime) -> list[Event]:
    """It is held on a day between its neighbours in the rhythm, later than now."""
    begin = begin_of(series, to)
    between = (which.before is None or which.before < to) and to < which.following
    if to == which.day or not between or begin <= now:
        raise Rejected(
            "moved-too-far",
            f"choose another day before {which.following} and after"
            f" {which.before or 'today'}: occasions keep their order",
            following=str(which.following),
        )
    event = OccasionMoved(
        series.series,
        series.place,
        series.team,
        begin_of(series, which.day),
        begin,
        series.organisers,
    )
    return [event, DayDecided(Decided(which.day, to))]


# --- what it makes -------------------------------------------------------------------------------


def made_now(series: Series, now: datetime, scene: Scene) -> list[Event]:
    """The occasions whose time to be made has come."""
    events: list[Event] = []
    through = None
    for one in coming(series, MOST_AT_ONCE):
        if made_when(series, one.day) > now:
            break
        events += _dealt_with(series, one, now, scene)
        through = one.day
    if through is not None and not coming(replace(series, through=through), 1):
        events.append(ending(series, "over"))
    return events


def _dealt_with(series: Series, one: Coming, now: datetime, scene: Scene) -> list[Event]:
    decided = decided_of(series, one.day)
    on_holiday = course_of(series).on_holiday
    if decided is not None:
        day = decided.to
    else:
        day = held_on(one.day, one.following, on_holiday, scene.is_holiday, scene.is_working_day)
    begin, end = span(timing_of(series), one.day if day is None else day)
    passed = DayDealtWith(one.day, made=day is not None and begin > now)
    if passed.made:
        id = activity_id(series.series, one.day)
        return [OccasionDue(series.series, id, series.place, series.team, begin, end), passed]
    if decided is not None and day is None:
        return [passed]  # it was told when it was decided
    because = "holiday" if day is None else "too-late"
    left = OccasionLeftOut(
        series.series, series.place, series.team, begin, because, series.organisers
    )
    return [left, passed]


def made_when(series: Series, day: date) -> datetime:
    """When the occasion of a day of the rhythm is made."""
    decided = decided_of(series, day)
    held = day if decided is None or decided.to is None else decided.to
    return made_at(timing_of(series), held)


def begin_of(series: Series, day: date) -> datetime:
    """When an occasion on a day begins."""
    return span(timing_of(series), day)[0]


def ending(series: Series, because: str, call_off_from: datetime | None = None) -> SeriesEnded:
    """It makes nothing more."""
    return SeriesEnded(
        series.series, series.place, series.team, because, series.organisers, call_off_from
    )
