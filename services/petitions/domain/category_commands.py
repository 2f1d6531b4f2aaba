"""What an administrator can change of the categories."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.types import Code, DurationText, Id, Level, NameEn, NameZh, Urgency
from shared.runtime.aggregate import Command

Deadlines = dict[Urgency, dict[Level, DurationText]]
"""How long each level may take, in ISO 8601: a day is a working day, the rest working time."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a category says itself; None is as in the file, or as with the category above."""

    zh: NameZh | None = None
    en: NameEn | None = None
    duty: Code | None = None
    pace: Code | None = None
    deadlines: Deadlines | None = None
    lowest: Level | None = None
    highest: Level | None = None
    department: Code | None = None


@dataclass(frozen=True, slots=True)
class Define(Command):
    """Add a category under one that is there, from `since` on (now where it is not said)."""

    by: Id
    code: Code
    parent: Code
    zh: NameZh
    en: NameEn
    duty: Code | None = None
    pace: Code | None = None
    deadlines: Deadlines | None = None
    lowest: Level | None = None
    highest: Level | None = None
    department: Code | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Revise(Command):
    """Change a category from `since` on (now where it is not said): all that it says itself."""

    by: Id
    zh: NameZh | None = None
    en: NameEn | None = None
    duty: Code | None = None
    pace: Code | None = None
    deadlines: Deadlines | None = None
    lowest: Level | None = None
    highest: Level | None = None
    department: Code | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class CallOff(Command):
    """Take back a change that lies ahead, by its number."""

    by: Id
    number: int


@dataclass(frozen=True, slots=True)
class Retire(Command):
    """Take nothing more under it, or under what is below it, from `since` on (now where it is not
    said). `successor` takes what would have come.
    """

    by: Id
    successor: Code
    since: datetime | None = None
