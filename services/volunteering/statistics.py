"""Figures over what volunteers did: activities, people, hours, wishes and more, counted from the
stored states by place, team and month. And who served most in a year.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from services.volunteering.views.hours import SERVED
from shared.contracts.volunteering.hours import Work
from shared.runtime.journal import Journal
from shared.worktime.hours import CHINA


class By(StrEnum):
    """What can be counted by; `place` are the places next below the one that is asked about."""

    PLACE = "place"
    TEAM = "team"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Source:
    """Things that are counted when their status is one of these, in the month of the time `at`;
    `team` is the field of the team that did them, None where teams do not.
    """

    name: str
    kind: str
    statuses: tuple[str, ...]
    at: str
    team: str | None


SOURCES = (
    Source("activities", "activity", ("done",), "begin", "team"),
    Source("called_off", "activity", ("called-off",), "begin", "team"),
    Source("wishes", "wish", ("fulfilled",), "serving.begun", "claim.team"),
    Source("orders", "order", ("done",), "begun", None),
    Source("patrols", "patrol-shift", ("ended",), "begin", "team"),
)
NAMES: tuple[str, ...] = tuple(source.name for source in SOURCES)


@dataclass(frozen=True, slots=True)
class Selection:
    """What is counted: below a place, of a team, in the months from `since` to `until` (2025-03,
    both included).
    """

    since: str
    until: str
    place: str | None = None
    team: str | None = None

    def months(self) -> list[str]:
        """The months, in order."""
        year, month = map(int, self.since.split("-"))
        found = []
        while (text := f"{year}-{month:02}") <= self.until:
            found.append(text)
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        return found

    def of_records(self) -> dict[str, Any]:
        """Which service records."""
        where: dict[str, Any] = {"month": {"$gte": self.since, "$lte": self.until}, **SERVED}
        if self.place is not None:
            where["path"] = self.place
        if self.team is not None:
            where["team"] = self.team
        return where

    def of(self, source: Source, first: str, last: str) -> dict[str, Any]:
        """Which things of a source, from the beginning of one month to the end of another."""
        where: dict[str, Any] = {
            "status": {"$in": list(source.statuses)},
            source.at: {"$gte": begin_of(first), "$lt": begin_of(_after(last))},
        }
        if self.place is not None:
            where["path"] = self.place
        if self.team is not None and source.team is not None:
            where[source.team] = self.team
        return where


@dataclass(slots=True)
class Figures:
    """What was counted of a group. `people` are different ones who served; of who was erased the
    hours count, but nobody knows any more who it was. `services` are their parts in pieces of
    work.
    """

    done: dict[str, int] = field(default_factory=lambda: dict.fromkeys(NAMES, 0))
    volunteers: set[str] = field(default_factory=set)
    services: int = 0
    minutes: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys((work.value for work in Work), 0)
    )

    def told(self) -> dict[str, Any]:
        """As it is shown."""
        return {
            **self.done,
            "people": len(self.volunteers),
            "services": self.services,
            "minutes": sum(self.minutes.values()),
            "minutes_by_work": {work: spent for work, spent in self.minutes.items() if spent},
        }


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

    def group(known: Mapping[By, str | None]) -> tuple[Figures, Figures]:
        values = tuple(
            _below(selection.place, known[one], line) if one is By.PLACE else known[one]
            for one in by
        )
        return groups[values], total

    # Twice over the records, for few groups each: those by person and minutes would be nearly as
    # many as there are records.
    records = selection.of_records()
    for values, number in await journal.tally("service-record", ["kind", "minutes", *by], records):
        kind, minutes, *rest = values
        for figures in group(dict(zip(by, rest, strict=True))):
            figures.services += number
            figures.minutes[kind] += number * minutes
    for values, _ in await journal.tally("service-record", ["volunteer", *by], records):
        volunteer, *rest = values
        if volunteer is not None:
            for figures in group(dict(zip(by, rest, strict=True))):
                figures.volunteers.add(volunteer)

    for source in SOURCES:
        if source.team is None and selection.team is not None:
            continue
        names = {By.PLACE: "place", By.TEAM: source.team}
        asked = [one for one in by if names.get(one) is not None]
        for first, last in _spans(selection, by):
            where = selection.of(source, first, last)
            fields = [str(names[one]) for one in asked] or ["status"]
            for values, number in await journal.tally(source.kind, fields, where):
                known: dict[By, str | None] = {By.TEAM: None, By.MONTH: first}
                known |= zip(asked, values, strict=False)
                for figures in group(known):
                    figures.done[source.name] += number

    ordered = sorted(groups.items(), key=lambda one: tuple(str(value or "") for value in one[0]))
    return Counted(by, dict(ordered) if by else {}, total, now)


def _spans(selection: Selection, by: tuple[By, ...]) -> list[tuple[str, str]]:
    """A span for each month where months are told apart: the states hold times, no months."""
    if By.MONTH in by:
        return [(month, month) for month in selection.months()]
    return [(selection.since, selection.until)]


def _below(asked: str | None, place: str | None, line: Line) -> str | None:
    if place is None:
        return None
    path = line(place)
    above = path.index(asked) + 1 if asked is not None and asked in path else 0
    return path[above] if len(path) > above else place


def begin_of(month: str) -> datetime:
    """When a month of the city begins."""
    year, number = map(int, month.split("-"))
    return datetime(year, number, 1, tzinfo=CHINA).astimezone(UTC)


def _after(month: str) -> str:
    year, number = map(int, month.split("-"))
    return f"{year + number // 12}-{number % 12 + 1:02}"


# --- honours -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody's minutes in a year, and their rank by them: who served as long has the same."""

    volunteer: str
    minutes: int
    services: int
    rank: int


@dataclass(frozen=True, slots=True)
class Standings:
    """Everybody who served in a year, who served most first."""

    people: tuple[Standing, ...]
    as_of: datetime


async def standings(
    journal: Journal, year: int, place: str | None, team: str | None, now: datetime
) -> Standings:
    """Who served how long. Raises `Unavailable`."""
    where: dict[str, Any] = {"year": year, **SERVED}
    if place is not None:
        where["path"] = place
    if team is not None:
        where["team"] = team
    spent: defaultdict[str, int] = defaultdict(int)
    services: defaultdict[str, int] = defaultdict(int)
    for (person, minutes), number in await journal.tally(
        "service-record", ["volunteer", "minutes"], where
    ):
        if person is not None:
            spent[person] += number * minutes
            services[person] += number
    ordered = sorted(spent, key=lambda person: (-spent[person], person))
    people: list[Standing] = []
    for n, person in enumerate(ordered, 1):
        level = people[-1] if people and people[-1].minutes == spent[person] else None
        rank = n if level is None else level.rank
        people.append(Standing(person, spent[person], services[person], rank))
    return Standings(tuple(people), now)
