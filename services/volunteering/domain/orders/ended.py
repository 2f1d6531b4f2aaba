"""That an order is not done: said the same way by whatever chapter it comes to."""

from services.volunteering.domain.orders.state import Order
from shared.contracts.event import Event
from shared.contracts.volunteering.orders import OrderEnded


def ended(order: Order, because: str, by: str | None) -> list[Event]:
    """It is over, and that is why."""
    return [
        OrderEnded(
            order.order,
            order.service,
            order.host,
            order.placed_by,
            order.volunteer,
            tuple(one.volunteer for one in order.offers),
            because,
            by,
        )
    ]
