"""What those can do who have to answer, and what others can say."""

from dataclasses import replace

import pytest

from services.petitions.domain.commands import (
    Assign,
    Close,
    Comment,
    HandUp,
    Rate,
    Return,
    Take,
    Withdraw,
)
from services.petitions.domain.dossier import AnswerWritten, CommentWritten, ReasonGiven
from services.petitions.domain.ladder import Surroundings
from services.petitions.domain.petition import due
from services.petitions.domain.state import Status
from shared.contracts.petitions import (
    PetitionAnswered,
    PetitionAssigned,
    PetitionClosed,
    PetitionCommented,
    PetitionHandedUp,
    PetitionReachedLevel,
    PetitionReturned,
    PetitionTaken,
    PetitionWithdrawn,
)
from shared.contracts.types import Level
from shared.runtime.aggregate import Command
from tests.given import NOTHING_SPECIAL, Given
from tests.services.petitions.town import (
    COMMUNITY_SECRETARY,
    DISTRICT_OFFICER,
    FILE,
    GRID_HEAD,
    HAND_UP,
    HOUR,
    ID,
    MONDAY,
    RESIDENT,
    STREET_OFFICER,
    TOWN,
    TUESDAY,
    answered,
    filed,
    in_review,
    local,
    reply,
    told,
)

DEADLINE = local(3, 4, 18)
TAKEN = PetitionTaken(
    petition=ID, assignee=GRID_HEAD, level=Level.NEIGHBOURHOOD, petitioner=RESIDENT
)
ASSIGNED = PetitionAssigned(
    petition=ID,
    assignee="volunteer-fang",
    duty="sanitation",
    level=Level.NEIGHBOURHOOD,
    place="banyan",
    answer_by=DEADLINE,
    category="sanitation",
    petitioner=RESIDENT,
)
ANSWERED = PetitionAnswered(
    petition=ID,
    by=GRID_HEAD,
    level=Level.NEIGHBOURHOOD,
    place="banyan",
    category="sanitation",
    in_time=True,
    follow_up_until=local(3, 11, 8, 30),
    petitioner=RESIDENT,
)


def test_the_assignee_takes_it_up() -> None:
    past = filed().when(Take(by=GRID_HEAD), at=TUESDAY, facts=TOWN).then(TAKEN)
    assert past.state.status is Status.TAKEN
    past.when(Take(by=GRID_HEAD), at=TUESDAY, facts=TOWN).then()


def test_another_person_can_be_named_but_no_other_deadline() -> None:
    assign = Assign(by=GRID_HEAD, assignee="volunteer-fang")
    past = filed().when(assign, at=local(3, 4, 17), facts=TOWN).then(ASSIGNED)
    assert past.state.answer_by == DEADLINE
    past.when(Take(by=GRID_HEAD), facts=TOWN).then_rejected("not-assignee")


def test_to_name_the_same_person_again_changes_nothing() -> None:
    filed().when(Assign(by="chief", assignee=GRID_HEAD), facts=TOWN).then()


@pytest.mark.parametrize(
    "command",
    [
        Take(by="passer-by"),
        reply("passer-by", "没事了"),
        HandUp(by="passer-by", reason="不归我管"),
        Return(by="passer-by", question="在哪里？"),
    ],
)
def test_only_the_assignee_acts(command: Command) -> None:
    filed().when(command, facts=TOWN).then_rejected("not-assignee")


def test_an_answer_stops_the_clock_and_opens_the_follow_up() -> None:
    past = filed().when(
        reply(GRID_HEAD, "已疏通"),
        at=TUESDAY,
        facts=TOWN,
    )
    state = past.then(ANSWERED, AnswerWritten("已疏通", "办事人员")).state
    assert state.status is Status.ANSWERED
    assert due(state) == local(3, 11, 8, 30)


def test_an_answer_after_the_deadline_is_told_as_late() -> None:
    late = DEADLINE + HOUR
    filed().when(reply(GRID_HEAD, "已疏通"), at=late, facts=TOWN).then_among(
        replace(ANSWERED, in_time=False, follow_up_until=local(3, 11, 19))
    )


def test_the_petitioner_is_asked_for_facts_and_the_clock_runs_on() -> None:
    past = told((FILE, MONDAY), (Take(by=GRID_HEAD), MONDAY))
    asked = past.when(Return(by=GRID_HEAD, question="哪一层？"), at=TUESDAY, facts=TOWN).then(
        PetitionReturned(petition=ID, by=GRID_HEAD, petitioner=RESIDENT),
        CommentWritten(by=GRID_HEAD, text="哪一层？"),
    )
    assert asked.state.status is Status.RETURNED
    assert (asked.state.answer_by, due(asked.state)) == (DEADLINE, due(past.state))


@pytest.mark.parametrize(
    ("by", "status"), [(RESIDENT, Status.TAKEN), ("neighbour", Status.RETURNED)]
)
def test_the_petitioners_comment_gives_the_facts(by: str, status: Status) -> None:
    past = told((FILE, MONDAY), (Return(by=GRID_HEAD, question="哪一层？"), MONDAY))
    replied = past.when(Comment(by=by, text="一楼"), at=TUESDAY, facts=TOWN).then(
        PetitionCommented(petition=ID, by=by, assignee=GRID_HEAD, petitioner=RESIDENT),
        CommentWritten(by=by, text="一楼"),
    )
    assert replied.state.status is status
    assert replied.state.answer_by == DEADLINE


def test_for_a_caller_who_is_not_registered_the_desk_gives_the_facts() -> None:
    call = replace(FILE, by="desk-1", on_behalf=True)
    past = told((call, MONDAY), (Return(by=GRID_HEAD, question="哪一层？"), MONDAY))
    own = past.when(Comment(by=GRID_HEAD, text="再问一次"), facts=TOWN)
    assert own.then(*own.events).state.status is Status.RETURNED
    desk = past.when(Comment(by="desk-1", text="一楼"), facts=TOWN)
    assert desk.then(*desk.events).state.status is Status.TAKEN


def test_a_hand_up_goes_one_level_higher_with_that_levels_own_time() -> None:
    past = (
        filed()
        .when(HAND_UP, at=TUESDAY, facts=TOWN)
        .then(
            PetitionHandedUp(petition=ID, by=GRID_HEAD, level=Level.NEIGHBOURHOOD, to=Level.AREA),
            PetitionReachedLevel(
                petition=ID,
                level=Level.AREA,
                place="xingang-east",
                answer_by=local(3, 5, 18),
                warn_at=local(3, 5, 12),
                because="handed-up",
                petitioner=RESIDENT,
                before=Level.NEIGHBOURHOOD,
            ),
            ReasonGiven(verb="hand-up", text="要动主管网"),
        )
    )
    assert past.state.assignee is None


def test_a_hand_up_needs_a_reason() -> None:
    filed().when(HandUp(by=GRID_HEAD, reason=" "), facts=TOWN).then_rejected("reason-needed")


def handed_up_to_the_top() -> Given:
    return told(
        (FILE, MONDAY),
        (HAND_UP, MONDAY),
        (HandUp(by="area-staff", reason="无权"), MONDAY),
        (HandUp(by=COMMUNITY_SECRETARY, reason="无权"), MONDAY),
        (HandUp(by=STREET_OFFICER, reason="无权"), MONDAY),
    )


def test_handing_up_ends_at_the_top_and_never_leads_back() -> None:
    top = handed_up_to_the_top()
    assert top.state.level is Level.DISTRICT
    top.when(HandUp(by=DISTRICT_OFFICER, reason="无权"), facts=TOWN).then_rejected("top-level")


def test_the_top_is_where_the_tree_ends() -> None:
    village = replace(TOWN, rungs=TOWN.rungs[:1])
    filed(facts=village).when(HAND_UP, facts=village).then_rejected("top-level")


def test_the_petitioner_takes_it_back() -> None:
    past = filed().when(Withdraw(by=RESIDENT, reason="好了"), facts=TOWN)
    state = past.then(
        PetitionWithdrawn(petition=ID, assignee=GRID_HEAD),
        PetitionClosed(
            petition=ID,
            outcome="withdrawn",
            level=Level.NEIGHBOURHOOD,
            place="banyan",
            category="sanitation",
            petitioner=RESIDENT,
            closed_at=NOTHING_SPECIAL,
        ),
        ReasonGiven(verb="withdraw", text="好了"),
    ).state
    assert (state.status, due(state)) == (Status.CLOSED, None)


@pytest.mark.parametrize("past", [filed(), answered(), in_review()])
def test_it_can_be_taken_back_until_it_is_closed_and_by_nobody_else(past: Given) -> None:
    past.when(Withdraw(by=GRID_HEAD), facts=TOWN).then_rejected("not-petitioner")
    past.when(Withdraw(by=RESIDENT), facts=TOWN).then_among(
        PetitionWithdrawn(petition=ID, assignee=past.state.assignee)
    )


@pytest.mark.parametrize("past", [filed(), answered()])
def test_nobody_closes_a_petition_to_make_it_vanish(past: Given) -> None:
    past.when(Close(by=GRID_HEAD, reason="无效诉求"), facts=TOWN).then_rejected(
        "closing-needs-review"
    )


@pytest.mark.parametrize(
    ("past", "command", "code"),
    [
        (filed(), Rate(by=RESIDENT, stars=5), "not-answered"),
        (
            answered(),
            reply(GRID_HEAD, "再说一遍"),
            "already-answered",
        ),
        (answered(), Assign(by=GRID_HEAD, assignee="x"), "already-answered"),
        (
            in_review(),
            reply(DISTRICT_OFFICER, "将改造"),
            "under-review",
        ),
        (in_review(), HandUp(by=DISTRICT_OFFICER, reason="无权"), "under-review"),
        (told((FILE, MONDAY), (Withdraw(by=RESIDENT), MONDAY)), HAND_UP, "closed"),
        (
            told((FILE, MONDAY), (Withdraw(by=RESIDENT), MONDAY)),
            Comment(by=RESIDENT, text="还没好"),
            "closed",
        ),
    ],
)
def test_every_verb_has_its_moment(past: Given, command: Command, code: str) -> None:
    past.when(command, facts=TOWN).then_rejected(code)


def test_a_place_that_left_the_tree_still_has_its_petitions_worked_on() -> None:
    lost: Surroundings = replace(TOWN, rungs=(), path=())
    past = filed().when(Assign(by="chief", assignee="volunteer-fang"), at=TUESDAY, facts=lost)
    past.then(ASSIGNED)
