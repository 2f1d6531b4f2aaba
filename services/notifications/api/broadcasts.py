"""Broadcasts over HTTP: who writes, approves and stops them, and how far they are."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Query

from services.notifications.access import (
    approver_there,
    some_staff,
    staff_there,
)
from services.notifications.domain.broadcast import broadcast, open_verbs
from services.notifications.domain.broadcast_commands import (
    ApproveBroadcast,
    DraftBroadcast,
    ReviseBroadcast,
    SendBackBroadcast,
    StopBroadcast,
    SubmitBroadcast,
)
from services.notifications.domain.broadcast_news import kind_of
from services.notifications.domain.broadcast_state import Broadcast, Status
from services.notifications.views.broadcasts import addressed, broadcasts_below, messages_of
from shared.contracts.types import Id, PlaceCode
from shared.neighbourhood.scopes import path_of, scopes
from shared.runtime.api import (
    Create,
    CurrentCaller,
    CurrentCopies,
    CurrentStore,
    Verb,
    aggregate_api,
)
from shared.runtime.copies import Copies
from shared.runtime.cursors import Cursor, Limit, decode, encode
from shared.runtime.identity import Caller
from shared.runtime.policies import owner
from shared.runtime.problems import NotFound
from shared.runtime.queries import Queries

wrote_it = owner("drafted_by")


def lies_in(copies: Copies, state: Broadcast | None, command: Any) -> Sequence[str]:
    """The path of its place."""
    return path_of(copies, command.place) if state is None else state.path


def shown(state: Broadcast, _caller: Caller) -> dict[str, Any]:
    """What it says and how far it is; how many have read it is asked of its progress."""
    return {
        "status": state.status,
        "place": state.place,
        "group": state.group,
        "of": state.of,
        "words": state.words,
        "urgent": state.urgent,
        "rate": state.rate,
        "hours": state.hours,
        "drafted_by": state.drafted_by,
        "drafted": state.drafted,
        "approved_by": state.approved_by,
        "approved": state.approved,
        "until": state.until,
        "told": state.told,
        "because": state.because,
    }


broadcasts_api = aggregate_api(
    broadcast,
    collection="broadcasts",
    tag="Broadcasts",
    create=Create(DraftBroadcast, may=staff_there),
    verbs={
        "revise": Verb(ReviseBroadcast, may=wrote_it),
        "submit": Verb(SubmitBroadcast, may=wrote_it),
        "approve": Verb(ApproveBroadcast, may=approver_there),
        "send-back": Verb(SendBackBroadcast, may=approver_there),
        "stop": Verb(StopBroadcast, may=approver_there),
    },
    open=lambda state, _caller: open_verbs(state),
    see=staff_there | wrote_it,
    shown=shown,
    lies_in=lies_in,
)

queries = Queries(tags=[broadcasts_api.tag])

APIS = (broadcasts_api,)
QUERIES = (queries,)


@queries.get("/broadcasts", may=some_staff, note="of their places")
async def broadcasts_there(
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    place: PlaceCode | None = None,
    status: Annotated[list[Status] | None, Query()] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Broadcasts to a place or below, the latest first; without a status all of them."""
    roots = scopes(caller, place, copies)
    asked = broadcasts_below(roots, status or tuple(Status), limit=limit, after=decode(cursor))
    page = await store.journal.find("broadcast", asked)
    items = [
        {
            "id": item.id,
            "version": item.version,
            **shown(store.read(broadcast, item), caller),
        }
        for item in page.items
    ]
    return {"items": items, "next": encode(page.next)}


@queries.get("/broadcasts/{id}/progress", may=some_staff, note="of their places")
async def broadcast_progress(
    id: Id, caller: CurrentCaller, store: CurrentStore, copies: CurrentCopies
) -> dict[str, Any]:
    """How far it is: whom it is for now, who has a message of it, who has read it. What was told
    and then erased with its recipient is in none of the numbers.
    """
    found = await store.get(broadcast, id)
    if found is None:
        raise NotFound
    state = found.state
    if not broadcasts_api.see.allows(caller, state, None, lies_in(copies, state, None)):
        raise NotFound
    journal, kind = store.journal, kind_of(state)
    return {
        "status": state.status,
        "total": await journal.count("roll", addressed(state)),
        "told": await journal.count("message", messages_of(id, kind)),
        "read": await journal.count("message", messages_of(id, kind, read=True)),
        "pages": state.page,
        "rate": state.rate,
        "until": state.until,
        "because": state.because,
    }
