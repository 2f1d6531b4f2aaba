"""Figures of mediation over HTTP: by place, kind, mediator and month."""

from typing import Annotated, Any

from fastapi import Query, Response

from services.mediation.access import some_staff
from services.mediation.statistics import By, Selection, count
from shared.contracts.mediation.disputes import DisputeKind
from shared.contracts.types import Id, PlaceCode
from shared.neighbourhood.scopes import path_of, scopes
from shared.runtime.api import CurrentCaller, CurrentClock, CurrentCopies, CurrentStore
from shared.runtime.figures import (
    CSV,
    JSON,
    Form,
    Since,
    Until,
    as_csv,
    as_json,
    groups,
    months,
)
from shared.runtime.queries import Queries, gives
from shared.runtime.remembered import RememberedFigures

queries = Queries(tags=["Statistics"])


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
    since: Since = None,
    until: Until = None,
    format: Form = Form.JSON,
) -> Response:
    """Disputes filed, begun and ended with each outcome, the days that mediation lasted, and of
    those settled how many hold: below a place, of a kind, of a mediator, in the months from `from`
    to `to`, both included; without them, this year's.

    `by` names some of place, kind, mediator and month, parted by commas. The answer is a
    quarter of an hour old at most, as a rule a minute: `as_of` says when it was counted.
    """
    now = clock.now()
    places = tuple(scopes(caller, place, copies))
    selection = Selection(*months(since, until, now), places, kind, mediator)
    grouped = groups(By, by)
    remembered: RememberedFigures = copies["figures"]
    counted = await remembered.ask(
        (selection, grouped),
        now,
        lambda moment: count(
            store.journal, selection, grouped, moment, lambda code: path_of(copies, code)
        ),
    )
    if format is Form.CSV:
        rows = counted.rows() if counted.by else [counted.total.told()]
        return as_csv(rows, (*counted.by, *counted.total.told()))
    told: dict[str, Any] = {
        "places": places,
        "kind": kind,
        "mediator": mediator,
        "from": selection.since,
        "to": selection.until,
        "by": grouped,
        "as_of": counted.as_of,
        "total": counted.total.told(),
        "items": counted.rows(),
    }
    return as_json(told)
