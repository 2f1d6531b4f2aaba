"""How a session changes with its events, until it is held."""

from services.mediation.domain.sessions import after_held
from services.mediation.domain.sessions.session_commands import Slot
from services.mediation.domain.sessions.session_events import (
    SessionCircleLearned,
    SessionPlanned,
    SessionRoomNamed,
    SessionSetShortly,
    SessionSlotChosen,
    SessionSlotsNamed,
    SessionSlotTried,
    SessionVoted,
)
from services.mediation.domain.sessions.session_state import Session, Status, Vote
from shared.contracts.event import Event
from shared.contracts.mediation.sessions import (
    SessionCalledOff,
    SessionConvened,
    SessionNear,
    SessionRoomGivenUp,
    SessionRoomWanted,
    SessionSet,
    SessionTimesProposed,
    SessionUnmet,
)
from shared.runtime.aggregate import changed

CHAPTERS = (after_held,)
"""Where what comes once it is held is told."""


def evolve(session: Session, event: Event) -> Session:
    """The session after an event."""
    new = session
    match event:
        case SessionConvened(session=id, dispute=dispute, place=place, by=by, after=after):
            new = Session(id, dispute, Status.POLLING, place, convener=by, after=after)
        case SessionPlanned(path=path, side=side, panel=panel, circle=circle):
            new = changed(session, path=path, side=side, panel=panel, circle=circle)
        case SessionSlotsNamed(slots=slots, answer_by=answer_by):
            new = changed(session, slots=slots, answer_by=answer_by, votes=(), tried=(), slot=None)
        case SessionRoomNamed(room=room):
            new = changed(session, room=room, tried=())
        case SessionVoted(person=person, can=can):
            others = tuple(one for one in session.votes if one.person != person)
            new = changed(session, votes=(*others, Vote(person, can)))
        case SessionSlotChosen(slot=slot):
            new = changed(session, slot=slot)
        case SessionSlotTried(slot=slot):
            new = changed(session, tried=(*session.tried, slot), slot=None, wanted=False)
        case SessionTimesProposed(by=by):
            new = changed(session, status=Status.POLLING, convener=by, slot=None, announced=())
        case SessionRoomWanted(turn=turn):
            new = changed(session, status=Status.WAITING, turn=turn, wanted=True)
        case SessionRoomGivenUp():
            new = changed(session, wanted=False)
        case SessionUnmet(convener=convener):
            new = changed(session, status=Status.UNMET, convener=convener, slot=None, announced=())
        case SessionSet(begin=begin, end=end, sequence=sequence, invited=invited):
            new = changed(
                session,
                status=Status.SET,
                sequence=sequence,
                announced=invited,
                last=Slot(begin, end),
                near_told=False,
            )
        case SessionNear() | SessionSetShortly():
            new = changed(session, near_told=True)
        case SessionCalledOff():
            sequence = session.sequence + 1
            new = changed(session, status=Status.CALLED_OFF, sequence=sequence)
        case SessionCircleLearned(circle=circle):
            new = changed(session, circle=circle)
        case _:
            new = after_held.evolve(session, event)
    if new.circle is session.circle and new.panel == session.panel:
        return new
    return changed(new, people=new.invited)
