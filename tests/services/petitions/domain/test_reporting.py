"""Who reports somebody is told to nobody, and nobody answers what is said about themselves."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from services.petitions.domain.commands import (
    Assign,
    Close,
    Comment,
    FollowUp,
    HandUp,
    Return,
    Take,
    Withdraw,
)
from services.petitions.domain.dossier import CommentWritten, ReasonGiven
from services.petitions.domain.merging import Merge
from services.petitions.domain.petition import petition
from services.petitions.domain.reporting import ComplaintAddressed, ReporterKept
from services.petitions.domain.state import REPORTER, Petition, Status
from services.petitions.domain.succession import Entrust, Forget, Relinquish
from shared.contracts.event import Personal, emitting_service
from shared.contracts.petitions import (
    PetitionAssigned,
    PetitionClosed,
    PetitionCommented,
    PetitionForgotten,
    PetitionUnassigned,
    PetitionWithdrawn,
)
from shared.contracts.types import LEVELS, Level, PetitionKind
from shared.runtime.aggregate import Command, changed
from tests.given import NOTHING_SPECIAL, Given, given
from tests.services.petitions.town import (
    COMMUNITY_SECRETARY,
    DISTRICT_DEPUTY,
    FILE,
    GRID_HEAD,
    ID,
    MONDAY,
    RESIDENT,
    STREET_OFFICER,
    TOWN,
    TUESDAY,
    answered,
    filed,
    in_review,
    reply,
    told,
    unheld,
)

REPORT = replace(FILE, kind=PetitionKind.REPORT, complained_of="banyan-property")
ALL_OF_ONE_BODY = replace(
    TOWN,
    bodies=lambda person: frozenset({"banyan-property"} if person == GRID_HEAD else ()),
)


def reported() -> Given[Petition]:
    return told((REPORT, MONDAY), facts=ALL_OF_ONE_BODY)


def test_no_public_event_of_a_report_names_the_reporter() -> None:
    past = given(petition)
    for command, at in (
        (REPORT, MONDAY),
        (Comment(by=RESIDENT, text="照片在门卫处"), MONDAY),
        (reply(COMMUNITY_SECRETARY, "已责令整改"), TUESDAY),
    ):
        happened = past.when(command, at=at, facts=ALL_OF_ONE_BODY)
        for event in happened.events:
            if emitting_service(type(event)) is not None or isinstance(event, Personal):
                assert RESIDENT not in repr(event)
        past = happened.then(*happened.events)
    assert past.state.petitioner == RESIDENT  # and the reporter follows it all the same


def test_the_reporter_speaks_as_the_reporter() -> None:
    said = reported().when(Comment(by=RESIDENT, text="还有照片"), facts=ALL_OF_ONE_BODY)
    said.then(
        PetitionCommented(ID, REPORTER, COMMUNITY_SECRETARY, None),
        CommentWritten(REPORTER, "还有照片"),
    )


def test_the_body_complained_of_is_passed_over_on_the_ladder() -> None:
    past = given(petition).when(REPORT, at=MONDAY, facts=ALL_OF_ONE_BODY)
    state = past.then_among(ReporterKept(RESIDENT), ComplaintAddressed("banyan-property")).state
    assert (state.level, state.assignee) == (Level.COMMUNITY, COMMUNITY_SECRETARY)


def test_where_all_are_partial_the_top_has_it_unassigned() -> None:
    one_body = replace(TOWN, bodies=lambda _person: frozenset({"banyan-property"}))
    state = told((REPORT, MONDAY), facts=one_body).state
    assert (state.level, state.assignee) == (Level.DISTRICT, None)


def test_a_person_complained_of_is_never_assigned_by_hand_or_by_climbing() -> None:
    about = replace(REPORT, complained_of=STREET_OFFICER)
    past = told((about, MONDAY))
    by_hand = Assign(by=GRID_HEAD, assignee=STREET_OFFICER)
    past.when(by_hand, facts=TOWN).then_rejected("partial")
    up = past
    for who in (GRID_HEAD, "area-staff", COMMUNITY_SECRETARY):
        happened = up.when(HandUp(by=who, reason="无权"), at=MONDAY, facts=TOWN)
        up = happened.then(*happened.events)
    assert (up.state.level, up.state.assignee) == (Level.STREET, None)
    entrust = Entrust("luoxing", "sanitation", STREET_OFFICER)
    up.when(entrust, facts=replace(TOWN, duties=("sanitation",))).then()


def test_nobody_closes_what_is_said_about_their_body() -> None:
    past = in_review()
    about = changed(past.state, complained_of="district-office")
    partial = replace(TOWN, bodies=body_of(DISTRICT_DEPUTY, "district-office"))
    close = Close(by=DISTRICT_DEPUTY, reason="已复查")
    unassigned = Given(petition, changed(about, assignee=None))
    unassigned.when(close, facts=partial).then_rejected("partial")
    unassigned.when(close, facts=TOWN).then_among(ReasonGiven("close", "已复查"))


@pytest.mark.parametrize(
    "command",
    [
        reply("worker"),
        HandUp(by="worker", reason="无权"),
        Return(by="worker", question="何时"),
        Comment(by="worker", text="没有这回事"),
        Merge(by="worker", into="p2"),
        Take(by="worker"),
    ],
)
def test_nobody_acts_on_what_is_said_about_their_body(command: Command) -> None:
    past = Given(petition, changed(reported().state, status=Status.UNASSIGNED, assignee=None))
    partial = replace(TOWN, bodies=body_of("worker", "banyan-property"))
    past.when(command, facts=partial).then_rejected("partial")
    assert past.when(command, at=MONDAY, facts=TOWN).rejected is None


def test_nobody_asks_after_an_answer_about_their_body() -> None:
    past = told((REPORT, MONDAY), (reply(GRID_HEAD), TUESDAY))
    call = FollowUp(by="worker", reached=True, stars=5, solved=True)
    partial = replace(TOWN, bodies=body_of("worker", "banyan-property"))
    past.when(call, facts=partial).then_rejected("partial")


def test_who_belongs_to_the_body_reports_it_and_follows_it_to_the_end() -> None:
    inside = replace(TOWN, bodies=body_of(RESIDENT, "banyan-property"))
    past = told((REPORT, MONDAY), facts=inside)
    past.when(Comment(by=RESIDENT, text="还有照片"), facts=inside).then_among(
        CommentWritten(REPORTER, "还有照片")
    )
    past.when(Withdraw(by=RESIDENT), at=MONDAY, facts=inside).then_among(
        PetitionWithdrawn(petition=ID, assignee=GRID_HEAD)
    )
    past.when(Assign(by=RESIDENT, assignee=GRID_HEAD), facts=inside).then_rejected("partial")


def body_of(person: str, body: str) -> Callable[[str], frozenset[str]]:
    return lambda who: frozenset({body} if who == person else ())


# --- posts change hands ---------------------------------------------------------------------------

DUTIES = ("sanitation", "petitions")
LATER = replace(TOWN, duties=DUTIES)


def test_what_waits_for_a_post_is_assigned_when_it_is_filled_with_the_deadline_it_had() -> None:
    past = told((FILE, MONDAY), facts=unheld(*LEVELS))
    deadline = past.state.answer_by
    assert deadline is not None
    assert past.state.assignee is None
    filled = past.when(Entrust("banyan", "sanitation", "new-head"), at=TUESDAY, facts=LATER)
    state = filled.then(
        PetitionAssigned(
            petition=ID,
            assignee="new-head",
            duty="sanitation",
            level=Level.NEIGHBOURHOOD,
            place="banyan",
            answer_by=deadline,
            category="sanitation",
            petitioner=RESIDENT,
        )
    ).state
    assert state.answer_by == deadline


@pytest.mark.parametrize(
    "entrust",
    [
        Entrust("banyan", "utilities", "new-head"),
        Entrust("xingang", "sanitation", "new-head"),
    ],
)
def test_another_duty_or_place_gets_nothing(entrust: Entrust) -> None:
    past = told((FILE, MONDAY), facts=unheld(*LEVELS))
    past.when(entrust, facts=LATER).then()


def test_who_leaves_the_post_leaves_its_petitions_to_the_next() -> None:
    leave = Relinquish("banyan", "sanitation", GRID_HEAD)
    past = filed().when(leave, at=TUESDAY, facts=LATER)
    vacant = past.then(PetitionUnassigned(ID, GRID_HEAD, Level.NEIGHBOURHOOD, "banyan"))
    assert vacant.state.answer_by == filed().state.answer_by
    vacant.when(leave, facts=LATER).then()
    stands_in = Entrust("banyan", "sanitation", "deputy", former=GRID_HEAD)
    happened = filed().when(stands_in, facts=LATER)
    assert happened.then(*happened.events).state.assignee == "deputy"
    answered().when(leave, facts=LATER).then()


# --- a person is erased ---------------------------------------------------------------------------


def test_an_erased_persons_petition_is_taken_back_and_forgotten() -> None:
    past = filed().when(Forget(RESIDENT), facts=TOWN)
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
        PetitionForgotten(ID),
    ).state
    assert state.petitioner is None
    filed().when(Forget("somebody-else"), facts=TOWN).then()
