"""Crowds: how many petitions are about one category at one place, and find supporters, lately."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from services.petitions.domain.hot_topic import COOLED, MOST_MEMBERS, Crowd, Heat
from services.petitions.likeness.table import Table

Inner = Callable[[tuple[str, ...]], tuple[str | None, str | None]]
"""Gives of a path the codes of its neighbourhood and of its community, if it leads through them."""


NOWHERE = -1
"""The number of a place that a path does not lead through."""


def crowds(table: Table, since: datetime, heat: Heat, inner: Inner) -> tuple[Crowd, ...]:
    """Every crowd that is at least `COOLED` times as hot as a hot topic: of petitions filed at or
    after `since`, and of older ones that found supporters since then.

    They are counted by neighbourhood and by community. What is all in one neighbourhood is told
    there, not again for its community; and a petition's supporters count for the innermost of both.
    """
    fresh = table.filed >= int(since.timestamp())
    rows = np.flatnonzero(fresh | (table.supporters > 0))
    fresh = fresh[rows]
    categories, about = _numbered([line[0] for line in table.categories.values])
    pairs = [inner(path) for path in table.paths.values]
    near, in_neighbourhood = _numbered([neighbourhood for neighbourhood, _ in pairs])
    wide, in_community = _numbered([community for _, community in pairs])
    about = about[table.about[rows]]
    in_neighbourhood = in_neighbourhood[table.where[rows]]
    in_community = in_community[table.where[rows]]
    loud = table.supporters[rows]
    loud_in_community = np.where(in_neighbourhood == NOWHERE, loud, 0)

    def crowd(place: str, category: str, members: Numbers, supporters: int) -> Crowd:
        filed = table.filed[rows[members]]
        latest = members[np.argsort(-filed, kind="stable")][:MOST_MEMBERS]
        return Crowd(
            place=place,
            category=category,
            petitions=tuple(table.ids[row] for row in rows[latest]),
            count=int(fresh[members].sum()),
            supporters=supporters,
            since=datetime.fromtimestamp(int(filed.min()), UTC),
        )

    found: list[Crowd] = []
    for members in _groups(in_neighbourhood, about):
        supporters = int(loud[members].max())
        if heat.of(int(fresh[members].sum()), supporters) >= COOLED:
            place, category = near[in_neighbourhood[members[0]]], categories[about[members[0]]]
            found.append(crowd(place, category, members, supporters))
    for members in _groups(in_community, about):
        supporters = int(loud_in_community[members].max())
        if heat.of(int(fresh[members].sum()), supporters) < COOLED:
            continue
        sources = np.unique(in_neighbourhood[members])
        if len(sources) > 1 or sources[0] == NOWHERE:
            place, category = wide[in_community[members[0]]], categories[about[members[0]]]
            found.append(crowd(place, category, members, supporters))
    return tuple(found)


Numbers = NDArray[np.int64]


def _numbered(values: Sequence[str | None]) -> tuple[list[str], Numbers]:
    """The distinct values, and for each value its place among them."""
    numbers: dict[str, int] = {}
    found = [
        NOWHERE if value is None else numbers.setdefault(value, len(numbers)) for value in values
    ]
    return list(numbers), np.array(found, np.int64)


def _groups(places: Numbers, about: Numbers) -> Iterator[Numbers]:
    """Which stand at the same place about the same thing; those that are nowhere in none."""
    there = np.flatnonzero(places != NOWHERE)
    if len(there):
        key = places[there] * (int(about.max()) + 1) + about[there]
        order = np.argsort(key, kind="stable")
        starts = np.flatnonzero(np.diff(key[order])) + 1
        yield from np.split(there[order], starts)
