"""Patterns of posts (一长五员, 3+X): named sets of duties that a place must fill, from a file."""

from functools import cached_property
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.community.domain.place_state import Duties
from shared.contracts.types import Code, PlaceKind
from shared.runtime.yaml_text import read_yaml

SHIPPED = Path(__file__).with_name("patterns.yaml")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Name(_Part):
    """What people read."""

    zh: str = Field(min_length=1, max_length=40)
    en: str = Field(min_length=1, max_length=80)


class PatternDuty(_Part):
    """A duty of a pattern; one that is not `required` may stay vacant."""

    code: Code
    name: Name
    required: bool = True


class Pattern(_Part):
    """A set of duties for places of these kinds."""

    code: Code
    name: Name
    kinds: frozenset[PlaceKind] = Field(min_length=1)
    fill_within_days: int = Field(ge=1, le=366)
    duties: tuple[PatternDuty, ...] = Field(min_length=1, max_length=30)

    @cached_property
    def asked(self) -> Duties:
        """What the rules of a place ask for."""
        codes = tuple(duty.code for duty in self.duties if duty.required)
        return Duties(codes, self.fill_within_days, self.kinds)


class Patterns(_Part):
    """All of them."""

    patterns: tuple[Pattern, ...] = Field(max_length=100)
    see_to_vacancies: tuple[Code, ...] = Field(default=(), max_length=10)
    """Who has one of these duties at a level hears of what is not filled below it, where nobody
    has the same duty there; the first that is held."""

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        for codes in (
            [pattern.code for pattern in self.patterns],
            *([duty.code for duty in pattern.duties] for pattern in self.patterns),
        ):
            if len(set(codes)) < len(codes):
                raise ValueError(f"a code is there twice: {', '.join(codes)}")
        return self

    def duties(self, code: str) -> Duties | None:
        """What a pattern asks for; None where there is none of that code."""
        return next((one.asked for one in self.patterns if one.code == code), None)


def load_patterns(path: Path = SHIPPED) -> Patterns:
    """The patterns of a file."""
    return Patterns.model_validate(read_yaml(path.read_text(encoding="utf-8")))


PATTERNS = load_patterns()
"""Those that are shipped."""
