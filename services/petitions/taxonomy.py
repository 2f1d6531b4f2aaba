"""The taxonomy: what petitions are about, in three levels, as shipped and as changed since.

The file gives what each category says itself; what it leaves open is as with the one above it. An
administrator's revision in force comes before the file.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from services.petitions.domain import category as changing
from services.petitions.domain.category_commands import Settings
from services.petitions.domain.ladder import rank
from services.petitions.domain.taxonomy import KnownCategory
from services.petitions.rule_values import Name, Part
from shared.contracts.types import LEVELS, Code, Level, PetitionKind

Words = Annotated[
    tuple[Annotated[str, StringConstraints(min_length=1, max_length=40)], ...], Field(max_length=60)
]


class Levels(Part):
    """No level below `lowest` is asked, and none above `highest` at first."""

    lowest: Level | None = None
    highest: Level | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if rank(self.lowest or LEVELS[0]) > rank(self.highest or LEVELS[-1]):
            raise ValueError("the lowest level lies above the highest")
        return self


class Category(Part):
    """A category and those below it. See taxonomy.yaml for what each field means."""

    code: Code
    name: Name
    duty: Code | None = None
    pace: Code | None = None
    levels: Levels = Levels()
    department: Code | None = None
    kinds: frozenset[PetitionKind] = frozenset()
    also: Words = ()
    words: Words = ()
    parts: tuple["Category", ...] = ()

    @property
    def settings(self) -> Settings:
        """What it says itself."""
        return Settings(
            zh=self.name.zh,
            en=self.name.en,
            duty=self.duty,
            pace=self.pace,
            lowest=self.levels.lowest,
            highest=self.levels.highest,
            department=self.department,
        )


@dataclass(frozen=True, slots=True)
class Filed:
    """A category of the file, with where it stands in it: ``categories.3.parts.0``."""

    category: Category
    parent: str | None
    where: str
    depth: int


def walk(
    categories: tuple[Category, ...],
    parent: str | None = None,
    where: str = "categories",
    depth: int = 1,
) -> Iterator[Filed]:
    """All categories, each before those below it."""
    for n, category in enumerate(categories):
        here = f"{where}.{n}"
        yield Filed(category, parent, here, depth)
        yield from walk(category.parts, category.code, f"{here}.parts", depth + 1)


def faults(categories: tuple[Category, ...], paces: Mapping[str, object]) -> list[str]:
    """What is wrong with the whole, each with the field it stands in."""
    wrong: list[str] = []
    seen: set[str] = set()
    for filed in walk(categories):
        one, where = filed.category, filed.where
        if one.code in seen:
            wrong.append(f"{where}.code: {one.code!r} is there twice")
        seen.add(one.code)
        if one.pace is not None and one.pace not in paces:
            wrong.append(f"{where}.pace: there is no pace {one.pace!r}")
        if filed.depth > changing.DEEPEST:
            wrong.append(f"{where}: categories have {changing.DEEPEST} levels")
        if filed.parent is None:
            wrong += [
                f"{where}.{field}: missing"
                for field in ("duty", "pace")
                if getattr(one, field) is None
            ]
    return wrong


class Taxonomy:
    """All categories at any moment: those of the file, and what was changed of them."""

    def __init__(
        self, categories: tuple[Category, ...], changes: Mapping[str, changing.Category]
    ) -> None:
        self.filed = {filed.category.code: filed for filed in walk(categories)}
        self.changes = changes
        self._resolved: dict[tuple[tuple[str, int], ...], KnownCategory] = {}
        self._shipped: dict[str, KnownCategory] = {}

    def known(self, code: str, now: datetime) -> KnownCategory | None:
        """The category as it is now; None where there is none."""
        if not self.changes:
            return self._as_shipped(code, now)
        line = self._line(code, now)
        if not line:
            return None
        key = tuple((one, 0 if held is None else held.number) for one, held in line)
        if (known := self._resolved.get(key)) is None:
            known = self._resolved[key] = self._resolve(line)
        ends = self._ends(line, now)
        return known if ends is None else replace(known, open=False, successor=ends)

    def _as_shipped(self, code: str, now: datetime) -> KnownCategory | None:
        if (known := self._shipped.get(code)) is None and code in self.filed:
            known = self._shipped[code] = self._resolve(self._line(code, now))
        return known

    def codes(self) -> Iterator[str]:
        """Of all there are or will be, each after the one above it."""
        yield from self.filed
        added = [one for one in self.changes.values() if one.parent is not None]
        # One below another that was added comes after it.
        below = {one.code for one in added}
        yield from (one.code for one in added if one.parent not in below)
        yield from (one.code for one in added if one.parent in below)

    def _line(self, code: str, now: datetime) -> list[tuple[str, changing.Revision | None]]:
        """The codes from the first level down to this one, each with its revision in force; empty
        where one of them is not there (yet).
        """
        line: list[tuple[str, changing.Revision | None]] = []
        next: str | None = code
        while next is not None:
            change = self.changes.get(next)
            held = None if change is None else changing.in_force(change, now)
            filed = self.filed.get(next)
            if filed is None and held is None:
                return []
            line.append((next, held))
            next = filed.parent if filed is not None else change.parent if change else None
        line.reverse()
        return line

    def _resolve(self, line: list[tuple[str, changing.Revision | None]]) -> KnownCategory:
        """What holds: of each field, what the lowest that says it says."""
        said: dict[str, object] = {}
        kinds: frozenset[PetitionKind] = frozenset()
        for code, held in line:
            filed = self.filed.get(code)
            own = [] if filed is None else [filed.category.settings]
            own += [] if held is None else [held.settings]
            for settings in own:
                if settings.pace is not None:
                    said["deadlines"] = None  # a pace below puts deadlines above out of force
                said.update(
                    (field, value)
                    for field in Settings.__dataclass_fields__
                    if (value := getattr(settings, field)) is not None
                )
            if filed is not None and filed.category.kinds:
                kinds = filed.category.kinds
        lowest, highest = said.get("lowest", LEVELS[0]), said.get("highest", LEVELS[-1])
        assert isinstance(lowest, Level)
        assert isinstance(highest, Level)
        # Above and below were written apart: the lowest that may be asked goes before.
        said["highest"] = max(lowest, highest, key=rank)
        return KnownCategory(
            code=line[-1][0],
            path=tuple(code for code, _ in line),
            version=tuple(0 if held is None else held.number for _, held in line),
            kinds=kinds,
            **said,  # type: ignore[arg-type]
        )

    def _ends(self, line: list[tuple[str, changing.Revision | None]], now: datetime) -> str | None:
        """The successor, where it or one above it takes nothing more."""
        for code, _ in line:
            change = self.changes.get(code)
            ended = None if change is None else change.retirement
            if ended is not None and ended.since <= now:
                return ended.successor
        return None
