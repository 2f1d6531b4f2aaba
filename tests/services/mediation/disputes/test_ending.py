"""The end: its time, an extension, the outcomes, agreements, and whether it holds."""

from dataclasses import replace

import pytest

from services.mediation.domain.disputes.dispute import dispute
from services.mediation.domain.disputes.dispute_commands import (
    AnswerFollowUp,
    ConsentExtension,
    FailDispute,
    LearnBroken,
    LearnInForce,
    LearnKept,
    LearnLink,
    LearnMediator,
    LearnMediatorGone,
    LearnPanel,
    LearnRevoked,
    LearnSeatEmpty,
    LearnSigned,
    LeaveDispute,
    PassOnDispute,
    ProposeExtension,
    RefuseExtension,
    ReopenDispute,
    WithdrawDispute,
)
from services.mediation.domain.disputes.dispute_events import (
    AgreementKnown,
    BeginNoted,
    DisputeReasonGiven,
    DisputeWaitsUntil,
    EndNoted,
    ExtensionConsented,
    FilerForgotten,
    FollowUpAnswered,
    FollowUpClosed,
    MediationResumed,
    MediatorKnown,
    PanelKnown,
    PersonForgotten,
    SettlementTold,
)
from services.mediation.domain.disputes.dispute_state import Status
from services.mediation.domain.disputes.following_up import MOST_REOPENED
from services.mediation.domain.disputes.forgetting import ForgetPerson
from shared.contracts.event import Event
from shared.contracts.mediation import (
    DisputeEnded,
    DisputeExtended,
    DisputeLinked,
    DisputeNearsLimit,
    DisputeReopened,
    ExtensionProposed,
    ExtensionRefused,
    FollowUpAsked,
    PartyLeft,
    SettlementHolds,
    SettlementNotHolding,
)
from shared.contracts.mediation.disputes import DisputeKind, EndedBecause, Outcome, PassedTo
from shared.runtime.aggregate import Tick
from tests.given import Given, given
from tests.services.mediation.disputes.stories import (
    AROUND,
    CHEN,
    DAY,
    INVITED,
    LIMIT,
    LIN,
    MEDIATING,
    MEDIATING_THREE,
    MEDIATOR,
    NOW,
    PATH,
    WORKER,
    ZHAO,
    agreed,
    begun,
    filed,
    invited,
)
from tests.services.mediation.disputes.test_consenting import ended

WITH_MEDIATOR: tuple[Event, ...] = (*MEDIATING, MediatorKnown(MEDIATOR))
FURTHER = LIMIT + 30 * DAY


# --- the limit -----------------------------------------------------------------------------------


def test_it_ends_after_thirty_days_and_a_warning() -> None:
    known = given(dispute, *WITH_MEDIATOR)
    assert dispute.due(known.state) == LIMIT - 7 * DAY
    warned = known.when(Tick(), at=LIMIT - 7 * DAY, facts=AROUND).then(
        DisputeNearsLimit("d1", "n", (LIN, CHEN), MEDIATOR, LIMIT)
    )
    assert dispute.due(warned.state) == LIMIT
    over = ended(EndedBecause.TIME_OVER, LIN, CHEN, days=30, mediator=MEDIATOR)
    warned.when(Tick(), at=LIMIT, facts=AROUND).then(over, EndNoted(LIMIT, ()))


def test_all_consent_to_one_extension() -> None:
    proposed = (
        given(dispute, *WITH_MEDIATOR)
        .when(ProposeExtension(MEDIATOR), facts=AROUND)
        .then(ExtensionProposed("d1", "n", MEDIATOR, (LIN, CHEN), FURTHER))
    )
    proposed.when(ProposeExtension(LIN), facts=AROUND).then_rejected("extension-proposed")
    one = proposed.when(ConsentExtension(LIN), facts=AROUND).then(ExtensionConsented("p1"))
    one.when(ConsentExtension(LIN), facts=AROUND).then()
    both = one.when(ConsentExtension(CHEN), facts=AROUND).then(
        ExtensionConsented("p2"),
        DisputeExtended("d1", "n", (LIN, CHEN), MEDIATOR, None, FURTHER),
    )
    assert both.state.until == FURTHER
    both.when(ProposeExtension(LIN), facts=AROUND).then_rejected("extended-before")
    assert dispute.due(both.state) == FURTHER - 7 * DAY


def test_without_consent_the_limit_stays() -> None:
    known = given(dispute, *WITH_MEDIATOR)
    for command in (ConsentExtension(CHEN), RefuseExtension(CHEN)):
        known.when(command, facts=AROUND).then_rejected("no-extension")
    refused = (
        known.when(ProposeExtension(LIN), facts=AROUND)
        .then(ExtensionProposed("d1", "n", LIN, (CHEN,), FURTHER), ExtensionConsented("p1"))
        .when(RefuseExtension(CHEN), facts=AROUND)
        .then(ExtensionRefused("d1", "n", LIN, CHEN))
    )
    assert refused.state.until == LIMIT
    refused.when(ProposeExtension(CHEN), facts=AROUND).then_among(ExtensionConsented("p2"))


# --- outcomes ------------------------------------------------------------------------------------


def test_who_mediates_says_that_it_failed_or_passes_it_on() -> None:
    known = given(dispute, *WITH_MEDIATOR)
    because = EndedBecause.NO_AGREEMENT
    known.when(FailDispute(MEDIATOR, "谈不拢"), at=NOW + DAY, facts=AROUND).then(
        ended(because, LIN, CHEN, days=1, mediator=MEDIATOR),
        EndNoted(NOW + DAY, ()),
        DisputeReasonGiven("fail", MEDIATOR, "谈不拢"),
    )
    on = replace(
        ended(EndedBecause.PASSED_ON, LIN, CHEN, outcome=Outcome.PASSED_ON, mediator=MEDIATOR),
        to=PassedTo.COURT,
    )
    passed = known.when(PassOnDispute(MEDIATOR, PassedTo.COURT, "须鉴定"), facts=AROUND).then(
        on, EndNoted(NOW, ()), DisputeReasonGiven("pass-on", MEDIATOR, "须鉴定")
    )
    assert passed.state.passed_to is PassedTo.COURT
    passed.when(LeaveDispute(LIN), facts=AROUND).then_rejected("dispute-wrong-moment")


def test_whose_matter_it_is_takes_it_back() -> None:
    known = given(dispute, *INVITED)
    known.when(WithdrawDispute(CHEN), facts=AROUND).then_rejected("not-yours-to-withdraw")
    over = ended(EndedBecause.WITHDRAWN, LIN, CHEN, outcome=Outcome.WITHDRAWN)
    known.when(WithdrawDispute(LIN, "算了"), facts=AROUND).then(
        over, EndNoted(NOW, ()), DisputeReasonGiven("withdraw", LIN, "算了")
    )
    for_lin = (replace(filed(LIN, CHEN), filed_by=WORKER), *INVITED[1:])
    given(dispute, *for_lin).when(WithdrawDispute(WORKER), facts=AROUND).then_among(over)


# --- agreements ----------------------------------------------------------------------------------

SIGNED: tuple[Event, ...] = (*WITH_MEDIATOR, AgreementKnown("a1", 20 * DAY))
SETTLED_AT = NOW + 12 * DAY
SETTLED: tuple[Event, ...] = (
    *SIGNED,
    DisputeEnded(
        "d1",
        DisputeKind.NOISE,
        "n",
        PATH,
        (LIN, CHEN),
        MEDIATOR,
        None,
        Outcome.SETTLED,
        EndedBecause.AGREEMENT,
        None,
        12,
    ),
    EndNoted(SETTLED_AT, (SETTLED_AT + 30 * DAY, SETTLED_AT + 90 * DAY)),
)


def test_what_is_signed_stops_the_clock_and_ends_it_when_in_force() -> None:
    known = (
        given(dispute, *WITH_MEDIATOR)
        .when(LearnSigned("a1"), at=NOW + 10 * DAY, facts=AROUND)
        .then(AgreementKnown("a1", 20 * DAY))
    )
    assert known.state.status is Status.AGREED
    assert dispute.due(known.state) is None
    known.when(LeaveDispute(LIN), facts=AROUND).then_rejected("dispute-wrong-moment")
    over = known.when(LearnInForce("a1", True), at=SETTLED_AT, facts=AROUND).then(*SETTLED[-2:])
    over.when(LearnInForce("a1", True), at=SETTLED_AT, facts=AROUND).then()
    known.when(LearnInForce("a1", False), at=SETTLED_AT, facts=AROUND).then(
        replace(SETTLED[-2], outcome=Outcome.PARTLY),  # type: ignore[type-var]
        SETTLED[-1],
    )


def test_what_was_signed_just_in_time_counts() -> None:
    over = given(
        dispute,
        *WITH_MEDIATOR,
        ended(EndedBecause.TIME_OVER, LIN, CHEN, days=30, mediator=MEDIATOR),
        EndNoted(LIMIT, ()),
    )
    over.when(LearnSigned("a1"), at=LIMIT, facts=AROUND).then()
    late = over.when(LearnInForce("a1", True), at=LIMIT, facts=AROUND).then_among(
        AgreementKnown("a1", 0 * DAY)
    )
    assert late.state.outcome is Outcome.SETTLED
    left = given(dispute, *WITH_MEDIATOR, ended(EndedBecause.LEFT, LIN), EndNoted(NOW, ()))
    counts = left.when(LearnInForce("a1", True), facts=AROUND)
    assert counts.then(*counts.events).state.outcome is Outcome.SETTLED


def test_what_is_revoked_goes_on_with_what_was_left() -> None:
    known = given(dispute, *SIGNED)
    known.when(LearnRevoked("a9"), facts=AROUND).then()
    back = known.when(LearnRevoked("a1"), at=SETTLED_AT, facts=AROUND).then(
        MediationResumed(SETTLED_AT + 20 * DAY)
    )
    assert back.state.status is Status.MEDIATING
    tight = given(dispute, *WITH_MEDIATOR, AgreementKnown("a1", DAY))
    tight.when(LearnRevoked("a1"), at=LIMIT, facts=AROUND).then(MediationResumed(LIMIT + 7 * DAY))


def test_what_is_broken_does_not_hold_and_may_be_mediated_again() -> None:
    known = given(dispute, *SETTLED)
    known.when(LearnKept("a1"), facts=AROUND).then(SettlementTold(True))
    known.when(LearnBroken("a1", False), facts=AROUND).then(SettlementTold(False))
    known.when(LearnBroken("a9", True), facts=AROUND).then()
    known.when(LearnKept("a9"), facts=AROUND).then()
    again = known.when(LearnBroken("a1", True), at=LIMIT, facts=AROUND).then(
        SettlementTold(False), *reopened_at_limit()
    )
    assert again.state.status is Status.MEDIATING
    assert again.state.mediator == MEDIATOR
    assert again.state.reopened == 1


def reopened_at_limit() -> list[Event]:
    return [
        DisputeReopened("d1", DisputeKind.NOISE, "n", PATH, (LIN, CHEN), LIMIT + 30 * DAY),
        BeginNoted(LIMIT),
    ]


# --- does it hold? -------------------------------------------------------------------------------

FIRST = SETTLED_AT + 30 * DAY
ASKED = FollowUpAsked("d1", "n", 1, (LIN, CHEN), FIRST + 14 * DAY)


def asked() -> Given:
    return given(dispute, *SETTLED).when(Tick(), at=FIRST, facts=AROUND).then(ASKED)


def not_holding(by: str, number: int = 1) -> SettlementNotHolding:
    until = FIRST + 30 * DAY
    return SettlementNotHolding(
        "d1", DisputeKind.NOISE, "n", PATH, (LIN, CHEN), MEDIATOR, number, by, until
    )


def holds(number: int) -> SettlementHolds:
    return SettlementHolds("d1", DisputeKind.NOISE, "n", PATH, MEDIATOR, number)


def test_after_one_month_and_three_it_is_asked_whether_it_holds() -> None:
    assert dispute.due(given(dispute, *SETTLED).state) == FIRST
    known = asked()
    assert dispute.due(known.state) == FIRST + 14 * DAY
    one = known.when(AnswerFollowUp(LIN, True), at=FIRST, facts=AROUND).then(
        FollowUpAnswered("p1", True)
    )
    one.when(AnswerFollowUp(LIN, True), at=FIRST, facts=AROUND).then_rejected("answered-before")
    both = one.when(AnswerFollowUp(CHEN, True, "还好"), at=FIRST, facts=AROUND).then(
        FollowUpAnswered("p2", True),
        FollowUpClosed(1),
        holds(1),
        DisputeReasonGiven("answer-follow-up", CHEN, "还好"),
    )
    both.when(AnswerFollowUp(CHEN, True), at=FIRST, facts=AROUND).then_rejected("not-asked")
    second = SETTLED_AT + 90 * DAY
    assert dispute.due(both.state) == second
    again = both.when(Tick(), at=second, facts=AROUND).then(
        FollowUpAsked("d1", "n", 2, (LIN, CHEN), second + 14 * DAY)
    )
    quiet = again.when(Tick(), at=second + 14 * DAY, facts=AROUND).then(FollowUpClosed(2))
    assert dispute.due(quiet.state) is None
    one.when(Tick(), at=FIRST + 14 * DAY, facts=AROUND).then(FollowUpClosed(1), holds(1))


def test_who_says_it_does_not_hold_may_have_it_mediated_again() -> None:
    known = asked()
    known.when(ReopenDispute(CHEN, "还是吵"), at=FIRST, facts=AROUND).then_rejected("holds-so-far")
    told = known.when(AnswerFollowUp(CHEN, False), at=FIRST, facts=AROUND).then(
        FollowUpAnswered("p2", False), not_holding(CHEN)
    )
    assert told.state.holds is False
    both = told.when(AnswerFollowUp(LIN, True), at=FIRST, facts=AROUND).then(
        FollowUpAnswered("p1", True), FollowUpClosed(1)
    )
    both.when(ReopenDispute(CHEN, "还是吵"), at=FIRST + 30 * DAY, facts=AROUND).then_rejected(
        "holds-so-far"
    )
    again = both.when(ReopenDispute(CHEN, "还是吵"), at=LIMIT, facts=AROUND).then(
        *reopened_at_limit(), DisputeReasonGiven("reopen", CHEN, "还是吵")
    )
    assert dispute.due(again.state) == LIMIT + 23 * DAY


def test_it_is_not_mediated_again_for_ever() -> None:
    known = given(dispute, *SETTLED, *reopened_at_limit() * MOST_REOPENED, *SETTLED[-3:])
    known.when(LearnBroken("a1", True), facts=AROUND).then(SettlementTold(False))
    told = given(
        dispute, *SETTLED, *reopened_at_limit() * MOST_REOPENED, *SETTLED[-3:], not_holding(LIN)
    )
    told.when(ReopenDispute(LIN, "又吵"), at=FIRST, facts=AROUND).then_rejected(
        "reopened-too-often"
    )


@pytest.mark.parametrize("events", [MEDIATING, SETTLED])
def test_nobody_answers_what_is_not_asked(events: tuple[Event, ...]) -> None:
    known = given(dispute, *events)
    code = "not-asked" if known.state.status is Status.ENDED else "dispute-wrong-moment"
    known.when(AnswerFollowUp(LIN, True), facts=AROUND).then_rejected(code)


# --- what it learns ------------------------------------------------------------------------------


def test_it_knows_its_petition_once_that_confirms_it() -> None:
    out_of_it = (replace(filed(LIN, CHEN), petition="pt1"), *INVITED[1:])
    known = given(dispute, *out_of_it)
    linked = known.when(LearnLink("pt1"), facts=AROUND).then(DisputeLinked("d1", "pt1", "n"))
    linked.when(LearnLink("pt1"), facts=AROUND).then()
    known.when(LearnLink("pt2"), facts=AROUND).then()


def test_it_knows_who_mediates_and_sits_on_the_panel() -> None:
    known = given(dispute, *MEDIATING)
    mediated = known.when(LearnMediator(MEDIATOR), facts=AROUND).then(MediatorKnown(MEDIATOR))
    assert dispute.due(mediated.state) == LIMIT - 7 * DAY
    mediated.when(LearnMediator(MEDIATOR), facts=AROUND).then()
    mediated.when(LearnMediatorGone(ZHAO), facts=AROUND).then()
    mediated.when(LearnMediatorGone(MEDIATOR), at=NOW + DAY, facts=AROUND).then(
        MediatorKnown(None), DisputeWaitsUntil("mediator", NOW + 6 * DAY)
    )
    seated = known.when(LearnPanel(("x", "y")), facts=AROUND).then(PanelKnown(("x", "y")))
    seated.when(LearnSeatEmpty("x"), facts=AROUND).then(PanelKnown(("y",)))
    seated.when(LearnSeatEmpty("z"), facts=AROUND).then()
    unheard = given(dispute, *MEDIATING, ended(EndedBecause.LEFT, LIN), EndNoted(NOW, ()))
    unheard.when(LearnMediator(MEDIATOR), facts=AROUND).then(MediatorKnown(MEDIATOR))
    over = given(dispute, *SETTLED)
    for late in (LearnMediatorGone(ZHAO), LearnMediator(ZHAO), LearnPanel(("x",))):
        over.when(late, facts=AROUND).then()


def test_who_was_refused_as_it_ended_does_not_come_back_with_it() -> None:
    over = given(dispute, *SETTLED)
    assert over.state.mediator == MEDIATOR
    gone = over.when(LearnMediatorGone(MEDIATOR), at=NOW + DAY, facts=AROUND).then(
        MediatorKnown(None)
    )
    assert gone.state.mediator is None


# --- erasure -------------------------------------------------------------------------------------


def test_a_party_that_is_erased_has_left_and_all_words_go() -> None:
    known = given(dispute, *MEDIATING)
    gone = known.when(ForgetPerson(CHEN), facts=AROUND).then(
        PartyLeft("d1", "p2", "n", CHEN, (LIN,), None),
        ended(EndedBecause.ERASED, LIN),
        EndNoted(NOW, ()),
        PersonForgotten(CHEN),
    )
    assert gone.state.people == (LIN,)
    assert gone.state.parties[1].household is None
    gone.when(ForgetPerson(CHEN), facts=AROUND).then()
    three = given(dispute, *MEDIATING_THREE).when(ForgetPerson(CHEN), facts=AROUND)
    assert three.then_among(PersonForgotten(CHEN)).state.status is Status.MEDIATING


def test_what_is_settled_stays_settled_when_somebody_is_erased() -> None:
    known = given(dispute, *SETTLED)
    gone = known.when(ForgetPerson(LIN), facts=AROUND).then(PersonForgotten(LIN))
    assert gone.state.outcome is Outcome.SETTLED
    assert gone.state.filed_by is None
    known.when(ForgetPerson(MEDIATOR), facts=AROUND).then(MediatorKnown(None))


def test_a_mediator_who_is_erased_takes_no_words_along() -> None:
    known = given(dispute, *WITH_MEDIATOR, PanelKnown(("x", "y")))
    known.when(ForgetPerson(MEDIATOR), facts=AROUND).then(
        MediatorKnown(None), DisputeWaitsUntil("mediator", NOW + 5 * DAY)
    )
    known.when(ForgetPerson("x"), facts=AROUND).then(PanelKnown(("y",)))
    for_lin = (replace(filed(LIN, CHEN), filed_by=WORKER), *INVITED[1:])
    given(dispute, *for_lin).when(ForgetPerson(WORKER), facts=AROUND).then(FilerForgotten())


def test_who_is_erased_holds_no_beginning_up() -> None:
    known = given(
        dispute,
        filed(LIN, CHEN, ZHAO),
        *MEDIATING_THREE[1:3],
        invited(),
        invited("p3", ZHAO),
        agreed(),
    )
    known.when(ForgetPerson(ZHAO), facts=AROUND).then(
        PartyLeft("d1", "p3", "n", ZHAO, (LIN, CHEN), None),
        *begun(LIN, CHEN),
        PersonForgotten(ZHAO),
    )


def test_who_mediated_may_be_gone_when_it_is_mediated_again() -> None:
    told = given(dispute, *SETTLED, MediatorKnown(None), not_holding(LIN))
    told.when(ReopenDispute(LIN, "又吵"), at=LIMIT, facts=AROUND).then_among(
        DisputeWaitsUntil("mediator", LIMIT + 5 * DAY)
    )
