"""Convening a session: who is asked, when all can, and in which room."""

from dataclasses import replace
from datetime import timedelta

from services.mediation.domain.circle import Circle, circle_of
from services.mediation.domain.disputes.dispute_state import Consent
from services.mediation.domain.disputes.dispute_state import Status as DisputeStatus
from services.mediation.domain.sessions.polling import fits
from services.mediation.domain.sessions.session import session
from services.mediation.domain.sessions.session_commands import (
    CallOffSession,
    ChooseTime,
    ForgetPerson,
    KeepRoom,
    LearnCircle,
    LoseRoom,
    MissRoom,
    ProposeTimes,
    Slot,
    TakeRoom,
    VoteOnTimes,
)
from services.mediation.domain.sessions.session_events import (
    SessionCircleLearned,
    SessionForgotten,
    SessionPlanned,
    SessionReasonGiven,
    SessionRoomNamed,
    SessionSetShortly,
    SessionSlotChosen,
    SessionSlotsNamed,
    SessionSlotTried,
    SessionVoted,
)
from services.mediation.domain.sessions.session_state import Session, Status
from shared.contracts.mediation.sessions import (
    CalledOff,
    SessionCalledOff,
    SessionConvened,
    SessionNear,
    SessionRoomGivenUp,
    SessionRoomWanted,
    SessionSet,
    SessionTimesProposed,
    SessionUnmet,
    SessionUnrecorded,
    Unmet,
)
from shared.runtime.aggregate import Tick
from tests.given import given
from tests.services.mediation.sessions.stories import (
    ANN,
    ANSWER_BY,
    BEN,
    CIRCLE,
    INVITED,
    LAWYER_OF_BEN,
    MEDIATOR,
    NOW,
    PANEL,
    ROOM,
    SLOTS,
    TUESDAY,
    TWO,
    UNMEDIATED,
    WEDNESDAY,
    WITH_PANEL,
    around,
    convened,
    convening,
    given_more,
    was_set,
)

WANTED = SessionRoomWanted("t1", "hall", "2026-03-03", TUESDAY.begin, TUESDAY.end, 1)
LEARN = LearnCircle("q1")
GIVEN_UP = SessionRoomGivenUp("t1", "hall", "2026-03-03", 1)


def votes(*of: tuple[str, tuple[int, ...]]) -> tuple[SessionVoted, ...]:
    return tuple(SessionVoted(person, can) for person, can in of)


# --- who convenes, and whom ----------------------------------------------------------------------


def test_the_mediator_asks_all_who_speak() -> None:
    given(session).when(convening(room="hall"), at=NOW, facts=around()).then(
        SessionConvened("t1", "q1", "n1", INVITED, ANSWER_BY, MEDIATOR),
        SessionPlanned(UNMEDIATED.path, None, False, CIRCLE),
        SessionSlotsNamed(SLOTS, ANSWER_BY),
        SessionRoomNamed("hall"),
    )


def test_a_convenor_does_until_there_is_a_mediator() -> None:
    alone = around(replace(TWO, mediator=None))
    by_convenor = convening(by="convenor", place="c1")
    given(session).when(by_convenor, at=NOW, facts=alone).then_among(
        SessionConvened("t1", "q1", "n1", INVITED[:3], ANSWER_BY, "convenor")
    )
    given(session).when(by_convenor, at=NOW, facts=around()).then_rejected("mediator-convenes")
    elsewhere = convening(by="convenor", place="c2")
    given(session).when(elsewhere, at=NOW, facts=alone).then_rejected("not-yours-to-convene")
    private = convening(by="convenor", place="c1", side="a")
    given(session).when(private, at=NOW, facts=alone).then_rejected("private-by-mediator")


def test_to_others_the_dispute_does_not_exist() -> None:
    for by in (ANN, "stranger"):
        asking = convening(by=by)
        given(session).when(asking, at=NOW, facts=around()).then_rejected("not-yours-to-convene")
        nothing = around(replace(TWO, mediator=None))
        given(session).when(asking, at=NOW, facts=nothing).then_rejected("not-yours-to-convene")


def test_only_while_it_is_mediated() -> None:
    for status in set(DisputeStatus) - {DisputeStatus.MEDIATING}:
        told = around(replace(TWO, status=status))
        given(session).when(convening(), at=NOW, facts=told).then_rejected("not-mediating")


def test_a_private_talk_is_with_one_side_only() -> None:
    talk = given(session).when(convening(side="b"), at=NOW, facts=around())
    told = talk.then_among(
        SessionConvened("t1", "q1", "n1", (BEN, LAWYER_OF_BEN, MEDIATOR), ANSWER_BY, MEDIATOR)
    )
    assert ANN not in told.state.people
    assert repr(ANN) not in repr(told.state)
    no_side = convening(side="c")
    given(session).when(no_side, at=NOW, facts=around()).then_rejected("no-such-side")
    both = convening(side="b", panel=True)
    given(session).when(both, at=NOW, facts=around(WITH_PANEL)).then_rejected(
        "private-without-panel"
    )


def test_the_panel_comes_when_it_is_complete() -> None:
    asking = convening(panel=True)
    given(session).when(asking, at=NOW, facts=around()).then_rejected("panel-incomplete")
    given(session).when(asking, at=NOW, facts=around(WITH_PANEL)).then_among(
        SessionConvened("t1", "q1", "n1", (*INVITED, *PANEL), ANSWER_BY, MEDIATOR)
    )


def test_times_are_such_that_somebody_could_come() -> None:
    late = Slot(TUESDAY.begin + timedelta(hours=14), TUESDAY.begin + timedelta(hours=16))
    for slots, code in (
        ((), "session-slots"),
        ((TUESDAY, TUESDAY), "session-slots"),
        ((Slot(NOW, NOW + timedelta(hours=1)),), "session-slot"),
        ((Slot(TUESDAY.begin, TUESDAY.begin),), "session-slot"),
        ((late,), "session-slot-overnight"),
    ):
        asking = convening(slots=slots)
        given(session).when(asking, at=NOW, facts=around()).then_rejected(code)
    asking = convening(answer_by=TUESDAY.begin + timedelta(hours=1))
    given(session).when(asking, at=NOW, facts=around()).then_rejected("session-answer-by")


def test_a_room_is_open_then_and_large_enough() -> None:
    for room, code in (
        (replace(ROOM, open=False), "no-such-room"),
        (replace(ROOM, capacity=3), "room-too-small"),
        (replace(ROOM, hours=ROOM.hours[:1]), "room-closed-then"),
    ):
        asking = convening(room="hall")
        given(session).when(asking, at=NOW, facts=around(room=room)).then_rejected(code)


def test_it_goes_on_with_an_adjourned_one_of_the_same_dispute() -> None:
    before = Session("t0", "q1", Status.ADJOURNED, adjourned=True)
    asking = convening(after="t0")
    given(session).when(asking, at=NOW, facts=around(after=before)).then_among(
        SessionConvened("t1", "q1", "n1", INVITED, ANSWER_BY, MEDIATOR, "t0")
    )
    for wrong in (
        None,
        replace(before, dispute="q2"),
        replace(before, adjourned=False),
        replace(before, next="t9"),
        replace(before, side="a"),
    ):
        told = around(after=wrong)
        given(session).when(asking, at=NOW, facts=told).then_rejected("not-adjourned")


# --- a time that all can make --------------------------------------------------------------------


def test_when_all_have_said_it_the_earliest_that_all_can_make_is_taken() -> None:
    said = convened(TWO, *votes((ANN, (1, 2)), (BEN, ()), (MEDIATOR, (2, 1))))
    said.when(VoteOnTimes(LAWYER_OF_BEN, (2, 1)), at=NOW, facts=around()).then(
        SessionVoted(LAWYER_OF_BEN, (1, 2)),
        SessionSlotChosen(1),
        SessionSet("t1", "q1", "n1", TUESDAY.begin, TUESDAY.end, None, "2026-03-03", 0, INVITED, 1),
        SessionSetShortly(),
    )


def test_whoever_cannot_is_named() -> None:
    said = convened(TWO, *votes((ANN, (2,)), (LAWYER_OF_BEN, (1,))))
    first, second = fits(said.state)
    assert (first.can, first.cannot) == ((LAWYER_OF_BEN,), (ANN,))
    assert (first.silent, first.lacks) == ((BEN, MEDIATOR), ("p1", "mediator"))
    assert second.lacks == ("p2", "mediator")
    said.when(ChooseTime(MEDIATOR, 1), at=NOW, facts=around()).then_rejected("not-all-can")
    more = given_more(said, *votes((MEDIATOR, (1, 2)), (ANN, (1,))))
    more.when(ChooseTime(MEDIATOR, 1), at=NOW, facts=around()).then_among(SessionSlotChosen(1))
    more.when(ChooseTime(MEDIATOR, 3), at=NOW, facts=around()).then_rejected("no-such-slot")


def test_without_a_common_time_the_convener_hears_of_it() -> None:
    said = convened(TWO, *votes((ANN, (1,)), (BEN, (2,)), (MEDIATOR, (1, 2))))
    assert session.due(said.state) == ANSWER_BY
    unmet = said.when(Tick(), at=ANSWER_BY, facts=around()).then(
        SessionUnmet("t1", "q1", Unmet.NO_COMMON_TIME, MEDIATOR, ())
    )
    unmet.when(VoteOnTimes(ANN, (2,)), facts=around()).then_rejected("session-wrong-moment")
    later = (Slot(WEDNESDAY.begin + timedelta(days=1), WEDNESDAY.end + timedelta(days=1)),)
    again = unmet.when(
        ProposeTimes(MEDIATOR, later, WEDNESDAY.begin), at=ANSWER_BY, facts=around()
    ).then(
        SessionTimesProposed("t1", "q1", INVITED, WEDNESDAY.begin, MEDIATOR),
        SessionSlotsNamed(later, WEDNESDAY.begin),
    )
    assert again.state.votes == ()


def test_the_panel_can_when_enough_of_it_can() -> None:
    parties = votes((ANN, (1, 2)), (BEN, (1, 2)), (LAWYER_OF_BEN, ()), (MEDIATOR, (1, 2)))
    said = convened(WITH_PANEL, *parties, *votes(("s1", (1, 2)), ("p1", (1, 2))), panel=True)
    assert [one.lacks for one in fits(said.state)] == [("panel",), ("panel",)]
    three = given_more(said, *votes(("l1", (1, 2)), ("h1", (2,))))
    # On Wednesday one more of the panel can.
    three.when(Tick(), at=ANSWER_BY, facts=around()).then_among(SessionSlotChosen(2))


def test_only_who_is_invited_says_when_they_can() -> None:
    convened().when(VoteOnTimes("stranger", (1,)), facts=around()).then_rejected("not-invited")
    convened().when(VoteOnTimes(ANN, (3,)), facts=around()).then_rejected("no-such-slot")


# --- rooms ---------------------------------------------------------------------------------------

ALL_CAN = votes((ANN, (1, 2)), (BEN, (1, 2)), (MEDIATOR, (1, 2)))


def test_the_room_is_asked_for_and_then_it_is_set() -> None:
    said = given_more(convened(), SessionRoomNamed("hall"), *ALL_CAN)
    waiting = said.when(Tick(), at=ANSWER_BY, facts=around()).then(SessionSlotChosen(1), WANTED)
    waiting.when(KeepRoom(2, "hall"), at=ANSWER_BY, facts=around()).then()
    kept = waiting.when(KeepRoom(1, "hall"), at=ANSWER_BY, facts=around()).then(
        SessionSet(
            "t1", "q1", "n1", TUESDAY.begin, TUESDAY.end, "hall", "2026-03-03", 1, INVITED, 1
        ),
        SessionSetShortly(),
    )
    kept.when(KeepRoom(1, "hall"), at=ANSWER_BY, facts=around()).then()


def test_where_the_room_is_taken_the_next_time_is_tried_and_then_another_room() -> None:
    said = given_more(convened(), SessionRoomNamed("hall"), *ALL_CAN)
    waiting = said.when(Tick(), at=ANSWER_BY, facts=around()).then(SessionSlotChosen(1), WANTED)
    second = waiting.when(MissRoom(1), at=ANSWER_BY, facts=around()).then(
        SessionSlotTried(1),
        SessionSlotChosen(2),
        SessionRoomWanted("t1", "hall", "2026-03-04", WEDNESDAY.begin, WEDNESDAY.end, 2),
    )
    second.when(MissRoom(1), at=ANSWER_BY, facts=around()).then()
    unmet = second.when(MissRoom(2), at=ANSWER_BY, facts=around()).then(
        SessionSlotTried(2), SessionUnmet("t1", "q1", Unmet.NO_ROOM, MEDIATOR, ())
    )
    unmet.when(TakeRoom(MEDIATOR), at=ANSWER_BY, facts=around()).then(
        SessionRoomNamed(None),
        SessionSlotChosen(1),
        SessionSet("t1", "q1", "n1", TUESDAY.begin, TUESDAY.end, None, "2026-03-03", 2, INVITED, 1),
        SessionSetShortly(),
    )


def test_when_it_is_moved_or_called_off_the_room_is_given_up() -> None:
    moved = ProposeTimes(MEDIATOR, (WEDNESDAY,), ANSWER_BY)
    again = was_set().when(moved, at=NOW, facts=around())
    again.then_among(GIVEN_UP, SessionTimesProposed("t1", "q1", INVITED, ANSWER_BY, MEDIATOR))
    off = was_set().when(CallOffSession(MEDIATOR, "雨太大"), at=NOW, facts=around())
    over = off.then(
        GIVEN_UP,
        SessionCalledOff("t1", "q1", CalledOff.BY_CONVENER, INVITED, MEDIATOR),
        SessionReasonGiven("call-off", MEDIATOR, "雨太大"),
    )
    assert session.due(over.state) is None
    over.when(KeepRoom(1, "hall"), at=NOW, facts=around()).then()


def test_when_the_room_is_closed_another_is_found() -> None:
    lost = (
        was_set()
        .when(LoseRoom("hall"), at=NOW, facts=around())
        .then(
            GIVEN_UP,
            SessionRoomNamed(None),
            SessionUnmet("t1", "q1", Unmet.NO_ROOM, MEDIATOR, INVITED),
        )
    )
    lost.when(LoseRoom("hall"), at=NOW, facts=around()).then()
    was_set().when(LoseRoom("hall"), at=TUESDAY.begin, facts=around()).then()


def test_a_room_that_was_closed_in_the_moment_it_was_held_is_not_kept() -> None:
    said = given_more(convened(), SessionRoomNamed("hall"), *ALL_CAN)
    waiting = said.when(Tick(), at=ANSWER_BY, facts=around()).then(SessionSlotChosen(1), WANTED)
    for closed in (around(room=replace(ROOM, open=False)), replace(around(), rooms={})):
        waiting.when(KeepRoom(1, "hall"), at=ANSWER_BY, facts=closed).then(
            GIVEN_UP,
            SessionRoomNamed(None),
            SessionUnmet("t1", "q1", Unmet.NO_ROOM, MEDIATOR, ()),
        )


# --- reminders -----------------------------------------------------------------------------------


def test_all_are_reminded_a_day_before_and_the_mediator_to_record_it() -> None:
    there = was_set()
    moment = TUESDAY.begin - timedelta(hours=24)
    assert session.due(there.state) == moment
    near = there.when(Tick(), at=moment, facts=around()).then(
        SessionNear("t1", "q1", TUESDAY.begin, "hall", INVITED)
    )
    late = TUESDAY.end + timedelta(days=2)
    assert session.due(near.state) == late
    told = near.when(Tick(), at=late, facts=around()).then(SessionUnrecorded("t1", "q1", MEDIATOR))
    assert session.due(told.state) is None


def test_what_is_set_within_a_day_is_told_once() -> None:
    said = given_more(convened(), SessionRoomNamed("hall"), *ALL_CAN)
    waiting = said.when(Tick(), at=ANSWER_BY, facts=around()).then(SessionSlotChosen(1), WANTED)
    for at, near in (
        (TUESDAY.begin - timedelta(hours=24), False),
        (TUESDAY.begin - timedelta(hours=24, milliseconds=1), True),
    ):
        kept = waiting.when(KeepRoom(1, "hall"), at=at, facts=around()).then_among()
        reminded = TUESDAY.begin - timedelta(hours=24)
        recorded = TUESDAY.end + timedelta(days=2)
        assert session.due(kept.state) == (reminded if near else recorded)


# --- what changes in the dispute -----------------------------------------------------------------


def test_when_mediation_ends_nothing_is_held() -> None:
    over = around(replace(TWO, status=DisputeStatus.AGREED))
    was_set().when(LEARN, at=NOW, facts=over).then(
        GIVEN_UP, SessionCalledOff("t1", "q1", CalledOff.DISPUTE_OVER, INVITED, None)
    )
    # One that has begun by then was held: the mediator records it.
    was_set().when(LEARN, at=TUESDAY.begin, facts=over).then()


def test_whoever_speaks_now_is_invited_and_told_when_it_is() -> None:
    former = TWO.parties[1]
    parties = (TWO.parties[0], replace(former, representative="new-speaker"))
    now = replace(TWO, parties=parties, circles=1)
    circle = circle_of(now)
    was_set().when(LEARN, at=NOW, facts=around(now)).then(
        SessionCircleLearned(circle),
        SessionSet(
            "t1",
            "q1",
            "n1",
            TUESDAY.begin,
            TUESDAY.end,
            "hall",
            "2026-03-03",
            1,
            (ANN, BEN, "new-speaker", MEDIATOR),
            2,
        ),
        SessionSetShortly(),
    )
    was_set().when(LEARN, at=NOW, facts=around()).then()


def test_another_mediator_finds_another_time() -> None:
    released = Circle(CIRCLE.speakers, None, (), 1)
    nobody = around(replace(TWO, mediator=None, circles=1))
    waiting = was_set().when(LEARN, at=NOW, facts=nobody)
    alone = waiting.then(SessionCircleLearned(released))
    other = Circle(CIRCLE.speakers, "m2", (), 2)
    alone.when(LEARN, at=NOW, facts=around(replace(TWO, mediator="m2", circles=2))).then(
        SessionCircleLearned(other),
        GIVEN_UP,
        SessionUnmet("t1", "q1", Unmet.NO_COMMON_TIME, "m2", INVITED),
    )


def test_a_private_talk_is_not_handed_to_another_mediator() -> None:
    private = was_set("b")
    other = around(replace(TWO, mediator="m2", circles=1))
    off = private.when(LEARN, at=NOW, facts=other).then_among(
        SessionCalledOff("t1", "q1", CalledOff.MEDIATOR_LEFT, (BEN, LAWYER_OF_BEN, MEDIATOR), None)
    )
    assert "m2" not in off.state.people


def test_a_party_that_has_left_is_not_invited() -> None:
    parties = (*TWO.parties, replace(TWO.parties[0], key="p4", person="cat"))
    three = replace(TWO, parties=parties)
    gone = replace(parties[2], consent=Consent.LEFT)
    left = replace(three, parties=(*parties[:2], gone), circles=1)
    there = convened(three).when(LEARN, at=NOW, facts=around(left))
    assert "cat" not in there.then(SessionCircleLearned(circle_of(left))).state.people


def test_whoever_is_erased_is_in_it_no_more_and_their_words_go() -> None:
    without = CIRCLE.without(BEN)
    convened().when(ForgetPerson(BEN), facts=around()).then(
        SessionCircleLearned(without), SessionForgotten(BEN)
    )
    convened().when(ForgetPerson(MEDIATOR), facts=around()).then(
        SessionCircleLearned(CIRCLE.without(MEDIATOR))
    )
    convened().when(ForgetPerson("stranger"), facts=around()).then()
