"""Shops over HTTP: the table, and where points are taken."""

from collections.abc import Sequence
from typing import Any

from services.volunteering.access import acts_for_the_shop, convenor_there
from services.volunteering.domain.bank.shop import (
    Admit,
    CloseShop,
    ReopenShop,
    Shop,
    open_verbs,
    shop,
)
from services.volunteering.views.bank import shops_at
from shared.contracts.types import PlaceCode
from shared.neighbourhood.scopes import path_of
from shared.runtime import cursors
from shared.runtime.api import Create, CurrentCaller, CurrentStore, Verb, aggregate_api
from shared.runtime.copies import Copies
from shared.runtime.cursors import Cursor, Limit
from shared.runtime.policies import anyone
from shared.runtime.queries import Queries


def lies_in(copies: Copies, state: Shop | None, command: Any) -> Sequence[str]:
    """Where the shop is."""
    return path_of(copies, command.place) if state is None else state.path


shops_api = aggregate_api(
    shop,
    collection="shops",
    tag="Points bank",
    create=Create(Admit, may=convenor_there, id=lambda command: command.shop),
    verbs={
        "close": Verb(CloseShop, may=convenor_there),
        "reopen": Verb(ReopenShop, may=convenor_there),
    },
    open=lambda state, _caller: open_verbs(state),
    # What it has taken is between the shop and the community.
    see=acts_for_the_shop | convenor_there,
    lies_in=lies_in,
)

queries = Queries(tags=["Points bank"])


@queries.get("/shops", may=anyone)
async def list_shops(
    caller: CurrentCaller,
    store: CurrentStore,
    place: PlaceCode,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """The shops at a place or below it, without what they took."""
    asked = shops_at(place, limit=limit, after=cursors.decode(cursor))
    page = await store.journal.find(shop.kind, asked)
    items = [
        {"id": stored.id, "status": stored.state["status"], "place": stored.state["place"]}
        for stored in page.items
    ]
    return {"items": items, "next": cursors.encode(page.next)}
