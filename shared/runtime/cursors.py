"""Cursors of lists: where the next page begins, as an opaque text."""

import base64
from datetime import UTC, datetime
from typing import Annotated, Any

import orjson
from fastapi import Query

from shared.runtime.problems import Invalid

LONGEST_CURSOR = 2_000
"""Characters. Ours are far shorter."""

Limit = Annotated[int, Query(ge=1, le=200)]
"""A list's parameter: how many items a page has at most."""
Cursor = Annotated[str | None, Query(max_length=LONGEST_CURSOR)]
"""A list's parameter: where the page begins, as the page before told in ``next``."""


def encode(place: tuple[Any, ...] | None) -> str | None:
    """The cursor for `journal.Page.next`; None stays None (there is no further page)."""
    if place is None:
        return None
    plain = [
        {"t": round(value.timestamp() * 1000)} if isinstance(value, datetime) else value
        for value in place
    ]
    return base64.urlsafe_b64encode(orjson.dumps(plain)).rstrip(b"=").decode()


def decode(cursor: str | None) -> tuple[Any, ...] | None:
    """What `journal.Query.after` takes. Raises `Invalid` (422, field ``cursor``) for what `encode`
    did not make.
    """
    if cursor is None:
        return None
    try:
        if len(cursor) > LONGEST_CURSOR:
            raise ValueError("too long")
        padded = cursor + "=" * (-len(cursor) % 4)
        plain = orjson.loads(
            base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)
        )
        if not isinstance(plain, list) or not plain:
            raise ValueError("no place")
        return tuple(_value(part) for part in plain)
    except (ValueError, KeyError, TypeError, OverflowError):
        raise Invalid("cursor", "is not one that this list gave", "no_place") from None


def _value(part: Any) -> Any:
    if isinstance(part, dict):
        return datetime.fromtimestamp(part["t"] / 1000, UTC)
    if isinstance(part, list):
        raise ValueError("nested")
    return part
