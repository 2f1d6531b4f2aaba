"""The people of a team over HTTP: its members and applicants, for those who lead it. Every reading
of a dossier is recorded.
"""

from collections.abc import Sequence
from typing import Any

from services.volunteering.api.teams.teams import keeps
from services.volunteering.domain.teams.team import team
from services.volunteering.domain.teams.team_state import Team
from services.volunteering.domain.teams.volunteer import volunteer
from services.volunteering.domain.teams.volunteer_state import Volunteer, is_minor
from services.volunteering.views.teams import members_of
from shared.contracts.types import Id
from shared.runtime import cursors
from shared.runtime.api import CurrentCaller, CurrentStore
from shared.runtime.cursors import Cursor, Limit
from shared.runtime.identity import Caller
from shared.runtime.policies import anyone
from shared.runtime.problems import NotFound
from shared.runtime.queries import Queries
from shared.runtime.store import Store
from shared.worktime.hours import CHINA

queries = Queries(tags=["Teams"])


@queries.get("/teams/{id}/members", may=anyone, note="its leaders, staff of its place")
async def members(
    id: Id, caller: CurrentCaller, store: CurrentStore, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """Who belongs to a team, how to reach them, and what they are fit for."""
    await kept_by(store, caller, id)
    asked = members_of(id, limit=limit, after=cursors.decode(cursor))
    page = await store.journal.find("volunteer", asked)
    people = [(one.id, store.read(volunteer, one)) for one in page.items]
    items = await described(store, caller, id, people)
    return {"items": items, "next": cursors.encode(page.next)}


@queries.get("/teams/{id}/applicants", may=anyone, note="its leaders, staff of its place")
async def applicants(id: Id, caller: CurrentCaller, store: CurrentStore) -> dict[str, Any]:
    """Who asks to be taken in, since when, how to reach them, and what they are fit for."""
    state = await kept_by(store, caller, id)
    since = {one.person: one.since for one in state.applicants}
    stored = await store.journal.load("volunteer", list(since))
    people = [(each, store.read(volunteer, stored[each])) for each in since if each in stored]
    items = await described(store, caller, id, people)
    return {"items": [{**one, "since": since[one["id"]]} for one in items], "next": None}


async def kept_by(store: Store, caller: Caller, id: str) -> Team:
    """The team, for those who keep it; raises `NotFound` for others."""
    snapshot = await store.get(team, id)
    if snapshot is None or not keeps.allows(caller, snapshot.state, None, snapshot.state.path):
        raise NotFound
    return snapshot.state


async def described(
    store: Store, caller: Caller, team: str, people: Sequence[tuple[str, Volunteer]]
) -> list[dict[str, Any]]:
    """What those who lead a team need to know of its people; that it was read is recorded."""
    purpose = f"people of team {team}"
    streams = [volunteer.stream(id) for id, _ in people]
    if streams:
        await store.journal.record_reading(caller.sub, streams, purpose, store.clock.now())
    dossiers = await store.journal.dossiers(streams)
    today = store.clock.now().astimezone(CHINA).date()
    items = []
    for (id, state), stream in zip(people, streams, strict=True):
        words = [one for one in dossiers.get(stream, []) if one.name == "VolunteerDescribed"]
        items.append(
            {
                "id": id,
                "described": dict(words[-1].data) if words else None,
                "skills": state.skills,
                "free": state.free,
                "trainings": state.trainings,
                "insured_until": state.insured_until,
                "suspended_until": state.suspended_until,
                "under_age": is_minor(state, today),
                "consent_until": state.consent_until,
                "consent_works": state.consent_works,
                "consent_latest": state.consent_latest,
                "memberships": [one for one in state.memberships if one.team == team],
            }
        )
    return items
