"""Session (调解会): those in a dispute meet with the mediator, or one side does in private.

What is said there is confidential: it stands in the dossier, and no event carries it.
"""

from datetime import datetime, timedelta

from services.mediation.domain.sessions import convening, holding, minutes, polling, releasing
from services.mediation.domain.sessions.evolving import evolve
from services.mediation.domain.sessions.session_commands import (
    AdjournSession,
    AgreeToMinutes,
    AskRelease,
    CallOffSession,
    ChooseTime,
    ConsentToRelease,
    ConveneSession,
    DraftMinutes,
    ForgetPerson,
    KeepRoom,
    LearnCircle,
    LinkNext,
    LoseRoom,
    MissRoom,
    ObjectToMinutes,
    ProposeTimes,
    RecordSession,
    RefuseRelease,
    TakeRoom,
    VoteOnTimes,
)
from services.mediation.domain.sessions.session_events import (
    MinutesAgreedTo,
    MinutesObjection,
    MinutesWritten,
    ReleaseConsented,
    ReleaseTold,
    SessionCircleLearned,
    SessionDescribed,
    SessionForgotten,
    SessionLinked,
    SessionPlanned,
    SessionReasonGiven,
    SessionRoomNamed,
    SessionSetShortly,
    SessionSlotChosen,
    SessionSlotsNamed,
    SessionSlotTried,
    SessionVoted,
)
from services.mediation.domain.sessions.session_state import AHEAD, Around, Session, Status
from shared.contracts.event import Event
from shared.contracts.mediation.sessions import (
    MinutesAgreed,
    MinutesAwaited,
    MinutesDrafted,
    MinutesObjectedTo,
    MinutesReleaseAsked,
    MinutesReleased,
    MinutesReleaseEnded,
    SessionAdjourned,
    SessionCalledOff,
    SessionConvened,
    SessionHeld,
    SessionNear,
    SessionRoomGivenUp,
    SessionRoomWanted,
    SessionSet,
    SessionTimesProposed,
    SessionUnmet,
    SessionUnrecorded,
    Unmet,
)
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick

RECORDED_WITHIN = timedelta(days=2)
"""So long after its end the mediator is reminded to say who came."""

OPEN: dict[str, frozenset[Status]] = {
    "vote": frozenset({Status.POLLING}),
    "choose": frozenset({Status.POLLING, Status.UNMET}),
    "propose": AHEAD,
    "take-room": AHEAD,
    "call-off": AHEAD,
    "record": frozenset({Status.SET}),
    "adjourn": frozenset({Status.SET, Status.HELD}),
    "draft": frozenset({Status.HELD}),
    "agree": frozenset({Status.HELD}),
    "object": frozenset({Status.HELD}),
    "ask-release": frozenset({Status.HELD}),
    "consent": frozenset({Status.HELD}),
    "refuse": frozenset({Status.HELD}),
}
"""In which statuses a verb is open, whoever asks."""


def decide(command: Command, session: Session, now: datetime, around: Around) -> list[Event]:
    """What follows from a command; `around` is what the rules are told of the world."""
    if session.status is Status.NONE:
        if isinstance(command, ConveneSession):
            return convening.convened(command, now, around)
        if command.verb in OPEN:
            raise Rejected("no-such-session", "no session of this id was convened")
        return []
    if command.verb in OPEN and session.status not in OPEN[command.verb]:
        raise Rejected(
            "session-wrong-moment",
            f"{command.verb} does not fit a session that is {session.status}",
            verb=command.verb,
            status=session.status.value,
        )
    match command:
        case Tick():
            return _passed(session, now)
        case VoteOnTimes():
            return convening.voted(command, session, now)
        case ChooseTime():
            return convening.time_chosen(command, session, now)
        case ProposeTimes():
            return convening.proposed(command, session, now, around)
        case TakeRoom():
            return convening.room_taken(command, session, now, around)
        case CallOffSession():
            return convening.called_off(command, session)
        case RecordSession():
            return holding.recorded(command, session, now)
        case AdjournSession():
            return holding.adjourned(command, session, now)
        case _:
            return _written(command, session, now, around)


def _written(command: Command, session: Session, now: datetime, around: Around) -> list[Event]:
    """Minutes, and what becomes of them."""
    match command:
        case DraftMinutes():
            return minutes.drafted(command, session, now)
        case AgreeToMinutes():
            return minutes.agreed(command, session)
        case ObjectToMinutes():
            return minutes.objected(command, session)
        case AskRelease():
            return releasing.asked(command, session, now)
        case ConsentToRelease():
            return releasing.consented(command, session, now)
        case RefuseRelease():
            return releasing.refused(command, session)
    return _followed(command, session, now, around)


def _followed(command: Command, session: Session, now: datetime, around: Around) -> list[Event]:
    """What follows from events."""
    match command:
        case KeepRoom():
            return _room_kept(command, session, now, around)
        case MissRoom(turn=turn):
            return polling.room_missed(session, turn, now)
        case LoseRoom(room=room):
            return _room_lost(room, session, now)
        case LearnCircle():
            if session.status in AHEAD and not _has_begun(session, now):
                return convening.circle_learned(session, around.dispute, now)
            if session.status is not Status.CALLED_OFF:
                return holding.circle_kept(session, around.dispute)
        case LinkNext():
            return holding.linked(command, session)
        case ForgetPerson(person=person):
            return _forgotten(person, session)
    return []


def _has_begun(session: Session, now: datetime) -> bool:
    slot = session.chosen
    return session.status is Status.SET and slot is not None and slot.begin <= now


def _room_kept(command: KeepRoom, session: Session, now: datetime, around: Around) -> list[Event]:
    """It is set there; but not where the room was closed while it was being held."""
    if session.status is not Status.WAITING or command.turn != session.turn:
        return []
    room = around.rooms.get(command.room)
    if room is None or not room.open:
        return _room_lost(command.room, session, now)
    return polling.announced(session, command.turn, now)


def _room_lost(room: str, session: Session, now: datetime) -> list[Event]:
    """What is still to be held goes elsewhere."""
    if session.room != room or session.status not in AHEAD:
        return []
    if _has_begun(session, now):
        return []
    left: list[Event] = [*polling.given_up(session), SessionRoomNamed(None)]
    if session.status in (Status.WAITING, Status.SET):
        return [*left, polling.unmet(polling.after(session, left), Unmet.NO_ROOM)]
    return left


def _forgotten(person: str, session: Session) -> list[Event]:
    """Whose matter it was takes all words along. What others did in it stays with the others."""
    if session.circle.side_of(person) is None:
        if person not in session.people:
            return []
        return [SessionCircleLearned(session.circle.without(person))]
    return [SessionCircleLearned(session.circle.without(person)), SessionForgotten(person)]


# --- time ----------------------------------------------------------------------------------------


def due(session: Session) -> datetime | None:
    """When answers are due, it is near, it should have been recorded, or somebody is reminded."""
    match session.status:
        case Status.POLLING:
            return session.answer_by
        case Status.SET:
            slot = session.chosen
            assert slot is not None, "what is set has a time"
            if not session.near_told:
                return slot.begin - polling.NEAR
            return None if session.unrecorded_told else slot.end + RECORDED_WITHIN
        case Status.HELD:
            return minutes.due(session)
    return None


def _passed(session: Session, now: datetime) -> list[Event]:
    moment = due(session)
    if moment is None or now < moment:
        return []
    slot, id, dispute = session.chosen, session.session, session.dispute
    match session.status:
        case Status.POLLING:
            return polling.chosen(session, now)
        case Status.SET if slot is not None and not session.near_told:
            return [SessionNear(id, dispute, slot.begin, session.room, session.invited)]
        case Status.SET:
            return [SessionUnrecorded(id, dispute, session.circle.mediator)]
        case Status.HELD:
            return minutes.passed(session)
    return []


def open_verbs(session: Session) -> tuple[str, ...]:
    """The verbs that this session knows now."""
    return tuple(verb for verb, statuses in OPEN.items() if session.status in statuses)


session = Aggregate(
    kind="session",
    initial=Session(),
    decide=decide,
    evolve=evolve,
    events=(
        SessionConvened,
        SessionPlanned,
        SessionSlotsNamed,
        SessionRoomNamed,
        SessionVoted,
        SessionSlotChosen,
        SessionSlotTried,
        SessionTimesProposed,
        SessionRoomWanted,
        SessionRoomGivenUp,
        SessionUnmet,
        SessionSet,
        SessionSetShortly,
        SessionNear,
        SessionCalledOff,
        SessionCircleLearned,
        SessionHeld,
        SessionAdjourned,
        SessionUnrecorded,
        SessionLinked,
        SessionForgotten,
        MinutesDrafted,
        MinutesAgreedTo,
        MinutesObjectedTo,
        MinutesAwaited,
        MinutesAgreed,
        MinutesReleaseAsked,
        ReleaseConsented,
        MinutesReleased,
        MinutesReleaseEnded,
        SessionDescribed,
        SessionReasonGiven,
        MinutesWritten,
        MinutesObjection,
        ReleaseTold,
    ),
    due=due,
)
