"""The search for who could take an order: by skill, nearest part of the place tree first.

The whole of a part is looked at before who is farther away is, so that everybody who is equally
near has the same chance; of a very large part as many as `MOST_LOOKED_AT`, from its beginning or,
every other time, from its end.
"""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Protocol, TypeVar

from services.volunteering.domain.orders.matching import Found, unfit
from services.volunteering.domain.orders.record import OrderRecord, order_record
from services.volunteering.domain.orders.state import Order
from services.volunteering.domain.teams.volunteer import volunteer
from services.volunteering.domain.teams.volunteer_state import Volunteer
from services.volunteering.views.orders import could_take, records_of
from shared.contracts.types import Level
from shared.runtime.aggregate import Aggregate
from shared.runtime.journal import Query

S = TypeVar("S")

ENOUGH = 20
"""When so many fit, nobody farther away is looked for."""
MOST_LOOKED_AT = 1_000
"""Volunteers looked at for one round."""


class Find(Protocol):
    """How a service's own things are looked for: `shared.runtime.reactions.Do.find`."""

    def __call__(self, aggregate: Aggregate[S], query: Query) -> AsyncIterator[tuple[str, S]]:
        """Id and state of everything that matches."""
        ...


def parts(order: Order) -> Iterator[str]:
    """The parts of the place tree in which takers are looked for, the smallest first."""
    last = order.street if order.level is Level.STREET else order.community
    for code in reversed(order.path):
        yield code
        if code == last:
            return


async def takers(find: Find, order: Order, now: datetime) -> tuple[Found, ...]:
    """Who might take the order. Raises `shared.runtime.journal.Unavailable`."""
    seen: dict[str, Volunteer] = {}
    fit = 0
    for part in parts(order):
        backwards = order.round % 2 == 0
        async for person, state in find(volunteer, could_take(part, order.asks.skill, backwards)):
            if person in seen:
                continue
            if len(seen) == MOST_LOOKED_AT:
                break
            seen[person] = state
            fit += person not in order.out and unfit(order, person, state, now) is None
        if fit >= ENOUGH or len(seen) == MOST_LOOKED_AT:
            break
    records = await records_found(find, list(seen))
    return tuple(
        Found(person, state, records.get(person, OrderRecord())) for person, state in seen.items()
    )


async def records_found(find: Find, persons: list[str]) -> dict[str, OrderRecord]:
    """The records of these persons, of those who have one."""
    return {
        person: record
        for query in records_of(persons)
        async for person, record in find(order_record, query)
    }
