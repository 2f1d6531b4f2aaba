"""Fields of a form, and how what was typed becomes what a command's body wants."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from starlette.datastructures import FormData

from services.gateway.pages.languages import marked

CITY = "+08:00"
"""The offset of the city's time: what is typed is meant in it."""
ROWS = 3
"""Rows that an empty form offers."""
MOST_ROWS = 60
MOST_CENTS = 10**15


class Kind(StrEnum):
    """How a field is filled in."""

    LINE = "line"
    PASSAGE = "passage"
    CHOICE = "choice"
    NUMBER = "number"
    DECIMAL = "decimal"
    YUAN = "yuan"
    """An amount of money, of which the body wants cents."""
    DAY = "day"
    END_OF_DAY = "end-of-day"
    """A day, of which the body wants the last second."""
    MOMENT = "moment"
    FLAG = "flag"
    YES_NO = "yes-no"
    ROWS = "rows"
    """Several of one shape, a row each, of `Field.columns`."""
    MANY = "many"
    """Several words, one a line."""
    SEVERAL = "several"
    """Several of what is offered."""
    NUMBERS = "numbers"
    """The same, of numbers."""
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `offers` names what is offered while typing, or, of a `picked` one and of several,
    what is chosen from; `choices` are values with their words. A number with choices is chosen.
    """

    name: str
    label: str
    kind: Kind = Kind.LINE
    required: bool = True
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    offers: str = ""
    most: int | None = None
    picked: bool = False
    columns: tuple[Field, ...] = ()
    """Of rows: their fields."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: `body` for the command, `wrong` by field, `values` as they were typed, to be
    shown again.
    """

    body: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)


NEEDED = marked("请填写。")
NO_NUMBER = marked("请填写数字。")
NO_DAY = marked("请填写日期，例如 2026-12-31。")
NO_MOMENT = marked("请填写日期和时间。")
NO_CHOICE = marked("请从列表中选择。")
NO_JSON = marked("不是有效的 JSON。")
NO_YUAN = marked("请填写金额，例如 1200.50。")
NO_ROW = marked("请把每一项填写完整，日期和时间要有效。")


def read(fields: Sequence[Field], form: FormData | Mapping[str, str]) -> Typed:
    """All fields of a form."""
    typed = Typed()
    for one in fields:
        if one.kind is Kind.ROWS:
            _rows(one, form, typed)
            continue
        if one.kind in (Kind.SEVERAL, Kind.NUMBERS):
            _several(one, form, typed)
            continue
        said = str(form.get(one.name) or "").strip()
        typed.values[one.name] = said
        if not said:
            if one.required and one.kind is not Kind.FLAG:
                typed.wrong[one.name] = NEEDED
            continue
        try:
            typed.body[one.name] = _value(one, said)
        except ValueError as error:
            typed.wrong[one.name] = str(error)
    return typed


def _value(one: Field, said: str) -> Any:
    """Raises ValueError with the words that stand beside the field."""
    if one.choices and said not in {value for value, _ in one.choices}:
        raise ValueError(NO_CHOICE)
    match one.kind:
        case Kind.NUMBER:
            if not said.removeprefix("-").isdecimal() or len(said) > 9:
                raise ValueError(NO_NUMBER)
            return int(said)
        case Kind.DECIMAL:
            return _decimal(said)
        case Kind.YUAN:
            return _cents(said)
        case Kind.DAY:
            return _day(said)
        case Kind.END_OF_DAY:
            return f"{_day(said)}T23:59:59{CITY}"
        case Kind.MOMENT:
            return _moment(said)
        case Kind.FLAG | Kind.YES_NO:
            return said == "yes"
        case Kind.MANY:
            return [line.strip() for line in said.splitlines() if line.strip()]
        case Kind.JSON:
            return _json(said)
    return said


def _decimal(said: str) -> float:
    try:
        return float(said)
    except ValueError:
        raise ValueError(NO_NUMBER) from None


def _cents(said: str) -> int:
    try:
        cents = Decimal(said.replace(",", "")) * 100
    except InvalidOperation:
        raise ValueError(NO_YUAN) from None
    if not cents.is_finite() or cents != cents.to_integral_value() or abs(cents) > MOST_CENTS:
        raise ValueError(NO_YUAN)
    return int(cents)


def _day(said: str) -> str:
    try:
        return date.fromisoformat(said).isoformat()
    except ValueError:
        raise ValueError(NO_DAY) from None


def _moment(said: str) -> str:
    try:
        when = datetime.fromisoformat(said)
    except ValueError:
        raise ValueError(NO_MOMENT) from None
    return when.isoformat() + (CITY if when.tzinfo is None else "")


def _json(said: str) -> Any:
    try:
        return json.loads(said)
    except ValueError:
        raise ValueError(NO_JSON) from None


def _several(one: Field, form: FormData | Mapping[str, str], typed: Typed) -> None:
    """All that were chosen."""
    chosen = form.getlist(one.name) if isinstance(form, FormData) else [form.get(one.name)]
    said = [value.strip() for value in chosen if isinstance(value, str) and value.strip()]
    typed.values[one.name] = said
    if not said:
        if one.required:
            typed.wrong[one.name] = NO_CHOICE
        return
    try:
        each = Field(one.name, one.label, Kind.NUMBER if one.kind is Kind.NUMBERS else Kind.LINE)
        typed.body[one.name] = [_value(each, value) for value in said]
    except ValueError as error:
        typed.wrong[one.name] = str(error)


def _rows(one: Field, form: FormData | Mapping[str, str], typed: Typed) -> None:
    """Rows, of which the empty ones do not count."""
    rows = []
    for n in range(MOST_ROWS):
        names = {column.name: f"{one.name}.{n}.{column.name}" for column in one.columns}
        if n >= ROWS and not any(name in form for name in names.values()):
            break
        rows.append({name: str(form.get(sent) or "").strip() for name, sent in names.items()})
    typed.values[one.name] = rows
    filled = [read(one.columns, row) for row in rows if any(row.values())]
    if any(row.wrong for row in filled):
        typed.wrong[one.name] = NO_ROW
    elif filled:
        typed.body[one.name] = [row.body for row in filled]
    elif one.required:
        typed.wrong[one.name] = NEEDED
