"""The panel of a dispute: who mediates, who sits, and who must not."""

from dataclasses import replace
from datetime import timedelta

from services.mediation.domain.disputes.dispute_state import Status as DisputeStatus
from services.mediation.domain.panels.mediator_state import Standing
from services.mediation.domain.panels.panel import panel
from services.mediation.domain.panels.panel_commands import (
    AcceptCase,
    AddSeat,
    AppointMediator,
    DeclareKinship,
    DeclareTies,
    Decline,
    DropSeat,
    EndPanel,
    ForgetPerson,
    LearnAnswers,
    LearnBonds,
    LearnHousehold,
    LearnParties,
    Leave,
    LoseMediator,
    NameMember,
    RefuseMediator,
    Release,
    ReopenPanel,
)
from services.mediation.domain.panels.panel_events import (
    MediatorRefused,
    PanelEnded,
    PanelHouseholdLearned,
    PanelLineNamed,
    PanelReasonGiven,
    PanelReopened,
    PanelSeatAdded,
    PanelSeatDropped,
    PanelSeatFreed,
    PanelTieLearned,
    PanelWordLeft,
    PanelWordsForgotten,
    PetitionAnswerLearned,
)
from services.mediation.domain.panels.panel_state import (
    Bonds,
)
from shared.contracts.event import Event
from shared.contracts.mediation.panels import (
    Conflict,
    MediatorAppointed,
    MediatorAsked,
    MediatorNotWon,
    MediatorReleased,
    MediatorSought,
    NotFilled,
    PanelComplete,
    PanelMemberAsked,
    PanelMemberLeft,
    PanelMemberSeated,
    PanelSeatVacant,
)
from shared.runtime.aggregate import Tick
from tests.services.mediation.panels.stories import (
    ANN,
    BEN,
    DISPUTE,
    LAWYER_OF_BEN,
    NOW,
    a_mediator,
    around,
    opened,
)

ANSWER_BY = NOW + timedelta(days=2)
ASKED = MediatorAsked("q1", "m1", "n1", "convenor", ANSWER_BY)
PARTIES = (ANN, BEN, LAWYER_OF_BEN, "speaks-for-company")
APPOINTED = MediatorAppointed("q1", "m1", "n1", PARTIES)


def seated(*people: str) -> tuple[Event, ...]:
    """These sit, in the order of the fixed seats."""
    codes = ("party-secretary", "police-officer", "lawyer", "property-or-street")
    return tuple(
        PanelMemberSeated("q1", one, code)
        for one, code in zip(people, codes[: len(people)], strict=True)
    )


# --- the mediator --------------------------------------------------------------------------------


def test_a_convenor_asks_and_the_mediator_accepts() -> None:
    asked = opened().when(AppointMediator("convenor", "m1"), at=NOW, facts=around()).then(ASKED)
    assert panel.due(asked.state) == ANSWER_BY
    asked.when(AcceptCase("m2"), at=NOW, facts=around()).then_rejected("panel-not-asked")
    accepted = asked.when(AcceptCase("m1"), at=NOW, facts=around()).then(APPOINTED)
    assert accepted.state.mediator == "m1"
    accepted.when(AppointMediator("convenor", "m2"), at=NOW, facts=around()).then_rejected(
        "mediator-there"
    )


def test_who_declines_or_says_nothing_is_followed_by_the_next() -> None:
    asked = (
        opened()
        .when(AppointMediator("convenor", "m1", ("m2", "m3")), at=NOW, facts=around())
        .then(ASKED, PanelLineNamed(None, ("m2", "m3"), "convenor"))
    )
    declined = asked.when(Decline("m1", "没空"), at=NOW, facts=around()).then(
        MediatorNotWon("q1", "m1", "n1", NotFilled.DECLINED, "convenor"),
        MediatorAsked("q1", "m2", "n1", "convenor", ANSWER_BY),
        PanelLineNamed(None, ("m3",), "convenor"),
        PanelWordLeft("m1"),
        PanelReasonGiven("decline", "m1", "没空"),
    )
    lapsed = declined.when(Tick(), at=ANSWER_BY, facts=around()).then(
        MediatorNotWon("q1", "m2", "n1", NotFilled.LAPSED, "convenor"),
        MediatorAsked("q1", "m3", "n1", "convenor", ANSWER_BY + timedelta(days=2)),
        PanelLineNamed(None, (), "convenor"),
    )
    lapsed.when(Decline("m3"), at=ANSWER_BY, facts=around()).then(
        MediatorNotWon("q1", "m3", "n1", NotFilled.DECLINED, "convenor"),
        MediatorSought("q1", "n1", "convenor"),
    )


def test_who_no_longer_fits_is_passed_over_in_the_line() -> None:
    asked = opened(ASKED, PanelLineNamed(None, ("m2", "m3"), "convenor"))
    busy = a_mediator("m2", cases=("q2", "q3", "q4", "q5"))
    asked.when(Decline("m1"), at=NOW, facts=around(m2=busy)).then_among(
        MediatorAsked("q1", "m3", "n1", "convenor", ANSWER_BY)
    )


def test_each_side_refuses_a_mediator_once() -> None:
    there = opened(ASKED, PanelLineNamed(None, ("m2", "m3"), "convenor"), APPOINTED)
    refused = there.when(RefuseMediator(ANN), at=NOW, facts=around()).then(
        MediatorRefused("a"),
        MediatorReleased("q1", "m1", NotFilled.REFUSED),
        MediatorAsked("q1", "m2", "n1", "convenor", ANSWER_BY),
        PanelLineNamed(None, ("m3",), "convenor"),
    )
    refused.when(RefuseMediator(ANN), at=NOW, facts=around()).then_rejected("refused-before")
    other = refused.when(RefuseMediator(LAWYER_OF_BEN), at=NOW, facts=around()).then(
        MediatorRefused("b"),
        MediatorNotWon("q1", "m2", "n1", NotFilled.REFUSED, "convenor"),
        MediatorAsked("q1", "m3", "n1", "convenor", ANSWER_BY),
        PanelLineNamed(None, (), "convenor"),
    )
    other.when(RefuseMediator(BEN), at=NOW, facts=around()).then_rejected("refused-before")
    other.when(RefuseMediator("stranger"), at=NOW, facts=around()).then_rejected("no-party")
    other.when(AppointMediator("convenor", "m2"), at=NOW, facts=around()).then_rejected(
        "mediator-there"
    )


def test_who_was_refused_is_not_asked_again() -> None:
    refused = opened(MediatorReleased("q1", "m1", NotFilled.REFUSED))
    refused.when(AppointMediator("convenor", "m1"), at=NOW, facts=around()).then_rejected(
        "mediator-unfit"
    )


def test_nobody_tied_to_a_party_is_asked_to_mediate() -> None:
    for person, bonds in (
        (ANN, Bonds()),
        (LAWYER_OF_BEN, Bonds()),
        ("m1", Bonds(household="n1-b1-u2")),
        ("m1", Bonds(organisations=("company",))),
    ):
        told = around({person: bonds}, **{person: a_mediator(person)})
        asking = AppointMediator("convenor", person)
        opened().when(asking, at=NOW, facts=told).then_rejected("conflict-of-interest")
    for tie in (PetitionAnswerLearned("m1"), PanelTieLearned("m1", Conflict.KIN)):
        asking = AppointMediator("convenor", "m2", ("m1",))
        opened(tie).when(asking, at=NOW, facts=around()).then_rejected("conflict-of-interest")


def test_an_unfit_mediator_is_not_asked_and_hears_why() -> None:
    for unfit in (
        a_mediator("m1", standing=Standing.SUSPENDED),
        a_mediator("m1", fields=()),
        a_mediator("m1", trainings=()),
        a_mediator("m1", serves=("c2",)),
        a_mediator("m1", until=NOW),
        a_mediator("m1", most_cases=1, cases=("q9",)),
    ):
        asking = AppointMediator("convenor", "m1")
        opened().when(asking, at=NOW, facts=around(m1=unfit)).then_rejected("mediator-unfit")
    stranger = AppointMediator("convenor", "nobody")
    opened().when(stranger, at=NOW, facts=around()).then_rejected("mediator-unfit")


def test_a_mediator_who_is_suspended_or_steps_down_is_replaced() -> None:
    there = opened(ASKED, PanelLineNamed(None, ("m2",), "convenor"), APPOINTED)
    there.when(LoseMediator("m1", NotFilled.SUSPENDED), at=NOW, facts=around()).then(
        MediatorReleased("q1", "m1", NotFilled.SUSPENDED),
        MediatorAsked("q1", "m2", "n1", "convenor", ANSWER_BY),
        PanelLineNamed(None, (), "convenor"),
    )
    there.when(Leave("m1"), at=NOW, facts=around()).then_among(
        MediatorReleased("q1", "m1", NotFilled.STEPPED_DOWN)
    )
    there.when(Leave("m2"), at=NOW, facts=around()).then_rejected("not-on-the-panel")
    there.when(LoseMediator("m9", NotFilled.RETIRED), at=NOW, facts=around()).then()


# --- seats ---------------------------------------------------------------------------------------


def test_a_member_declares_before_sitting() -> None:
    naming = NameMember("convenor", "lawyer", "l1", ("l2",))
    asked = (
        opened()
        .when(naming, at=NOW, facts=around())
        .then(
            PanelMemberAsked("q1", "l1", "lawyer", "n1", "convenor", ANSWER_BY),
            PanelLineNamed("lawyer", ("l2",), "convenor"),
        )
    )
    assert asked.state.members == ()
    asked.when(naming, at=NOW, facts=around()).then_rejected("seat-taken")
    asked.when(DeclareTies("l2"), at=NOW, facts=around()).then_rejected("panel-not-asked")
    asked.when(DeclareTies("l1"), at=NOW, facts=around()).then(
        PanelMemberSeated("q1", "l1", "lawyer")
    )
    asked.when(DeclareTies("l1", (Conflict.KIN,), "我的表弟"), at=NOW, facts=around()).then(
        PanelTieLearned("l1", Conflict.KIN),
        PanelSeatFreed("lawyer", "l1", "conflict"),
        PanelMemberAsked("q1", "l2", "lawyer", "n1", "convenor", ANSWER_BY),
        PanelLineNamed("lawyer", (), "convenor"),
        PanelWordLeft("l1"),
        PanelReasonGiven("declare", "l1", "我的表弟"),
    )


def test_a_known_conflict_cannot_be_declared_away() -> None:
    asked = opened(PanelMemberAsked("q1", "l1", "lawyer", "n1", "convenor", ANSWER_BY))
    told = around({"l1": Bonds(household="n1-b1-u1")})
    asked.when(DeclareTies("l1"), at=NOW, facts=told).then_rejected("conflict-of-interest")


def test_a_seat_without_an_answer_goes_to_the_next_and_then_to_the_convenor() -> None:
    asked = opened(PanelMemberAsked("q1", "l1", "lawyer", "n1", "convenor", ANSWER_BY))
    asked.when(Tick(), at=ANSWER_BY, facts=around()).then(
        PanelSeatFreed("lawyer", "l1", "lapsed"),
        PanelSeatVacant("q1", "lawyer", "n1", NotFilled.LAPSED, "convenor"),
    )


def test_with_a_mediator_and_three_members_it_is_complete() -> None:
    two = opened(ASKED, APPOINTED, *seated("s1", "p1"))
    third = PanelMemberAsked("q1", "l1", "lawyer", "n1", "convenor", ANSWER_BY)
    asked = two.when(NameMember("convenor", "lawyer", "l1"), at=NOW, facts=around()).then(third)
    complete = asked.when(DeclareTies("l1"), at=NOW, facts=around()).then(
        PanelMemberSeated("q1", "l1", "lawyer"), PanelComplete("q1", ("s1", "p1", "l1"))
    )
    left = complete.when(Leave("p1"), at=NOW, facts=around()).then(
        PanelMemberLeft("q1", "p1", "police-officer"),
        PanelSeatVacant("q1", "police-officer", "n1", NotFilled.STEPPED_DOWN, "convenor"),
    )
    assert left.state.complete == ()
    fourth = PanelMemberAsked("q1", "p9", "police-officer", "n1", "convenor", ANSWER_BY)
    again = left.when(NameMember("convenor", "police-officer", "p9"), at=NOW, facts=around())
    again.then(fourth).when(DeclareTies("p9"), at=NOW, facts=around()).then_among(
        PanelComplete("q1", ("s1", "p9", "l1"))
    )


def test_without_a_mediator_no_panel_is_complete() -> None:
    three = opened(*seated("s1", "p1", "l1"), ASKED)
    assert three.state.complete == ()
    three.when(AcceptCase("m1"), at=NOW, facts=around()).then(
        APPOINTED, PanelComplete("q1", ("s1", "p1", "l1"))
    )


def test_the_case_needs_another_seat_or_does_not() -> None:
    more = opened().when(AddSeat("convenor", "doctor"), facts=around())
    added = more.then(PanelSeatAdded("doctor"))
    added.when(AddSeat("convenor", "doctor"), facts=around()).then_rejected("seat-there")
    added.when(DropSeat("convenor", "doctor"), facts=around()).then(PanelSeatDropped("doctor"))
    added.when(DropSeat("convenor", "lawyer"), facts=around()).then_rejected("no-such-seat")
    full = opened(*(PanelSeatAdded(f"x{n}") for n in range(6)))
    full.when(AddSeat("convenor", "doctor"), facts=around()).then_rejected("too-many-seats")


def test_nobody_has_two_parts_in_a_panel() -> None:
    there = opened(ASKED, APPOINTED, *seated("s1"))
    for person in ("m1", "s1"):
        naming = NameMember("convenor", "lawyer", person)
        there.when(naming, at=NOW, facts=around()).then_rejected("on-the-panel")


# --- what changes --------------------------------------------------------------------------------


def test_who_answers_the_petition_later_leaves_the_panel() -> None:
    there = opened(ASKED, APPOINTED, *seated("s1"))
    there.when(LearnAnswers(("s1",)), at=NOW, facts=around()).then(
        PetitionAnswerLearned("s1"),
        PanelTieLearned("s1", Conflict.ANSWERED),
        PanelMemberLeft("q1", "s1", "party-secretary"),
        PanelSeatVacant("q1", "party-secretary", "n1", NotFilled.CONFLICT, "convenor"),
    )
    there.when(LearnAnswers(("somebody",)), at=NOW, facts=around()).then(
        PetitionAnswerLearned("somebody")
    )


def test_who_moves_in_with_a_party_or_joins_its_company_leaves_it() -> None:
    there = opened(ASKED, APPOINTED, *seated("s1"))
    moved = around({"m1": Bonds(household="n1-b1-u1")})
    there.when(LearnBonds("m1"), at=NOW, facts=moved).then_among(
        MediatorReleased("q1", "m1", NotFilled.CONFLICT)
    )
    joined = around({"s1": Bonds(organisations=("company",))})
    there.when(LearnBonds("s1"), at=NOW, facts=joined).then_among(
        PanelMemberLeft("q1", "s1", "party-secretary")
    )
    there.when(LearnBonds("s1"), at=NOW, facts=around({"s1": Bonds()})).then()


def test_a_party_that_moves_in_with_somebody_on_the_panel_ends_their_part() -> None:
    there = opened(ASKED, APPOINTED, *seated("s1"))
    bonds = around({"m1": Bonds(household="n1-b9-u9"), "s1": Bonds(household="n1-b8-u8")})
    moved = there.when(LearnHousehold("n1-b9-u9", ("m1", "s1")), at=NOW, facts=bonds).then(
        PanelHouseholdLearned("n1-b9-u9"),
        PanelTieLearned("m1", Conflict.HOUSEHOLD),
        MediatorReleased("q1", "m1", NotFilled.CONFLICT),
        MediatorSought("q1", "n1", "convenor"),
    )
    moved.when(LearnHousehold("n1-b9-u9", ("s1",)), at=NOW, facts=bonds).then()


def test_who_comes_to_speak_for_a_party_leaves_it() -> None:
    there = opened(*seated("speaks-for-company"))
    there.when(LearnParties(("speaks-for-company",)), at=NOW, facts=around()).then_among(
        PanelMemberLeft("q1", "speaks-for-company", "party-secretary")
    )


def test_who_lives_with_somebody_who_speaks_for_a_party_leaves_it() -> None:
    there = opened(ASKED, APPOINTED, *seated("s1"))
    bonds = around({"m1": Bonds(household="n1-b7-u7"), "s1": Bonds(household="n1-b8-u8")})
    learn = LearnParties(("m1", "s1"), ("n1-b7-u7", "n1-b7-u7"))
    gone = there.when(learn, at=NOW, facts=bonds).then(
        PanelHouseholdLearned("n1-b7-u7"),
        PanelTieLearned("m1", Conflict.HOUSEHOLD),
        MediatorReleased("q1", "m1", NotFilled.CONFLICT),
        MediatorSought("q1", "n1", "convenor"),
    )
    gone.when(learn, at=NOW, facts=bonds).then()
    appoint = AppointMediator("convenor", "m1")
    gone.when(appoint, at=NOW, facts=bonds).then_rejected("conflict-of-interest")


def test_kinship_known_to_a_convenor_ends_a_part() -> None:
    there = opened(ASKED, APPOINTED)
    unknown = DeclareKinship("convenor", "m1", "p9")
    there.when(unknown, at=NOW, facts=around()).then_rejected("panel-unknown-party")
    there.when(DeclareKinship("convenor", "m1", "p2"), at=NOW, facts=around()).then(
        PanelTieLearned("m1", Conflict.KIN),
        MediatorReleased("q1", "m1", NotFilled.CONFLICT),
        MediatorSought("q1", "n1", "convenor"),
    )


def test_a_convenor_releases_whoever_it_is() -> None:
    there = opened(ASKED, PanelLineNamed(None, ("m2",), "convenor"), *seated("s1"))
    there.when(Release("convenor", "m1"), at=NOW, facts=around()).then_among(
        MediatorNotWon("q1", "m1", "n1", NotFilled.REPLACED, "convenor")
    )
    there.when(Release("convenor", "s1"), at=NOW, facts=around()).then_among(
        PanelMemberLeft("q1", "s1", "party-secretary")
    )
    there.when(Release("convenor", "m2"), at=NOW, facts=around()).then(
        PanelLineNamed(None, (), "convenor")
    )
    there.when(Release("convenor", "m3"), at=NOW, facts=around()).then_rejected("not-on-the-panel")


def test_when_the_dispute_is_over_nothing_is_asked_and_it_may_go_on() -> None:
    asked = opened(ASKED, APPOINTED, *seated("s1"))
    asked = asked.when(NameMember("convenor", "lawyer", "l1"), at=NOW, facts=around()).then_among()
    over = asked.when(EndPanel(), at=NOW, facts=around()).then(PanelEnded())
    assert panel.due(over.state) is None
    over.when(Decline("l1"), at=NOW, facts=around()).then_rejected("panel-over")
    over.when(EndPanel(), at=NOW, facts=around()).then()
    # The dispute may have ended before the panel hears of it.
    told = replace(around(), dispute=replace(DISPUTE, status=DisputeStatus.ENDED))
    asked.when(DeclareTies("l1"), at=NOW, facts=told).then_rejected("panel-over")
    over.when(ReopenPanel(), at=NOW, facts=around()).then(PanelReopened())
    gone = around(m1=a_mediator("m1", standing=Standing.RETIRED))
    over.when(ReopenPanel(), at=NOW, facts=gone).then(
        PanelReopened(),
        MediatorReleased("q1", "m1", NotFilled.RETIRED),
        MediatorSought("q1", "n1", "convenor"),
    )


def test_whoever_is_erased_leaves_no_word_and_no_part() -> None:
    there = opened(ASKED, APPOINTED, PanelWordLeft("m1"))
    there.when(ForgetPerson("m1"), at=NOW, facts=around()).then(
        MediatorReleased("q1", "m1", NotFilled.ERASED),
        MediatorSought("q1", "n1", "convenor"),
        PanelWordsForgotten("m1"),
    )
    there.when(ForgetPerson("stranger"), at=NOW, facts=around()).then()
    ended = opened(ASKED, APPOINTED, PanelEnded())
    ended.when(ForgetPerson("m1"), at=NOW, facts=around()).then(
        MediatorReleased("q1", "m1", NotFilled.ERASED)
    )
