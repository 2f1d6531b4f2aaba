"""Figures over disputes: filed, begun, ended and how, how long they took, and whether it holds;
counted from the stored states by place, kind, mediator and month.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from shared.contracts.mediation.disputes import DisputeKind, Outcome
from shared.runtime.journal import Journal
from shared.worktime.hours import CHINA


class By(StrEnum):
    """What can be counted by; `place` are the places next below the one that is asked about."""

    KIND = "kind"
    PLACE = "place"
    MEDIATOR = "mediator"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Selection:
    """What is counted: below these places, of a kind, of a mediator, in the months from `since` to
    `until` (2025-03, both included).
    """

    since: str
    until: str
    places: tuple[str, ...]
    kind: DisputeKind | None = None
    mediator: str | None = None

    def months(self) -> list[str]:
        """The months, in order."""
        year, month = map(int, self.since.split("-"))
        found = []
        while (text := f"{year}-{month:02}") <= self.until:
            found.append(text)
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        return found

    def where(self, at: str, first: str, last: str) -> dict[str, Any]:
        """Disputes whose time `at` lies in the months from `first` to `last`."""
        where: dict[str, Any] = {
            "path": {"$in": list(self.places)},
            at: {"$gte": begin_of(first), "$lt": begin_of(after(last))},
        }
        if self.kind is not None:
            where["kind"] = self.kind.value
        if self.mediator is not None:
            where["mediator"] = self.mediator
        return where


@dataclass(slots=True)
class Figures:
    """What was counted of a group, each in the month in which it happened. `held` and `broken` are
    of those that ended then with something settled, as far as it is known.
    """

    filed: int = 0
    begun: int = 0
    outcomes: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys((one.value for one in Outcome), 0)
    )
    days: list[tuple[int, int]] = field(default_factory=list)
    held: int = 0
    broken: int = 0

    def told(self) -> dict[str, Any]:
        """As it is shown; `days` are how long mediation lasted that began and has ended."""
        lasted = sorted(self.days)
        count = sum(number for _, number in lasted)
        return {
            "filed": self.filed,
            "begun": self.begun,
            "ended": sum(self.outcomes.values()),
            **{name.replace("-", "_"): number for name, number in self.outcomes.items()},
            "days_mean": round(sum(d * n for d, n in lasted) / count, 1) if count else None,
            "days_median": _median(lasted, count),
            "held": self.held,
            "broken": self.broken,
        }


def _median(lasted: Sequence[tuple[int, int]], count: int) -> int | None:
    seen = 0
    for days, number in lasted:
        seen += number
        if 2 * seen >= count:
            return days
    return None


@dataclass(frozen=True, slots=True)
class Counted:
    """The groups by the values asked for, in order, and the whole; counted at `as_of`."""

    by: tuple[By, ...]
    groups: Mapping[tuple[str | None, ...], Figures]
    total: Figures
    as_of: datetime

    def rows(self) -> list[dict[str, Any]]:
        """A row for each group."""
        names = [one.value for one in self.by]
        return [
            {**dict(zip(names, values, strict=True)), **figures.told()}
            for values, figures in self.groups.items()
        ]


Line = Callable[[str], Sequence[str]]
"""The codes from the top of the tree down to a place; empty where it is not known."""


async def count(
    journal: Journal, selection: Selection, by: tuple[By, ...], now: datetime, line: Line
) -> Counted:
    """Counts. Raises `Unavailable`, also when it takes too long."""
    groups: defaultdict[tuple[str | None, ...], Figures] = defaultdict(Figures)
    total = Figures()
    asked = [one.value for one in by if one is not By.MONTH]

    def group(values: Sequence[str | None], month: str) -> tuple[Figures, Figures]:
        known: dict[str, str | None] = dict(zip(asked, values, strict=True))
        known[By.MONTH.value] = month
        place = known.get(By.PLACE.value)
        if place is not None:
            known[By.PLACE.value] = below(selection.places, place, line)
        return groups[tuple(known[one.value] for one in by)], total

    for first, last in _spans(selection, by):
        for name in ("filed", "begun"):
            where = selection.where(name, first, last)
            for values, number in await journal.tally("dispute", asked or ["status"], where):
                for figures in group(values if asked else (), first):
                    setattr(figures, name, getattr(figures, name) + number)
        where = selection.where("ended", first, last)
        fields = ["outcome", "days", "holds", "because", *asked]
        for values, number in await journal.tally("dispute", fields, where):
            outcome, days, holds, because, *rest = values
            for figures in group(rest, first):
                figures.outcomes[outcome] += number
                if because not in _NEVER_BEGAN:
                    figures.days.append((days, number))
                figures.held += number if holds is True else 0
                figures.broken += number if holds is False else 0

    ordered = sorted(groups.items(), key=lambda one: tuple(str(value or "") for value in one[0]))
    return Counted(by, dict(ordered) if by else {}, total, now)


_NEVER_BEGAN = frozenset({"declined", "no-answer"})


def _spans(selection: Selection, by: tuple[By, ...]) -> list[tuple[str, str]]:
    """A span for each month where months are told apart: the states hold times, no months."""
    if By.MONTH in by:
        return [(month, month) for month in selection.months()]
    return [(selection.since, selection.until)]


def below(asked: Sequence[str], place: str, line: Line) -> str:
    """The place next below the ones asked about, on the way down to another."""
    path = line(place)
    above = max((path.index(one) + 1 for one in asked if one in path), default=0)
    return path[above] if len(path) > above else place


def begin_of(month: str) -> datetime:
    """When a month of the city begins."""
    year, number = map(int, month.split("-"))
    return datetime(year, number, 1, tzinfo=CHINA).astimezone(UTC)


def after(month: str) -> str:
    """The month after."""
    year, number = map(int, month.split("-"))
    return f"{year + number // 12}-{number % 12 + 1:02}"
