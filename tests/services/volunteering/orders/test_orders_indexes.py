"""Every query over orders is answered from an index."""

from deploy.local.servers import MongoServer
from services.volunteering.domain.orders.state import Status
from services.volunteering.views import orders, teams
from shared.runtime.journal import Kind
from tests.plans import read_through

FIELDS = ("resident", "placed_by", "volunteer", "offers.volunteer", "organisation")
ORDERS = {
    "work queue": orders.orders_of_places(["p"], ()),
    "work queue of two places": orders.orders_of_places(["p", "q"], [Status.SEEKING]),
    "of a service": orders.orders_of_places(["p"], [Status.DONE], service="repair"),
    "alarmed": orders.orders_of_places(["p"], (), alarmed=True),
    "unheard": orders.orders_of_places(["p"], (), unheard=True),
    "unheard at an office": orders.unheard_at("p"),
    **{field: orders.orders_with(field, "r") for field in FIELDS},
}
VOLUNTEERS = {
    "could take it": orders.could_take("p", "repair", backwards=False),
    "anybody": orders.could_take("p", None, backwards=True),
}
RECORDS = {f"records {n}": query for n, query in enumerate(orders.records_of(["a", "b"]))}


async def test_every_query_reads_an_index(mongo: MongoServer, database: str) -> None:
    asked = {"order": ORDERS, "volunteer": VOLUNTEERS, "order-record": RECORDS}
    kinds = (*orders.KINDS, *teams.KINDS, Kind("order-record"))
    assert await read_through(mongo, database, kinds, asked) == []
