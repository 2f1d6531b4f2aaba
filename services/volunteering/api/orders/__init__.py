"""Over HTTP: three-order service (点单 派单 接单)."""

from services.volunteering.api.orders import lists, orders, services
from services.volunteering.api.orders.orders import order_records_api, orders_api
from services.volunteering.api.orders.services import services_api
from shared.runtime.api import AggregateApi, all_fields
from shared.runtime.own_data import Held
from shared.runtime.queries import Queries

APIS: tuple[AggregateApi, ...] = (services_api, orders_api, order_records_api)
QUERIES: tuple[Queries, ...] = (services.queries, lists.queries)
HELD = (
    Held(orders_api, "resident"),
    Held(orders_api, "volunteer", orders.as_taken),
    Held(order_records_api, "_id", all_fields),
)
