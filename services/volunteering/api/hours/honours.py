"""The honours list (光荣榜) of a year: who served most, of those who agreed to be named."""

from typing import Annotated, Any

from fastapi import Query

from services.volunteering.domain.teams.volunteer import volunteer
from services.volunteering.statistics import Standing, Standings, standings
from shared.contracts.types import Id, PlaceCode, Year
from shared.runtime.api import CurrentCaller, CurrentClock, CurrentCopies, CurrentStore
from shared.runtime.policies import anyone
from shared.runtime.problems import NotFound
from shared.runtime.queries import Queries
from shared.runtime.remembered import RememberedFigures
from shared.runtime.store import Store
from shared.worktime.hours import CHINA

MOST_NAMED = 200
AT_ONCE = 500
"""Volunteers looked up at once."""

queries = Queries(tags=["Statistics"])


@queries.get("/honours", may=anyone, note="those who agreed to be named; others are counted only")
async def honours(
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    clock: CurrentClock,
    year: Year | None = None,
    place: PlaceCode | None = None,
    team: Id | None = None,
    limit: Annotated[int, Query(ge=1, le=MOST_NAMED)] = 50,
) -> dict[str, Any]:
    """Who served longest in a year (this one): everywhere, at a place or below it, in a team. Ranks
    count everybody; named are those who agreed to it, `people` and `minutes` are those of all.
    """
    if place is not None and place not in copies["place"]:
        raise NotFound
    now = clock.now()
    which = now.astimezone(CHINA).year if year is None else year
    remembered: RememberedFigures = copies["figures"]
    counted: Standings = await remembered.ask(
        ("honours", which, place, team),
        now,
        lambda moment: standings(store.journal, which, place, team, moment),
    )
    named = await _named(store, counted.people, limit)
    return {
        "year": which,
        "place": place,
        "team": team,
        "as_of": counted.as_of,
        "people": len(counted.people),
        "minutes": sum(one.minutes for one in counted.people),
        "items": named,
    }


async def _named(store: Store, people: tuple[Standing, ...], limit: int) -> list[dict[str, Any]]:
    """The first of those who agree now, with the name that they gave."""
    found: list[Standing] = []
    for begin in range(0, len(people), AT_ONCE):
        some = people[begin : begin + AT_ONCE]
        known = await store.journal.load("volunteer", [one.volunteer for one in some])
        found += [
            one
            for one in some
            if one.volunteer in known and store.read(volunteer, known[one.volunteer]).named
        ]
        if len(found) >= limit:
            break
    found = found[:limit]
    dossiers = await store.journal.dossiers([volunteer.stream(one.volunteer) for one in found])
    names = {
        entry.stream: entry.data["name"]
        for entries in dossiers.values()
        for entry in entries
        if entry.name == "VolunteerDescribed"
    }
    return [
        {
            "rank": one.rank,
            "volunteer": one.volunteer,
            "name": names.get(volunteer.stream(one.volunteer)),
            "minutes": one.minutes,
            "services": one.services,
        }
        for one in found
    ]
