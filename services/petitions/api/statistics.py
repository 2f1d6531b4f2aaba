"""Figures over petitions, for staff and for everybody, and petitions as tables for programs."""

from collections.abc import AsyncIterator, Callable
from enum import StrEnum
from functools import partial
from typing import Annotated

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
from services.petitions.exporting import Outside, as_parquet
from services.petitions.exporting import as_csv as rows_as_csv
from services.petitions.statistics import By, Selection, count
from shared.contracts.types import Code, PlaceCode, PlaceKind
from shared.runtime.api import CurrentCaller, CurrentClock, CurrentCopies, CurrentStore
from shared.runtime.clock import Clock
from shared.runtime.copies import Copies
from shared.runtime.figures import CSV, JSON, Form, as_csv, as_json, groups
from shared.runtime.identity import Caller
from shared.runtime.policies import public, role
from shared.runtime.problems import Forbidden, Invalid, NotFound
from shared.runtime.queries import Queries, gives
from shared.runtime.remembered import RememberedFigures
from shared.runtime.store import Store

DOORS = (PlaceKind.BUILDING, PlaceKind.UNIT)
"""Places so small that a row without names tells who it is about."""
MOST_BY = 3
"""What is counted by at once: more makes more groups than anybody reads."""

queries = Queries(tags=["Statistics"])

_MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"
Since = Annotated[str | None, Query(alias="from", pattern=_MONTH)]
Until = Annotated[str | None, Query(alias="to", pattern=_MONTH)]
Asked = Annotated[str, Query(alias="by", max_length=60)]


PARQUET = "application/vnd.apache.parquet"


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
    parted by commas; `from` and `to` are months of filing (2025-03), both included. The answer is a
    quarter of an hour old at most, as a rule a minute: `as_of` says when it was counted.
    """
    where = _own_place(caller, place, copies)
    selection = Selection(where, since, until, categories_below(copies, category, clock.now()))
    counted_by = groups(By, by, MOST_BY)
    return await _told(selection, counted_by, format, store, copies, clock, "no-store")


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
    return await _told(selection, groups(By, by, MOST_BY), format, store, copies, clock, cache)


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
        Table.CSV: (rows_as_csv, "text/csv; charset=utf-8"),
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
        (selection, by), now, lambda at: count(store.journal, selection, by, at, *lines)
    )
    whole, rows = counted.whole(selection.public), counted.rows(selection.public)
    if format is Form.CSV:
        return as_csv(rows if counted.by else [whole], (*counted.by, *whole), cache)
    shown = {
        "place": selection.place,
        "from": selection.since,
        "to": selection.until,
        "by": by,
        "as_of": counted.as_of,
        "total": whole,
        "items": rows,
    }
    return as_json(shown, cache)


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
