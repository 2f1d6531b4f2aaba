"""Lists of disputes over HTTP: one's own, one's organisation's, those of a place."""

from typing import Annotated, Any

from fastapi import Query

from services.mediation.access import some_convenor
from services.mediation.api.disputes.table import disputes_api, shown
from services.mediation.domain.disputes.dispute import dispute
from services.mediation.domain.disputes.dispute_state import Status
from services.mediation.views.disputes import disputes_below, disputes_of
from shared.contracts.mediation.disputes import DisputeKind
from shared.contracts.types import PlaceCode
from shared.neighbourhood.scopes import scopes
from shared.runtime.api import CurrentCaller, CurrentCopies, CurrentStore
from shared.runtime.cursors import Cursor, Limit, decode
from shared.runtime.identity import Caller
from shared.runtime.listing import listed
from shared.runtime.policies import anyone
from shared.runtime.problems import Forbidden
from shared.runtime.queries import Queries
from shared.runtime.store import Store

GOING_ON = (Status.FILED, Status.INVITED, Status.MEDIATING, Status.AGREED)

queries = Queries(tags=[disputes_api.tag])


@queries.get("/disputes", may=some_convenor, note="of their places, without words")
async def disputes_there(
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    place: PlaceCode | None = None,
    status: Annotated[list[Status] | None, Query()] = None,
    kind: DisputeKind | None = None,
    late: bool = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """What is going on at a place or below, the oldest first; `late`: where something was not done
    in time.
    """
    asked = disputes_below(
        scopes(caller, place, copies),
        status or GOING_ON,
        kind=kind,
        late=late,
        limit=limit,
        after=decode(cursor),
    )
    return await listed(store, dispute, asked, lambda state: shown(state, caller))


@queries.get("/disputes/mine", may=anyone, note="those they are in")
async def my_disputes(
    caller: CurrentCaller, store: CurrentStore, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """Disputes that the caller is or was in, or speaks in for somebody, the latest first."""
    return await _of("people", caller.sub, caller, store, limit, cursor)


@queries.get("/disputes/filed", may=anyone, note="filed by themselves")
async def filed_disputes(
    caller: CurrentCaller, store: CurrentStore, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """Disputes that the caller filed, for themselves or somebody else, the latest first."""
    return await _of("filed_by", caller.sub, caller, store, limit, cursor)


@queries.get("/disputes/mediated", may=anyone, note="those they mediate")
async def mediated_disputes(
    caller: CurrentCaller, store: CurrentStore, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """Disputes that the caller mediates or mediated, the latest first."""
    return await _of("mediator", caller.sub, caller, store, limit, cursor)


@queries.get("/disputes/of-organisation", may=anyone, note="of whom they act for")
async def disputes_of_organisation(
    caller: CurrentCaller, store: CurrentStore, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """Disputes with the organisation that the caller's token names, the latest first."""
    if caller.org is None:
        raise Forbidden()
    return await _of("parties.organisation", caller.org, caller, store, limit, cursor)


async def _of(
    field: str, who: str, caller: Caller, store: Store, limit: int, cursor: str | None
) -> dict[str, Any]:
    asked = disputes_of(field, who, limit, decode(cursor))
    return await listed(store, dispute, asked, lambda state: shown(state, caller))
