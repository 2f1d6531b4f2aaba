"""The numbers of the business, from a file: categories, time limits, working hours, follow-up.

The shipped file is `rules.yaml`; the setting ``JINLIN_PETITION_RULES`` names another one. What that
leaves out at its top level is as in the shipped file.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, Self

import yaml
from pydantic import Field, FilePath, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.petitions.chinese import simplified
from services.petitions.domain.category_commands import Deadlines
from services.petitions.domain.durations import Amount, amount
from services.petitions.domain.ladder import (
    Limits,
    Surroundings,
    in_no_body,
    ladder,
)
from services.petitions.domain.taxonomy import KnownCategory
from services.petitions.domain.whistle_ladder import WhistleFacts
from services.petitions.practices import Practices
from services.petitions.rule_values import Duration, HoursByPlace, PerLevel
from services.petitions.taxonomy import Category, faults, walk
from shared.contracts.types import LEVELS, Code, Level, PlaceKind, Urgency
from shared.runtime.settings import give_up
from shared.runtime.yaml_text import read_yaml
from shared.worktime.days import is_working_day
from shared.worktime.hours import WorkCalendar, WorkingHours

SHIPPED = Path(__file__).with_name("rules.yaml")
TAXONOMY = Path(__file__).with_name("taxonomy.yaml")

WALL_DAY = timedelta(days=1)

Promised = tuple[str, tuple[int, ...], Urgency | None, timedelta]
"""What a promise depends on: a category with the revisions in force, the urgency (None in danger),
the length of a working day.
"""


class RulesUnusable(Exception):
    """The rules cannot be used. The text names the file and every wrong field."""


class RulesSettings(BaseSettings):
    """``JINLIN_PETITION_RULES``: the path of the rules' file."""

    model_config = SettingsConfigDict(env_prefix="JINLIN_")

    petition_rules: FilePath = SHIPPED


def no_own(_place: str) -> None:
    """No place tells its own hours."""


@lru_cache(maxsize=1024)
def calendar_of(hours: WorkingHours) -> WorkCalendar:
    """The calendar of a place that works at these hours."""
    return WorkCalendar(is_working_day, hours)


# --- the file -------------------------------------------------------------------------------------


class Rules(Practices):
    """All of it. See rules.yaml for what each means."""

    general_duty: Code
    warn_share: float = Field(gt=0, lt=1)
    follow_up: Duration
    reopenings: int = Field(ge=0, le=10)
    hours: HoursByPlace
    paces: dict[Code, dict[Urgency, PerLevel]]
    categories: tuple[Category, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        wrong = [
            f"paces.{pace}.{urgency}.{level}: missing"
            for pace, by_urgency in self.paces.items()
            for urgency in Urgency
            for level in LEVELS
            if level not in by_urgency.get(urgency, {})
        ]
        wrong += faults(self.categories, self.paces)
        if wrong:
            raise ValueError("\n".join(wrong))
        return self

    @cached_property
    def by_code(self) -> dict[str, Category]:
        """The categories of all three levels by code."""
        return {filed.category.code: filed.category for filed in walk(self.categories)}

    @cached_property
    def by_name(self) -> dict[str, Category]:
        """The categories by each name they have here or in other systems' data; the higher level
        goes before the lower.
        """
        found: dict[str, Category] = {}
        for filed in sorted(walk(self.categories), key=lambda filed: filed.depth):
            one = filed.category
            for name in (one.code, one.name.zh, one.name.en, *one.also):
                found.setdefault(name, one)
        return found

    @cached_property
    def _calendars(self) -> dict[str, WorkCalendar]:
        return {
            place: WorkCalendar(is_working_day, own.hours)
            for place, own in self.hours.places.items()
        }

    @cached_property
    def _promises(self) -> dict[Promised, Limits]:
        """What was reckoned before: a handful of values, asked for with every command."""
        return {}

    @cached_property
    def _default_calendar(self) -> WorkCalendar:
        return WorkCalendar(is_working_day, self.hours.default.hours)

    def calendar(
        self, path: tuple[str, ...], hours: Callable[[str], WorkingHours | None] = no_own
    ) -> WorkCalendar:
        """The working time of a place: its own hours, else those of the nearest place above it.

        `hours(place)` are those that the place tells itself; they go before those of the file.
        """
        for code in reversed(path):
            if (own := hours(code)) is not None:
                return calendar_of(own)
            if (calendar := self._calendars.get(code)) is not None:
                return calendar
        return self._default_calendar

    def limits(self, category: KnownCategory, urgency: Urgency, hours: WorkingHours) -> Limits:
        """What is promised where these hours are worked."""
        key = (category.code, category.version, urgency, hours.a_day)
        if (limits := self._promises.get(key)) is None:
            answer = self._answer(category, urgency)
            limits = self._promises[key] = self._promise(category, answer, hours.a_day, clock=False)
        return limits

    def danger_limits(self, category: KnownCategory) -> Limits:
        """What is promised in danger, on the wall."""
        key = (category.code, category.version, None, WALL_DAY)
        if (limits := self._promises.get(key)) is None:
            limits = self._promises[key] = self._promise(
                category, self.danger_answer, WALL_DAY, clock=True
            )
        return limits

    def deadlines(self, category: KnownCategory) -> Deadlines:
        """How long each level may take, in ISO 8601."""
        return {
            urgency: {level: self._answer(category, urgency)[level].text for level in LEVELS}
            for urgency in Urgency
        }

    def _answer(self, category: KnownCategory, urgency: Urgency) -> dict[Level, Amount]:
        if category.deadlines is None:
            return self.paces[category.pace][urgency]
        return {level: amount(text) for level, text in category.deadlines[urgency].items()}

    def _promise(
        self, category: KnownCategory, answer: dict[Level, Amount], day: timedelta, clock: bool
    ) -> Limits:
        return Limits(
            answer={level: answer[level].of(day) for level in LEVELS},
            warn_share=self.warn_share,
            follow_up=self.follow_up.of(WALL_DAY),
            reopenings=self.reopenings,
            clock=clock,
            lowest=category.lowest,
            highest=category.highest,
            duties=self.duties(category),
            department=category.department,
        )

    def duties(self, category: KnownCategory) -> tuple[str, ...]:
        """The duties that may answer, the fittest first."""
        general = self.general_duty
        return (general,) if category.duty == general else (category.duty, general)

    @cached_property
    def _anything(self) -> Limits:
        """Who is asked where there is no such category."""
        return Limits(duties=(self.general_duty,))

    @cached_property
    def offices(self) -> tuple[str, ...]:
        """Every duty that counts when somebody is to decide over petitions."""
        duties = {self.general_duty}
        for category in self.by_code.values():
            duties.update(duty for duty in (category.duty, category.department) if duty)
        return tuple(sorted(duties | {step.duty for step in self.whistle.rungs}))

    def surroundings(
        self,
        petition: str,
        category: KnownCategory | None,
        urgency: Urgency,
        path: tuple[str, ...],
        kind: Callable[[str], PlaceKind | None],
        holder: Callable[[str, str], str | None],
        kept: Limits | None = None,
        bodies: Callable[[str], frozenset[str]] = in_no_body,
        hours: Callable[[str], WorkingHours | None] = no_own,
        receipt: str | None = None,
    ) -> Surroundings:
        """The facts of a decision.

        `kind(place)` and `holder(place, duty)` look up the place tree and the posts; `path` is
        empty for an unknown place. `kept` is what a petition was promised when it was filed: whom
        to ask for is taken from there, whatever the rules say now. `bodies` and `receipt`
        are passed on; `hours` is as `calendar` takes it.
        """
        calendar = self.calendar(path, hours)
        places = levels_on(path, kind)
        promised = danger = None
        if category is not None:
            promised = self.limits(category, urgency, calendar.hours)
            danger = self.danger_limits(category)
        asked = kept if kept is not None and kept.duties else promised or self._anything
        limits = promised if category is not None and category.open else None
        return Surroundings(
            petition=petition,
            path=path,
            rungs=ladder(places, asked, holder),
            calendar=calendar,
            limits=limits,
            danger_limits=danger,
            dangers=self.known_dangers,
            kinds=frozenset() if category is None else category.kinds,
            categories=() if category is None else category.path,
            successor=None if category is None else category.successor,
            duties=asked.duties,
            channels=self.known_channels,
            hollow=self.hollow_answers,
            simplified=simplified,
            suspensions=self.known_suspensions,
            suspended_most=self.longest_suspension,
            consultation=self.worked(calendar.hours.a_day).consultation,
            bodies=bodies,
            receipt=receipt,
        )

    def whistle_facts(
        self,
        whistle: str,
        path: tuple[str, ...],
        kind: Callable[[str], PlaceKind | None],
        holder: Callable[[str, str], str | None],
        hours: Callable[[str], WorkingHours | None] = no_own,
    ) -> WhistleFacts:
        """The facts of a decision on a whistle; the arguments are as those of `surroundings`."""
        calendar = self.calendar(path, hours)
        rungs = self.whistle_rungs(levels_on(path, kind), holder, calendar.hours.a_day)
        return WhistleFacts(whistle, path, rungs, calendar, self.whistle.judge_within.of(WALL_DAY))


def levels_on(
    path: tuple[str, ...], kind: Callable[[str], PlaceKind | None]
) -> list[tuple[Level, str]]:
    """The levels of a path with their places."""
    kinds = [(kind(code), code) for code in path]
    return [(_LEVELS[known], code) for known, code in kinds if known in _LEVELS]


_LEVELS: dict[PlaceKind | None, Level] = {PlaceKind(level): level for level in LEVELS}


# --- reading it -----------------------------------------------------------------------------------


def load_rules(path: Path | None = None) -> Rules:
    """The rules of a file; of the one that ``JINLIN_PETITION_RULES`` names where none is given.

    Raises `RulesUnusable`.
    """
    if path is None:
        path = _path_from_settings()
    given = {**_read(SHIPPED), **_read(TAXONOMY)}
    if path != SHIPPED:
        given.update(_read(path))
    try:
        return Rules.model_validate(given)
    except ValidationError as error:
        raise RulesUnusable(
            "\n".join(f"{path}: {line}" for one in error.errors() for line in _lines(one))
        ) from None


@cache
def rules_in_use() -> Rules:
    """The rules that the settings name, read once.

    Ends the process with code 2 and one line for each thing that is wrong with them.
    """
    try:
        return load_rules()
    except RulesUnusable as unusable:
        give_up(*str(unusable).splitlines())


def _path_from_settings() -> Path:
    try:
        return RulesSettings().petition_rules
    except ValidationError as error:
        given = error.errors()[0]["input"]
        raise RulesUnusable(
            f"JINLIN_PETITION_RULES: expected the path of a YAML file, not {str(given)!r}"
        ) from None


def _read(path: Path) -> dict[str, Any]:
    try:
        given = read_yaml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise RulesUnusable(f"{path}: {error}") from None
    if not isinstance(given, dict):
        raise RulesUnusable(f"{path}: expected a mapping at the top, such as rules.yaml has")
    return given


def _lines(error: Mapping[str, Any]) -> list[str]:
    """One line per wrong field: its path in the file, and what is wrong."""
    what = str(error["msg"]).removeprefix("Value error, ")
    where = ".".join(str(part) for part in error["loc"] if part != "[key]")
    return [f"{where}: {line}" if where else line for line in what.splitlines()]
