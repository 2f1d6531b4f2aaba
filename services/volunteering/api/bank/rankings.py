"""Rankings of a year over HTTP: only who agreed is named, and nobody else is shown."""

from typing import Any

from services.volunteering.domain.bank.account import account
from services.volunteering.domain.bank.legs import person_account
from services.volunteering.domain.bank.state import score_of
from services.volunteering.domain.teams.team_state import Team
from services.volunteering.domain.teams.volunteer import volunteer
from services.volunteering.views.bank import ranking
from services.volunteering.views.teams import members_of
from shared.contracts.types import Id, PlaceCode, Year
from shared.runtime import cursors
from shared.runtime.api import CurrentClock, CurrentCopies, CurrentStore
from shared.runtime.cursors import Cursor, Limit
from shared.runtime.journal import Stored
from shared.runtime.policies import anyone
from shared.runtime.problems import NotFound
from shared.runtime.queries import Queries
from shared.runtime.store import Store
from shared.worktime.hours import CHINA

MEMBERS_AT_ONCE = 200

queries = Queries(tags=["Points bank"])


@queries.get("/rankings/volunteers", may=anyone, note="those who agreed to be named")
async def volunteers_ranked(
    store: CurrentStore,
    clock: CurrentClock,
    place: PlaceCode,
    year: Year | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """The volunteers of a place and of what is below it by the points that their work of a year has
    earned: of this year where none is named; years before the last are not kept.

    Who did not agree to be named is left out of the page.
    """
    counted = year or clock.now().astimezone(CHINA).year
    asked = ranking(place, counted, of_teams=False, limit=limit, after=cursors.decode(cursor))
    page = await store.journal.find(account.kind, asked)
    items = await named(store, page.items, counted)
    return {"year": counted, "items": items, "next": cursors.encode(page.next)}


@queries.get("/rankings/teams", may=anyone)
async def teams_ranked(
    store: CurrentStore,
    copies: CurrentCopies,
    clock: CurrentClock,
    place: PlaceCode,
    year: Year | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """The teams of a place and of what is below it by what their members' work of a year has earned
    for them.
    """
    counted = year or clock.now().astimezone(CHINA).year
    asked = ranking(place, counted, of_teams=True, limit=limit, after=cursors.decode(cursor))
    page = await store.journal.find(account.kind, asked)
    items = []
    for stored in page.items:
        state = store.read(account, stored)
        known: Team | None = copies["team"].get(state.holder)
        items.append(
            {
                "team": state.holder,
                "name": None if known is None else known.name,
                "points": score_of(state, counted),
            }
        )
    return {"year": counted, "items": items, "next": cursors.encode(page.next)}


@queries.get("/rankings/teams/{id}", may=anyone, note="those who agreed to be named")
async def members_ranked(
    id: Id,
    store: CurrentStore,
    copies: CurrentCopies,
    clock: CurrentClock,
    year: Year | None = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """The members of a team by the points that their work of a year has earned, the first ones."""
    if id not in copies["team"]:
        raise NotFound
    counted = year or clock.now().astimezone(CHINA).year
    found: list[dict[str, Any]] = []
    members = members_of(id, limit=MEMBERS_AT_ONCE)
    while True:
        page = await store.journal.find(volunteer.kind, members)
        accounts = [person_account(one.id) for one in page.items]
        there = await store.journal.load(account.kind, accounts)
        found += await named(store, list(there.values()), counted)
        if page.next is None:
            break
        members = members_of(id, limit=MEMBERS_AT_ONCE, after=page.next)
    found.sort(key=lambda one: (-one["points"], one["volunteer"]))
    return {"year": counted, "team": id, "items": found[:limit]}


async def named(store: Store, stored: list[Stored], year: int) -> list[dict[str, Any]]:
    """Of these accounts, whose holders agreed to be named, with what the year has earned."""
    states = [store.read(account, one) for one in stored]
    people = await store.journal.load(volunteer.kind, [state.holder for state in states])
    agreed = {id for id, one in people.items() if store.read(volunteer, one).named}
    return [
        {"volunteer": state.holder, "points": points}
        for state in states
        if state.holder in agreed and (points := score_of(state, year))
    ]
