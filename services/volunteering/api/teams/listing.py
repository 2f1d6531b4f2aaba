"""Which teams there are, over HTTP: for everybody; and those that nobody leads, for staff."""

from typing import Any

from services.volunteering.access import some_staff
from services.volunteering.api.teams.teams import seen
from services.volunteering.api.teams.volunteers import must_look_after
from services.volunteering.domain.teams.team import team
from services.volunteering.views.teams import leaderless_teams, teams_of_person, teams_query
from shared.contracts.types import PlaceCode
from shared.contracts.volunteering.teams import TeamKind
from shared.runtime import cursors
from shared.runtime.api import CurrentCaller, CurrentCopies, CurrentStore
from shared.runtime.cursors import Cursor, Limit
from shared.runtime.identity import Caller
from shared.runtime.journal import Query
from shared.runtime.listing import listed as a_page
from shared.runtime.policies import anyone
from shared.runtime.queries import Queries
from shared.runtime.store import Store

queries = Queries(tags=["Teams"])


@queries.get("/teams", may=anyone)
async def list_teams(
    caller: CurrentCaller,
    store: CurrentStore,
    place: PlaceCode | None = None,
    kind: TeamKind | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Teams that there are: at a place or below it, of a kind, or all."""
    asked = teams_query(place=place, kind=kind, limit=limit, after=cursors.decode(cursor))
    return await listed(store, asked, caller)


@queries.get("/teams/mine", may=anyone, note="the caller's own")
async def my_teams(
    caller: CurrentCaller, store: CurrentStore, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """Teams that the caller belongs to."""
    asked = teams_of_person(caller.sub, limit=limit, after=cursors.decode(cursor))
    return await listed(store, asked, caller)


@queries.get("/teams/leaderless", may=some_staff, note="of their places")
async def teams_without_captain(
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    place: PlaceCode,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Teams at a place or below it that nobody leads, and which office has to name a captain."""
    must_look_after(copies, caller, place)
    asked = leaderless_teams(place, limit=limit, after=cursors.decode(cursor))
    page = await store.journal.find("team", asked)
    items = []
    for one in page.items:
        state = store.read(team, one)
        items.append({"id": one.id, **seen(state, caller), "leaderless": state.leaderless})
    return {"items": items, "next": cursors.encode(page.next)}


async def listed(store: Store, asked: Query, caller: Caller) -> dict[str, Any]:
    """One page of teams, as everybody may see them."""
    return await a_page(store, team, asked, lambda state: seen(state, caller))
