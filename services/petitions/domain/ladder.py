"""The ladder (小事不出小区、难事不出片区、大事不出社区): who is asked, and how long each may take.

These are the facts a decision is given: made by the service from its own copies of places, posts
and rules.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from services.petitions.domain.worktime import WorkCalendar
from shared.contracts.types import LEVELS, Level


@dataclass(frozen=True, slots=True)
class Rung:
    """A level on the ladder: at `place`, `duty` answers; `holder` has that duty now, or nobody."""

    level: Level
    place: str
    duty: str
    holder: str | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What a petition is promised when it is filed, and keeps whatever the rules say later.

    `answer` is the working time of each level; at `warn_share` of it a warning is given. After an
    answer the petitioner has `follow_up` (time on the wall) to rate it; so many low ratings as
    `reopenings` reopen it.
    """

    answer: dict[Level, timedelta] = field(default_factory=dict)
    warn_share: float = 0.75
    follow_up: timedelta = timedelta(days=7)
    reopenings: int = 2


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a decision knows of the world.

    `petition` is the id of the petition decided on. `path` (district first) and `rungs` (lowest
    first; levels missing in the tree are left out) belong to the place of `File`, afterwards to the
    petition's own place; both are empty for an unknown place. `limits` is None for an unknown
    category; only `File` reads it.
    """

    petition: str
    path: tuple[str, ...]
    rungs: tuple[Rung, ...]
    calendar: WorkCalendar
    limits: Limits | None


def ladder(
    places: Iterable[tuple[Level, str]],
    duties: tuple[str, ...],
    holder: Callable[[str, str], str | None],
) -> tuple[Rung, ...]:
    """The rungs of a path: per place the first of `duties` that is held, else the first, unheld.

    `places` are the levels on the path with their codes, in any order; `holder(place, duty)` looks
    a post up.
    """

    def rung(level: Level, place: str) -> Rung:
        for duty in duties:
            if (person := holder(place, duty)) is not None:
                return Rung(level, place, duty, person)
        return Rung(level, place, duties[0])

    return tuple(rung(*step) for step in sorted(places, key=lambda step: rank(step[0])))


_RANKS = {level: rank for rank, level in enumerate(LEVELS)}


def rank(level: Level) -> int:
    """0 for the lowest level."""
    return _RANKS[level]


def first_asked(rungs: tuple[Rung, ...]) -> Rung:
    """Where a petition starts: the lowest rung whose duty is held, else the lowest."""
    return next((rung for rung in rungs if rung.holder is not None), rungs[0])


def above(rungs: tuple[Rung, ...], level: Level) -> Rung | None:
    """The next rung above a level, None at the top."""
    return next((rung for rung in rungs if rank(rung.level) > rank(level)), None)
