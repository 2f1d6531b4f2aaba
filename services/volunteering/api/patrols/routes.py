"""Patrol routes over HTTP: the table, lists, and the signs that hang at the checkpoints."""

from typing import Any

from services.volunteering.access import for_their_team, organises, some_staff, staff_there
from services.volunteering.api.patrols.where import lies_in, listed, must_look_after
from services.volunteering.check_in_codes import secret_in_use
from services.volunteering.domain.patrols.route import (
    CloseRoute,
    LayOut,
    RenewSign,
    ReviseRoute,
    open_verbs,
    patrol_route,
)
from services.volunteering.sign_codes import code_of
from services.volunteering.views.patrols import routes_kept_by, routes_of
from shared.contracts.types import Id, PlaceCode
from shared.runtime import cursors
from shared.runtime.api import (
    Create,
    CurrentCaller,
    CurrentCopies,
    CurrentStore,
    Verb,
    aggregate_api,
)
from shared.runtime.cursors import Cursor, Limit
from shared.runtime.policies import anyone
from shared.runtime.problems import NotFound
from shared.runtime.queries import Queries

keeps = organises | staff_there

routes_api = aggregate_api(
    patrol_route,
    collection="patrol-routes",
    tag="Patrols",
    create=Create(LayOut, may=staff_there | for_their_team),
    verbs={
        "revise": Verb(ReviseRoute, may=keeps),
        "renew-sign": Verb(RenewSign, may=keeps),
        "close": Verb(CloseRoute, may=keeps),
    },
    open=lambda state, _caller: open_verbs(state),
    see=keeps,
    lies_in=lies_in,
)

queries = Queries(tags=["Patrols"])


@queries.get("/patrol-routes", may=some_staff, note="of their places")
async def list_patrol_routes(
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    place: PlaceCode,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """The routes at a place or below it."""
    must_look_after(copies, caller, place)
    asked = routes_of(place, limit=limit, after=cursors.decode(cursor))
    return await listed(store, "patrol-route", asked)


@queries.get("/patrol-routes/mine", may=anyone, note="that the caller answers for")
async def my_patrol_routes(
    caller: CurrentCaller, store: CurrentStore, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """The routes that the caller answers for."""
    asked = routes_kept_by(caller.sub, limit=limit, after=cursors.decode(cursor))
    return await listed(store, "patrol-route", asked)


@queries.get("/patrol-routes/{id}/signs", may=anyone, note="who answers for it, staff of the place")
async def patrol_signs(
    id: Id, caller: CurrentCaller, store: CurrentStore, copies: CurrentCopies
) -> dict[str, Any]:
    """What stands on the signs of the checkpoints now, to be printed and hung up there."""
    snapshot = await store.get(patrol_route, id)
    if snapshot is None:
        raise NotFound
    route = snapshot.state
    if not keeps.allows(caller, route, None, lies_in(copies, route, None)):
        raise NotFound
    signs = [
        {
            "key": one.key,
            "name": one.name,
            "place": one.place,
            "code": code_of(route, one, secret_in_use()),
        }
        for one in route.checkpoints
    ]
    return {"items": signs, "next": None}
