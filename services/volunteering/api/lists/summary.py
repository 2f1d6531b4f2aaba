"""The three lists of a place at a glance."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from services.volunteering.domain.lists import need_state, project_state, resource_state
from services.volunteering.views.lists import below
from shared.contracts.types import PlaceCode
from shared.neighbourhood.scopes import path_of
from shared.runtime.api import CurrentCopies, CurrentStore
from shared.runtime.policies import public
from shared.runtime.problems import NotFound
from shared.runtime.queries import Queries

queries = Queries(tags=["Lists"])

COUNTED: Mapping[str, Mapping[str, StrEnum]] = {
    "resource": {"offered": resource_state.Status.OFFERED},
    "need": {"open": need_state.Status.OPEN},
    "project": {
        "running": project_state.Status.RUNNING,
        "reported": project_state.Status.REPORTED,
        "met": project_state.Status.MET,
    },
}


@queries.get("/public/lists", may=public)
async def three_lists(
    store: CurrentStore, copies: CurrentCopies, place: PlaceCode
) -> dict[str, Any]:
    """How many resources are offered at a place or below, how much is needed, and what runs."""
    if not path_of(copies, place):
        raise NotFound
    counted: dict[str, Any] = {}
    for kind, statuses in COUNTED.items():
        counted[f"{kind}s"] = {
            name: await store.journal.count(kind, below(place, [status]).where)
            for name, status in statuses.items()
        }
    open_needs = {**below(place, [need_state.Status.OPEN]).where, "met": True}
    counted["needs"]["met"] = await store.journal.count("need", open_needs)
    return {"place": place, **counted}
