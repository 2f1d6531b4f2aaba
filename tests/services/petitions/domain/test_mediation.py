"""Mediation: which disputes a petition knows of, and how its clock waits for them."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.petitions.domain.commands import Answer
from services.petitions.domain.mediation import (
    REASON,
    EndMediation,
    HoldProlonged,
    MediationBy,
    SendToMediation,
    WaitForMediation,
)
from services.petitions.domain.petition import due
from services.petitions.domain.state import Petition, Status
from services.petitions.domain.suspension import ClockHeld, Resume
from shared.contracts.petitions import (
    PetitionMediated,
    PetitionResumed,
    PetitionSentToMediation,
    PetitionSuspended,
)
from shared.contracts.types import Level, PetitionKind
from shared.runtime.aggregate import Tick
from tests.given import Given
from tests.services.petitions.town import (
    DISTRICT_OFFICER,
    FILE,
    GRID_HEAD,
    ID,
    MONDAY,
    RESIDENT,
    TOWN,
    TUESDAY,
    WEDNESDAY,
    WORKING_DAY,
    answered,
    filed,
    in_review,
    local,
    told,
)

DAY = timedelta(days=1)
SENT = PetitionSentToMediation(ID, "d1", Level.NEIGHBOURHOOD, "banyan", GRID_HEAD, RESIDENT)
SEND = SendToMediation("d1", RESIDENT)
UNTIL = local(4, 3, 8, 30)
WAIT = WaitForMediation("d1", UNTIL)


def sent() -> Given[Petition]:
    return told((FILE, MONDAY), (SEND, MONDAY))


def waiting() -> Given[Petition]:
    """Mediation has begun when one of its two working days was left."""
    return told((FILE, MONDAY), (SEND, MONDAY), (WAIT, TUESDAY))


def suspended(until: datetime) -> PetitionSuspended:
    return PetitionSuspended(
        ID, REASON, until, RESIDENT, Level.NEIGHBOURHOOD, "banyan", GRID_HEAD, RESIDENT
    )


def mediated(settled: bool) -> PetitionMediated:
    return PetitionMediated(ID, "d1", settled, Level.NEIGHBOURHOOD, "banyan", GRID_HEAD, RESIDENT)


@pytest.mark.parametrize("by", [RESIDENT, GRID_HEAD])
def test_it_knows_of_a_dispute_that_its_petitioner_or_assignee_filed(by: str) -> None:
    filed().when(SendToMediation("d1", by), facts=TOWN).then(SENT, MediationBy(by))


def test_and_of_one_that_staff_on_the_way_up_filed() -> None:
    send = SendToMediation("d1", DISTRICT_OFFICER)
    filed().when(send, facts=TOWN).then()
    standing = replace(TOWN, standing=Level.DISTRICT)
    filed().when(send, facts=standing).then(SENT, MediationBy(DISTRICT_OFFICER))


def test_of_no_others() -> None:
    filed().when(SendToMediation("d1", "anybody"), facts=TOWN).then()
    sent().when(SendToMediation("d2", RESIDENT), facts=TOWN).then()
    report = replace(FILE, kind=PetitionKind.REPORT)
    told((report, MONDAY)).when(SEND, facts=TOWN).then()
    for past in (answered(), in_review()):
        past.when(SEND, facts=TOWN).then()


def test_its_clock_is_held_while_they_talk() -> None:
    held = (
        sent()
        .when(WAIT, at=TUESDAY, facts=TOWN)
        .then(
            ClockHeld(REASON, TUESDAY, UNTIL, WORKING_DAY, WORKING_DAY / 2),
            suspended(UNTIL),
        )
    )
    assert (held.state.status, due(held.state)) == (Status.SUSPENDED, UNTIL)


def test_what_was_left_runs_on_when_nothing_was_settled() -> None:
    end = local(3, 10, 8, 30)
    state = (
        waiting()
        .when(EndMediation("d1", False), at=end, facts=TOWN)
        .then(
            mediated(False),
            PetitionResumed(
                petition=ID,
                because=REASON,
                reason=REASON,
                level=Level.NEIGHBOURHOOD,
                place="banyan",
                assignee=GRID_HEAD,
                petitioner=RESIDENT,
                answer_by=local(3, 10, 18),
                warn_at=local(3, 10, 12),
                suspended_until=end,
            ),
        )
        .state
    )
    assert state.status is Status.ASSIGNED
    assert state.mediated is not None
    assert (state.mediated.over, state.mediated.settled) == (True, False)


def test_what_was_agreed_is_what_it_is_answered_with() -> None:
    over = (
        waiting()
        .when(EndMediation("d1", True), at=WEDNESDAY, facts=TOWN)
        .then_among(mediated(True))
    )
    assert over.state.status is Status.ASSIGNED
    assert over.state.answer_by is not None
    over.when(EndMediation("d1", True), at=WEDNESDAY, facts=TOWN).then()


def test_it_waits_until_the_time_limit_at_most() -> None:
    past = waiting().when(Tick(), at=UNTIL, facts=TOWN)
    back = past.then(*past.events)
    assert back.state.status is Status.ASSIGNED
    back.when(EndMediation("d1", False), at=UNTIL, facts=TOWN).then(mediated(False))


def test_it_waits_for_longer_where_mediation_is_extended() -> None:
    further = UNTIL + 30 * DAY
    past = waiting().when(WaitForMediation("d1", further), at=WEDNESDAY, facts=TOWN)
    longer = past.then(HoldProlonged(further), suspended(further))
    assert due(longer.state) == further
    on = longer.when(EndMediation("d1", False), at=WEDNESDAY, facts=TOWN)
    assert on.then(*on.events).state.suspended_for == WEDNESDAY - TUESDAY
    # Where it came late, the clock that ran again is held again.
    ran = waiting().when(Tick(), at=UNTIL, facts=TOWN)
    again = ran.then(*ran.events).when(WaitForMediation("d1", further), at=UNTIL, facts=TOWN)
    assert suspended(further) in again.events


@pytest.mark.parametrize("command", [WAIT, EndMediation("d1", True)])
def test_it_does_nothing_about_a_dispute_that_it_does_not_know(
    command: WaitForMediation | EndMediation,
) -> None:
    filed().when(command, at=TUESDAY, facts=TOWN).then()
    sent().when(replace(command, dispute="d9"), at=TUESDAY, facts=TOWN).then()


def test_what_is_overdue_is_not_held() -> None:
    late = local(3, 20, 9)
    sent().when(WAIT, at=late, facts=TOWN).then()
    sent().when(WaitForMediation("d1", MONDAY), at=TUESDAY, facts=TOWN).then()


def test_it_can_be_answered_and_taken_up_meanwhile() -> None:
    answer = Answer(by=GRID_HEAD, done="已劝和", done_by="网格员", finished=True)
    past = waiting().when(answer, at=WEDNESDAY, facts=TOWN)
    done = past.then(*past.events)
    assert done.state.status is Status.ANSWERED
    done.when(EndMediation("d1", True), at=WEDNESDAY, facts=TOWN).then(mediated(True))
    resumed = waiting().when(Resume(by=GRID_HEAD), at=WEDNESDAY, facts=TOWN)
    assert resumed.then(*resumed.events).state.status is Status.ASSIGNED


def test_another_dispute_may_follow_one_that_is_over() -> None:
    over = waiting().when(EndMediation("d1", False), at=WEDNESDAY, facts=TOWN)
    again = over.then(*over.events).when(SendToMediation("d2", RESIDENT), facts=TOWN)
    assert replace(SENT, dispute="d2") in again.events
