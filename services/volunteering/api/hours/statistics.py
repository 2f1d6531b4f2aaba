"""Figures of volunteering over HTTP: by place, team and month."""

from typing import Annotated, Any

from fastapi import Query, Response

from services.volunteering.statistics import By, Selection, count
from shared.contracts.types import Id, PlaceCode
from shared.neighbourhood.scopes import path_of
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
from shared.runtime.policies import anyone
from shared.runtime.problems import NotFound
from shared.runtime.queries import Queries, gives
from shared.runtime.remembered import RememberedFigures

queries = Queries(tags=["Statistics"])


@queries.get("/statistics", may=anyone, note="figures only", **gives(JSON, CSV))
async def statistics(
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    clock: CurrentClock,
    place: PlaceCode | None = None,
    team: Id | None = None,
    by: Annotated[str, Query(max_length=40)] = "",
    since: Since = None,
    until: Until = None,
    format: Form = Form.JSON,
) -> Response:
    """Activities, people, hours (in minutes), wishes, orders and patrols: below a place, of a team,
    in the months from `from` to `to`, both included; without them, this year's.

    `by` names some of place, team and month, parted by commas. The answer is a quarter of an hour
    old at most, as a rule a minute: `as_of` says when it was counted.
    """
    now = clock.now()
    selection = Selection(*months(since, until, now), place, team)
    if place is not None and place not in copies["place"]:
        raise NotFound
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
        return as_csv(map(_flat, rows), (*counted.by, *_flat(counted.total.told())))
    told = {
        "place": place,
        "team": team,
        "from": selection.since,
        "to": selection.until,
        "by": grouped,
        "as_of": counted.as_of,
        "total": counted.total.told(),
        "items": counted.rows(),
    }
    return as_json(told)


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "minutes_by_work"}
