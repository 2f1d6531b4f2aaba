"""Sessions over HTTP: lists, and minutes for those to whom they are given."""

from typing import Annotated, Any

from fastapi import Query

from services.mediation.access import convenor_there
from services.mediation.api.sessions.table import shown
from services.mediation.domain.disputes.dispute import dispute
from services.mediation.domain.sessions.releasing import may_read
from services.mediation.domain.sessions.session import session
from services.mediation.domain.sessions.session_state import Status
from services.mediation.views.sessions import sessions_of, sessions_seen
from shared.contracts.types import Id
from shared.runtime.api import CurrentCaller, CurrentClock, CurrentStore, show_dossier
from shared.runtime.cursors import Cursor, Limit, decode
from shared.runtime.listing import listed
from shared.runtime.policies import anyone
from shared.runtime.problems import NotFound
from shared.runtime.queries import Queries

queries = Queries(tags=["Sessions"])


@queries.get("/sessions", may=anyone, note="theirs; to convenors all but private talks")
async def list_sessions(
    of: Id, caller: CurrentCaller, store: CurrentStore, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """The sessions of a dispute, the first first."""
    known = await store.get(dispute, of)
    if known is None:
        raise NotFound
    state = known.state
    in_it = caller.sub in (*state.people, *state.panel, state.mediator)
    organises = convenor_there.allows(caller, state, None, state.path)
    if not in_it and not organises:
        raise NotFound
    seen = sessions_seen(of, caller.sub if in_it else None, limit, decode(cursor))
    return await listed(store, session, seen, lambda state: shown(state, caller))


@queries.get("/sessions/mine", may=anyone, note="to which they are invited, or were")
async def my_sessions(
    caller: CurrentCaller,
    store: CurrentStore,
    status: Annotated[list[Status] | None, Query()] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """The caller's sessions, the latest first."""
    asked = sessions_of(caller.sub, status, limit, decode(cursor))
    return await listed(store, session, asked, lambda state: shown(state, caller))


@queries.get("/sessions/{id}/released", may=anyone, note="who has them given by all parties")
async def released_minutes(
    id: Id, caller: CurrentCaller, store: CurrentStore, clock: CurrentClock
) -> dict[str, Any]:
    """The minutes, for somebody outside to whom every party has them given. The reading is
    recorded.
    """
    known = await store.get(session, id)
    if known is None or known.state.minutes is None:
        raise NotFound
    state, minutes = known.state, known.state.minutes
    release = may_read(state, caller.sub, clock.now())
    if release is None:
        raise NotFound
    entries = await show_dossier(store, caller, session.stream(id), f"release {release.number}")
    texts = [
        one.data["text"]
        for one in entries
        if one.name == "MinutesWritten" and one.data["version"] == minutes.version
    ]
    if not texts:
        raise NotFound
    return {
        "session": id,
        "begun": state.begun,
        "ended": state.ended,
        "version": minutes.version,
        "text": texts[-1],
        "until": release.until,
    }
