"""What the three lists have in common: pages with titles, and who is kept from whom."""

from collections.abc import Callable, Mapping
from typing import Any

from services.volunteering.access import STAFF
from shared.runtime.api import AggregateApi
from shared.runtime.cursors import encode
from shared.runtime.identity import Caller
from shared.runtime.journal import Query
from shared.runtime.policies import Policy
from shared.runtime.store import Store
from shared.runtime.veil import veiled


def is_staff(caller: Caller) -> bool:
    """Whether they work for a place: they may know who offers and accepts."""
    return bool(caller.roles & {*STAFF, "administrator"})


def acts_for(*fields: str) -> Policy:
    """The caller's token says that they act for the organisation in one of these fields of the
    state, or for one of those in it.
    """

    def stands_in(value: Any, org: str) -> bool:
        return org == value if isinstance(value, str) else org in (value or ())

    return Policy(
        f"who acts for the {' or '.join(fields)}",
        lambda caller, state, _command, _path: (
            caller.org is not None
            and any(stands_in(getattr(state, one, None), caller.org) for one in fields)
        ),
    )


async def listed(
    api: AggregateApi,
    words: str,
    query: Query,
    caller: Caller,
    store: Store,
    more: Callable[[Any], Mapping[str, Any]] = lambda _state: {},
) -> dict[str, Any]:
    """A page of what matches, each with the title and text of its latest entry called `words`."""
    page = await store.journal.find(api.aggregate.kind, query)
    streams = [api.aggregate.stream(item.id) for item in page.items]
    dossiers = await store.journal.dossiers(streams)
    items = []
    for item, stream in zip(page.items, streams, strict=True):
        state = store.read(api.aggregate, item)
        said = next(
            (one.data for one in reversed(dossiers.get(stream, ())) if one.name == words), {}
        )
        shown = {
            "id": item.id,
            "version": item.version,
            "title": said.get("title"),
            "text": said.get("text"),
            **api.shown(state, caller),
            **more(state),
        }
        items.append(veiled(shown, api.veil(state, caller)))
    return {"items": items, "next": encode(page.next)}
