"""Every query over wishes is answered from an index."""

from deploy.local.servers import MongoServer
from services.volunteering.domain.wishes.wish_state import Status
from services.volunteering.views import wishes as views
from tests.plans import read_through

ASKED = {
    "at places": views.wishes_below(["p", "q"], [Status.POSTED], late=True),
    **{
        f"in which somebody is {field}": views.wishes_of(field, "r")
        for field in ("owner", "poster", "organisers", "served_by")
    },
    "of an owner, for reactions": views.all_wishes_of("owner", "r"),
    "claimed by a team": views.claims_of_team("t"),
}


async def test_every_query_reads_an_index(mongo: MongoServer, database: str) -> None:
    assert await read_through(mongo, database, views.KINDS, {"wish": ASKED}) == []
