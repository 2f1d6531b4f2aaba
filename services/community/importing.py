"""Reading a place tree with its posts from a file: YAML for people, CSV for spreadsheets.

YAML is a nested tree; `parent` may stand at the top only, to hang a branch below a place that is
registered already::

    places:
      - code: "350102"
        kind: district
        name: 鼓楼区
        posts: {district-desk: sub-01}
        places:
          - {code: 350102-dj, kind: street, name: 东街街道}

CSV has a header ``code,kind,name,parent`` and, if it likes, ``duty,holder``; a place with several
posts has several lines.

The whole file is read and checked before anything is done: `read` and `check` find every error,
each with its line.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from services.community.domain.place_state import ROOT_KIND, Place, may_lie_below
from shared.contracts.types import Code, Id, PlaceCode, PlaceKind, Title

MAX_BYTES = 8 * 1024 * 1024
"""The largest file."""
MAX_PLACES = 20_000
"""Places in one file."""
MAX_POSTS = 40_000
"""Posts in one file."""
MAX_ERRORS = 500
"""Errors told at once; who has more has one mistake many times."""
MAX_DEPTH = 64
"""How deep a YAML file may be nested: every level of places takes three, and there are eight."""

CSV_COLUMNS = ("code", "kind", "name", "parent")
CSV_MORE_COLUMNS = ("duty", "holder")
UNREADABLE = "unreadable"
"""Stands as parent where the parent's own lines have errors."""
YAML_KEYS = ("code", "kind", "name", "posts", "places")


@dataclass(frozen=True, slots=True)
class LineError:
    """What is wrong, and in which line (from 1; 0 for the file as a whole)."""

    line: int
    detail: str


class NotImportable(Exception):
    """The file has errors: nothing of it was imported."""

    def __init__(self, errors: list[LineError]) -> None:
        super().__init__(f"{len(errors)} errors, the first in line {errors[0].line}")
        self.errors = sorted(errors, key=lambda error: error.line)[:MAX_ERRORS]


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place as the file has it."""

    line: int
    code: str
    kind: PlaceKind
    name: str
    parent: str | None

    def says_the_same_as(self, other: "PlaceRow") -> bool:
        """Whether both lines describe one and the same place."""
        return (self.kind, self.name, self.parent) == (other.kind, other.name, other.parent)


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post as the file has it."""

    line: int
    place: str
    duty: str
    holder: str


@dataclass(slots=True)
class Rows:
    """What a file holds, and what is wrong with it."""

    places: dict[str, PlaceRow] = field(default_factory=dict)
    posts: dict[tuple[str, str], PostRow] = field(default_factory=dict)
    errors: list[LineError] = field(default_factory=list)
    unreadable: set[str] = field(default_factory=set)
    """Codes of places that stand in the file, but with errors."""

    def wrong(self, line: int, detail: str) -> None:
        """Notes an error."""
        self.errors.append(LineError(line, detail))

    def add_place(self, row: PlaceRow) -> None:
        """Takes a place; saying the same twice is no error, saying different things is."""
        first = self.places.setdefault(row.code, row)
        if not first.says_the_same_as(row):
            self.wrong(row.line, f"place {row.code} is described otherwise in line {first.line}")

    def add_post(self, row: PostRow) -> None:
        """Takes a post; a duty at a place has one holder."""
        first = self.posts.setdefault((row.place, row.duty), row)
        if first.holder != row.holder:
            self.wrong(row.line, f"{row.duty} at {row.place} is given away in line {first.line}")


# --- reading -----------------------------------------------------------------------------------

_CODE: TypeAdapter[str] = TypeAdapter(PlaceCode)
_KIND: TypeAdapter[PlaceKind] = TypeAdapter(PlaceKind)
_NAME: TypeAdapter[str] = TypeAdapter(Title)
_DUTY: TypeAdapter[str] = TypeAdapter(Code)
_HOLDER: TypeAdapter[str] = TypeAdapter(Id)


class _Unfit(Exception):
    """A value does not fit its field."""


def read(content: bytes, media_type: str) -> Rows:
    """Reads ``text/csv``, or else YAML. Raises `NotImportable` where it cannot be read at all."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise NotImportable([LineError(line, "is not UTF-8 text")]) from None
    rows = _read_csv(text) if media_type == "text/csv" else _read_yaml(text)
    if len(rows.places) > MAX_PLACES:
        rows.wrong(0, f"has {len(rows.places)} places; {MAX_PLACES} at most go into one file")
    if len(rows.posts) > MAX_POSTS:
        rows.wrong(0, f"has {len(rows.posts)} posts; {MAX_POSTS} at most go into one file")
    if not rows.places and not rows.errors:
        rows.wrong(0, "has no places")
    return rows


def _fit(adapter: TypeAdapter[Any], name: str, value: str | None) -> Any:
    if value is None or value == "":
        raise _Unfit(f"{name} is missing")
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        shown = value if len(value) <= 40 else f"{value[:40]}…"
        raise _Unfit(f"{name} {shown!r}: {error.errors()[0]['msg']}") from None


def _fits(rows: Rows, line: int, *wanted: tuple[TypeAdapter[Any], str, str | None]) -> list[Any]:
    """The values, or an empty list after noting every one that does not fit."""
    values: list[Any] = []
    for adapter, name, value in wanted:
        try:
            values.append(_fit(adapter, name, value))
        except _Unfit as error:
            rows.wrong(line, str(error))
    return values if len(values) == len(wanted) else []


def _take_place(rows: Rows, line: int, given: Mapping[str, str], parent: str | None) -> str | None:
    """Takes a place; its code if that can be read, so that what hangs below can be checked too."""
    values = _fits(
        rows,
        line,
        (_CODE, "code", given.get("code")),
        (_KIND, "kind", given.get("kind")),
        (_NAME, "name", given.get("name")),
        *([(_CODE, "parent", parent)] if parent else []),
    )
    if values:
        rows.add_place(PlaceRow(line, values[0], values[1], values[2], parent or None))
        return str(values[0])
    rows.unreadable.add(given.get("code", ""))
    return None


def _take_post(rows: Rows, line: int, place: str, duty: str, holder: str | None) -> None:
    values = _fits(rows, line, (_DUTY, "duty", duty), (_HOLDER, "holder", holder))
    if values:
        rows.add_post(PostRow(line, place, *values))


def _read_csv(text: str) -> Rows:
    rows = Rows()
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(lines, [])]
        missing = [name for name in CSV_COLUMNS if name not in header]
        unknown = [name for name in header if name not in CSV_COLUMNS + CSV_MORE_COLUMNS]
        if missing or unknown or len(set(header)) != len(header):
            wanted = ",".join(CSV_COLUMNS) + "[," + ",".join(CSV_MORE_COLUMNS) + "]"
            raise NotImportable([LineError(1, f"the header must be {wanted}")])
        for cells in lines:
            line = lines.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                rows.wrong(line, f"has {len(cells)} fields, the header {len(header)}")
                continue
            given = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
            code = _take_place(rows, line, given, given["parent"])
            duty, holder = given.get("duty", ""), given.get("holder", "")
            if code is not None and (duty or holder):
                _take_post(rows, line, code, duty, holder)
    except csv.Error as error:
        rows.wrong(lines.line_num, f"is not CSV: {error}")
    return rows


_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _read_yaml(text: str) -> Rows:
    rows = Rows()
    try:
        _refuse_traps(text)
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else 0
        raise NotImportable([LineError(line, f"is not YAML: {error.problem}")]) from None
    except yaml.YAMLError as error:
        raise NotImportable([LineError(0, f"is not YAML: {error}")]) from None
    if not isinstance(root, yaml.MappingNode) or [key for key, _, _ in _pairs(root)] != ["places"]:
        raise NotImportable([LineError(1, "must begin with `places:`, and hold nothing else")])
    _take_branches(rows, root.value[0][1], parent=None, top=True)
    return rows


def _refuse_traps(text: str) -> None:
    """Small files that grow (aliases) or go deep are refused before a tree is made of them."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        line = _line(event)
        if isinstance(event, yaml.AliasEvent):
            raise NotImportable([LineError(line, "aliases are not allowed")])
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise NotImportable([LineError(line, "is nested too deep")])
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _line(node: Any) -> int:
    return int(node.start_mark.line) + 1


def _pairs(node: Any) -> Iterator[tuple[str, Any, int]]:
    for key, value in node.value:
        yield (key.value if isinstance(key, yaml.ScalarNode) else "?"), value, _line(key)


def _text(node: Any) -> str | None:
    """A scalar as written, so that a code of digits keeps its zeros."""
    return str(node.value).strip() if isinstance(node, yaml.ScalarNode) else None


def _take_branches(rows: Rows, node: Any, parent: str | None, *, top: bool = False) -> None:
    if not isinstance(node, yaml.SequenceNode):
        rows.wrong(_line(node), "places must be a list")
        return
    for branch in node.value:
        _take_branch(rows, branch, parent, top=top)


def _take_branch(rows: Rows, node: Any, parent: str | None, *, top: bool) -> None:
    line = _line(node)
    if not isinstance(node, yaml.MappingNode):
        rows.wrong(line, "a place must be a mapping with code, kind and name")
        return
    allowed = (*YAML_KEYS, "parent") if top else YAML_KEYS
    given: dict[str, Any] = {}
    for key, value, at in _pairs(node):
        if key not in allowed:
            rows.wrong(at, f"unknown key {key!r}; a place has {', '.join(allowed)}")
        elif key in given:
            rows.wrong(at, f"{key} stands twice")
        else:
            given[key] = value
    words = {
        key: _text(value) or "" for key, value in given.items() if key not in ("posts", "places")
    }
    code = _take_place(rows, line, words, words.get("parent") or parent)
    if "posts" in given:
        _take_posts(rows, given["posts"], code)
    if "places" in given:
        # What hangs below a place with errors is read all the same, for its own errors.
        _take_branches(rows, given["places"], code or UNREADABLE)


def _take_posts(rows: Rows, node: Any, place: str | None) -> None:
    if not isinstance(node, yaml.MappingNode):
        rows.wrong(_line(node), "posts must be a mapping from duty to holder")
        return
    for duty, holder, line in _pairs(node):
        if place is not None:
            _take_post(rows, line, place, duty, _text(holder))


# --- checking ----------------------------------------------------------------------------------


def check(rows: Rows, known: Mapping[str, Place]) -> None:
    """Checks the file against itself and the tree as it is. Raises `NotImportable` with all errors.

    `known` are the registered places by code.
    """
    objections = [
        LineError(row.line, detail)
        for row in rows.places.values()
        if (detail := _objection(row, rows, known)) is not None
    ]
    if rows.errors or objections:
        raise NotImportable([*rows.errors, *objections])


def _objection(row: PlaceRow, rows: Rows, known: Mapping[str, Place]) -> str | None:
    present = known.get(row.code)
    if present is not None and present.kind is not row.kind:
        return f"{row.code} is registered as a {present.kind}; a place never changes its kind"
    if row.parent is None:
        return None if row.kind is ROOT_KIND else f"a {row.kind} needs a parent"
    parent = rows.places.get(row.parent) or known.get(row.parent)
    if parent is None:
        if row.parent == UNREADABLE or row.parent in rows.unreadable:
            return None  # told in the parent's own line
        return f"parent {row.parent} is in neither the file nor the tree"
    if not may_lie_below(row.kind, parent.kind):
        return f"a {row.kind} cannot hang below a {parent.kind} ({row.parent})"
    return None
