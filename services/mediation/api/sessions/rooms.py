"""Rooms over HTTP: what there is, and when it is taken; by whom nobody sees."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.mediation.access import convenor_there
from services.mediation.domain.sessions.room import (
    CloseRoom,
    OpenRoom,
    ReviseRoom,
    Room,
    open_verbs,
    room,
)
from services.mediation.domain.sessions.room_day import day_id, room_day
from services.mediation.views.sessions import rooms_at
from shared.contracts.types import Code, PlaceCode
from shared.neighbourhood.scopes import path_of
from shared.runtime.api import (
    AggregateApi,
    Create,
    CurrentCopies,
    CurrentStore,
    Verb,
    aggregate_api,
)
from shared.runtime.copies import Copies
from shared.runtime.cursors import Cursor, Limit, decode
from shared.runtime.listing import listed
from shared.runtime.policies import anyone
from shared.runtime.problems import NotFound
from shared.runtime.queries import Queries


def lies_in(copies: Copies, state: Room | None, command: Any) -> Sequence[str]:
    """The path of its place."""
    return path_of(copies, command.place if state is None else state.place)


rooms_api: AggregateApi = aggregate_api(
    room,
    collection="rooms",
    tag="Rooms",
    create=Create(OpenRoom, may=convenor_there, id=lambda command: command.room),
    verbs={
        "revise": Verb(ReviseRoom, may=convenor_there),
        "close": Verb(CloseRoom, may=convenor_there),
    },
    open=lambda state, _caller: open_verbs(state),
    see=anyone,
    lies_in=lies_in,
)

queries = Queries(tags=["Rooms"])


@queries.get("/rooms", may=anyone)
async def list_rooms(
    place: PlaceCode,
    store: CurrentStore,
    copies: CurrentCopies,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """The rooms at a place and at those above it."""
    path = path_of(copies, place)
    if not path:
        raise NotFound
    shown = ("place", "name", "capacity", "hours")
    asked = rooms_at(path, limit, decode(cursor))
    return await listed(
        store, room, asked, lambda state: {name: getattr(state, name) for name in shown}
    )


@queries.get("/rooms/{id}/days/{day}", may=anyone, note="without by whom")
async def taken_times(id: Code, day: date, store: CurrentStore) -> dict[str, Any]:
    """When a room is taken on a day."""
    known = await store.get(room, id)
    if known is None:
        raise NotFound
    booked = await store.get(room_day, day_id(id, day.isoformat()))
    bookings = () if booked is None else booked.state.bookings
    taken = [{"begin": one.begin, "end": one.end} for one in bookings]
    return {"room": id, "day": day, "open": known.state.open, "taken": taken}
