"""The ladder (小事不出小区、难事不出片区、大事不出社区): who is asked, and how long each may take.

These are the facts a decision is given: made by the service from its own copies of places, posts
and rules.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from services.petitions.domain.danger import NO_DANGERS, Dangers
from services.petitions.domain.departments import Body
from shared.contracts.types import LEVELS, Level, PetitionKind
from shared.worktime.hours import ON_THE_WALL, WorkCalendar


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

    `answer` is the time of each level: working time, or with `clock` time on the wall, as in
    danger; at `warn_share` of it a warning is given. After an answer the petitioner has `follow_up`
    (time on the wall) to rate it; so many low ratings as `reopenings` reopen it.

    No level below `lowest` is asked, and none above `highest` first: what lies higher is reached by
    climbing. Who answers is looked up when a level is reached, among `duties` (the fittest first),
    where a `department` has its own from the street up; empty means those of the category now.
    """

    answer: dict[Level, timedelta] = field(default_factory=dict)
    warn_share: float = 0.75
    follow_up: timedelta = timedelta(days=7)
    reopenings: int = 2
    clock: bool = False
    lowest: Level = LEVELS[0]
    highest: Level = LEVELS[-1]
    duties: tuple[str, ...] = ()
    department: str | None = None


@dataclass(frozen=True, slots=True)
class Suspension:
    """A reason to suspend a petition, and for how long (time on the wall) at most."""

    code: str
    most: timedelta


@dataclass(frozen=True, slots=True)
class WhistleRung:
    """A body that can be whistled for (吹哨报到): at `place`, `duty` reports within working time.

    `holder` has that duty now, or nobody.
    """

    level: Level
    place: str
    duty: str
    report_within: timedelta
    holder: str | None = None


@dataclass(frozen=True, slots=True)
class ConsultationLimits:
    """The working time in which a department called accepts or refuses, and delivers its part.
    Levels from `lowest` up call departments together.
    """

    accept_within: timedelta = timedelta(hours=7)
    part_within: timedelta = timedelta(hours=35)
    lowest: Level = Level.COMMUNITY


def as_written(text: str) -> str:
    """For `Surroundings.simplified`: texts come in simplified script."""
    return text


def always_fit(_organisation: str) -> Body:
    """For `Surroundings.body`: whoever is named can be called."""
    return Body.FIT


def in_no_body(_person: str) -> frozenset[str]:
    """For `Surroundings.bodies`: nobody belongs to any organisation."""
    return frozenset()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a decision knows of the world.

    `petition` is the id of the petition decided on. `path` (district first) and `rungs` (lowest
    first; levels missing in the tree are left out) belong to the place of `File`, afterwards to the
    petition's own place; both are empty for an unknown place. `limits` is None for an unknown
    category, or one that takes nothing more; only `File` reads it, and `danger_limits`, which stand
    in its place where the words tell of one of `dangers`.

    `kinds` are those that the category of `File` takes, `channels` those that petitions come
    through: all where there are none. `hollow` are the phrases that are no answer, in simplified
    script, into which `simplified` brings a text character by character. A petition is
    suspended for one of `suspensions`, no longer than `suspended_most` (time on the wall) in all.
    `standing` is the highest level on the path at which the sender of the command has a duty.

    `duties` are those that may answer, the fittest first; `bodies(person)` the organisations that a
    person belongs to; `body(organisation)` says whether that can be called together with others;
    `home` is the household in which whoever signs is registered: only signing reads it.
    `receipt` is a number that no other petition has; only `File` takes it. `categories` are the
    codes from the first level of the taxonomy down to the category itself; `successor` takes what
    would be filed under a category that ended. Of a `closed` place, those of `instead` stand in its
    place.
    """

    petition: str
    path: tuple[str, ...]
    rungs: tuple[Rung, ...]
    calendar: WorkCalendar
    limits: Limits | None
    danger_limits: Limits | None = None
    dangers: Dangers = NO_DANGERS
    kinds: frozenset[PetitionKind] = frozenset()
    channels: frozenset[str] = frozenset()
    hollow: tuple[str, ...] = ()
    simplified: Callable[[str], str] = as_written
    suspensions: tuple[Suspension, ...] = ()
    suspended_most: timedelta = timedelta(days=90)
    standing: Level | None = None
    consultation: ConsultationLimits = ConsultationLimits()
    duties: tuple[str, ...] = ()
    bodies: Callable[[str], frozenset[str]] = in_no_body
    body: Callable[[str], Body] = always_fit
    home: str | None = None
    receipt: str | None = None
    categories: tuple[str, ...] = ()
    successor: str | None = None
    closed: bool = False
    instead: tuple[str, ...] = ()

    def clock(self, limits: Limits) -> WorkCalendar:
        """The time by which these limits are counted."""
        return ON_THE_WALL if limits.clock else self.calendar


def ladder(
    places: Iterable[tuple[Level, str]],
    asked: Limits,
    holder: Callable[[str, str], str | None],
) -> tuple[Rung, ...]:
    """The rungs of a path, as far as they are `asked`: per place the first of the duties that is
    held, else the first, unheld; from the street up the department's goes before.

    `places` are the levels on the path with their codes, in any order; `holder(place, duty)` looks
    a post up. Where all of them lie below the lowest level that is asked, the highest is.
    """

    def rung(level: Level, place: str) -> Rung:
        duties = asked.duties
        if asked.department is not None and rank(level) >= rank(Level.STREET):
            duties = (asked.department, *duties)
        for duty in duties:
            if (person := holder(place, duty)) is not None:
                return Rung(level, place, duty, person)
        return Rung(level, place, duties[0])

    # With every command: a loop costs half of what sorting by a key does.
    at = dict(places)
    steps = [(level, at[level]) for level in LEVELS if level in at]
    lowest = rank(asked.lowest)
    return tuple(
        [rung(*step) for step in steps if _RANKS[step[0]] >= lowest]
        or [rung(*step) for step in steps[-1:]]
    )


_RANKS = {level: rank for rank, level in enumerate(LEVELS)}


def rank(level: Level) -> int:
    """0 for the lowest level."""
    return _RANKS[level]


def first_asked(rungs: tuple[Rung, ...], highest: Level = LEVELS[-1]) -> Rung:
    """Where a petition starts: the lowest rung whose duty is held, none above `highest`; else the
    lowest.
    """
    top = rank(highest)
    return next(
        (rung for rung in rungs if rung.holder is not None and rank(rung.level) <= top), rungs[0]
    )


def above(rungs: tuple[Rung, ...], level: Level) -> Rung | None:
    """The next rung above a level, None at the top."""
    return next((rung for rung in rungs if rank(rung.level) > rank(level)), None)
