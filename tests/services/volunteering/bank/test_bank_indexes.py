"""Every query over the points bank is answered from an index."""

from deploy.local.servers import MongoServer
from services.volunteering.views import bank
from tests.plans import read_through

ASKED = {
    "account": {
        "kept by somebody": bank.accounts_kept_by("a"),
        "volunteers of an even year": bank.ranking("p", 2026, of_teams=False),
        "volunteers of an odd year": bank.ranking("p", 2027, of_teams=False),
        "teams": bank.ranking("p", 2026, of_teams=True),
    },
    "reward": {
        "at a place": bank.rewards_at("p"),
        "of a shop": bank.rewards_of("o"),
        "reserved for": bank.reserved_for("person:a"),
    },
    "shop": {"at a place": bank.shops_at("p")},
}


async def test_every_query_reads_an_index(mongo: MongoServer, database: str) -> None:
    assert await read_through(mongo, database, bank.KINDS, ASKED) == []
