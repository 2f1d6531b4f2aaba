"""Which teams there are, over HTTP: for everybody; and those that nobody leads, for staff."""

from collections.abc import Mapping
from typing import Any

from services.volunteering.access import some_staff
from services.volunteering.api.teams.teams import teams_api
from services.volunteering.api.teams.volunteers import must_look_after
from services.volunteering.domain.teams.team import team
from services.volunteering.domain.teams.team_state import Team, member_of
from services.volunteering.views.teams import leaderless_teams, teams_of_person, teams_query
from shared.contracts.types import Id, PlaceCode
from shared.contracts.volunteering.teams import TeamKind
from shared.runtime import cursors
from shared.runtime.api import CurrentCaller, CurrentCopies, CurrentStore
from shared.runtime.cursors import Cursor, Limit
from shared.runtime.endpoints import verbs_open_to
from shared.runtime.identity import Caller
from shared.runtime.journal import Query
from shared.runtime.policies import anyone
from shared.runtime.problems import NotFound
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


@queries.get("/teams/{id}/charter", may=anyone)
async def charter(id: Id, caller: CurrentCaller, copies: CurrentCopies) -> dict[str, Any]:
    """A team as everybody may see it, with its charter, and what the caller can do there."""
    state: Team | None = copies["team"].get(id)
    if state is None:
        raise NotFound
    return {
        "id": id,
        **seen(state, caller),
        "charter": state.charter,
        "least_age": state.least_age,
        "most_age": state.most_age,
        "can": verbs_open_to(teams_api, state, caller, state.path),
    }


def seen(state: Team, caller: Caller) -> Mapping[str, Any]:
    """What everybody sees of a team, and what the caller is in it."""
    return {
        "kind": state.kind,
        "name": state.name,
        "place": state.place,
        "status": state.status,
        "suspended_until": state.suspended_until,
        "captain": state.captain,
        "deputies": state.deputies,
        "size": len(state.members),
        "belonging": member_of(state, caller.sub) is not None,
        "applied": any(one.person == caller.sub for one in state.applicants),
        "asked_to_lead": state.sought is not None and state.sought.person == caller.sub,
    }


async def listed(store: Store, asked: Query, caller: Caller) -> dict[str, Any]:
    """One page of teams, as everybody may see them."""
    page = await store.journal.find("team", asked)
    items = [
        {"id": one.id, "version": one.version, **seen(store.read(team, one), caller)}
        for one in page.items
    ]
    return {"items": items, "next": cursors.encode(page.next)}
