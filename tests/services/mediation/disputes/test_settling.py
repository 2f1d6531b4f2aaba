"""Settled on the spot: the mediator records it, every party confirms it; what the others keep."""

from dataclasses import replace

import pytest

from services.mediation.domain.disputes.dispute import dispute, open_verbs
from services.mediation.domain.disputes.dispute_commands import (
    AnswerFollowUp,
    LearnInForce,
    LearnSigned,
    LeaveDispute,
)
from services.mediation.domain.disputes.dispute_events import (
    DisputeReasonGiven,
    EndNoted,
    MediatorKnown,
    PartyContactGiven,
    PersonForgotten,
    SettlementConfirmed,
    SettlementWritten,
)
from services.mediation.domain.disputes.dispute_state import Dispute, Oral, Status
from services.mediation.domain.disputes.following_up import FOLLOW_UPS
from services.mediation.domain.disputes.forgetting import ForgetPerson
from services.mediation.domain.disputes.settling import (
    MOST_RECORDS,
    ConfirmSettlement,
    ObjectToSettlement,
    RecordSettlement,
)
from shared.contracts.event import Event
from shared.contracts.mediation.disputes import (
    DisputeEnded,
    DisputeKind,
    EndedBecause,
    Outcome,
    SettlementObjectedTo,
    SettlementRecorded,
)
from tests.given import Given, given
from tests.services.mediation.disputes.stories import (
    AROUND,
    CHEN,
    DAY,
    LIN,
    MEDIATING,
    MEDIATING_THREE,
    MEDIATOR,
    NOW,
    PATH,
    ZHAO,
)

SAID = "陈明当场道歉，以后十点后不放音乐"
TOLD = SettlementRecorded("d1", "n", 1, (LIN, CHEN), MEDIATOR)
WRITTEN = SettlementWritten(1, SAID)
ENDED = DisputeEnded(
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
    2,
)
LATER = NOW + 2 * DAY


def recorded(*story: Event) -> Given[Dispute]:
    """There is a mediator, who has recorded something."""
    past = given(dispute, *(story or MEDIATING), MediatorKnown(MEDIATOR))
    return do(past, RecordSettlement(MEDIATOR, SAID))


def do(past: Given[Dispute], command: object) -> Given[Dispute]:
    when = past.when(command, at=LATER, facts=AROUND)  # type: ignore[arg-type]
    return when.then(*when.events)


def settled() -> Given[Dispute]:
    """Both have confirmed it."""
    past = recorded()
    for who in (LIN, CHEN):
        past = do(past, ConfirmSettlement(who, 1))
    return past


def test_it_is_settled_when_every_party_says_that_it_was_so() -> None:
    past = given(dispute, *MEDIATING, MediatorKnown(MEDIATOR))
    past = past.when(RecordSettlement(MEDIATOR, SAID), at=LATER, facts=AROUND).then(TOLD, WRITTEN)
    past = past.when(ConfirmSettlement(LIN, 1), at=LATER, facts=AROUND).then(
        SettlementConfirmed("p1", LIN, LATER)
    )
    assert past.state.status is Status.MEDIATING
    past.when(ConfirmSettlement(LIN, 1), at=LATER, facts=AROUND).then_rejected("confirmed-before")
    past = past.when(ConfirmSettlement(CHEN, 1), at=LATER, facts=AROUND).then(
        SettlementConfirmed("p2", CHEN, LATER),
        ENDED,
        EndNoted(LATER, tuple(LATER + after for after in FOLLOW_UPS)),
    )
    assert past.state.oral == Oral(1, ("p1", "p2"))
    assert dispute.due(past.state) == LATER + FOLLOW_UPS[0]
    with_a_question = past.when(AnswerFollowUp(LIN, True), at=LATER, facts=AROUND)
    with_a_question.then_rejected("not-asked")


def test_of_three_parties_all_have_to_confirm() -> None:
    past = recorded(*MEDIATING_THREE)
    for who in (LIN, ZHAO):
        past = do(past, ConfirmSettlement(who, 1))
    assert past.state.status is Status.MEDIATING
    assert do(past, ConfirmSettlement(CHEN, 1)).state.outcome is Outcome.SETTLED


def test_one_party_that_objects_voids_the_record_and_mediation_goes_on() -> None:
    past = do(recorded(), ConfirmSettlement(LIN, 1))
    past = past.when(ObjectToSettlement(CHEN, 1, "没说过"), at=LATER, facts=AROUND).then(
        SettlementObjectedTo("d1", "n", 1, CHEN, MEDIATOR),
        DisputeReasonGiven("object-to-settlement", CHEN, "没说过"),
    )
    assert past.state.status is Status.MEDIATING
    past.when(ConfirmSettlement(CHEN, 1), at=LATER, facts=AROUND).then_rejected("nothing-recorded")
    again = do(past, RecordSettlement(MEDIATOR, "十一点后不放音乐"))
    assert again.state.oral == Oral(2), "what was said of the former record counts no more"


def test_a_new_record_is_confirmed_anew() -> None:
    past = do(recorded(), ConfirmSettlement(LIN, 1))
    past = do(past, RecordSettlement(MEDIATOR, "另一种说法"))
    for command in (ConfirmSettlement(CHEN, 1), ObjectToSettlement(CHEN, 1)):
        past.when(command, at=LATER, facts=AROUND).then_rejected("another-record")
    assert do(past, ConfirmSettlement(CHEN, 2)).state.status is Status.MEDIATING


@pytest.mark.parametrize("command", [LeaveDispute(ZHAO), LearnSigned("d1.1")])
def test_a_party_that_leaves_and_a_signed_agreement_void_the_record(command: object) -> None:
    past = do(recorded(*MEDIATING_THREE), ConfirmSettlement(LIN, 1))
    assert do(past, command).state.oral is None


def test_only_while_it_is_mediated_and_not_without_end() -> None:
    over = settled()
    for command in (
        RecordSettlement(MEDIATOR, SAID),
        ConfirmSettlement(LIN, 1),
        ObjectToSettlement(LIN, 1),
    ):
        over.when(command, at=LATER, facts=AROUND).then_rejected("dispute-wrong-moment")
    past = recorded()
    for _ in range(MOST_RECORDS - 1):
        past = do(past, RecordSettlement(MEDIATOR, SAID))
    more = past.when(RecordSettlement(MEDIATOR, SAID), at=LATER, facts=AROUND)
    more.then_rejected("too-many-records")


def test_what_all_signed_in_that_very_moment_counts_too() -> None:
    both = do(settled(), LearnInForce("d1.1", True))
    assert (both.state.status, both.state.agreement) == (Status.ENDED, "d1.1")


def test_confirming_is_offered_when_there_is_something_to_confirm() -> None:
    verbs = {"confirm-settlement", "object-to-settlement"}
    assert verbs.isdisjoint(open_verbs(given(dispute, *MEDIATING).state))
    assert verbs <= set(open_verbs(recorded().state))


# --- who is erased -------------------------------------------------------------------------------

NAMED = (PartyContactGiven("p2", "陈明", None, None), PartyContactGiven("p1", "林", None, None))


def test_the_other_keeps_what_was_settled_with_the_name_masked() -> None:
    forget = ForgetPerson(CHEN, (WRITTEN, replace(WRITTEN, number=9)), NAMED)
    kept = (
        settled()
        .when(forget, at=LATER, facts=AROUND)
        .then(PersonForgotten(CHEN), SettlementWritten(1, "某某当场道歉，以后十点后不放音乐"))
    )
    last = ForgetPerson(LIN, (WRITTEN,), NAMED)
    kept.when(last, at=LATER, facts=AROUND).then(PersonForgotten(LIN))


def test_what_was_not_settled_is_kept_by_nobody() -> None:
    events = recorded().when(ForgetPerson(CHEN, (WRITTEN,), NAMED), at=LATER, facts=AROUND).events
    assert PersonForgotten(CHEN) in events
    assert not [one for one in events if isinstance(one, SettlementWritten)]
