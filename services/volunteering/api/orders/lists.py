"""Lists of orders, and who could take one."""

from typing import Annotated, Any

from fastapi import Query

from services.volunteering.access import some_staff
from services.volunteering.api.orders.orders import dispatches, orders_api, others, shown
from services.volunteering.domain.orders.matching import weigh
from services.volunteering.domain.orders.order import order
from services.volunteering.domain.orders.state import OPEN_TO_TAKERS, Order, Status
from services.volunteering.searching import takers
from services.volunteering.views.orders import orders_of_places, orders_with
from shared.contracts.types import Code, Id, PlaceCode
from shared.neighbourhood.scopes import scopes
from shared.runtime import cursors
from shared.runtime.api import CurrentCaller, CurrentClock, CurrentCopies, CurrentStore
from shared.runtime.cursors import Cursor, Limit
from shared.runtime.endpoints import verbs_open_to
from shared.runtime.identity import Caller
from shared.runtime.journal import Query as Lookup
from shared.runtime.listing import listed as a_page
from shared.runtime.policies import anyone
from shared.runtime.problems import NotFound
from shared.runtime.queries import Queries
from shared.runtime.store import Store
from shared.runtime.veil import veiled

queries = Queries(tags=["Orders"])


@queries.get("/orders", may=some_staff, note="of their places")
async def work_queue(
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    place: PlaceCode | None = None,
    status: Annotated[list[Status] | None, Query()] = None,
    service: Code | None = None,
    alarmed: bool = False,
    unheard: bool = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Orders of the caller's places, the latest first: with `alarmed` those that an office must
    look at, with `unheard` those of them that nobody at the office has heard of.
    """
    query = orders_of_places(
        scopes(caller, place, copies, everywhere="administrator"),
        status or (),
        service=service,
        alarmed=alarmed,
        unheard=unheard,
        limit=limit,
        after=cursors.decode(cursor),
    )
    return await listed(store, caller, query)


@queries.get("/orders/mine", may=anyone, note="for them")
async def mine(
    caller: CurrentCaller, store: CurrentStore, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """What the caller has ordered, or had ordered for them."""
    return await with_caller("resident", caller.sub, caller, store, limit, cursor)


@queries.get("/orders/placed", may=anyone, note="placed by them")
async def placed(
    caller: CurrentCaller, store: CurrentStore, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """What the caller has placed, for themselves or for others."""
    return await with_caller("placed_by", caller.sub, caller, store, limit, cursor)


@queries.get("/orders/offered", may=anyone, note="offered to them now")
async def offered(
    caller: CurrentCaller, store: CurrentStore, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """What the caller is asked to take."""
    return await with_caller("offers.volunteer", caller.sub, caller, store, limit, cursor)


@queries.get("/orders/taken", may=anyone, note="taken by them")
async def taken(
    caller: CurrentCaller, store: CurrentStore, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """What the caller has taken, done or not."""
    return await with_caller("volunteer", caller.sub, caller, store, limit, cursor)


@queries.get("/orders/entrusted", may=anyone, note="to the organisation they act for")
async def entrusted(
    caller: CurrentCaller, store: CurrentStore, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """What the caller's organisation dispatches."""
    if caller.org is None:
        return {"items": [], "next": None}
    return await with_caller("organisation", caller.org, caller, store, limit, cursor)


@queries.get(
    "/orders/{id}/candidates",
    may=anyone,
    note="staff of the place, who acts for the organisation that dispatches it",
)
async def candidates(
    id: Id, caller: CurrentCaller, store: CurrentStore, clock: CurrentClock, fresh: bool = False
) -> dict[str, Any]:
    """Who could take it, the best first, each with the reasons and numbers: as they were weighed
    when they were asked, or with `fresh` as they are now.
    """
    snapshot = await store.get(order, id)
    if snapshot is None or not dispatches(snapshot.state, caller):
        raise NotFound
    state = snapshot.state
    if not fresh or state.status not in OPEN_TO_TAKERS:
        return {"round": state.round, "items": state.weighed}
    found = await takers(store.find, state, clock.now())
    return {"round": None, "items": weigh(state, found, clock.now())}


async def with_caller(
    field: str, person: str, caller: Caller, store: Store, limit: int, cursor: str | None
) -> dict[str, Any]:
    """Orders in which they stand in a field."""
    query = orders_with(field, person, limit=limit, after=cursors.decode(cursor))
    return await listed(store, caller, query)


async def listed(store: Store, caller: Caller, query: Lookup) -> dict[str, Any]:
    """One page, each as the caller would see it alone."""

    def seen(state: Order) -> dict[str, Any]:
        return {
            **veiled(shown(state, caller), others(state, caller)),
            "can": verbs_open_to(orders_api, state, caller, state.path),
        }

    return await a_page(store, order, query, seen)
