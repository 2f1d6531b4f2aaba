"""The rules of three-order service (点单 派单 接单)."""

from typing import Any

from services.volunteering.domain.orders.order import order
from services.volunteering.domain.orders.record import order_record
from services.volunteering.domain.orders.service import service
from shared.runtime.aggregate import Aggregate

AGGREGATES: tuple[Aggregate[Any], ...] = (order, order_record, service)
