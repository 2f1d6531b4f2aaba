"""Figures of mediation over HTTP: by place, kind, mediator and month."""

from enum import StrEnum
from typing import Annotated, Any

import orjson
from fastapi import Query, Response

from services.mediation.access import some_staff
from services.mediation.api.scopes import path_of, scopes
from services.mediation.statistics import By, Counted, Selection, count
from shared.contracts.mediation.disputes import DisputeKind
from shared.contracts.types import Id, Month, PlaceCode
from shared.runtime.api import CurrentCaller, CurrentClock, CurrentCopies, CurrentStore
from shared.runtime.problems import Invalid
from shared.runtime.queries import Queries, gives
from shared.runtime.remembered import RememberedFigures
from shared.runtime.tables import csv_head, csv_lines
from shared.worktime.hours import CHINA

MOST_MONTHS = 36
"""From the first to the last."""

JSON, CSV = "application/json", "text/csv"

queries = Queries(tags=["Statistics"])


class Form(StrEnum):
    """How figures are given."""

    JSON = "json"
    CSV = "csv"


@queries.get("/statistics", may=some_staff, note="of their places", **gives(JSON, CSV))
async def statistics(
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    clock: CurrentClock,
    place: PlaceCode | None = None,
    kind: DisputeKind | None = None,
    mediator: Id | None = None,
    by: Annotated[str, Query(max_length=60)] = "",
    since: Annotated[Month | None, Query(alias="from")] = None,
    until: Annotated[Month | None, Query(alias="to")] = None,
    format: Form = Form.JSON,
) -> Response:
    """Disputes filed, begun and ended with each outcome, the days that mediation lasted, and of
    those settled how many hold: below a place, of a kind, of a mediator, in the months from `from`
    to `to`, both included; without them, this year's.

    `by` names some of place, kind, mediator and month, parted by commas. The answer is at most a
    minute old: `as_of` says when it was counted.
    """
    now = clock.now()
    today = now.astimezone(CHINA).date()
    places = tuple(scopes(caller, place, copies))
    selection = Selection(
        since or f"{today.year}-01", until or f"{today:%Y-%m}", places, kind, mediator
    )
    if not 1 <= len(selection.months()) <= MOST_MONTHS:
        raise Invalid("to", f"lies before `from`, or more than {MOST_MONTHS} months after it")
    groups = _by(by)
    remembered: RememberedFigures = copies["figures"]
    counted = await remembered.ask(
        (selection, groups),
        now,
        lambda: count(store.journal, selection, groups, now, lambda code: path_of(copies, code)),
    )
    headers = {"Cache-Control": "no-store"}
    if format is Form.CSV:
        return Response(_csv(counted), media_type="text/csv; charset=utf-8", headers=headers)
    told: dict[str, Any] = {
        "places": places,
        "kind": kind,
        "mediator": mediator,
        "from": selection.since,
        "to": selection.until,
        "by": groups,
        "as_of": counted.as_of,
        "total": counted.total.told(),
        "items": counted.rows(),
    }
    return Response(orjson.dumps(told), media_type=JSON, headers=headers)


def _csv(counted: Counted) -> bytes:
    rows = counted.rows() if counted.by else [counted.total.told()]
    columns = (*counted.by, *counted.total.told())
    return csv_head(columns) + csv_lines(rows, columns)


def _by(asked: str) -> tuple[By, ...]:
    try:
        return tuple(dict.fromkeys(By(name) for name in asked.split(",") if name))
    except ValueError:
        raise Invalid("by", f"is none of {', '.join(By)}") from None
