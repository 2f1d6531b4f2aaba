"""Deadlines reckoned a second time, from the texts of the rules and the announced calendars alone.

Nothing here is taken from what it checks. Working time is counted by the minute: how many minutes
were worked before each day, and before each minute of a worked day. To add working time is to look
for the minute by which so many were worked.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import Any

import chinese_calendar
import yaml

from services.petitions.domain.commands import Answer
from services.petitions.domain.promises import PromiseUnjudged
from services.petitions.rules import SHIPPED, TAXONOMY
from shared.contracts import petitions as told
from shared.contracts.event import Event
from shared.runtime.aggregate import Command
from tests.worktime.announced import OFF, is_worked

FIRST, LAST = date(2011, 1, 1), date(2026, 12, 31)
MINUTE, DAY = 60_000, 86_400_000
"""In milliseconds, as all amounts here."""
ZERO = datetime(2010, 12, 31, 16, tzinfo=UTC)
"""Local midnight of the first day."""
MILLISECOND = timedelta(milliseconds=1)

Spans = Sequence[tuple[int, int]]
"""Parts of a local day, in minutes."""


def offices_work(day: date) -> bool:
    """By the State Council's notices where they are written down, before that by the package's."""
    if day.year in OFF:
        return is_worked(day)
    worked, free = chinese_calendar.constants.workdays, chinese_calendar.constants.holidays
    return day in worked or (day.weekday() < 5 and day not in free)


class Minutes:
    """The working minutes of a place, all counted beforehand."""

    def __init__(self, spans: Spans, works: Callable[[date], bool] = offices_work) -> None:
        inside = [any(begin <= n < end for begin, end in spans) for n in range(24 * 60)]
        self._in_day = [MINUTE * n for n in accumulate(inside, initial=0)]
        self.a_day = self._in_day[-1]
        days = (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))
        self._worked = [works(day) for day in days]
        self._before = [self.a_day * n for n in accumulate(self._worked, initial=0)]

    def _until(self, at: datetime) -> int:
        """What was worked since the first day."""
        day, passed = divmod((at - ZERO) // MILLISECOND, DAY)
        minute, rest = divmod(passed, MINUTE)
        in_day, next_in_day = self._in_day[minute : minute + 2]
        today = in_day + (rest if next_in_day > in_day else 0)
        return self._before[day] + (today if self._worked[day] else 0)

    def between(self, start: datetime, end: datetime) -> int:
        """The working time from one moment to a later one."""
        return max(self._until(end) - self._until(start), 0)

    def after(self, start: datetime, amount: int) -> datetime:
        """The first moment at which so much was worked since `start`."""
        if amount == 0:
            return start
        goal = self._until(start) + amount
        day = bisect_left(self._before, goal) - 1
        left = goal - self._before[day]
        minute = bisect_left(self._in_day, left) - 1
        passed = day * DAY + minute * MINUTE + left - self._in_day[minute]
        return ZERO + passed * MILLISECOND


OFFICE = Minutes(((8 * 60 + 30, 12 * 60), (14 * 60 + 30, 18 * 60)))
ALWAYS = Minutes(((0, 24 * 60),), lambda _day: True)
"""The wall's clock, for danger."""


# --- what is promised ----------------------------------------------------------------------------

_LENGTH = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")


def length(text: str, a_day: int = DAY) -> int:
    """``P2D`` or ``PT30M``."""
    found = _LENGTH.fullmatch(text)
    assert found is not None, text
    days, hours, minutes = (int(part or 0) for part in found.groups())
    return days * a_day + (60 * hours + minutes) * MINUTE


class Book:
    """The shipped rules as they are written."""

    def __init__(self) -> None:
        rules = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
        taxonomy = yaml.load(TAXONOMY.read_text(encoding="utf-8"), yaml.CSafeLoader)
        self.follow_up = MILLISECOND * length(rules["follow_up"])
        self.suspended_most = MILLISECOND * length(rules["suspended_most"])
        self._warn_percent = round(100 * rules["warn_share"])
        self._paces: dict[str, dict[str, dict[str, str]]] = rules["paces"]
        self._danger: dict[str, str] = rules["danger_answer"]
        self._pace: dict[str, str] = {}
        self._read(taxonomy["categories"], "")

    def _read(self, categories: list[dict[str, Any]], pace: str) -> None:
        for one in categories:
            self._pace[one["code"]] = own = one.get("pace", pace)
            self._read(one.get("parts", []), own)

    def limit(self, filed: told.PetitionFiled, level: str, a_day: int) -> int:
        """How long a level has; in danger on the wall."""
        if filed.danger is not None:
            return length(self._danger[level])
        return length(self._paces[self._pace[filed.category]][filed.urgency][level], a_day)

    def warning(self, limit: int) -> int:
        """After how much of it the warning comes."""
        return limit * self._warn_percent // 100


# --- one petition's clocks -----------------------------------------------------------------------


@dataclass
class Watch:
    """Stands beside a petition and reckons what its events should say, and when it is due next.

    `own` are the places that have hours of their own. What does not agree goes to `wrong`, what was
    compared is counted in `compared`.
    """

    book: Book
    own: Mapping[str, Minutes]
    compared: Counter[str]
    wrong: list[str]
    judged_within: timedelta = timedelta(days=14)

    filed: told.PetitionFiled | None = None
    minutes: Minutes = OFFICE
    answer_by: datetime | None = None
    warn_at: datetime | None = None
    warned: bool = False
    days: int | None = None
    again_at: datetime | None = None
    follow_up: datetime | None = None
    suspended: tuple[datetime, datetime, int, int] | None = None
    """Since when, until when, what is left, what is left until the warning."""
    suspended_for: timedelta = timedelta(0)
    promises: dict[int, datetime] = field(default_factory=dict)
    late: bool = False
    first_in_time: bool | None = None

    def follow(self, events: Sequence[Event], command: Command, now: datetime) -> None:
        """Reckon with what happened now."""
        if isinstance(command, Answer):
            self._promised(events, command)
        for event in events:
            self._one(event, now)

    def due(self) -> datetime | None:
        """When something is to happen by itself."""
        waits = list(self.promises.values())
        if self.suspended is not None:
            waits.append(self.suspended[1])
        if self.follow_up is not None:
            waits.append(self.follow_up)
        if self.answer_by is not None:
            running = self.answer_by if self.warned else self.warn_at
            waits += [at for at in (running if self.days is None else self.again_at,) if at]
        return min(waits, default=None)

    def agree(self, what: str, given: object, reckoned: object) -> None:
        """One comparison."""
        self.compared[what] += 1
        if given != reckoned:
            id = "" if self.filed is None else self.filed.petition
            self.wrong.append(f"{id}: {what} is {given}, reckoned {reckoned}")

    def _one(self, event: Event, now: datetime) -> None:
        match event:
            case told.PetitionFiled():
                self.filed = event
                hours = [self.own[code] for code in event.path if code in self.own]
                self.minutes = ALWAYS if event.danger else [OFFICE, *hours][-1]
            case told.PetitionReachedLevel():
                self._reached(event, now)
            case told.PetitionAssigned():
                waits = self.answer_by if self.suspended is None else self.suspended[1]
                self.agree("assigned until", event.answer_by, waits)
            case told.PetitionAlarmed():
                self.agree("alarm", event.answer_by, self.answer_by)
            case told.PetitionDeadlineNear():
                assert self.warn_at is not None
                assert self.answer_by is not None
                in_between = self.warn_at <= now < self.answer_by and not self.warned
                self.agree("warning in time", in_between, True)
                self.warned = True
            case told.PetitionOverdue():
                self._overdue(event, now)
            case told.PetitionSuspended():
                assert self.answer_by is not None
                assert self.warn_at is not None
                left = self.minutes.between(now, self.answer_by)
                warn_left = self.minutes.between(now, self.warn_at)
                self.suspended = (now, event.until, left, warn_left)
                self.answer_by = self.warn_at = None
            case told.PetitionResumed():
                self._resumed(event, now)
            case told.PetitionAnswered():
                assert self.answer_by is not None
                self.agree("in time", event.in_time, now <= self.answer_by)
                self.follow_up = now + self.book.follow_up
                self.agree("follow-up", event.follow_up_until, self.follow_up)
                if self.first_in_time is None:
                    self.first_in_time = event.in_time and not self.late
                self.answer_by = self.warn_at = None
            case told.PetitionReopened() | told.PetitionSentToReview():
                self.follow_up = None
            case told.PetitionClosed():
                self.agree("closed at", event.closed_at, now)
                if event.outcome == "unrated":
                    self.agree("unrated in the end", self.follow_up is not None, True)
                    assert self.follow_up is not None
                    self.agree("unrated after it", now >= self.follow_up, True)
                self.answer_by = self.warn_at = self.follow_up = self.suspended = None
            case told.PromiseMade(promise=n, due=due):
                self.promises[n] = due
            case told.PromiseFellDue(promise=n, judge_by=judge_by):
                self.agree("promise fell due", now >= self.promises[n], True)
                self.promises[n] = now + self.judged_within
                self.agree("promise judged by", judge_by, self.promises[n])
            case told.PromiseJudged(promise=n) | PromiseUnjudged(promise=n):
                del self.promises[n]

    def _reached(self, event: told.PetitionReachedLevel, now: datetime) -> None:
        assert self.filed is not None
        limit = self.book.limit(self.filed, event.level, self.minutes.a_day)
        self.answer_by = self.minutes.after(now, limit)
        self.warn_at = self.minutes.after(now, self.book.warning(limit))
        self.warned, self.days, self.again_at, self.follow_up = False, None, None, None
        kind = "danger" if self.filed.danger else "level"
        self.agree(f"{kind} deadline", event.answer_by, self.answer_by)
        self.agree(f"{kind} warning", event.warn_at, self.warn_at)

    def _overdue(self, event: told.PetitionOverdue, now: datetime) -> None:
        assert self.answer_by is not None
        self.agree("overdue", (event.answer_by, now >= self.answer_by), (self.answer_by, True))
        gone = self.minutes.between(self.answer_by, now) // self.minutes.a_day
        days = 0 if self.days is None else max(self.days + 1, gone)
        self.agree("overdue days", event.days, days)
        self.days, self.late, self.again_at = days, True, None
        if event.level == "district":
            self.again_at = self.minutes.after(self.answer_by, (days + 1) * self.minutes.a_day)
        self.agree("overdue again", event.again_at, self.again_at)

    def _resumed(self, event: told.PetitionResumed, now: datetime) -> None:
        assert self.suspended is not None
        since, until, left, warn_left = self.suspended
        self.suspended = None
        self.answer_by = self.minutes.after(now, left)
        self.warn_at = self.minutes.after(now, warn_left)
        self.suspended_for += min(now, until) - since
        self.agree("resumed deadline", event.answer_by, self.answer_by)
        self.agree("resumed warning", event.warn_at, self.warn_at)
        self.agree("suspended until", event.suspended_until, min(now, until))
        within = self.suspended_for <= self.book.suspended_most
        self.agree("suspended within the most", within, True)

    def _promised(self, events: Sequence[Event], answer: Answer) -> None:
        made = [event.due for event in events if isinstance(event, told.PromiseMade)]
        ends = [
            ZERO + ((step.until - FIRST).days + 1) * timedelta(days=1) for step in answer.follows
        ]
        self.agree("promises", made, ends)
