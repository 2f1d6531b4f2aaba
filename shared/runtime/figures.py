"""Figures as they are asked for and given: by what, in which months, as JSON or as CSV."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, TypeVar

import orjson
from fastapi import Query, Response

from shared.contracts.types import Month
from shared.runtime.problems import Invalid
from shared.runtime.tables import csv_head, csv_lines
from shared.worktime.hours import CHINA

JSON, CSV = "application/json", "text/csv"
MOST_MONTHS = 36
"""From the first to the last."""

Since = Annotated[Month | None, Query(alias="from")]
Until = Annotated[Month | None, Query(alias="to")]

G = TypeVar("G", bound=StrEnum)


class Form(StrEnum):
    """How figures are given."""

    JSON = "json"
    CSV = "csv"


def groups(kinds: type[G], asked: str, most: int | None = None) -> tuple[G, ...]:
    """What is counted by, as named in `asked`, parted by commas. Raises `Invalid`."""
    names = list(dict.fromkeys(name for name in asked.split(",") if name))
    if most is not None and len(names) > most:
        raise Invalid("by", f"at most {most} at once")
    try:
        return tuple(kinds(name) for name in names)
    except ValueError:
        raise Invalid("by", f"is none of {', '.join(kinds)}") from None


def months(since: str | None, until: str | None, now: datetime) -> tuple[str, str]:
    """From which month to which, both included; where none are named, this year's. Raises
    `Invalid`.
    """
    today = now.astimezone(CHINA).date()
    first, last = since or f"{today.year}-01", until or f"{today:%Y-%m}"
    if not 1 <= _number(last) - _number(first) + 1 <= MOST_MONTHS:
        raise Invalid("to", f"lies before `from`, or more than {MOST_MONTHS} months after it")
    return first, last


def _number(month: str) -> int:
    year, of_year = map(int, month.split("-"))
    return year * 12 + of_year


def as_json(told: Mapping[str, Any], cache: str = "no-store") -> Response:
    """Figures for programs."""
    return Response(orjson.dumps(told), media_type=JSON, headers={"Cache-Control": cache})


def as_csv(
    rows: Iterable[Mapping[str, Any]], columns: Sequence[str], cache: str = "no-store"
) -> Response:
    """Figures for spreadsheets."""
    content = csv_head(columns) + csv_lines(rows, columns)
    headers = {"Cache-Control": cache}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)
