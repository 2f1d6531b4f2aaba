"""The numbers of the business, from a file: categories, time limits, working hours, follow-up.

The shipped file is `rules.yaml`; the setting ``JINLIN_PETITION_RULES`` names another one. What that
leaves out at its top level is as in the shipped file.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import yaml
from pydantic import Field, FilePath, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.petitions.domain.ladder import Limits, Surroundings, ladder
from services.petitions.practices import Practices
from services.petitions.rule_values import Amount, Duration, HoursByPlace, Name, Part, PerLevel
from shared.contracts.types import LEVELS, Code, Level, PlaceKind, Urgency
from shared.runtime.settings import give_up
from shared.worktime.days import is_working_day
from shared.worktime.hours import WorkCalendar, WorkingHours

SHIPPED = Path(__file__).with_name("rules.yaml")


class RulesUnusable(Exception):
    """The rules cannot be used. The text names the file and every wrong field."""


class RulesSettings(BaseSettings):
    """``JINLIN_PETITION_RULES``: the path of the rules' file."""

    model_config = SettingsConfigDict(env_prefix="JINLIN_")

    petition_rules: FilePath = SHIPPED


# --- the file -------------------------------------------------------------------------------------


class Category(Part):
    """What a petition is about. `also` are its names in other systems' data."""

    code: Code
    name: Name
    duty: Code
    pace: Code
    also: tuple[str, ...] = ()


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
        codes = [category.code for category in self.categories]
        for n, category in enumerate(self.categories):
            if category.pace not in self.paces:
                wrong.append(f"categories.{n}.pace: there is no pace {category.pace!r}")
            if category.code in codes[:n]:
                wrong.append(f"categories.{n}.code: {category.code!r} is there twice")
        if wrong:
            raise ValueError("\n".join(wrong))
        return self

    @cached_property
    def by_code(self) -> dict[str, Category]:
        """The categories by code."""
        return {category.code: category for category in self.categories}

    @cached_property
    def by_name(self) -> dict[str, Category]:
        """The categories by each name they have here or in other systems' data."""
        return {
            name: category
            for category in self.categories
            for name in (category.code, category.name.zh, category.name.en, *category.also)
        }

    @cached_property
    def _calendars(self) -> dict[str, WorkCalendar]:
        return {
            place: WorkCalendar(is_working_day, own.hours)
            for place, own in self.hours.places.items()
        }

    @cached_property
    def _limits(self) -> dict[tuple[str, Urgency, WorkingHours], Limits | None]:
        """What was reckoned before: a handful of values, asked for with every command."""
        return {}

    @cached_property
    def _default_calendar(self) -> WorkCalendar:
        return WorkCalendar(is_working_day, self.hours.default.hours)

    def calendar(self, path: tuple[str, ...]) -> WorkCalendar:
        """The working time of a place: its own hours, else those of the nearest place above it."""
        for code in reversed(path):
            if (calendar := self._calendars.get(code)) is not None:
                return calendar
        return self._default_calendar

    def limits(self, category: str, urgency: Urgency, hours: WorkingHours) -> Limits | None:
        """What is promised where these hours are worked; None for an unknown category."""
        key = (category, urgency, hours)
        if (limits := self._limits.get(key)) is None:
            limits = self._limits[key] = self._reckoned(category, urgency, hours)
        return limits

    def danger_limits(self, category: str) -> Limits | None:
        """What is promised in danger, on the wall; None for an unknown category."""
        if (limits := self._danger_limits.get(category)) is None:
            limits = self._danger_limits[category] = self._reckoned_for_danger(category)
        return limits

    @cached_property
    def _danger_limits(self) -> dict[str, Limits | None]:
        return {}

    def _reckoned(self, category: str, urgency: Urgency, hours: WorkingHours) -> Limits | None:
        if (known := self.by_code.get(category)) is None:
            return None
        return self._promise(self.paces[known.pace][urgency], hours.a_day, clock=False)

    def _reckoned_for_danger(self, category: str) -> Limits | None:
        if category not in self.by_code:
            return None
        return self._promise(self.danger_answer, timedelta(days=1), clock=True)

    def _promise(self, answer: dict[Level, Amount], day: timedelta, clock: bool) -> Limits:
        return Limits(
            answer={level: amount.of(day) for level, amount in answer.items()},
            warn_share=self.warn_share,
            follow_up=self.follow_up.of(timedelta(days=1)),
            reopenings=self.reopenings,
            clock=clock,
        )

    def duties(self, category: str) -> tuple[str, ...]:
        """The duties that may answer, the fittest first."""
        known = self.by_code.get(category)
        own = () if known is None else (known.duty,)
        return own if self.general_duty in own else (*own, self.general_duty)

    @cached_property
    def offices(self) -> tuple[str, ...]:
        """Every duty that counts when somebody is to decide over petitions."""
        duties = {self.general_duty, *(category.duty for category in self.categories)}
        return tuple(sorted(duties | {step.duty for step in self.whistle.rungs}))

    def surroundings(
        self,
        petition: str,
        category: str,
        urgency: Urgency,
        path: tuple[str, ...],
        kind: Callable[[str], PlaceKind | None],
        holder: Callable[[str, str], str | None],
    ) -> Surroundings:
        """The facts of a decision.

        `kind(place)` and `holder(place, duty)` look up the place tree and the posts; `path` is
        empty for an unknown place.
        """
        calendar = self.calendar(path)
        kinds = ((kind(code), code) for code in path)
        places = [(Level(known), code) for known, code in kinds if known in _LEVEL_KINDS]
        return Surroundings(
            petition=petition,
            path=path,
            rungs=ladder(places, self.duties(category), holder),
            calendar=calendar,
            limits=self.limits(category, urgency, calendar.hours),
            danger_limits=self.danger_limits(category),
            dangers=self.known_dangers,
            channels=self.known_channels,
            hollow=self.hollow_phrases,
            suspensions=self.known_suspensions,
            suspended_most=self.longest_suspension,
            whistle=self.whistle_rungs(places, holder, calendar.hours.a_day),
            consultation=self.worked(calendar.hours.a_day).consultation,
        )


_LEVEL_KINDS = frozenset(PlaceKind(level) for level in LEVELS)


# --- reading it -----------------------------------------------------------------------------------


def load_rules(path: Path | None = None) -> Rules:
    """The rules of a file; of the one that ``JINLIN_PETITION_RULES`` names where none is given.

    Raises `RulesUnusable`.
    """
    if path is None:
        path = _path_from_settings()
    given = _read(path)
    if path != SHIPPED:
        given = {**_read(SHIPPED), **given}
    try:
        return Rules.model_validate(given)
    except ValidationError as error:
        raise RulesUnusable(
            "\n".join(f"{path}: {line}" for one in error.errors() for line in _lines(one))
        ) from None


def rules_or_exit() -> Rules:
    """The rules that the settings name; ends the process with code 2 and one line for each thing
    that is wrong with them.
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
        given = yaml.safe_load(path.read_text(encoding="utf-8"))
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
