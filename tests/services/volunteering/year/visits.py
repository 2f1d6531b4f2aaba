"""Every care visit of every plan reckoned a second time: each was made, tried, missed or excused,
and none twice. The days come from the calendar alone.
"""

from calendar import monthrange
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from shared.runtime.journal import Commit
from shared.worktime.hours import CHINA
from tests.services.volunteering.year.machine import DAY, HOUR, local, moment_of


@dataclass
class Plan:
    """What is known of a plan: from when to when it ran, its pauses, and what became of visits."""

    rhythm: dict[str, Any]
    first: datetime
    started: datetime | None = None
    ended: datetime | None = None
    pauses: list[tuple[datetime, datetime]] = field(default_factory=list)
    tried: Counter[datetime] = field(default_factory=Counter)
    missed: Counter[datetime] = field(default_factory=Counter)

    def slots(self, until: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The visits of the rhythm, from its beginning on."""
        day = self.first.astimezone(CHINA).date() - 40 * DAY
        begin, end = self.rhythm["window"].split("-")
        while local(day, begin) <= until:
            if self._falls_on(day):
                yield local(day, begin), local(day + (self.rhythm["days"] - 1) * DAY, end)
            day += DAY

    def _falls_on(self, day: date) -> bool:
        match self.rhythm["every"]:
            case "day":
                return True
            case "week":
                return day.weekday() in self.rhythm["weekdays"]
        return day.day == min(self.rhythm["month_day"], monthrange(day.year, day.month)[1])


class VisitsReckoned:
    """Follows every commit of the care plans."""

    def __init__(self) -> None:
        self.plans: dict[str, Plan] = {}

    def follow(self, commit: Commit) -> None:
        """What has happened to a plan."""
        if not commit.stream.startswith("care-plan-"):
            return
        id = commit.stream.removeprefix("care-plan-")
        for event in commit.events:
            if event.data is not None:
                self._follow(id, event.name, event.data, commit.at)

    def _follow(self, id: str, name: str, data: dict[str, Any], at: datetime) -> None:
        match name:
            case "CarePlanDrawnUp":
                self.plans[id] = Plan(data["rhythm"], moment_of(data["first"]))
            case "CarePlanStarted":
                self.plans[id].started = at
            case "CarePlanEnded":
                self.plans[id].ended = at
            case "CarePlanPaused":
                span = moment_of(data["since"]), moment_of(data["until"])
                self.plans[id].pauses.append(span)
            case "CarePlanResumed":
                since, until = self.plans[id].pauses[-1]
                self.plans[id].pauses[-1] = since, min(until, at)
            case "CareVisitMade" | "CareVisitUnmet" if data["begin"] is not None:
                self.plans[id].tried[moment_of(data["begin"])] += 1
            case "CareVisitMissed":
                self.plans[id].missed[moment_of(data["begin"])] += 1

    def check(self, now: datetime) -> Counter[str]:
        """Counts what became of all visits. Raises AssertionError for one that was lost."""
        became: Counter[str] = Counter()
        for id, plan in self.plans.items():
            became.update(self._check(id, plan, now))
        return became

    def _check(self, id: str, plan: Plan, now: datetime) -> Iterator[str]:
        if plan.started is None:
            assert not plan.tried, f"{id} was visited without consent"
            assert not plan.missed, f"{id} was missed without consent"
            return
        until = now if plan.ended is None else plan.ended
        slots = list(plan.slots(now + 60 * DAY))
        known = {begin for begin, _ in slots}
        assert known >= plan.tried.keys() | plan.missed.keys(), f"{id}: visits of no day"
        for (begin, end), (following, _) in pairwise(slots):
            tried, missed = plan.tried[begin], plan.missed[begin]
            assert tried <= 1, f"{id}: the visit of {begin} was made twice"
            assert missed <= 1, f"{id}: the visit of {begin} was missed twice"
            if tried and missed:
                yield "late"
            elif tried or missed:
                yield "made" if tried else "missed"
            elif not is_fair(begin, end, max(plan.first, plan.started)):
                continue  # it lay before the plan
            elif any(excuses(begin, end, pause) for pause in plan.pauses):
                yield "excused"
            else:
                over = min(end + HOUR, following)
                assert over > until, f"{id}: the visit of {begin} was lost"


def is_fair(begin: datetime, end: datetime, moment: datetime) -> bool:
    """Whether a visit is asked for of who hears of it at that moment."""
    return moment <= begin or end - moment >= timedelta(days=1)


def excuses(begin: datetime, end: datetime, pause: tuple[datetime, datetime]) -> bool:
    """Whether a pause stands against a visit: they meet, and it is not asked for after it."""
    since, until = pause
    return begin < until and since < end and not is_fair(begin, end, until)
