"""Figures over petitions, counted from the stored states: filed, answered, in time, solved, liked.

One pass over the store counts by all that was asked for and by everything a figure depends on; the
rest is adding up.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from services.petitions.domain.answering import GOOD_ENOUGH
from services.petitions.domain.state import ON_THE_CLOCK, Status
from services.petitions.views import without
from shared.contracts.types import PetitionKind
from shared.runtime.journal import Behind, Journal

FEWEST_SHOWN = 5
"""Judgements that a group has at least before the public is told what they were."""


class By(StrEnum):
    """What can be counted by. The three of categories are the levels of the taxonomy; `place` are
    the places next below the one that is asked about, as they lay when the petition was filed.
    """

    PLACE = "place"
    CATEGORY = "category"
    SUBCATEGORY = "subcategory"
    TOPIC = "topic"
    LEVEL = "level"
    MONTH = "month"
    CHANNEL = "channel"
    KIND = "kind"


_FIELDS = {
    By.CATEGORY: "category",
    By.SUBCATEGORY: "category",
    By.TOPIC: "category",
    By.LEVEL: "level",
    By.MONTH: "figures.month",
    By.CHANNEL: "channel",
    By.KIND: "kind",
}
_DEPTHS = {By.CATEGORY: 1, By.SUBCATEGORY: 2, By.TOPIC: 3}
_MEASURES = (
    "status",
    "figures.in_time",
    "figures.stars",
    "figures.solved",
    "figures.overdue",
    "reopened",
)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which petitions: below a place, filed in the months from `since` to `until` (2025-03, both
    included), under one of `categories`; without reports for the public, and without what is about
    one of `not_about`.
    """

    place: str | None = None
    since: str | None = None
    until: str | None = None
    categories: tuple[str, ...] = ()
    public: bool = False
    not_about: tuple[str, ...] = ()

    def where(self, is_district: bool = False) -> dict[str, Any]:
        """The same for the journal. A district is named by a field of its own, which has no index:
        to read all petitions in order is twice as fast as to look up nearly all by their paths.
        """
        where: dict[str, Any] = {}
        if self.place is not None:
            where["figures.district" if is_district else "path"] = self.place
        month = {"$gte": self.since, "$lte": self.until}
        if any(month.values()):
            where["figures.month"] = {k: v for k, v in month.items() if v is not None}
        if self.categories:
            where["category"] = {"$in": list(self.categories)}
        if self.public:
            where["kind"] = {"$ne": PetitionKind.REPORT.value}
        return {**where, **without(self.not_about)}


@dataclass(slots=True)
class Figures:
    """What was counted of a group. `answered_in_time` are those whose first answer came before any
    level had let its deadline pass; `stars` the sum over those `rated`; `satisfied` had three or
    more; `open` are not closed, of them `overdue` are past the deadline of the top level.
    """

    filed: int = 0
    answered: int = 0
    answered_in_time: int = 0
    solved: int = 0
    rated: int = 0
    satisfied: int = 0
    stars: int = 0
    reopened: int = 0
    open: int = 0
    overdue: int = 0
    suspended: int = 0

    def add(self, other: "Figures") -> None:
        """Counts another group in."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))

    def told(self, hidden: bool = False) -> dict[str, Any]:
        """As it is shown, with the mean of the stars; the judgements None where they are hidden."""
        shown: dict[str, Any] = {one.name: getattr(self, one.name) for one in fields(self)}
        shown["stars"] = round(self.stars / self.rated, 2) if self.rated else None
        return {**shown, **dict.fromkeys(JUDGED)} if hidden else shown


JUDGED = ("solved", "rated", "satisfied", "stars")
"""The figures that tell what petitioners said."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The groups by the values asked for, in order, and the whole; counted at `as_of`."""

    by: tuple[By, ...]
    groups: dict[tuple[str, ...], Figures]
    total: Figures
    as_of: datetime

    def rows(self, public: bool) -> list[dict[str, Any]]:
        """A row for each group. For the public the judgements of small groups are left out: of at
        least two groups, or the whole would tell those of the one.
        """
        hidden = _too_few(self.groups) if public else frozenset()
        names = [one.value for one in self.by]
        return [
            {**dict(zip(names, values, strict=True)), **figures.told(values in hidden)}
            for values, figures in self.groups.items()
        ]

    def whole(self, public: bool) -> dict[str, Any]:
        """The figures of all together."""
        return self.total.told(public and 0 < self.total.rated < FEWEST_SHOWN)


def _too_few(groups: Mapping[tuple[str, ...], Figures]) -> frozenset[tuple[str, ...]]:
    rated = sorted((one.rated, values) for values, one in groups.items() if one.rated)
    few = [values for number, values in rated if number < FEWEST_SHOWN]
    if len(few) == 1:
        few = [values for _, values in rated[:2]]
    return frozenset(few)


Line = Callable[[str], Sequence[str]]
"""The codes from the top of a tree down to one in it; empty where it is not there."""


async def count(
    journal: Journal,
    selection: Selection,
    by: tuple[By, ...],
    now: datetime,
    place_line: Line,
    category_line: Line,
) -> Counted:
    """Counts. Raises `Unavailable`, also when it takes too long."""
    place = selection.place
    # Where it was filed, as it lay then: history stays true when a place moves.
    fields: dict[By, str | Behind] = {**_FIELDS, By.PLACE: Behind("path", place or "")}
    names = list(dict.fromkeys(fields[one] for one in by))
    where = selection.where(place is not None and tuple(place_line(place)) == (place,))
    counted = await journal.tally("petition", [*names, *_MEASURES], where)
    groups: defaultdict[tuple[str, ...], Figures] = defaultdict(Figures)
    total = Figures()

    for values, number in counted:
        known = dict(zip(names, values, strict=False))
        figures = _figures(values[len(names) :], number)
        groups[tuple(_value(one, known[fields[one]], category_line) for one in by)].add(figures)
        total.add(figures)

    return Counted(by, dict(sorted(groups.items())) if by else {}, total, now)


def _figures(measures: Sequence[Any], number: int) -> Figures:
    status, in_time, stars, solved, overdue, reopened = measures
    return Figures(
        filed=number,
        answered=number if in_time is not None else 0,
        answered_in_time=number if in_time else 0,
        solved=number if solved else 0,
        rated=number if stars is not None else 0,
        satisfied=number if stars is not None and stars >= GOOD_ENOUGH else 0,
        stars=number * (stars or 0),
        reopened=number if reopened else 0,
        open=number if status != Status.CLOSED else 0,
        overdue=number if overdue and status in ON_THE_CLOCK else 0,
        suspended=number if status == Status.SUSPENDED else 0,
    )


def _value(by: By, value: Any, category_line: Line) -> str:
    if (depth := _DEPTHS.get(by)) is not None:
        line = category_line(value)
        return line[min(depth, len(line)) - 1] if line else value
    return str(value)
