"""A page of a list as it is answered: each thing with id, version and what is shown of it."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from shared.runtime import cursors
from shared.runtime.aggregate import Aggregate
from shared.runtime.journal import Query
from shared.runtime.store import Store

S = TypeVar("S")


async def listed(
    store: Store,
    aggregate: Aggregate[S],
    asked: Query,
    shown: Callable[[S], Mapping[str, Any]],
) -> dict[str, Any]:
    """The page that is asked for; `shown` is what the caller sees of a thing in this state.
    ``next`` is the cursor of the page after it, None for the last.
    """
    page = await store.journal.find(aggregate.kind, asked)
    items = [
        {"id": item.id, "version": item.version, **shown(store.read(aggregate, item))}
        for item in page.items
    ]
    return {"items": items, "next": cursors.encode(page.next)}
