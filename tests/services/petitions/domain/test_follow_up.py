"""Follow-up by phone, and the review that is asked for."""

from datetime import timedelta

import pytest

from services.petitions.domain.answering import REVIEW_WITHIN
from services.petitions.domain.commands import AskReview, Close, FollowUp, Rate, Withdraw
from services.petitions.domain.dossier import WordGiven
from services.petitions.domain.state import Petition, Status
from shared.contracts.petitions import (
    PetitionFollowedUp,
    PetitionRated,
    PetitionReopened,
    PetitionReviewAsked,
    PetitionSentToReview,
)
from shared.contracts.types import Level
from tests.given import Given
from tests.services.petitions.town import (
    DISTRICT_DEPUTY,
    DISTRICT_OFFICER,
    FILE,
    GRID_HEAD,
    ID,
    MONDAY,
    RESIDENT,
    STREET_OFFICER,
    TOWN,
    TUESDAY,
    answered,
    told,
)

ASK = AskReview(by=RESIDENT, reason="管道并没有换")


def test_a_call_asks_both_questions_and_counts_as_the_petitioners_word() -> None:
    call = FollowUp(by=STREET_OFFICER, reached=True, stars=4, solved=True, word="满意")
    state = (
        answered()
        .when(call, at=TUESDAY, facts=TOWN)
        .then_among(
            PetitionFollowedUp(ID, STREET_OFFICER, reached=True, tries=1),
            PetitionRated(
                petition=ID,
                stars=4,
                solved=True,
                level=Level.NEIGHBOURHOOD,
                place="banyan",
                category="sanitation",
                answered_by=GRID_HEAD,
            ),
            WordGiven("满意"),
        )
        .state
    )
    assert (state.status, state.outcome) == (Status.CLOSED, "solved")


def test_a_low_rating_by_phone_reopens_it_too() -> None:
    call = FollowUp(by=STREET_OFFICER, reached=True, stars=1, solved=False)
    answered().when(call, at=TUESDAY, facts=TOWN).then_among(
        PetitionReopened(ID, 1, Level.AREA, RESIDENT)
    )


def test_who_answered_it_does_not_call() -> None:
    call = FollowUp(by=GRID_HEAD, reached=True, stars=5, solved=True)
    answered().when(call, at=TUESDAY, facts=TOWN).then_rejected("own-follow-up")


def test_who_was_not_reached_is_called_again() -> None:
    nobody = FollowUp(by=STREET_OFFICER, reached=False)
    past = answered()
    for tries in (1, 2):
        past = past.when(nobody, at=TUESDAY, facts=TOWN).then(
            PetitionFollowedUp(ID, STREET_OFFICER, reached=False, tries=tries)
        )
    assert past.state.status is Status.ANSWERED


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (FollowUp(by=STREET_OFFICER, reached=True, stars=5), "two-questions"),
        (FollowUp(by=STREET_OFFICER, reached=True, solved=True), "two-questions"),
        (FollowUp(by=STREET_OFFICER, reached=False, stars=5), "not-reached"),
    ],
)
def test_half_a_call_is_none(call: FollowUp, code: str) -> None:
    answered().when(call, at=TUESDAY, facts=TOWN).then_rejected(code)


def closed() -> Given[Petition]:
    past = answered()
    rated = past.when(Rate(by=RESIDENT, stars=3), at=TUESDAY, facts=TOWN)
    return rated.then(*rated.events)


def test_the_district_reviews_the_final_answer_once() -> None:
    past = closed().when(ASK, at=TUESDAY, facts=TOWN)
    past_review = past.then_among(
        PetitionReviewAsked(ID, RESIDENT), PetitionSentToReview(ID, "mawei", RESIDENT)
    )
    state = past_review.state
    assert (state.status, state.level, state.assignee) == (
        Status.REVIEW,
        Level.DISTRICT,
        DISTRICT_OFFICER,
    )
    over = past_review.when(Close(by=DISTRICT_OFFICER, reason="答复属实"), at=TUESDAY, facts=TOWN)
    again = over.then(*over.events)
    again.when(ASK, at=TUESDAY, facts=TOWN).then_rejected("reviewed-already")


def test_a_review_is_asked_for_in_time_by_the_petitioner_after_an_answer() -> None:
    late = TUESDAY + REVIEW_WITHIN + timedelta(seconds=1)
    closed().when(ASK, at=late, facts=TOWN).then_rejected("too-late-to-review")
    other = AskReview(by=DISTRICT_DEPUTY, reason="看看")
    closed().when(other, at=TUESDAY, facts=TOWN).then_rejected("not-petitioner")
    withdrawn = told((FILE, MONDAY), (Withdraw(by=RESIDENT), MONDAY))
    withdrawn.when(ASK, at=TUESDAY, facts=TOWN).then_rejected("nothing-to-review")
    answered().when(ASK, at=TUESDAY, facts=TOWN).then_rejected("not-closed")
