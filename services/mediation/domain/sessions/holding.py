"""A session is held, or adjourned; and who keeps to do with it afterwards."""

from dataclasses import replace
from datetime import datetime, timedelta

from services.mediation.domain.circle import circle_of
from services.mediation.domain.disputes.dispute_state import Dispute
from services.mediation.domain.panels.panel_state import QUORUM
from services.mediation.domain.sessions.session_commands import (
    AdjournSession,
    LinkNext,
    RecordSession,
)
from services.mediation.domain.sessions.session_events import (
    SessionCircleLearned,
    SessionLinked,
    SessionReasonGiven,
)
from services.mediation.domain.sessions.session_state import Session, Status
from shared.contracts.event import Event
from shared.contracts.mediation.sessions import SessionAdjourned, SessionHeld
from shared.runtime.aggregate import Rejected

EARLIEST = timedelta(hours=1)
"""A session begins at most so long before the time it was set for."""
LONGEST = timedelta(hours=12)


def recorded(command: RecordSession, session: Session, now: datetime) -> list[Event]:
    """With the mediator, somebody of each side, and with the panel enough of its members."""
    slot = session.chosen
    assert slot is not None, "what is set has a time"
    begun, ended = command.begun, command.ended
    in_time = slot.begin - EARLIEST <= begun <= slot.end
    if not (in_time and begun < ended <= now and ended - begun <= LONGEST):
        raise Rejected("session-times", "it began when it was set for, and is over by now")
    present = tuple(dict.fromkeys(command.present))
    if not set(present) <= set(session.invited):
        raise Rejected("present-uninvited", "only those who were invited take part")
    if session.circle.mediator not in present:
        raise Rejected("mediator-absent", "without the mediator nothing is held: adjourn it")
    sides = {one.side for one in session.circle.speakers}
    came = {session.circle.side_of(one) for one in present}
    if missing := sorted(sides - came):
        raise Rejected("side-absent", "a side was not there: adjourn it", sides=", ".join(missing))
    if session.panel and len(set(present) & set(session.circle.panel)) < QUORUM:
        raise Rejected(
            "panel-quorum", f"fewer than {QUORUM} of the panel were there: adjourn it", least=QUORUM
        )
    return [SessionHeld(session.session, session.dispute, begun, ended, present)]


def adjourned(command: AdjournSession, session: Session, now: datetime) -> list[Event]:
    """It goes on another time; one that is to begin yet is moved instead."""
    if session.adjourned:
        raise Rejected("adjourned-before", "this session was adjourned before")
    slot = session.chosen
    if session.status is Status.SET and slot is not None and now < slot.begin:
        raise Rejected("session-not-begun", "it has not begun: propose other times")
    said: list[Event] = []
    if command.reason:
        said.append(SessionReasonGiven(command.verb, command.by, command.reason))
    told = SessionAdjourned(session.session, session.dispute, session.invited, command.by)
    return [told, *said]


def linked(command: LinkNext, session: Session) -> list[Event]:
    """The first session that goes on with it is the next."""
    if not session.adjourned or session.next is not None:
        return []
    return [SessionLinked(command.session)]


def circle_kept(session: Session, dispute: Dispute) -> list[Event]:
    """What was said stays between those who were in it: whoever speaks for their parties now, and
    those of the panel who still sit. A private talk stays with the mediator who held it.
    """
    circle, was = circle_of(dispute), session.circle
    if circle.number <= was.number:
        return []
    kept = {one.party for one in circle.speakers}
    known = {one.party for one in was.speakers}
    speakers = (
        *(one for one in circle.speakers if one.party in known),
        *(one for one in was.speakers if one.party not in kept),
    )
    mediator = circle.mediator
    if session.side is not None and mediator != was.mediator:
        mediator = None
    panel = tuple(one for one in was.panel if one in circle.panel)
    return [
        SessionCircleLearned(replace(circle, speakers=speakers, mediator=mediator, panel=panel))
    ]
