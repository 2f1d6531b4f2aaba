"""Petitions of another system, from its CSV: a mapping says which column is what.

    source: mayors-letters
    columns: {id: nr, title: subject, text: body, raised_at: filed_at,
              answer: reply, answered_at: replied_at}
    same: {kind: complaint, place: "350105", answered_by: 市长信箱}
    values:
      kind: {投诉: complaint, 求助: request}
      category: {城建: construction}
    dates: ["%Y-%m-%dT%H:%M:%S"]

What has an answer is adopted: it begins closed. What has none is filed, and its clocks run from
now. Each line counts once, by the source and its id there: a second run files nothing twice, and
tells of lines that have changed since.
"""

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from typing import Annotated, Any, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from services.petitions.domain.adoption import Adopt
from services.petitions.domain.commands import File
from services.petitions.domain.petition import petition
from shared.contracts.types import Code
from shared.runtime.aggregate import Rejected
from shared.runtime.clock import id_at
from shared.runtime.outcome import CauseReused
from shared.runtime.store import Store
from shared.runtime.tables import without_guard
from shared.worktime.hours import CHINA

MAX_BYTES = 32 * 1024 * 1024
"""The largest file."""
MAX_MAPPING_BYTES = 256 * 1024
MAX_LINES = 50_000
"""Petitions in one file."""
MAX_TOLD = 1000
"""Refused and changed lines told one by one; the rest is counted."""
AT_ONCE = 100
"""Lines on their way to the store together: they are committed together, too."""
CHANNEL = "import"

Column = Annotated[str, Field(min_length=1, max_length=100)]


class ImportedField(StrEnum):
    """What a column can be."""

    ID = "id"
    TITLE = "title"
    TEXT = "text"
    RAISED_AT = "raised_at"
    KIND = "kind"
    CATEGORY = "category"
    PLACE = "place"
    URGENCY = "urgency"
    ANSWER = "answer"
    ANSWERED_AT = "answered_at"
    ANSWERED_BY = "answered_by"


NEEDED = frozenset({"id", "title", "text", "raised_at", "kind", "category", "place"})
FOR_ANSWERS = frozenset({"answer", "answered_at", "answered_by"})


class Plan(BaseModel):
    """How another system's columns are read. `same` holds for every line whose column is empty or
    missing; `dates` are formats of `datetime.strptime`, in the city's time without an offset.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: Code
    columns: dict[ImportedField, Column]
    same: dict[ImportedField, Column] = {}
    values: dict[ImportedField, Annotated[dict[str, str], Field(max_length=5000)]] = {}
    dates: Annotated[tuple[Column, ...], Field(min_length=1, max_length=10)]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if "id" not in self.columns:
            raise ValueError("columns.id: missing: lines are told apart by it")
        given = {*self.columns, *self.same}
        if missing := sorted(NEEDED - given):
            raise ValueError(f"neither in columns nor in same: {', '.join(missing)}")
        answers = FOR_ANSWERS & given
        if "answer" in given and answers != FOR_ANSWERS:
            raise ValueError(f"answers need {', '.join(sorted(FOR_ANSWERS - answers))} too")
        return self


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: with a line (from 2; the head is 1), in a field of ours."""

    line: int
    field: str
    reason: str


class NotImportable(Exception):
    """The file or its mapping cannot be read: nothing of it was imported."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


@dataclass
class Report:
    """What became of the lines so far. Of `changed` ones what came first stays."""

    source: str
    lines: int = 0
    filed: int = 0
    adopted: int = 0
    unchanged: int = 0
    changed: int = 0
    refused: int = 0
    faults: list[Fault] = field(default_factory=list)

    def blame(self, fault: Fault) -> None:
        """Tells of a line, as long as there are not too many."""
        if len(self.faults) < MAX_TOLD:
            self.faults.append(fault)


@dataclass(frozen=True, slots=True)
class Names:
    """Codes by what other systems call a category or a place."""

    categories: Mapping[str, str]
    places: Mapping[str, str]


def read_mapping(content: bytes) -> Plan:
    """The mapping of a YAML file. Raises `NotImportable`."""
    try:
        given = yaml.safe_load(content)
        return Plan.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise NotImportable("mapping", f"{where}: {first['msg']}".removeprefix(": ")) from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        raise NotImportable("mapping", "is not YAML") from None


def read_lines(content: bytes, mapping: Plan) -> list[dict[str, str]]:
    """The lines of a CSV file by column. Raises `NotImportable`."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotImportable("petitions", "is not UTF-8") from None
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True, restval="")
    try:
        head = set(reader.fieldnames or ())
        if missing := sorted(set(mapping.columns.values()) - head):
            raise NotImportable("petitions", f"has no column {', '.join(missing)}")
        lines: list[dict[str, str]] = []
        for line in reader:
            if len(lines) == MAX_LINES:
                raise NotImportable("petitions", f"has more than {MAX_LINES} lines")
            lines.append(line)
    except csv.Error as error:
        raise NotImportable("petitions", f"line {reader.line_num}: {error}") from None
    return lines


async def bring_in(
    lines: Sequence[Mapping[str, str]], mapping: Plan, names: Names, by: str, store: Store
) -> AsyncIterator[Report]:
    """Files and adopts; yields the report as it grows, after each hundred lines and at the end.

    Raises `Unavailable`, `Busy`: whoever sends the file again goes on where it broke off.
    """
    report = Report(mapping.source)
    for first in range(0, len(lines), AT_ONCE):
        some = lines[first : first + AT_ONCE]
        await asyncio.gather(
            *(
                _bring_in(line, first + n + 2, mapping, names, by, store, report)
                for n, line in enumerate(some)
            )
        )
        report.lines += len(some)
        yield report
    if not lines:
        yield report


async def _bring_in(
    line: Mapping[str, str],
    number: int,
    mapping: Plan,
    names: Names,
    by: str,
    store: Store,
    report: Report,
) -> None:
    try:
        own_id, command = _command(line, mapping, names, by)
    except _Refused as refused:
        report.refused += 1
        report.blame(Fault(number, refused.field, refused.reason))
        return
    # Where it was long ago, it stands among what is as old; what is filed now is new.
    known_by = blake2b(f"{mapping.source}\n{own_id}".encode(), digest_size=10).digest()
    adopted = isinstance(command, Adopt)
    id = id_at(command.raised_at, known_by) if isinstance(command, Adopt) else store.clock.new_id()
    told = blake2b(repr(sorted(line.items())).encode(), digest_size=16).hexdigest()
    cause = f"import>{mapping.source}>{known_by.hex()}"
    try:
        outcome = await store.do(petition, id, command, actor=by, cause=cause, fingerprint=told)
    except CauseReused:
        report.changed += 1
        report.blame(Fault(number, "", "has changed since it was imported; what came first stays"))
    except Rejected as rejected:
        report.refused += 1
        report.blame(Fault(number, _AT_FAULT.get(rejected.code, ""), rejected.reason))
    else:
        report.unchanged += outcome.repeated
        report.adopted += adopted and not outcome.repeated
        report.filed += not adopted and not outcome.repeated


_AT_FAULT = {
    "unknown-place": "place",
    "place-closed": "place",
    "unknown-category": "category",
    "category-retired": "category",
    "kind-unfit": "kind",
    "raised-later": "raised_at",
    "answered-before": "answered_at",
}
_FILE, _ADOPT = TypeAdapter(File), TypeAdapter(Adopt)


class _Refused(Exception):
    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        self.reason = reason


def _command(
    line: Mapping[str, str], mapping: Plan, names: Names, by: str
) -> tuple[str, File | Adopt]:
    """What the line wants done, with its id in its own system. Raises `_Refused`."""
    given = {one: value for one in ImportedField if (value := _value(one, line, mapping))}
    if missing := sorted(NEEDED - given.keys()):
        raise _Refused(missing[0], "is empty")
    fields: dict[str, Any] = {
        one.value: value for one, value in given.items() if one is not ImportedField.ID
    }
    fields["category"] = names.categories.get(fields["category"], fields["category"])
    fields["place"] = names.places.get(fields["place"], fields["place"])
    for name in ("raised_at", "answered_at"):
        if name in fields:
            fields[name] = _moment(name, fields[name], mapping)
    fields["channel"] = CHANNEL
    try:
        if "answer" in fields:
            return given[ImportedField.ID], _ADOPT.validate_python(fields)
        for name in FOR_ANSWERS & fields.keys():
            del fields[name]
        return given[ImportedField.ID], _FILE.validate_python(
            {**fields, "by": by, "on_behalf": True}
        )
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise _Refused(".".join(map(str, first["loc"])), first["msg"]) from None


def _value(one: ImportedField, line: Mapping[str, str], mapping: Plan) -> str:
    column = mapping.columns.get(one)
    # More cells than columns make a list of the rest, a line's own mistake.
    value = "" if column is None else line.get(column) or ""
    value = without_guard(value.strip()) or mapping.same.get(one, "")
    return mapping.values.get(one, {}).get(value, value)


def _moment(field: str, value: str, mapping: Plan) -> datetime:
    for form in mapping.dates:
        try:
            moment = datetime.strptime(value, form)  # noqa: DTZ007 - the city's time, below
        except ValueError:
            continue
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=CHINA)
    raise _Refused(field, f"is not a time in any of the mapping's formats: {mapping.dates[0]} ...")
