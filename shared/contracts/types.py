"""Values that commands and events share, with their bounds: every text and list has an end."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

PlaceCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
"""A place's code: letters, digits, dots, dashes and underscores, 64 at most."""

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$")]
"""An id of a stream, a person (pseudonymous subject) or an organisation."""

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
"""A word from a list kept in configuration: a duty, a category, a channel."""

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)]
"""A short free text that may be empty."""

Stars = Annotated[int, Field(ge=1, le=5)]


class PlaceKind(StrEnum):
    """The kinds of place, from the largest to the smallest; grids lie beside areas and
    neighbourhoods.
    """

    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    AREA = "area"
    NEIGHBOURHOOD = "neighbourhood"
    GRID = "grid"
    BUILDING = "building"
    UNIT = "unit"


class Level(StrEnum):
    """Who answers, from the lowest: small matters stay in the neighbourhood (小事不出小区)."""

    NEIGHBOURHOOD = "neighbourhood"
    AREA = "area"
    COMMUNITY = "community"
    STREET = "street"
    DISTRICT = "district"


LEVELS: tuple[Level, ...] = tuple(Level)
"""From the lowest to the highest."""


class PetitionKind(StrEnum):
    """投诉 求助 建议 举报 咨询"""

    COMPLAINT = "complaint"
    REQUEST = "request"
    SUGGESTION = "suggestion"
    REPORT = "report"
    QUESTION = "question"


class Urgency(StrEnum):
    """How soon an answer is due."""

    NORMAL = "normal"
    URGENT = "urgent"
