"""What petitions are about, as it is revised."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.event import Event
from shared.contracts.types import Level


@dataclass(frozen=True, slots=True)
class CategoryDefined(Event):
    """There is a new category below `parent` from `since` on. What is None is as with the parent.

    Changes of a category are numbered from 1. `zh` and `en` are its names.
    """

    category: str
    parent: str
    number: int
    since: datetime
    zh: str
    en: str
    duty: str | None = None
    pace: str | None = None
    lowest: Level | None = None
    highest: Level | None = None
    department: str | None = None


@dataclass(frozen=True, slots=True)
class CategoryRevised(Event):
    """A category is another from `since` on; petitions that run keep what they were promised.

    It replaces the revision before it whole: what is None is as shipped, or as with the parent.
    """

    category: str
    number: int
    since: datetime
    zh: str | None = None
    en: str | None = None
    duty: str | None = None
    pace: str | None = None
    lowest: Level | None = None
    highest: Level | None = None
    department: str | None = None


@dataclass(frozen=True, slots=True)
class CategoryRetired(Event):
    """It takes nothing more from `since` on, nor does what is below it; `successor` does."""

    category: str
    number: int
    since: datetime
    successor: str


@dataclass(frozen=True, slots=True)
class CategoryRevisionCalledOff(Event):
    """The change with this number, which lay ahead, will not be."""

    category: str
    number: int
