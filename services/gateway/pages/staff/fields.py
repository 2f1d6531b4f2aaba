"""Fields of a form, and how what was typed becomes what a command's body wants."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from starlette.datastructures import FormData

from services.gateway.pages.languages import marked

CITY = "+08:00"
"""The offset of the city's time: what is typed is meant in it."""
STEPS = 3
"""Rows for what follows an answer; more are said in the next one."""


class Kind(StrEnum):
    """How a field is filled in."""

    LINE = "line"
    PASSAGE = "passage"
    CHOICE = "choice"
    NUMBER = "number"
    DECIMAL = "decimal"
    DAY = "day"
    MOMENT = "moment"
    FLAG = "flag"
    YES_NO = "yes-no"
    STEPS = "steps"
    MANY = "many"
    """Several words, one a line."""
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `offers` names what is offered while typing; `choices` are values with their
    words. A number with choices is chosen.
    """

    name: str
    label: str
    kind: Kind = Kind.LINE
    required: bool = True
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    offers: str = ""
    most: int | None = None


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
NEEDS_DAY = marked("请写明每项的内容和完成日期。")


def read(fields: Sequence[Field], form: FormData | Mapping[str, str]) -> Typed:
    """All fields of a form."""
    typed = Typed()
    for one in fields:
        if one.kind is Kind.STEPS:
            _steps(one, form, typed)
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
        case Kind.DAY:
            return _day(said)
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


def _steps(one: Field, form: FormData | Mapping[str, str], typed: Typed) -> None:
    """What follows, and until when: rows of which the empty ones do not count."""
    rows = []
    for n in range(STEPS):
        what = str(form.get(f"{one.name}.{n}.what") or "").strip()
        until = str(form.get(f"{one.name}.{n}.until") or "").strip()
        rows.append({"what": what, "until": until})
    typed.values[one.name] = rows
    steps = [row for row in rows if row["what"] or row["until"]]
    try:
        steps = [{"what": row["what"], "until": _day(row["until"])} for row in steps]
    except ValueError:
        typed.wrong[one.name] = NEEDS_DAY
        return
    if not all(row["what"] for row in steps):
        typed.wrong[one.name] = NEEDS_DAY
    elif steps:
        typed.body[one.name] = steps
