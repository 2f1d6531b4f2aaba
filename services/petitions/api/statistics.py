"""Figures over petitions, for staff and for everybody, and petitions as tables for programs."""

from collections.abc import AsyncIterator, Callable
from enum import StrEnum
from functools import partial
from typing import Annotated

import orjson
from fastapi import Query, Response
from starlette.responses import StreamingResponse

from services.petitions.api.known import (
    categories_below,
    category_line,
    is_level,
    place_line,
    public_path,
)
from services.petitions.api.standing import STAFF, not_to_hear
from services.petitions.exporting import Outside, as_csv, as_parquet
from services.petitions.statistics import By, Counted, Selection, count
from shared.contracts.types import Code, PlaceCode, PlaceKind
from shared.runtime.api import CurrentCaller, CurrentClock, CurrentCopies, CurrentStore
from shared.runtime.clock import Clock
from shared.runtime.copies import Copies
from shared.runtime.identity import Caller
from shared.runtime.policies import public, role
from shared.runtime.problems import Forbidden, Invalid, NotFound
from shared.runtime.queries import Queries, gives
from shared.runtime.remembered import RememberedFigures
from shared.runtime.store import Store
from shared.runtime.tables import csv_head, csv_lines

DOORS = (PlaceKind.BUILDING, PlaceKind.UNIT)
"""Places so small that a row without names tells who it is about."""
MOST_BY = 3
"""What is counted by at once: more makes more groups than anybody reads."""

queries = Queries(tags=["Statistics"])

_MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"
Since = Annotated[str | None, Query(alias="from", pattern=_MONTH)]
Until = Annotated[str | None, Query(alias="to", pattern=_MONTH)]
Asked = Annotated[str, Query(alias="by", max_length=60)]


class Form(StrEnum):
    """How figures are given."""

    JSON = "json"
    CSV = "csv"


JSON, CSV, PARQUET = "application/json", "text/csv", "application/vnd.apache.parquet"


class Table(StrEnum):
    """How petitions are given."""

    CSV = "csv"
    PARQUET = "parquet"


@queries.get("/statistics", may=role(*STAFF), note="of their places", **gives(JSON, CSV))
async def statistics(
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    clock: CurrentClock,
    place: PlaceCode | None = None,
    by: Asked = "",
    since: Since = None,
    until: Until = None,
    category: Code | None = None,
    format: Form = Form.JSON,
) -> Response:
    """What was filed, answered, answered in time, solved and liked below a place.

    `by` names up to three of place, category, subcategory, topic, level, month, channel and kind,
    parted by commas; `from` and `to` are months of filing (2025-03), both included. The answer is
    at most a minute old: `as_of` says when it was counted.
    """
    where = _own_place(caller, place, copies)
    selection = Selection(where, since, until, categories_below(copies, category, clock.now()))
    return await _told(selection, _by(by), format, store, copies, clock, "no-store")


@queries.get("/public/statistics", may=public, **gives(JSON, CSV))
async def public_statistics(
    store: CurrentStore,
    copies: CurrentCopies,
    clock: CurrentClock,
    place: PlaceCode | None = None,
    by: Asked = "",
    since: Since = None,
    until: Until = None,
    category: Code | None = None,
    format: Form = Form.JSON,
) -> Response:
    """The same for everybody: without reports, of no place below a neighbourhood, and without what
    was said of answers where fewer than five said it.
    """
    if place is not None and not is_level(copies, place):
        raise NotFound
    selection = Selection(
        place, since, until, categories_below(copies, category, clock.now()), public=True
    )
    cache = "public, max-age=60"
    return await _told(selection, _by(by), format, store, copies, clock, cache)


@queries.get("/petitions/export", may=role(*STAFF), note="of their places", **gives(CSV, PARQUET))
async def export(
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    clock: CurrentClock,
    place: PlaceCode | None = None,
    since: Since = None,
    until: Until = None,
    category: Code | None = None,
    format: Table = Table.CSV,
) -> StreamingResponse:
    """A row for each petition below a place, without anybody's name, door or words, the oldest
    first; none that is about the caller or their body. Of a single building or unit there is none.
    """
    where = _own_place(caller, place, copies)
    if (known := copies["place"].get(where)) is not None and known.kind in DOORS:
        raise Invalid("place", "is a building or a unit: ask for a place above it")
    selection = Selection(
        where,
        since,
        until,
        categories_below(copies, category, clock.now()),
        not_about=tuple(sorted(not_to_hear(caller))),
    )
    pieces: Callable[[Store, Selection, Outside], AsyncIterator[bytes]]
    pieces, media_type = {
        Table.CSV: (as_csv, "text/csv; charset=utf-8"),
        Table.PARQUET: (as_parquet, PARQUET),
    }[format]
    return StreamingResponse(
        pieces(store, selection, partial(public_path, copies)),
        media_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="petitions.{format.value}"',
            "Cache-Control": "no-store",
        },
    )


async def _told(
    selection: Selection,
    by: tuple[By, ...],
    format: Form,
    store: Store,
    copies: Copies,
    clock: Clock,
    cache: str,
) -> Response:
    now = clock.now()
    lines = place_line(copies), category_line(copies, now)
    remembered: RememberedFigures = copies["figures"]
    counted = await remembered.ask(
        (selection, by), now, lambda: count(store.journal, selection, by, now, *lines)
    )
    headers = {"Cache-Control": cache}
    if format is Form.CSV:
        return Response(
            _csv(counted, selection), media_type="text/csv; charset=utf-8", headers=headers
        )
    shown = {
        "place": selection.place,
        "from": selection.since,
        "to": selection.until,
        "by": by,
        "as_of": counted.as_of,
        "total": counted.whole(selection.public),
        "items": counted.rows(selection.public),
    }
    return Response(orjson.dumps(shown), media_type="application/json", headers=headers)


def _csv(counted: Counted, selection: Selection) -> bytes:
    rows = counted.rows(selection.public) if counted.by else [counted.whole(selection.public)]
    columns = (*counted.by, *counted.whole(selection.public))
    return csv_head(columns) + csv_lines(rows, columns)


def _by(asked: str) -> tuple[By, ...]:
    names = list(dict.fromkeys(name for name in asked.split(",") if name))
    if len(names) > MOST_BY:
        raise Invalid("by", f"at most {MOST_BY} at once")
    try:
        return tuple(By(name) for name in names)
    except ValueError:
        raise Invalid("by", f"is none of {', '.join(By)}") from None


def _own_place(caller: Caller, place: str | None, copies: Copies) -> str:
    """The place asked about: the caller's own, or one below theirs."""
    if place is None:
        if len(caller.places) == 1:
            return next(iter(caller.places))
        raise Forbidden if not caller.places else Invalid("place", "say which of yours")
    known = copies["place"].get(place)
    if known is None or caller.places.isdisjoint(known.path):
        raise Forbidden
    return place
