"""Every query over disputes is answered from an index."""

from deploy.local.servers import MongoServer
from services.mediation.domain.disputes.dispute_state import Status
from services.mediation.views import disputes as views
from tests.plans import read_through

ASKED = {
    "at places": views.disputes_below(["p", "q"], list(Status), late=True),
    **{f"with somebody as {role}": views.disputes_of(role, "r") for role in views.ROLES},
    **{f"for reactions, {role}": views.all_disputes_of(role, "r") for role in views.BELONGS_TO},
}


async def test_every_query_reads_an_index(mongo: MongoServer, database: str) -> None:
    assert await read_through(mongo, database, views.KINDS, {"dispute": ASKED}) == []
