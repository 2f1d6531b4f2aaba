"""What happened before: a dispute between Ann and Ben, with a mediator, a panel and a room."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from services.mediation.domain.circle import circle_of
from services.mediation.domain.disputes.dispute_state import Dispute
from services.mediation.domain.disputes.dispute_state import Status as DisputeStatus
from services.mediation.domain.sessions.room import Room, Span
from services.mediation.domain.sessions.session import session
from services.mediation.domain.sessions.session_commands import ConveneSession, Slot
from services.mediation.domain.sessions.session_events import (
    SessionPlanned,
    SessionRoomNamed,
    SessionSlotChosen,
    SessionSlotsNamed,
)
from services.mediation.domain.sessions.session_state import Around, Session
from shared.contracts.event import Event
from shared.contracts.mediation.sessions import (
    SessionConvened,
    SessionHeld,
    SessionRoomWanted,
    SessionSet,
)
from tests.given import Given, given
from tests.services.mediation.panels.stories import ANN, BEN, LAWYER_OF_BEN
from tests.services.mediation.panels.stories import DISPUTE as UNMEDIATED

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""A Monday, nine o'clock in the city."""
MEDIATOR, PANEL = "m1", ("s1", "p1", "l1", "h1")
TUESDAY = Slot(NOW + timedelta(days=1), NOW + timedelta(days=1, hours=2))
WEDNESDAY = Slot(NOW + timedelta(days=2), NOW + timedelta(days=2, hours=2))
SLOTS = (TUESDAY, WEDNESDAY)
ANSWER_BY = NOW + timedelta(hours=12)
TWO = replace(
    UNMEDIATED,
    parties=UNMEDIATED.parties[:2],
    mediator=MEDIATOR,
    status=DisputeStatus.MEDIATING,
)
"""Ann on one side; Ben, and who speaks for him, on the other."""
WITH_PANEL = replace(TWO, panel=PANEL)
CIRCLE = circle_of(TWO)
INVITED = (ANN, BEN, LAWYER_OF_BEN, MEDIATOR)
ROOM = Room(
    "hall", "n1", "议事厅", 12, tuple(Span(day, 8 * 60, 18 * 60) for day in range(7)), open=True
)


def around(dispute: Dispute = TWO, after: Session | None = None, room: Room = ROOM) -> Around:
    """What the rules are told."""
    return Around("t1", dispute, after, {"hall": room})


def convening(**changes: Any) -> ConveneSession:
    """The mediator asks for Tuesday or Wednesday."""
    asked: dict[str, Any] = {
        "by": MEDIATOR,
        "dispute": "q1",
        "slots": SLOTS,
        "answer_by": ANSWER_BY,
    }
    return ConveneSession(**{**asked, **changes})


def convened(
    dispute: Dispute = TWO, *more: Event, side: str | None = None, panel: bool = False
) -> Given[Any]:
    """A session to which this has happened."""
    circle = circle_of(dispute)
    if side is not None:
        circle = replace(circle, speakers=tuple(s for s in circle.speakers if s.side == side))
    if not panel:
        circle = replace(circle, panel=())
    invited = Session(circle=circle, panel=panel).invited
    return given(
        session,
        SessionConvened("t1", "q1", "n1", invited, ANSWER_BY, MEDIATOR),
        SessionPlanned(UNMEDIATED.path, side, panel, circle),
        SessionSlotsNamed(SLOTS, ANSWER_BY),
        *more,
    )


def was_set(side: str | None = None, panel: bool = False) -> Given[Any]:
    """It is set for Tuesday, in the hall."""
    dispute = WITH_PANEL if panel else TWO
    before = convened(dispute, side=side, panel=panel)
    return given_more(
        before,
        SessionRoomNamed("hall"),
        SessionSlotChosen(1),
        SessionRoomWanted("t1", "hall", "2026-03-03", TUESDAY.begin, TUESDAY.end, 1),
        SessionSet(
            "t1",
            "q1",
            "n1",
            TUESDAY.begin,
            TUESDAY.end,
            "hall",
            "2026-03-03",
            1,
            before.state.invited,
            1,
        ),
    )


def held(side: str | None = None) -> Given[Any]:
    """It was held, with all who were invited."""
    before = was_set(side)
    return given_more(
        before, SessionHeld("t1", "q1", TUESDAY.begin, TUESDAY.end, before.state.invited)
    )


def given_more(before: Given[Any], *events: Event) -> Given[Any]:
    """After some more has happened."""
    state = before.state
    for event in events:
        state = session.evolve(state, event)
    return Given(session, state)
