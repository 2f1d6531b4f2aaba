"""Which events lead to which commands of sessions and rooms."""

from services.mediation.domain.sessions.room_day import (
    ConfirmRoom,
    FreeRoom,
    HoldRoom,
    day_id,
    room_day,
)
from services.mediation.domain.sessions.session import session
from services.mediation.domain.sessions.session_commands import (
    ForgetPerson,
    KeepRoom,
    LearnCircle,
    LinkNext,
    LoseRoom,
    MissRoom,
)
from services.mediation.views.sessions import all_sessions_of, sessions_in, sessions_in_room
from shared.contracts import community
from shared.contracts.mediation.agreements import AgreementSigned
from shared.contracts.mediation.disputes import (
    DisputeEnded,
    DisputeReopened,
    PartyLeft,
    RepresentativeNamed,
)
from shared.contracts.mediation.panels import (
    MediatorAppointed,
    MediatorReleased,
    PanelComplete,
    PanelMemberLeft,
)
from shared.contracts.mediation.sessions import (
    RoomClosed,
    RoomHeld,
    RoomRefused,
    SessionConvened,
    SessionRoomGivenUp,
    SessionRoomWanted,
    SessionSet,
)
from shared.runtime.reactions import About, Do, Reactions

reactions = Reactions()


# --- rooms: asked for, held, confirmed, given up -------------------------------------------------


@reactions.on(SessionRoomWanted)
async def hold_room(event: SessionRoomWanted, about: About, do: Do) -> None:
    """The room's day decides who has it."""
    asked = HoldRoom(event.session, event.room, event.begin, event.end, event.turn)
    await do(room_day, day_id(event.room, event.day), asked)


@reactions.on(RoomHeld)
async def keep_room(event: RoomHeld, about: About, do: Do) -> None:
    """The session is set, if it still wants the room."""
    await do(session, event.session, KeepRoom(event.turn, event.room))


@reactions.on(RoomRefused)
async def miss_room(event: RoomRefused, about: About, do: Do) -> None:
    """The session tries another time."""
    await do(session, event.session, MissRoom(event.turn))


@reactions.on(SessionSet)
async def confirm_room(event: SessionSet, about: About, do: Do) -> None:
    """The booking is confirmed."""
    if event.room is not None:
        await do(room_day, day_id(event.room, event.day), ConfirmRoom(event.session, event.turn))


@reactions.on(SessionRoomGivenUp)
async def free_room(event: SessionRoomGivenUp, about: About, do: Do) -> None:
    """Others can have it."""
    freed = FreeRoom(event.session, event.turn)
    await do(room_day, day_id(event.room, event.day), freed)


@reactions.on(RoomClosed)
async def lose_room(event: RoomClosed, about: About, do: Do) -> None:
    """What was to be held there goes elsewhere."""
    async for id, _ in do.find(session, sessions_in_room(event.room)):
        await do(session, id, LoseRoom(event.room))


# --- what becomes of the dispute, and of people --------------------------------------------------


@reactions.on(SessionConvened)
async def link(event: SessionConvened, about: About, do: Do) -> None:
    """The adjourned session goes on in this one. And the dispute may have changed since it was
    looked at: then this one hears of it.
    """
    if event.after is not None:
        await do(session, event.after, LinkNext(event.session))
    await do(session, event.session, LearnCircle(event.dispute))


@reactions.on(
    PartyLeft,
    RepresentativeNamed,
    MediatorAppointed,
    MediatorReleased,
    PanelComplete,
    PanelMemberLeft,
    AgreementSigned,
    DisputeEnded,
    DisputeReopened,
)
async def learn_circle(
    event: PartyLeft
    | RepresentativeNamed
    | MediatorAppointed
    | MediatorReleased
    | PanelComplete
    | PanelMemberLeft
    | AgreementSigned
    | DisputeEnded
    | DisputeReopened,
    about: About,
    do: Do,
) -> None:
    """Whoever is in the dispute now is invited; when it is not mediated any more nothing is held.
    The dispute itself has heard of it before: its reactions come first.
    """
    found = [id async for id, _ in do.find(session, sessions_in(event.dispute))]
    await do.many((session, id, LearnCircle(event.dispute)) for id in found)


@reactions.on(community.ResidentErased)
async def forget(event: community.ResidentErased, about: About, do: Do) -> None:
    """Where it was their matter, no word of it is left."""
    found = [id async for id, _ in do.find(session, all_sessions_of(event.resident))]
    await do.many((session, id, ForgetPerson(event.resident)) for id in found)
