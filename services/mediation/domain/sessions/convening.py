"""Convening a session, asking for times, moving it, calling it off."""

from dataclasses import replace
from datetime import datetime

from services.mediation.domain.circle import Circle, circle_of
from services.mediation.domain.disputes.dispute_state import Dispute
from services.mediation.domain.disputes.dispute_state import Status as DisputeStatus
from services.mediation.domain.sessions.polling import (
    after,
    all_said,
    announced,
    chosen,
    fits,
    given_up,
    must_be_room,
    must_be_slots,
    taken,
    unmet,
)
from services.mediation.domain.sessions.session_commands import (
    CallOffSession,
    ChooseTime,
    ConveneSession,
    ProposeTimes,
    TakeRoom,
    VoteOnTimes,
)
from services.mediation.domain.sessions.session_events import (
    SessionCircleLearned,
    SessionDescribed,
    SessionPlanned,
    SessionReasonGiven,
    SessionRoomNamed,
    SessionSlotsNamed,
    SessionVoted,
)
from services.mediation.domain.sessions.session_state import Around, Session, Status
from shared.contracts.event import Event
from shared.contracts.mediation.sessions import (
    CalledOff,
    SessionCalledOff,
    SessionConvened,
    SessionTimesProposed,
    Unmet,
)
from shared.runtime.aggregate import Rejected


def convened(command: ConveneSession, now: datetime, around: Around) -> list[Event]:
    """All who are to come are asked for times. Only while the dispute is mediated."""
    dispute = around.dispute
    _may_convene(command, around)
    if dispute.status is not DisputeStatus.MEDIATING:
        raise Rejected("not-mediating", "sessions are held while a dispute is being mediated")
    circle = circle_of(dispute)
    if command.side is not None:
        circle = _of_one_side(command, circle)
    if command.panel and not dispute.panel:
        raise Rejected("panel-incomplete", "the panel is not complete: convene without it")
    if not command.panel:
        circle = replace(circle, panel=())
    if command.after is not None:
        _must_go_on(command, around)
    must_be_slots(command.slots, command.answer_by, now)
    planned = SessionPlanned(dispute.path, command.side, command.panel, circle)
    invited = Session(circle=circle, panel=command.panel).invited
    must_be_room(command.room, command.slots, len(invited), around)
    events: list[Event] = [
        SessionConvened(
            around.session,
            command.dispute,
            dispute.place,
            invited,
            command.answer_by,
            command.by,
            command.after,
        ),
        planned,
        SessionSlotsNamed(command.slots, command.answer_by),
    ]
    if command.room is not None:
        events.append(SessionRoomNamed(command.room))
    if command.agenda or command.where:
        events.append(SessionDescribed(command.agenda, command.where))
    return events


def _may_convene(command: ConveneSession, around: Around) -> None:
    """To whom the dispute is none of their business, it does not exist."""
    dispute = around.dispute
    if command.place is None:
        if dispute.mediator is None or command.by != dispute.mediator:
            raise Rejected("not-yours-to-convene", "no such dispute is yours to convene")
        return
    if command.place not in dispute.path:
        raise Rejected("not-yours-to-convene", "no such dispute is yours to convene")
    if dispute.mediator is not None:
        raise Rejected("mediator-convenes", "there is a mediator, who convenes")
    if command.side is not None:
        raise Rejected("private-by-mediator", "only the mediator talks with one side")


def _of_one_side(command: ConveneSession, circle: Circle) -> Circle:
    speakers = tuple(one for one in circle.speakers if one.side == command.side)
    if not speakers:
        raise Rejected("no-such-side", "nobody speaks for this side")
    if command.panel:
        raise Rejected("private-without-panel", "a private talk is between mediator and one side")
    return replace(circle, speakers=speakers, panel=())


def _must_go_on(command: ConveneSession, around: Around) -> None:
    before = around.after
    if (
        before is None
        or before.dispute != command.dispute
        or before.side != command.side
        or not before.adjourned
        or before.next is not None
    ):
        raise Rejected("not-adjourned", "that session was not adjourned, or goes on already")


# --- times ---------------------------------------------------------------------------------------


def voted(command: VoteOnTimes, session: Session, now: datetime) -> list[Event]:
    """When all have said it, the best time is taken."""
    if command.by not in session.invited:
        raise Rejected("not-invited", "you are not asked for a time")
    can = tuple(sorted(set(command.can)))
    if any(number > len(session.slots) for number in can):
        most = len(session.slots)
        raise Rejected("no-such-slot", f"times 1 to {most} are asked for", most=most)
    vote: Event = SessionVoted(command.by, can)
    voted_now = after(session, [vote])
    return [vote, *(chosen(voted_now, now) if all_said(voted_now) else [])]


def time_chosen(command: ChooseTime, session: Session, now: datetime) -> list[Event]:
    """Without waiting for the rest; but one that all can make."""
    number = command.slot
    if number > len(session.slots) or session.slots[number - 1].begin <= now:
        raise Rejected(
            "no-such-slot",
            f"times 1 to {len(session.slots)} are asked for",
            most=len(session.slots),
        )
    fit = fits(session)[number - 1]
    if fit.lacks:
        lacking = ", ".join(fit.lacks)
        raise Rejected(
            "not-all-can",
            f"without {lacking}: {len(fit.cannot)} cannot make it, {len(fit.silent)} are silent",
            lacks=lacking,
            cannot=len(fit.cannot),
            silent=len(fit.silent),
        )
    return taken(session, number, now)


def proposed(command: ProposeTimes, session: Session, now: datetime, around: Around) -> list[Event]:
    """Other times are asked for; a room that it has is given up."""
    must_be_slots(command.slots, command.answer_by, now)
    must_be_room(session.room, command.slots, len(session.invited), around)
    return [
        *given_up(session),
        SessionTimesProposed(
            session.session, session.dispute, session.invited, command.answer_by, command.by
        ),
        SessionSlotsNamed(command.slots, command.answer_by),
    ]


def room_taken(command: TakeRoom, session: Session, now: datetime, around: Around) -> list[Event]:
    """It is held in that room, or somewhere else; where the times are known, it is set anew."""
    if command.room == session.room and session.status is Status.SET and not command.where:
        return []
    must_be_room(command.room, (), len(session.invited), around)
    if command.room is not None:
        room = around.rooms[command.room]
        slots = session.slots if session.chosen is None else (session.chosen,)
        must_be_room(room.room, slots, len(session.invited), around)
    events: list[Event] = [*given_up(session), SessionRoomNamed(command.room)]
    if command.where:
        events.append(SessionDescribed("", command.where))
    if session.status is Status.POLLING:
        return events
    return [*events, *chosen(after(session, events), now)]


def called_off(command: CallOffSession, session: Session) -> list[Event]:
    """It is not held."""
    said: list[Event] = []
    if command.reason:
        said.append(SessionReasonGiven(command.verb, command.by, command.reason))
    return [*not_held(session, CalledOff.BY_CONVENER, command.by), *said]


def not_held(session: Session, because: CalledOff, by: str | None = None) -> list[Event]:
    """Whatever was set does not hold."""
    return [
        *given_up(session),
        SessionCalledOff(session.session, session.dispute, because, session.invited, by),
    ]


# --- who has to do with it -----------------------------------------------------------------------


def circle_learned(session: Session, dispute: Dispute, now: datetime) -> list[Event]:
    """Before it is held those are invited who are in the dispute now; without mediation it is not
    held at all.
    """
    if dispute.status is not DisputeStatus.MEDIATING:
        return not_held(session, CalledOff.DISPUTE_OVER)
    circle, mediator = circle_of(dispute), session.circle.mediator
    if circle.number <= session.circle.number:
        return []
    if session.side is not None:
        if circle.mediator != mediator:
            return not_held(session, CalledOff.MEDIATOR_LEFT)
        speakers = tuple(one for one in circle.speakers if one.side == session.side)
        if not speakers:
            return not_held(session, CalledOff.DISPUTE_OVER)
        circle = replace(circle, speakers=speakers)
    if not session.panel:
        circle = replace(circle, panel=())
    learnt: Event = SessionCircleLearned(circle)
    now_invited = after(session, [learnt])
    if session.status not in (Status.WAITING, Status.SET):
        return [learnt]
    if circle.mediator not in (None, mediator):
        # Whoever mediates now was not asked whether they can make it.
        given = given_up(now_invited)
        return [learnt, *given, unmet(after(now_invited, given), Unmet.NO_COMMON_TIME)]
    if session.status is Status.SET and not set(now_invited.invited) <= set(session.announced):
        return [learnt, *announced(now_invited, session.turn, now)]
    return [learnt]
