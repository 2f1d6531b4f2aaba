"""Every query of credentials is answered from an index."""

from deploy.local.servers import MongoServer
from services.ledger.views import credentials as views
from tests.plans import read_through


async def test_every_query_reads_an_index(mongo: MongoServer, database: str) -> None:
    asked = {
        "credential": {
            "of a holder": views.credentials_of("r"),
            "in force": views.credentials_in_force_of("d"),
            "with a code": views.credential_coded("c"),
        },
        "sealed-document": {
            "held": views.documents_held_by("r"),
            "of a thing": views.documents_of("certificate:c1"),
        },
        "status-list": {"with room": views.lists_with_room()},
    }
    assert await read_through(mongo, database, views.KINDS, asked) == []
