"""Matching (派单): who is asked first, and why.

Whoever fits is weighed by four things that add up: nearness in the place tree, free time, load, and
how long ago they were last asked. Between equals the order's own id decides, so that chances are
equal over many orders.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

from services.volunteering.domain.orders.record import MOST_AT_HAND, OrderRecord
from services.volunteering.domain.orders.state import Order, Weighed, Window, earliest
from services.volunteering.domain.teams.volunteer_state import Volunteer, lacking
from shared.worktime.hours import CHINA

NEAR = 40
"""Points of who is at home at the very place."""
NEAR_PER_STEP = 10
"""Points less for each step up the place tree that leads to where both are at home."""
FREE, FREE_UNSAID = 25, 10
"""Points of who has named a wanted time as free; of who has named no times at all."""
LOAD = 10
"""Points less for each order at hand."""
WAITED_MOST = 30
"""Points of who was never asked, or not for so many days; else a point a day."""
BEHIND = 40
"""Points less of who gave back late or did not come, for a time."""
MOST_WEIGHED = 20
"""Candidates that an order keeps, the best first."""


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who might take an order, as they are known when they are found."""

    person: str
    volunteer: Volunteer
    record: OrderRecord


def weigh(order: Order, found: Iterable[Found], now: datetime) -> tuple[Weighed, ...]:
    """Those who could take it, the best first, then those who cannot; each with its reasons."""
    weighed = [_weighed(order, one, now) for one in found]
    weighed.sort(
        key=lambda one: (one.unfit is not None, -one.score, _lot(order.order, one.volunteer))
    )
    return tuple(weighed[:MOST_WEIGHED])


def unfit(order: Order, person: str, volunteer: Volunteer | None, now: datetime) -> str | None:
    """What somebody lacks to take it, as the code of a refusal; None: nothing."""
    if order.hosts(person):
        return "own-order"
    begin = earliest(order.times, now)
    if (lacks := lacking(volunteer, order.conditions(), begin)) is not None:
        return lacks
    skill = order.asks.skill
    if skill is not None and (volunteer is None or skill not in volunteer.skills):
        return "skill-missing"
    return None


def free_within(volunteer: Volunteer, window: Window, minutes: int) -> bool:
    """Whether so many minutes of the window lie within what they named as free."""
    begin, end = window.begin.astimezone(CHINA), window.end.astimezone(CHINA)
    first = begin.hour * 60 + begin.minute
    last = first + (end - begin) // timedelta(minutes=1)
    return any(
        one.weekday == begin.weekday() and min(one.end, last) - max(one.begin, first) >= minutes
        for one in volunteer.free
    )


def _weighed(order: Order, one: Found, now: datetime) -> Weighed:
    record, volunteer = one.record, one.volunteer
    steps = _steps(order.path, volunteer.path)
    free = (
        any(
            free_within(volunteer, window, order.asks.minutes)
            for window in order.times
            if window.end > now
        )
        if volunteer.free
        else None
    )
    load = len(record.at_hand)
    waited = None if record.last is None else max((now - record.last).days, 0)
    behind = record.behind_until is not None and now < record.behind_until
    lacks = unfit(order, one.person, volunteer, now)
    if lacks is None and one.person in order.out:
        lacks = "asked-before"
    if lacks is None and load >= MOST_AT_HAND:
        lacks = "enough-at-hand"
    score = (
        max(NEAR - NEAR_PER_STEP * steps, 0)
        + (FREE_UNSAID if free is None else FREE if free else 0)
        - LOAD * load
        + (WAITED_MOST if waited is None else min(waited, WAITED_MOST))
        - (BEHIND if behind else 0)
    )
    return Weighed(one.person, lacks, steps, free, load, waited, behind, score)


def _steps(here: tuple[str, ...], there: tuple[str, ...]) -> int:
    """Steps up from the order's place to the smallest place that both lie in."""
    shared = 0
    for mine, theirs in zip(here, there, strict=False):
        if mine != theirs:
            break
        shared += 1
    return len(here) - shared


def _lot(order: str, person: str) -> bytes:
    return blake2b(f"{order}/{person}".encode(), digest_size=8).digest()
