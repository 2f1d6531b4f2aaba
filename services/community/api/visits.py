"""Visits over HTTP: the table, lists for those who look after a place, and the notes."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from services.community.access import keeps_it, register_keeper, within_their_places
from services.community.api.alliances import listed
from services.community.domain.visit import (
    CallOffVisit,
    PlanVisit,
    RecordVisit,
    Status,
    Visit,
    visit,
)
from services.community.domain.visit import open_verbs as visit_verbs
from services.community.tree import path_of, scopes_below
from shared.contracts.types import Id, PlaceCode
from shared.runtime.api import (
    Create,
    CurrentCaller,
    CurrentCopies,
    CurrentStore,
    Verb,
    aggregate_api,
    show_dossier,
)
from shared.runtime.copies import Copies
from shared.runtime.cursors import Cursor, Limit
from shared.runtime.policies import anyone, owner
from shared.runtime.problems import Invalid, NotFound
from shared.runtime.queries import Queries


class Reading(StrEnum):
    """Why somebody reads the note of a visit."""

    COMPLAINT = "complaint"
    EMERGENCY = "emergency"
    HANDOVER = "handover"
    NEXT_VISIT = "next-visit"
    SUPERVISION = "supervision"


def lies_in(copies: Copies, state: Visit | None, command: Any) -> Sequence[str]:
    """The path of the household."""
    return path_of(copies["place"], command.household if state is None else state.household)


the_visited = owner("resident")
concerned = the_visited | within_their_places

visits_api = aggregate_api(
    visit,
    collection="visits",
    tag="Visits",
    create=Create(PlanVisit, may=within_their_places),
    verbs={
        "record": Verb(RecordVisit, may=within_their_places),
        "call-off": Verb(CallOffVisit, may=within_their_places),
    },
    open=lambda state, _caller: visit_verbs(state),
    see=concerned,
    lies_in=lies_in,
)

queries = Queries(tags=["Visits"])


@queries.get("/visits", may=register_keeper, note="of their places")
async def list_visits(
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    place: PlaceCode,
    status: Status | None = None,
    keeper: Id | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """The visits within a place, or to a household, without their notes."""
    places = copies["place"]
    path = path_of(places, place)
    if not path or not within_their_places.allows(caller, None, None, path):
        raise NotFound
    codes = scopes_below(places, place)
    where: dict[str, Any] = {"place": {"$in": codes}} if codes else {"household": place}
    if status is not None:
        where["status"] = status.value
    if keeper is not None:
        where["keeper"] = keeper
    return await listed(store, "visit", where, limit, cursor)


@queries.get("/visits/mine", may=anyone, note="to themselves")
async def my_visits(
    caller: CurrentCaller, store: CurrentStore, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """The visits to the caller."""
    return await listed(store, "visit", {"resident": caller.sub}, limit, cursor)


@queries.get("/visits/{id}/notes", may=anyone, note="the person visited, staff of the place")
async def notes(
    id: Id,
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    purpose: Reading | None = None,
) -> dict[str, Any]:
    """What the keeper wrote down. Staff say why they read it, and that is recorded."""
    state = await seen(id, caller, store, copies)
    stream = visit.stream(id)
    if state.resident == caller.sub:
        entries = await store.journal.dossier(stream)
    elif purpose is None:
        raise Invalid("purpose", "say why you read the note")
    else:
        entries = await show_dossier(store, caller, stream, purpose.value)
    return {"items": [{"at": entry.at, **entry.data} for entry in entries]}


@queries.get("/visits/{id}/readings", may=anyone, note="the person visited, who keeps the visit")
async def readings(
    id: Id, caller: CurrentCaller, store: CurrentStore, copies: CurrentCopies
) -> dict[str, Any]:
    """Who read the note, why and when."""
    state = await seen(id, caller, store, copies)
    if not (the_visited | keeps_it).allows(caller, state, None):
        raise NotFound
    return {"items": await store.journal.readings(visit.stream(id))}


async def seen(id: str, caller: CurrentCaller, store: CurrentStore, copies: CurrentCopies) -> Visit:
    """The visit, for those who may know of it."""
    snapshot = await store.get(visit, id)
    if snapshot is None:
        raise NotFound
    state: Visit = snapshot.state
    if not concerned.allows(caller, state, None, lies_in(copies, state, None)):
        raise NotFound
    return state
