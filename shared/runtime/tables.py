"""Rows as CSV for spreadsheets."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from shared.worktime.hours import CHINA

BYTE_ORDER_MARK = "\ufeff"
"""Spreadsheets take a file for UTF-8 only when it begins with this."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_lines(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> bytes:
    """The rows as lines of CSV (RFC 4180), without a head. Times are those of the city."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([_cell(row[name]) for name in columns] for row in rows)
    return out.getvalue().encode()


def csv_head(columns: Sequence[str]) -> bytes:
    """The first line, behind the byte order mark."""
    return f"{BYTE_ORDER_MARK}{','.join(columns)}\r\n".encode()


def without_guard(cell: str) -> str:
    """What was written, of a cell that begins with the apostrophe which `csv_lines` puts before
    what a spreadsheet would calculate.
    """
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def _cell(value: Any) -> Any:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.astimezone(CHINA).isoformat(timespec="seconds")
        case str() if value.startswith(_FORMULA):
            return f"'{value}"  # a spreadsheet would calculate what begins so
    return value
