"""Petitions about one thing are answered together; none is lost, and each petitioner judges."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.petitions.domain.commands import Rate, Take, Withdraw
from services.petitions.domain.dossier import AnswerWritten
from services.petitions.domain.merging import (
    Adopt,
    AnswerShared,
    GoOnAlone,
    LetGo,
    Link,
    Merge,
    ShareAnswer,
    Split,
)
from services.petitions.domain.petition import due, petition
from services.petitions.domain.promises import (
    JUDGED_WITHIN,
    MOST_PROMISES,
    JudgePromise,
    PromiseWritten,
)
from services.petitions.domain.state import Petition, Status
from shared.contracts.petitions import (
    PetitionAdopted,
    PetitionAnswered,
    PetitionLinked,
    PetitionMemberLeft,
    PetitionMemberRefused,
    PetitionMerged,
    PetitionOverdue,
    PetitionReopened,
    PetitionSplit,
    PromiseFellDue,
    PromiseMade,
)
from shared.contracts.types import Level
from shared.runtime.aggregate import Command, Tick
from tests.given import Given, given
from tests.services.petitions.town import (
    COMMUNITY_SECRETARY,
    FILE,
    GRID_HEAD,
    ID,
    MONDAY,
    RESIDENT,
    TOWN,
    TUESDAY,
    answered,
    filed,
    local,
    told,
)

MAIN, CLERK = "p9", "clerk-he"
SHARED = ShareAnswer(
    main=MAIN,
    answered_by=COMMUNITY_SECRETARY,
    level=Level.COMMUNITY,
    at="xingang",
    in_time=True,
    done="主管网已疏通",
    done_by="社区",
    follows=(),
)


def merged() -> Given[Petition]:
    return told((FILE, MONDAY), (Merge(by=CLERK, into=MAIN), MONDAY))


def test_a_merged_petition_waits_with_the_deadline_it_had() -> None:
    past = filed()
    deadline = past.state.answer_by
    state = (
        past.when(Merge(by=CLERK, into=MAIN), facts=TOWN)
        .then(PetitionMerged(ID, MAIN, CLERK, RESIDENT))
        .state
    )
    assert (state.status, state.answer_by, due(state)) == (Status.MERGED, deadline, None)


def test_the_main_one_knows_its_members() -> None:
    main = filed().when(Adopt("p2"), facts=TOWN).then(PetitionAdopted(ID, "p2", 1))
    main.when(Adopt("p2"), facts=TOWN).then()
    main.when(LetGo("p2"), facts=TOWN).then(PetitionMemberLeft(ID, "p2", 0))
    main.when(LetGo("p3"), facts=TOWN).then()
    main.when(Merge(by=CLERK, into=MAIN), facts=TOWN).then_rejected("has-members")
    merged().when(Adopt("p2"), facts=TOWN).then(PetitionMemberRefused(ID, "p2", "merged-itself"))


def test_nothing_is_merged_into_what_is_closed() -> None:
    closed = filed().when(Withdraw(by=RESIDENT), facts=TOWN).then_among()
    closed.when(Adopt("p2"), facts=TOWN).then(PetitionMemberRefused(ID, "p2", "closed"))


def test_the_answer_of_the_main_one_answers_it_too_and_its_own_petitioner_judges() -> None:
    past = merged().when(SHARED, at=TUESDAY, facts=TOWN)
    both = past.then(
        AnswerShared(MAIN, Level.COMMUNITY, "xingang"),
        PetitionAnswered(
            petition=ID,
            by=COMMUNITY_SECRETARY,
            level=Level.COMMUNITY,
            place="banyan",
            category="sanitation",
            in_time=True,
            follow_up_until=TUESDAY + timedelta(days=7),
            petitioner=RESIDENT,
        ),
        AnswerWritten("主管网已疏通", "社区"),
    )
    assert both.state.status is Status.ANSWERED
    low = both.when(Rate(by=RESIDENT, stars=1), at=TUESDAY, facts=TOWN)
    state = low.then_among(PetitionReopened(ID, 1, Level.STREET, RESIDENT)).state
    assert (state.status, state.level) == (Status.ASSIGNED, Level.STREET)


UNTIL = local(6, 2, 0)
PROMISING = replace(SHARED, follows=("六月前改造主管网",), until=(UNTIL,))


def promised() -> Given[Petition]:
    """Answered with the main one, which promised something."""
    past = merged().when(PROMISING, at=TUESDAY, facts=TOWN)
    return past.then_among(
        AnswerWritten("主管网已疏通", "社区", ("六月前改造主管网",), (UNTIL,)),
        PromiseMade(ID, 1, UNTIL, COMMUNITY_SECRETARY, "banyan", "sanitation", RESIDENT, True),
        PromiseWritten(1, "六月前改造主管网", "promised"),
    )


def test_what_the_main_one_was_promised_is_promised_to_its_own_petitioner() -> None:
    past = promised().when(Rate(by=RESIDENT, stars=5), at=TUESDAY, facts=TOWN)
    closed = past.then(*past.events)
    assert due(closed.state) == UNTIL
    happened = closed.when(Tick(), at=UNTIL, facts=TOWN)
    fallen = happened.then(
        PromiseFellDue(
            ID, 1, UNTIL, UNTIL + JUDGED_WITHIN, COMMUNITY_SECRETARY, "banyan", RESIDENT, True
        )
    )
    broken = JudgePromise(by=RESIDENT, promise=1, kept=False)
    fallen.when(broken, at=UNTIL, facts=TOWN).then_among(
        PetitionReopened(ID, 1, Level.STREET, RESIDENT)
    )
    fallen.when(replace(broken, by=GRID_HEAD), facts=TOWN).then_rejected("not-petitioner")


def test_it_is_answered_however_much_was_promised_before() -> None:
    many = replace(
        PROMISING, follows=("改造",) * (MOST_PROMISES + 5), until=(UNTIL,) * (MOST_PROMISES + 5)
    )
    state = (
        merged()
        .when(many, at=TUESDAY, facts=TOWN)
        .then_among(AnswerShared(MAIN, Level.COMMUNITY, "xingang"))
        .state
    )
    assert len(state.promises) == MOST_PROMISES


@pytest.mark.parametrize(
    ("command", "because"),
    [
        (Split(by=CLERK), "split"),
        (GoOnAlone(MAIN, "refused"), "refused"),
        (GoOnAlone(MAIN, "main-closed"), "main-closed"),
    ],
)
def test_it_goes_on_alone_as_it_was_with_the_deadline_it_had(
    command: Command, because: str
) -> None:
    before = filed().state
    past = merged().when(command, at=TUESDAY, facts=TOWN)
    state = past.then(PetitionSplit(ID, MAIN, because, RESIDENT)).state
    assert (state.status, state.answer_by, state.assignee) == (
        before.status,
        before.answer_by,
        before.assignee,
    )


def test_who_was_merged_for_too_long_climbs_as_soon_as_it_is_alone() -> None:
    late = MONDAY + timedelta(days=30)
    past = merged().when(Split(by=CLERK), at=late, facts=TOWN)
    alone = past.then(*past.events)
    assert due(alone.state) is not None
    assert due(alone.state) < late  # type: ignore[operator]
    events = alone.when(Tick(), at=late, facts=TOWN).events
    assert isinstance(events[0], PetitionOverdue)


def test_what_the_main_one_tells_too_late_changes_nothing() -> None:
    for past in (filed(), answered(), given(petition)):
        past.when(GoOnAlone(MAIN, "refused"), facts=TOWN).then()
        past.when(SHARED, facts=TOWN).then()
    given(petition).when(Adopt("p2"), facts=TOWN).then()
    merged().when(replace(SHARED, main="p8"), facts=TOWN).then()


def test_a_link_changes_nothing_but_that_it_is_known() -> None:
    before = filed()
    past = before.when(Link(by=CLERK, to="p7"), facts=TOWN).then(PetitionLinked(ID, "p7", CLERK))
    assert due(past.state) == due(before.state)
    past.when(Link(by=CLERK, to="p7"), facts=TOWN).then()
    past.when(Link(by=CLERK, to=ID), facts=TOWN).then_rejected("same-petition")
    past.when(Merge(by=CLERK, into=ID), facts=TOWN).then_rejected("same-petition")


def test_only_what_is_merged_is_split_and_it_is_worked_on_elsewhere() -> None:
    filed().when(Split(by=CLERK), facts=TOWN).then_rejected("not-merged")
    merged().when(Take(by=GRID_HEAD), facts=TOWN).then_rejected("merged")
