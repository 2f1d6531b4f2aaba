"""JSON as a checker may read it: what two readers could understand differently is refused."""

import json
from collections.abc import Iterable
from math import isinf
from typing import Any, NoReturn

import rfc8785

DEEPEST = 24
"""Objects and lists inside one another."""
EXACT = 2**53
"""Whole numbers below it are exact as doubles."""


class Unreadable(Exception):
    """It is no JSON, or not in a form that has one meaning; `reason` says what is wrong."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def canonical(value: Any) -> bytes:
    """The value as RFC 8785 writes it, in UTF-8. Raises `Unreadable` for what it cannot write."""
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, ValueError, RecursionError):
        raise Unreadable("a value that has no canonical form") from None


def read_json(raw: bytes) -> Any:
    """What the bytes say. Raises `Unreadable`: for names given twice, numbers that are none, and
    what is nested deeper than anything of ours.
    """
    try:
        text = raw.decode("utf-8")
        value = json.loads(
            text, object_pairs_hook=_once_each, parse_int=_number, parse_constant=_no_number
        )
    except UnicodeDecodeError:
        raise Unreadable("no UTF-8") from None
    except (ValueError, RecursionError):
        raise Unreadable("no JSON") from None
    _shallow(value, DEEPEST)
    return value


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise Unreadable("a name that stands twice in one object")
    return read


def _number(text: str) -> int | float:
    """Every number is a double, for whoever reads JSON as RFC 8785 does."""
    number = float(text)
    if isinf(number):
        raise Unreadable("a number that is none")
    return int(text) if abs(number) < EXACT else number


def _no_number(_text: str) -> NoReturn:
    raise Unreadable("a number that is none")


def _shallow(value: Any, left: int) -> None:
    if not isinstance(value, dict | list):
        return
    if left == 0:
        raise Unreadable("nested too deep")
    inner: Iterable[Any] = value.values() if isinstance(value, dict) else value
    for one in inner:
        _shallow(one, left - 1)
