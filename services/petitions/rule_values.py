"""Values and parts of the rules' file: durations in ISO 8601, hours, names."""

import re
from datetime import timedelta
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from services.petitions.domain.durations import Amount, amount
from shared.contracts.types import LEVELS, Level, PlaceCode
from shared.worktime.hours import Span, WorkingHours


def _amount(given: Any) -> Amount:
    return amount(given if isinstance(given, str) else repr(given))


_SPAN = re.compile(r"^([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$")


def _span(given: Any) -> Span:
    match = _SPAN.match(given) if isinstance(given, str) else None
    if match is None:
        raise ValueError(f'expected a span of the day such as "08:30-12:00", not {given!r}')
    begin_hour, begin_minute, end_hour, end_minute = map(int, match.groups())
    return (
        timedelta(hours=begin_hour, minutes=begin_minute),
        timedelta(hours=end_hour, minutes=end_minute),
    )


def _per_level(given: Any) -> Any:
    """One duration for all levels may be written alone."""
    return dict.fromkeys(LEVELS, given) if isinstance(given, str) else given


Duration = Annotated[Any, BeforeValidator(_amount)]
Spans = Annotated[tuple[Annotated[Any, BeforeValidator(_span)], ...], Field(min_length=1)]
PerLevel = Annotated[dict[Level, Duration], BeforeValidator(_per_level)]


class Part(BaseModel):
    """A part of the file: fields it does not know are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Hours(Part):
    """Working hours: on working days, or every day of the week. `round-the-clock` says it all."""

    days: Literal["working", "every"] = "working"
    spans: Spans

    @model_validator(mode="before")
    @classmethod
    def _in_a_word(cls, given: Any) -> Any:
        return {"days": "every", "spans": ["00:00-24:00"]} if given == "round-the-clock" else given

    @model_validator(mode="after")
    def _spans_in_order(self) -> Self:
        _ = self.hours
        return self

    @cached_property
    def hours(self) -> WorkingHours:
        """As the domain reckons with them."""
        return WorkingHours(self.spans, every_day=self.days == "every")


class HoursByPlace(Part):
    """The city's hours, and those of places that differ; they hold for all places below, too."""

    default: Hours
    places: dict[PlaceCode, Hours] = {}


class Name(Part):
    """What people read."""

    zh: str = Field(min_length=1, max_length=40)
    en: str = Field(min_length=1, max_length=80)
