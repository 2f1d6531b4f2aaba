"""A session is held: who was there, what was said, and to whom it is given."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from services.mediation.domain.circle import Circle
from services.mediation.domain.disputes.dispute_state import Consent
from services.mediation.domain.disputes.dispute_state import Status as DisputeStatus
from services.mediation.domain.sessions.releasing import may_read
from services.mediation.domain.sessions.session import session
from services.mediation.domain.sessions.session_commands import (
    AdjournSession,
    AgreeToMinutes,
    AskRelease,
    ConsentToRelease,
    DraftMinutes,
    ForgetPerson,
    LearnCircle,
    LinkNext,
    ObjectToMinutes,
    RecordSession,
    RefuseRelease,
)
from services.mediation.domain.sessions.session_events import (
    MinutesAgreedTo,
    MinutesObjection,
    MinutesWritten,
    ReleaseConsented,
    ReleaseTold,
    SessionCircleLearned,
    SessionForgotten,
    SessionLinked,
)
from shared.contracts.mediation.sessions import (
    MinutesAgreed,
    MinutesAwaited,
    MinutesDrafted,
    MinutesObjectedTo,
    MinutesReleaseAsked,
    MinutesReleased,
    MinutesReleaseEnded,
    SessionAdjourned,
    SessionHeld,
)
from shared.runtime.aggregate import Tick
from tests.given import Given
from tests.services.mediation.sessions.stories import (
    ANN,
    BEN,
    CIRCLE,
    INVITED,
    LAWYER_OF_BEN,
    MEDIATOR,
    TUESDAY,
    TWO,
    around,
    given_more,
    held,
    was_set,
)

AFTER = TUESDAY.end + timedelta(hours=1)
LEARN = LearnCircle("q1")
SPEAKERS = (ANN, BEN, LAWYER_OF_BEN)
DRAFTED = MinutesDrafted("t1", "q1", 1, SPEAKERS, AFTER)


def record(*present: str) -> RecordSession:
    return RecordSession(MEDIATOR, TUESDAY.begin, TUESDAY.end, present)


# --- who was there -------------------------------------------------------------------------------


def test_it_is_held_with_the_mediator_and_somebody_of_each_side() -> None:
    there = was_set()
    there.when(record(MEDIATOR, ANN, LAWYER_OF_BEN), at=AFTER, facts=around()).then(
        SessionHeld("t1", "q1", TUESDAY.begin, TUESDAY.end, (MEDIATOR, ANN, LAWYER_OF_BEN))
    )
    for present, code in (
        ((ANN, BEN), "mediator-absent"),
        ((MEDIATOR, ANN), "side-absent"),
        ((MEDIATOR, ANN, BEN, "stranger"), "present-uninvited"),
    ):
        there.when(record(*present), at=AFTER, facts=around()).then_rejected(code)
    there.when(record(MEDIATOR, ANN, BEN), at=TUESDAY.begin, facts=around()).then_rejected(
        "session-times"
    )
    day, people = timedelta(days=1), (MEDIATOR, ANN, BEN)
    other = RecordSession(MEDIATOR, TUESDAY.begin + day, TUESDAY.end + day, people)
    there.when(other, at=AFTER + day, facts=around()).then_rejected("session-times")


def test_with_a_panel_enough_of_it_is_there() -> None:
    there = was_set(panel=True)
    two = record(MEDIATOR, ANN, BEN, "s1", "p1")
    there.when(two, at=AFTER, facts=around()).then_rejected("panel-quorum")
    three = record(MEDIATOR, ANN, BEN, "s1", "p1", "l1")
    there.when(three, at=AFTER, facts=around()).then_among(
        SessionHeld("t1", "q1", TUESDAY.begin, TUESDAY.end, three.present)
    )


def test_where_somebody_is_missing_it_is_adjourned_and_goes_on_in_another() -> None:
    adjourn = AdjournSession(MEDIATOR)
    was_set().when(adjourn, at=TUESDAY.begin - timedelta(hours=1), facts=around()).then_rejected(
        "session-not-begun"
    )
    adjourned = (
        was_set()
        .when(adjourn, at=TUESDAY.begin, facts=around())
        .then(SessionAdjourned("t1", "q1", INVITED, MEDIATOR))
    )
    assert adjourned.state.status == "adjourned"
    linked = adjourned.when(LinkNext("t2"), facts=around()).then(SessionLinked("t2"))
    linked.when(LinkNext("t3"), facts=around()).then()
    held().when(LinkNext("t2"), facts=around()).then()
    half = (
        held()
        .when(adjourn, at=AFTER, facts=around())
        .then_among(SessionAdjourned("t1", "q1", INVITED, MEDIATOR))
    )
    assert (half.state.status, half.state.adjourned) == ("held", True)
    half.when(adjourn, at=AFTER, facts=around()).then_rejected("adjourned-before")


# --- minutes -------------------------------------------------------------------------------------


def drafted() -> Given[Any]:
    return (
        held()
        .when(DraftMinutes(MEDIATOR, "双方同意清理楼道"), at=AFTER, facts=around())
        .then(DRAFTED, MinutesWritten(1, "双方同意清理楼道"))
    )


def test_minutes_are_final_when_each_side_agrees() -> None:
    one = (
        drafted().when(AgreeToMinutes(ANN, 1), at=AFTER, facts=around()).then(MinutesAgreedTo(ANN))
    )
    one.when(AgreeToMinutes(ANN, 1), at=AFTER, facts=around()).then()
    final = one.when(AgreeToMinutes(LAWYER_OF_BEN, 1), at=AFTER, facts=around()).then(
        MinutesAgreedTo(LAWYER_OF_BEN), MinutesAgreed("t1", "q1", 1, INVITED)
    )
    final.when(DraftMinutes(MEDIATOR, "x"), at=AFTER, facts=around()).then_rejected("minutes-final")
    final.when(ObjectToMinutes(BEN, 1, "不对"), at=AFTER, facts=around()).then_rejected(
        "minutes-final"
    )


def test_a_new_draft_voids_agreement_to_the_former() -> None:
    one = drafted().when(AgreeToMinutes(ANN, 1), at=AFTER, facts=around()).then_among()
    again = one.when(DraftMinutes(MEDIATOR, "改"), at=AFTER, facts=around()).then_among(
        MinutesDrafted("t1", "q1", 2, SPEAKERS, AFTER)
    )
    again.when(AgreeToMinutes(BEN, 1), at=AFTER, facts=around()).then_rejected(
        "minutes-other-version"
    )
    again.when(AgreeToMinutes(BEN, 2), at=AFTER, facts=around()).then(MinutesAgreedTo(BEN))


def test_while_somebody_objects_they_are_not_final() -> None:
    objected = (
        drafted()
        .when(ObjectToMinutes(BEN, 1, "我没说"), at=AFTER, facts=around())
        .then(MinutesObjectedTo("t1", "q1", 1, MEDIATOR, BEN), MinutesObjection(1, BEN, "我没说"))
    )
    one = objected.when(AgreeToMinutes(ANN, 1), at=AFTER, facts=around()).then_among()
    two = one.when(AgreeToMinutes(LAWYER_OF_BEN, 1), at=AFTER, facts=around()).then(
        MinutesAgreedTo(LAWYER_OF_BEN)
    )
    two.when(AgreeToMinutes(BEN, 1), at=AFTER, facts=around()).then_among(
        MinutesAgreed("t1", "q1", 1, INVITED)
    )


def test_agreement_of_somebody_who_speaks_no_more_does_not_count() -> None:
    one = drafted().when(AgreeToMinutes(LAWYER_OF_BEN, 1), at=AFTER, facts=around()).then_among()
    unspoken = replace(TWO.parties[1], representative=None)
    alone = replace(TWO, parties=(TWO.parties[0], unspoken), circles=1)
    left = one.when(LEARN, facts=around(alone)).then_among()
    left.when(AgreeToMinutes(ANN, 1), at=AFTER, facts=around()).then(MinutesAgreedTo(ANN))


def test_whoever_says_nothing_is_reminded_once() -> None:
    one = drafted().when(AgreeToMinutes(ANN, 1), at=AFTER, facts=around()).then_among()
    moment = AFTER + timedelta(days=3)
    assert session.due(one.state) == moment
    told = one.when(Tick(), at=moment, facts=around()).then(
        MinutesAwaited("t1", "q1", 1, (BEN, LAWYER_OF_BEN))
    )
    assert session.due(told.state) is None


def test_those_who_speak_for_no_side_neither_agree_nor_object() -> None:
    for command in (AgreeToMinutes(MEDIATOR, 1), ObjectToMinutes(MEDIATOR, 1, "x")):
        drafted().when(command, at=AFTER, facts=around()).then_rejected("not-a-side")
    held().when(AgreeToMinutes(ANN, 1), at=AFTER, facts=around()).then_rejected("no-minutes")


# --- who keeps to do with it ---------------------------------------------------------------------


def test_what_was_said_stays_between_those_who_were_in_it() -> None:
    left = replace(TWO.parties[1], consent=Consent.LEFT)
    parties = (TWO.parties[0], left)
    later = replace(TWO, parties=parties, mediator="m2", panel=("s9",), circles=1)
    kept = held().when(LEARN, facts=around(later))
    speakers = CIRCLE.speakers
    state = kept.then(SessionCircleLearned(Circle(speakers, "m2", (), 1))).state
    assert state.people == (*SPEAKERS, "m2")
    # That mediation has come to its end changes nothing about what was held.
    ended = replace(TWO, status=DisputeStatus.ENDED)
    held().when(LEARN, facts=around(ended)).then()


def test_a_private_talk_stays_with_the_mediator_who_held_it() -> None:
    later = around(replace(TWO, mediator="m2", circles=1))
    state = held("b").when(LEARN, facts=later).then_among().state
    assert set(state.people) == {BEN, LAWYER_OF_BEN}
    assert repr(ANN) not in repr(state)


def test_minutes_of_a_private_talk_are_agreed_by_that_side_alone() -> None:
    talk = (
        held("b")
        .when(DraftMinutes(MEDIATOR, "底线"), at=AFTER, facts=around())
        .then_among(MinutesDrafted("t1", "q1", 1, (BEN, LAWYER_OF_BEN), AFTER))
    )
    final = talk.when(AgreeToMinutes(BEN, 1), at=AFTER, facts=around()).then_among(
        MinutesAgreed("t1", "q1", 1, (BEN, LAWYER_OF_BEN, MEDIATOR))
    )
    asking = AskRelease(BEN, "judge", "法官", "")
    final.when(asking, at=AFTER, facts=around()).then_rejected("private-stays")


# --- giving them out -----------------------------------------------------------------------------

ASKING = AskRelease(ANN, "judge", "某法官", "司法确认")


def final() -> Given[Any]:
    return given_more(drafted(), MinutesAgreed("t1", "q1", 1, INVITED))


def test_minutes_leave_only_when_every_party_consents() -> None:
    drafted().when(ASKING, at=AFTER, facts=around()).then_rejected("minutes-not-final")
    asked = (
        final()
        .when(ASKING, at=AFTER, facts=around())
        .then(
            MinutesReleaseAsked("t1", "q1", 1, "judge", ANN, SPEAKERS),
            ReleaseTold(1, "某法官", "司法确认"),
            ReleaseConsented(1, "p1"),
        )
    )
    assert may_read(asked.state, "judge", AFTER) is None
    asked.when(ConsentToRelease(MEDIATOR, 1), at=AFTER, facts=around()).then_rejected("not-a-party")
    asked.when(ConsentToRelease(ANN, 1), at=AFTER, facts=around()).then()
    asked.when(ConsentToRelease(ANN, 2), at=AFTER, facts=around()).then_rejected("no-such-release")
    until = AFTER + timedelta(days=30)
    given = asked.when(ConsentToRelease(LAWYER_OF_BEN, 1), at=AFTER, facts=around()).then(
        ReleaseConsented(1, "p2"), MinutesReleased("t1", "q1", 1, "judge", until)
    )
    assert may_read(given.state, "judge", AFTER) is not None
    assert may_read(given.state, "judge", until) is None
    assert may_read(given.state, "stranger", AFTER) is None
    ended = given.when(RefuseRelease(BEN, 1), at=AFTER, facts=around()).then(
        MinutesReleaseEnded("t1", "q1", 1, "judge", (ANN, LAWYER_OF_BEN), BEN, given=True)
    )
    assert may_read(ended.state, "judge", AFTER) is None
    ended.when(ConsentToRelease(BEN, 1), at=AFTER, facts=around()).then_rejected("release-answered")


def test_a_party_that_has_left_since_still_has_to_consent() -> None:
    left = replace(TWO, parties=(TWO.parties[0], replace(TWO.parties[1], consent=Consent.LEFT)))
    there = final().when(LEARN, facts=around(left)).then()
    there.when(ASKING, at=AFTER, facts=around()).then_among(ReleaseConsented(1, "p1"))
    erased = there.when(ForgetPerson(ANN), facts=around()).then_among(SessionForgotten(ANN))
    erased.when(AskRelease(BEN, "judge", "x"), at=AFTER, facts=around()).then_rejected(
        "minutes-not-final"
    )


def test_who_reads_them_already_needs_no_release() -> None:
    asking = AskRelease(ANN, BEN, "x")
    final().when(asking, at=AFTER, facts=around()).then_rejected("reads-them-already")


def test_the_mediator_asks_and_every_party_has_to_consent() -> None:
    asking = AskRelease(MEDIATOR, "judge", "x")
    asked = final().when(asking, at=AFTER, facts=around()).then_among()
    one = asked.when(ConsentToRelease(ANN, 1), at=AFTER, facts=around()).then(
        ReleaseConsented(1, "p1")
    )
    one.when(ConsentToRelease(BEN, 1), at=AFTER, facts=around()).then_among(
        ReleaseConsented(1, "p2")
    )
