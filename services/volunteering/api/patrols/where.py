"""Where patrols lie, and who may look at those of a place."""

from collections.abc import Sequence
from typing import Any

from services.volunteering.access import staff_there
from shared.runtime import cursors
from shared.runtime.copies import Copies
from shared.runtime.identity import Caller
from shared.runtime.journal import Query
from shared.runtime.problems import NotFound
from shared.runtime.store import Store


def lies_in(copies: Copies, state: Any, command: Any) -> Sequence[str]:
    """The path of the place, as it is now."""
    known = copies["place"].get(command.place if state is None else state.place)
    return () if known is None else tuple(known.path)


def must_look_after(copies: Copies, caller: Caller, place: str) -> None:
    """Raises `NotFound` unless the place is there and the caller works for it."""
    known = copies["place"].get(place)
    if known is None or not staff_there.allows(caller, None, None, known.path):
        raise NotFound


async def listed(store: Store, kind: str, asked: Query) -> dict[str, Any]:
    """One page of the states that match."""
    page = await store.journal.find(kind, asked)
    items = [{"id": one.id, "version": one.version, **one.state} for one in page.items]
    return {"items": items, "next": cursors.encode(page.next)}
