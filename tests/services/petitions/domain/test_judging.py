"""What the petitioner's judgement leads to, and the district's review."""

from dataclasses import replace

import pytest

from services.petitions.domain.commands import (
    Assign,
    Close,
    ConfirmSolved,
    Rate,
    Take,
)
from services.petitions.domain.dossier import ReasonGiven, WordGiven
from services.petitions.domain.petition import due
from services.petitions.domain.state import Status
from shared.contracts.event import Event
from shared.contracts.petitions import (
    PetitionAssigned,
    PetitionClosed,
    PetitionOverdue,
    PetitionRated,
    PetitionReachedLevel,
    PetitionReopened,
    PetitionSentToReview,
)
from shared.contracts.types import Level
from shared.runtime.aggregate import Tick
from tests.given import NOTHING_SPECIAL
from tests.services.petitions.town import (
    DISTRICT_DEPUTY,
    DISTRICT_OFFICER,
    FILE,
    FRIDAY,
    GRID_HEAD,
    ID,
    LOW,
    MONDAY,
    NEXT_MONDAY,
    RESIDENT,
    TOWN,
    TUESDAY,
    answered,
    in_review,
    local,
    reply,
    told,
)

CLOSED = PetitionClosed(
    petition=ID,
    outcome="rated",
    level=Level.NEIGHBOURHOOD,
    place="banyan",
    category="sanitation",
    petitioner=RESIDENT,
    closed_at=NOTHING_SPECIAL,
)
RATED = PetitionRated(
    petition=ID,
    stars=1,
    solved=False,
    level=Level.NEIGHBOURHOOD,
    place="banyan",
    category="sanitation",
    answered_by=GRID_HEAD,
)


@pytest.mark.parametrize("stars", [3, 4, 5])
def test_with_three_stars_or_more_the_answer_stands(stars: int) -> None:
    answered().when(Rate(by=RESIDENT, stars=stars, word="辛苦了"), facts=TOWN).then(
        replace(RATED, stars=stars), WordGiven("辛苦了"), CLOSED
    )


def test_what_is_solved_is_closed_however_few_the_stars() -> None:
    answered().when(Rate(by=RESIDENT, stars=2, solved=True), facts=TOWN).then(
        replace(RATED, stars=2, solved=True), replace(CLOSED, outcome="solved")
    )


def test_to_confirm_needs_no_stars() -> None:
    answered().when(ConfirmSolved(by=RESIDENT), facts=TOWN).then(replace(CLOSED, outcome="solved"))


@pytest.mark.parametrize("command", [LOW, ConfirmSolved(by=RESIDENT)])
def test_nobody_judges_for_the_petitioner(command: Rate | ConfirmSolved) -> None:
    answered().when(replace(command, by=GRID_HEAD), facts=TOWN).then_rejected("not-petitioner")


@pytest.mark.parametrize("stars", [1, 2])
def test_a_low_rating_reopens_it_one_level_higher(stars: int) -> None:
    past = answered().when(Rate(by=RESIDENT, stars=stars), at=FRIDAY, facts=TOWN)
    state = past.then(
        replace(RATED, stars=stars),
        PetitionReopened(petition=ID, times=1, level=Level.AREA, petitioner=RESIDENT),
        PetitionReachedLevel(
            petition=ID,
            level=Level.AREA,
            place="xingang-east",
            answer_by=local(3, 10, 18),
            warn_at=local(3, 10, 12),
            because="rated-low",
            petitioner=RESIDENT,
            before=Level.NEIGHBOURHOOD,
        ),
    ).state
    assert (state.status, state.follow_up_until) == (Status.UNASSIGNED, None)


def test_at_the_top_it_reopens_at_the_top() -> None:
    only_district = replace(TOWN, rungs=TOWN.rungs[-1:])
    past = told(
        (FILE, MONDAY),
        (reply(DISTRICT_OFFICER, "将改造"), MONDAY),
        facts=only_district,
    )
    past.when(LOW, at=TUESDAY, facts=only_district).then_among(
        PetitionReopened(petition=ID, times=1, level=Level.DISTRICT, petitioner=RESIDENT),
    )


def reviewed_by(events: list[Event]) -> list[str]:
    return [event.assignee for event in events if isinstance(event, PetitionAssigned)]


def test_after_two_reopenings_the_districts_review_decides() -> None:
    past = told(
        (FILE, MONDAY),
        (reply(GRID_HEAD, "已疏通"), MONDAY),
        (LOW, MONDAY),
        (reply("area-staff", "已疏通"), MONDAY),
        (LOW, MONDAY),
        (reply("secretary-lian", "已疏通"), MONDAY),
    )
    assert past.state.reopened == 2
    sent = past.when(LOW, at=MONDAY, facts=TOWN)
    state = sent.then_among(
        PetitionSentToReview(petition=ID, place="mawei", petitioner=RESIDENT),
        PetitionReachedLevel(
            petition=ID,
            level=Level.DISTRICT,
            place="mawei",
            answer_by=local(3, 14, 18),
            warn_at=local(3, 12, 12),
            because="review",
            petitioner=RESIDENT,
            before=Level.COMMUNITY,
        ),
    ).state
    assert (state.status, state.assignee) == (Status.REVIEW, DISTRICT_OFFICER)
    assert reviewed_by(sent.events) == [DISTRICT_OFFICER]


def test_the_review_closes_it_with_its_reasons() -> None:
    past = in_review()
    past.when(Close(by=DISTRICT_OFFICER, reason=" "), facts=TOWN).then_rejected("reason-needed")
    past.when(Close(by=GRID_HEAD, reason="已查"), facts=TOWN).then_rejected("not-assignee")
    past.when(Close(by=DISTRICT_OFFICER, reason="已查明，列入改造"), facts=TOWN).then(
        replace(CLOSED, outcome="reviewed", level=Level.DISTRICT),
        ReasonGiven(verb="close", text="已查明，列入改造"),
    )


def test_the_review_has_a_deadline_too_and_is_counted_when_it_passes() -> None:
    past = in_review()
    assert due(past.state) == past.state.warn_at
    deadline = past.state.answer_by
    assert deadline == local(3, 14, 18)
    event = past.when(Tick(), at=deadline, facts=TOWN).events[0]
    assert isinstance(event, PetitionOverdue)
    assert (event.days, event.again_at) == (0, local(3, 17, 18))


def test_nobody_reviews_their_own_answer() -> None:
    past = in_review(reviewer_answered=True)
    assert (past.state.status, past.state.assignee) == (Status.REVIEW, None)
    for own in (
        Take(by=DISTRICT_OFFICER),
        Close(by=DISTRICT_OFFICER, reason="已查"),
        Assign(by="chief", assignee=DISTRICT_OFFICER),
    ):
        past.when(own, facts=TOWN).then_rejected("own-answer")
    deputy = past.when(Take(by=DISTRICT_DEPUTY), at=NEXT_MONDAY, facts=TOWN)
    assert reviewed_by(deputy.events) == [DISTRICT_DEPUTY]
    taken = deputy.then(*deputy.events)
    assert taken.state.status is Status.REVIEW
    taken.when(Close(by=DISTRICT_DEPUTY, reason="已查"), facts=TOWN).then_among(
        replace(CLOSED, outcome="reviewed", level=Level.DISTRICT)
    )
