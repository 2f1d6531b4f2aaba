"""Who was not logged in follows a petition to its end by receipt, or is called."""

from dataclasses import replace

import pytest

from services.petitions.domain.by_receipt import (
    AskReviewByReceipt,
    CommentByReceipt,
    JudgePromiseByReceipt,
    RateByReceipt,
    WithdrawByReceipt,
    can,
)
from services.petitions.domain.commands import Answer, Return
from services.petitions.domain.dossier import CommentWritten
from services.petitions.domain.promises import FollowUpPromise
from services.petitions.domain.state import Petition, Status
from shared.contracts.petitions import (
    PetitionReviewAsked,
    PromiseFollowedUp,
    PromiseJudged,
)
from shared.runtime.aggregate import Command, Tick
from tests.given import Given
from tests.services.petitions.domain.test_promises import DUE, PROMISE
from tests.services.petitions.town import (
    FILE,
    GRID_HEAD,
    ID,
    MONDAY,
    STREET_OFFICER,
    TOWN,
    TUESDAY,
    WEDNESDAY,
    filed,
    reply,
    told,
)

FOR_A_CALLER = replace(FILE, on_behalf=True, petitioner=None)
CALLER = "desk-1"


def called(*answers: Answer) -> Given[Petition]:
    """What the desk filed for somebody who was not logged in."""
    return told((FOR_A_CALLER, MONDAY), *((answer, TUESDAY) for answer in answers))


def fallen_due() -> Given[Petition]:
    """Its answer stands, and what it promised has fallen due."""
    steps = ((FOR_A_CALLER, MONDAY), (PROMISE, TUESDAY), (RateByReceipt(4), WEDNESDAY))
    return told(*steps, (Tick(), DUE))


def test_the_facts_that_were_asked_for_come_by_receipt() -> None:
    past = called()
    asked = past.when(Return(by=GRID_HEAD, question="哪个单元？"), at=TUESDAY, facts=TOWN)
    past = asked.then(*asked.events)
    assert past.state.status is Status.RETURNED
    given = past.when(CommentByReceipt("三单元"), at=TUESDAY, facts=TOWN)
    assert given.then_among(CommentWritten("receipt", "三单元")).state.status is Status.TAKEN


def test_the_review_is_asked_for_by_receipt_once() -> None:
    past = told((FOR_A_CALLER, MONDAY), (reply(GRID_HEAD), TUESDAY), (RateByReceipt(4), WEDNESDAY))
    asked = past.when(AskReviewByReceipt("没有修好"), at=WEDNESDAY, facts=TOWN)
    after = asked.then_among(PetitionReviewAsked(ID, None))
    assert after.state.status is Status.REVIEW


def test_it_is_taken_back_by_receipt() -> None:
    gone = called().when(WithdrawByReceipt(), at=TUESDAY, facts=TOWN)
    assert gone.then(*gone.events).state.outcome == "withdrawn"


def test_a_broken_promise_is_said_by_receipt_and_reopens_it() -> None:
    said = fallen_due().when(JudgePromiseByReceipt(1, False), at=DUE, facts=TOWN)
    broken = PromiseJudged(ID, 1, False, GRID_HEAD, "banyan", "sanitation")
    assert said.then_among(broken).state.reopened == 1


@pytest.mark.parametrize(
    "command",
    [
        CommentByReceipt("三单元"),
        JudgePromiseByReceipt(1, True),
        AskReviewByReceipt("没有修好"),
        WithdrawByReceipt(),
    ],
)
def test_who_logs_in_says_it_there(command: Command) -> None:
    filed().when(command, facts=TOWN).then_rejected("rate-logged-in")


def test_what_can_be_done_by_receipt_is_what_the_petitioner_could() -> None:
    assert can(called().state) == {"comment", "withdraw"}
    assert can(called(reply(GRID_HEAD)).state) == {"comment", "withdraw", "rate"}
    assert can(fallen_due().state) == {"judge-promise", "ask-review"}
    assert can(filed().state) == frozenset()


# --- by telephone ------------------------------------------------------------------------------


def test_somebody_calls_after_a_promise_and_whoever_is_reached_has_judged_it() -> None:
    missed = FollowUpPromise(by=CALLER, promise=1, reached=False)
    past = (
        fallen_due()
        .when(missed, at=DUE, facts=TOWN)
        .then(PromiseFollowedUp(ID, 1, CALLER, False, 1))
    )
    call = FollowUpPromise(by=CALLER, promise=1, reached=True, kept=True)
    past.when(call, at=DUE, facts=TOWN).then(
        PromiseFollowedUp(ID, 1, CALLER, True, 2),
        PromiseJudged(ID, 1, True, GRID_HEAD, "banyan", "sanitation"),
    )


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (FollowUpPromise(by=GRID_HEAD, promise=1, reached=False), "own-follow-up"),
        (FollowUpPromise(by=CALLER, promise=1, reached=True), "kept-or-not"),
        (FollowUpPromise(by=CALLER, promise=1, reached=False, kept=True), "kept-or-not"),
        (FollowUpPromise(by=CALLER, promise=2, reached=False), "no-such-promise"),
    ],
)
def test_a_call_after_a_promise_says_what_was_said(call: FollowUpPromise, code: str) -> None:
    fallen_due().when(call, at=DUE, facts=TOWN).then_rejected(code)


def test_nobody_calls_before_the_promise_falls_due() -> None:
    call = FollowUpPromise(by=STREET_OFFICER, promise=1, reached=True, kept=True)
    called(PROMISE).when(call, at=WEDNESDAY, facts=TOWN).then_rejected("asked-too-early")
