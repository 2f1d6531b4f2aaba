"""Whistles over HTTP: the table of verbs with who may, and what can be asked."""

from typing import Annotated, Any

from fastapi import Query

from services.petitions import views
from services.petitions.api.standing import STAFF, places_of, staff_there
from services.petitions.domain.whistle import can, whistle
from services.petitions.domain.whistle_commands import (
    Accept,
    Blow,
    CallOff,
    Refuse,
    Report,
    WhistleUp,
)
from services.petitions.domain.whistle_state import Status, Whistle
from shared.contracts.types import PlaceCode
from shared.runtime.api import (
    Create,
    CurrentCaller,
    CurrentCopies,
    CurrentStore,
    Dossier,
    Verb,
    aggregate_api,
)
from shared.runtime.cursors import Cursor, Limit, decode, encode
from shared.runtime.identity import Caller
from shared.runtime.journal import Page
from shared.runtime.policies import anyone, holder, owner, resident, role
from shared.runtime.queries import Queries
from shared.runtime.store import Store

whistlers = holder("whistlers")
"""Who whistled first, and whoever was called and whistled for the next rung."""
called = owner("called")
concerned = whistlers | called | staff_there


def shown(state: Whistle, _caller: Caller) -> dict[str, Any]:
    """What anybody concerned sees: who was called, until when, and who judges."""
    return {
        "status": state.status,
        "place": state.place,
        "path": state.path,
        "category": state.category,
        "petition": state.petition,
        "whistler": state.whistler,
        "level": state.level,
        "at": state.at,
        "duty": state.duty,
        "called": state.called,
        "report_by": state.report_by,
        "overdue_days": state.overdue_days,
        "reported_by": state.reported_by,
        "judge": state.judge if state.judges else None,
        "judge_by": state.judge_by,
        "outcome": state.outcome,
        "stars": state.stars,
    }


whistles_api = aggregate_api(
    whistle,
    collection="whistles",
    tag="Whistles",
    create=Create(Blow, may=resident | role(*STAFF)),
    verbs={
        "report": Verb(Report, may=called | staff_there),
        "whistle-up": Verb(WhistleUp, may=called | staff_there),
        "accept": Verb(Accept, may=whistlers),
        "refuse": Verb(Refuse, may=whistlers),
        "call-off": Verb(CallOff, may=owner("whistler")),
    },
    open=lambda state, caller: can(state, caller.sub),
    see=concerned,
    shown=shown,
    dossier=Dossier(see=concerned, subject="whistler"),
)

queries = Queries(tags=["Whistles"])


@queries.get("/whistles", may=role(*STAFF), note="of their places")
async def calls(
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    place: PlaceCode | None = None,
    status: Annotated[list[Status] | None, Query()] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Whistles of the caller's places, or of one below them: whose report is due first in front.

    Without `status`: those that somebody still has to report on.
    """
    places = places_of(caller, place, copies["place"])
    page = await store.journal.find(
        "whistle", views.calls(places, status or (), limit=limit, after=decode(cursor))
    )
    return await _listed(page, caller, store, "whistles")


@queries.get("/whistles/called", may=anyone, note="those they are called by")
async def called_for(
    caller: CurrentCaller, store: CurrentStore, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """What the caller is called to report on, the most urgent first."""
    page = await store.journal.find(
        "whistle", views.calls_of(caller.sub, limit=limit, after=decode(cursor))
    )
    return await _listed(page, caller, store, "whistles")


@queries.get("/whistles/mine", may=anyone, note="their own")
async def blown(
    caller: CurrentCaller, store: CurrentStore, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """What the caller has whistled for, the latest first."""
    page = await store.journal.find(
        "whistle", views.blown_by(caller.sub, limit=limit, after=decode(cursor))
    )
    return await _listed(page, caller, store, None)


async def _listed(page: Page, caller: Caller, store: Store, purpose: str | None) -> dict[str, Any]:
    """A page with titles. Whose own they are reads them without a record; `purpose` records it."""
    streams = [whistle.stream(item.id) for item in page.items]
    if purpose is not None and streams:
        await store.journal.record_reading(caller.sub, streams, purpose, store.clock.now())
    dossiers = await store.journal.dossiers(streams)
    items = []
    for item, stream in zip(page.items, streams, strict=True):
        entries = dossiers.get(stream, ())
        titles = (one.data["title"] for one in entries if one.name == "WhistleDescribed")
        state = store.read(whistle, item)
        about = {"id": item.id, "version": item.version, "title": next(titles, None)}
        items.append({**about, **shown(state, caller)})
    return {"items": items, "next": encode(page.next)}
