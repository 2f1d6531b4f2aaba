"""Sessions over HTTP as invitations for calendar programs."""

import asyncio

from fastapi import Response

from services.mediation.calendars import (
    CANCELLED,
    CONFIRMED,
    TENTATIVE,
    Invitation,
    as_icalendar,
)
from services.mediation.domain.sessions.room import Room
from services.mediation.domain.sessions.session import session
from services.mediation.domain.sessions.session_state import Session, Status
from shared.contracts.types import Id
from shared.neighbourhood.place import KnownPlace
from shared.runtime.api import CurrentCaller, CurrentClock, CurrentCopies, CurrentStore
from shared.runtime.copies import Copies
from shared.runtime.policies import anyone
from shared.runtime.problems import NotFound
from shared.runtime.queries import Queries, gives

STATUSES = {
    Status.POLLING: TENTATIVE,
    Status.UNMET: TENTATIVE,
    Status.WAITING: TENTATIVE,
    Status.CALLED_OFF: CANCELLED,
}
"""What a session that was announced stands for in a calendar; else it is confirmed. While another
time is sought it stands where it was last, tentatively.
"""

queries = Queries(tags=["Sessions"])


@queries.get(
    "/sessions/{id}/calendar",
    may=anyone,
    note="who is invited",
    **gives("text/calendar"),
)
async def invitation(
    id: Id,
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    clock: CurrentClock,
) -> Response:
    """The caller's invitation, or that it is called off; before a time was set there is none."""
    known = await store.get(session, id)
    if known is None or caller.sub not in known.state.people:
        raise NotFound
    state, last = known.state, known.state.last
    if last is None:
        raise NotFound
    asked = Invitation(
        id,
        caller.sub,
        last.begin,
        last.end,
        where(state, copies),
        STATUSES.get(state.status, CONFIRMED),
        state.sequence,
        organises=state.circle.mediator == caller.sub,
    )
    written = await asyncio.to_thread(as_icalendar, asked, clock.now())
    headers = {"Cache-Control": "private, no-store"}
    return Response(written, media_type=asked.media_type, headers=headers)


def where(state: Session, copies: Copies) -> str:
    """The name of the room, and of its place. Where it is held elsewhere, the dossier says it."""
    room: Room | None = None if state.room is None else copies["room"].get(state.room)
    if room is None:
        return ""
    place: KnownPlace | None = copies["place"].get(room.place)
    return room.name if place is None else f"{place.name} {room.name}"
