"""The taxonomy as decisions know it: every category at a moment, with what it has from above."""

from collections.abc import Callable
from dataclasses import dataclass

from services.petitions.domain.category_commands import Deadlines
from shared.contracts.types import LEVELS, Level, PetitionKind


@dataclass(frozen=True, slots=True)
class KnownCategory:
    """A category at a moment, with what it has from those above it.

    `path` runs from the first level down to itself. `version` tells it from what it was before:
    the numbers of the revisions in force along its path. It takes petitions while it is `open`;
    then `successor` does.
    """

    code: str
    path: tuple[str, ...]
    version: tuple[int, ...]
    zh: str
    en: str
    duty: str
    pace: str
    deadlines: Deadlines | None = None
    lowest: Level = LEVELS[0]
    highest: Level = LEVELS[-1]
    department: str | None = None
    kinds: frozenset[PetitionKind] = frozenset()
    open: bool = True
    successor: str | None = None


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """What a decision on the category `code` knows: all categories now, and the paces there are."""

    code: str
    known: Callable[[str], KnownCategory | None]
    paces: frozenset[str]
