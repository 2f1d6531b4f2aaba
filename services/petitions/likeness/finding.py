"""Which petitions may be about the same thing: near by, and alike in their words."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.petitions.likeness.sketch import HASHES, Hashes
from services.petitions.likeness.table import Table

ALIKE = 0.36
"""The score from which two petitions may be about the same thing."""
MOST_FOUND = 10
"""Candidates given at most."""
FARTHER = 0.9
"""What is left of the score for each step farther: the same community, the same street."""
OTHER_CATEGORY = 0.9
"""What is left of the score where the categories of the first level differ: people choose wrongly.
"""

FEW = 20.0
"""Weight added to that of the words compared: a few shared pairs prove nothing, four characters
that both texts happen to have least of all."""
SMALLER = 0.75
"""How much the smaller of two texts counts against the larger: what was cut is alike all the same.
"""

CLOSER_LOOK = 2_000
"""Rows that are compared by all their hashes: where there are more, those that share most of their
first ones."""
GRADES = 16
"""Steps to a weight of one, fine enough to tell which rows come into question."""


@dataclass(frozen=True, slots=True)
class Alike:
    """A petition that may be about the same thing: `score` from 0 to 1, `steps` from the innermost
    of the places that were asked about, whether the category of the first level is the same.
    """

    id: str
    score: float
    steps: int
    same_category: bool


@dataclass(frozen=True, slots=True)
class Sought:
    """What is compared with all others: its words, the places around it in which others count, the
    innermost first, and its category, of any level. `id` is its own, if it is among them.
    """

    words: Hashes
    places: Sequence[str]
    category: str | None = None
    id: str | None = None


def alike(table: Table, sought: Sought) -> list[Alike]:
    """The petitions that may be about the same thing, the likeliest first."""
    steps = _steps(table, sought.places)
    rows = np.flatnonzero(steps[table.where] >= 0)
    if not len(rows) or not len(sought.words):
        return []
    weights = table.weights()
    asked = np.zeros(HASHES + 1, np.float32)
    asked[sought.words] = weights[sought.words]
    if len(rows) > CLOSER_LOOK:
        rows = rows[_closest(table, rows, asked)]
    score = _likeness(table, rows, asked, weights) * FARTHER ** steps[table.where[rows]]
    same = _same_category(table, sought.category)[table.about[rows]]
    score = np.where(same, score, score * OTHER_CATEGORY)
    # Of equal ones the later first: whoever files twice is compared with the last.
    order = np.lexsort((-table.filed[rows], -score))
    found = [
        Alike(
            table.ids[rows[n]],
            float(score[n]),
            int(steps[table.where[rows[n]]]),
            bool(same[n]),
        )
        for n in order[: MOST_FOUND + 1]
        if score[n] >= ALIKE
    ]
    return [each for each in found if each.id != sought.id][:MOST_FOUND]


def _closest(table: Table, rows: NDArray[np.intp], asked: NDArray[np.float32]) -> NDArray[np.intp]:
    """The `CLOSER_LOOK` of the rows that share most of their first hashes, in order; of those that
    share as much the last ones.
    """
    first = table.first if len(rows) == len(table) else table.first[:, rows]
    shared = asked[first[0]]
    here = np.empty_like(shared)
    for line in first[1:]:
        # All are in range: without the check it is twice as fast.
        np.take(asked, line, out=here, mode="clip")
        shared += here
    # Where many are equal, as most are that share nothing, counting finds the bound in a tenth of
    # the time of partial sorting.
    grades = (shared * GRADES).astype(np.uint16)
    so_high = np.cumsum(np.bincount(grades)[::-1])[::-1]
    bound = np.flatnonzero(so_high >= CLOSER_LOOK)[-1]
    above = np.flatnonzero(grades > bound)
    level = np.flatnonzero(grades == bound)
    return np.sort(np.concatenate((above, level[len(above) - CLOSER_LOOK :])))


def _likeness(
    table: Table,
    rows: NDArray[np.intp],
    asked: NDArray[np.float32],
    weights: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Weight of the shared hashes over the weight of both texts, mostly of the smaller; from 0 to
    1.
    """
    words = table.words[rows]
    shared = asked[words].sum(axis=1)
    theirs = weights[words].sum(axis=1)
    # Only what lies in a row's reach can be compared with it.
    ours = np.cumsum(asked)[table.reach[rows]]
    both = np.minimum(theirs, ours) ** SMALLER * np.maximum(theirs, ours) ** (1 - SMALLER)
    likeness: NDArray[np.float32] = shared / (both + FEW)
    return likeness


def _steps(table: Table, places: Sequence[str]) -> NDArray[np.int8]:
    """For each path how many steps out it lies; -1 for those beyond the outermost place."""
    steps = np.full(len(table.paths), -1, np.int8)
    for step in range(len(places) - 1, -1, -1):
        steps[list(table.below(places[step]))] = step
    return steps


def _same_category(table: Table, category: str | None) -> NDArray[np.bool_]:
    """For each line of categories whether it is the same at the first level; all are where none is
    asked for.
    """
    lines = table.categories.values
    first = next((line[0] for line in lines if category in line), category)
    return np.array([category is None or line[0] == first for line in lines], np.bool_)
