"""Every query over activities is answered from an index, and what is shown in order is read so."""

from datetime import UTC, datetime

from deploy.local.servers import MongoServer
from services.volunteering.domain.activities.state import Status
from services.volunteering.views import activities as views
from shared.runtime.journal import Query
from tests.plans import read_through, sorted_anew

NOW = datetime(2026, 3, 4, 2, tzinfo=UTC)
IN_ORDER = {
    "at a place": views.listing(place="p"),
    "at a place, over": views.listing(place="p", statuses=[Status.DONE], until=NOW),
    "everywhere": views.listing(since=NOW),
    **{f"somebody's as {part}": views.of_person("v", part, since=NOW) for part in views.Part},
    "at the office": views.at_the_office(["p"]),
    "at places": views.at_places(["p", "q"], views.LIVE, since=NOW),
}
FEW = {
    "of a team": views.listing(team="t"),
    "all of a team": views.of("team", "t"),
    "of a series": views.of("series", "s", statuses=[Status.OPEN]),
    "whoever is on it": Query({"people": "v", "status": {"$in": ["open"]}}),
}


async def test_every_query_reads_an_index(mongo: MongoServer, database: str) -> None:
    asked = {"activity": {**IN_ORDER, **FEW}}
    assert await read_through(mongo, database, views.KINDS, asked) == []


async def test_what_is_shown_in_order_of_time_is_read_so(mongo: MongoServer, database: str) -> None:
    assert await sorted_anew(mongo, database, views.KINDS, {"activity": IN_ORDER}) == []
