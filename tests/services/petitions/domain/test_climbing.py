"""What time does to a petition nobody answers."""

from dataclasses import replace
from datetime import datetime, timedelta

from services.petitions.domain.petition import due
from services.petitions.domain.state import Petition, Status
from shared.contracts.petitions import (
    PetitionAssigned,
    PetitionClosed,
    PetitionDeadlineNear,
    PetitionOverdue,
    PetitionReachedLevel,
)
from shared.contracts.types import LEVELS, Level
from shared.runtime.aggregate import Tick
from tests.given import Given
from tests.services.petitions.town import (
    COMMUNITY_SECRETARY,
    FILE,
    GRID_HEAD,
    HAND_UP,
    ID,
    MONDAY,
    RESIDENT,
    TOWN,
    TUESDAY,
    answered,
    filed,
    local,
    reply,
    told,
    unheld,
)

DEADLINE = local(3, 4, 18)
NEAR = PetitionDeadlineNear(
    petition=ID,
    level=Level.NEIGHBOURHOOD,
    place="banyan",
    assignee=GRID_HEAD,
    answer_by=DEADLINE,
)
OVERDUE = PetitionOverdue(
    petition=ID,
    level=Level.NEIGHBOURHOOD,
    place="banyan",
    assignee=GRID_HEAD,
    answer_by=DEADLINE,
    days=0,
    petitioner=RESIDENT,
)
TO_THE_AREA = PetitionReachedLevel(
    petition=ID,
    level=Level.AREA,
    place="xingang-east",
    answer_by=local(3, 6, 18),
    warn_at=local(3, 6, 12),
    because="overdue",
    petitioner=RESIDENT,
    before=Level.NEIGHBOURHOOD,
)


def left_alone(past: Given[Petition], until: datetime) -> Given[Petition]:
    """Ticks as they fall due, each on time."""
    while (at := due(past.state)) is not None and at <= until:
        ticked = past.when(Tick(), at=at, facts=TOWN)
        past = ticked.then(*ticked.events)
    return past


def test_a_warning_comes_when_three_quarters_of_the_time_are_over() -> None:
    past = filed()
    assert due(past.state) == local(3, 4, 12)
    past.when(Tick(), at=local(3, 4, 11, 59), facts=TOWN).then()
    warned = past.when(Tick(), at=local(3, 4, 12), facts=TOWN).then(NEAR)
    assert due(warned.state) == DEADLINE


def test_when_the_time_is_over_the_next_level_is_asked_with_its_own_time() -> None:
    past = filed().when(Tick(), at=local(3, 4, 12), facts=TOWN).then(NEAR)
    climbed = past.when(Tick(), at=DEADLINE, facts=TOWN).then(OVERDUE, TO_THE_AREA)
    assert climbed.state.assignee is None


def test_whoever_holds_the_next_levels_duty_is_assigned() -> None:
    past = told((FILE, MONDAY), (HAND_UP, MONDAY))
    past.when(Tick(), at=local(3, 4, 18), facts=TOWN).then_among(
        PetitionAssigned(
            petition=ID,
            assignee=COMMUNITY_SECRETARY,
            duty="petitions",
            level=Level.COMMUNITY,
            place="xingang",
            answer_by=local(3, 7, 18),
            category="sanitation",
            petitioner=RESIDENT,
        )
    )


def test_one_that_nobody_is_assigned_to_climbs_all_the_same() -> None:
    nobody = unheld(*LEVELS)
    past = filed(facts=nobody).when(Tick(), at=local(3, 4, 12), facts=nobody)
    past = past.then(replace(NEAR, assignee=None)).when(Tick(), at=DEADLINE, facts=nobody)
    past.then(replace(OVERDUE, assignee=None), TO_THE_AREA)


def test_levels_missing_in_the_tree_are_left_out() -> None:
    without_area = replace(TOWN, rungs=(TOWN.rungs[0], *TOWN.rungs[2:]))
    filed().when(Tick(), at=DEADLINE, facts=without_area).then_among(
        replace(
            TO_THE_AREA,
            level=Level.COMMUNITY,
            place="xingang",
            answer_by=local(3, 7, 18),
            warn_at=local(3, 7, 10, 15),
        )
    )


def test_left_alone_it_climbs_to_the_top_and_is_counted_there_every_working_day() -> None:
    # 2 + 2 + 3 + 5 + 10 working days from Monday 3 March: the end of Tuesday 1 April.
    deadline = local(4, 1, 18)
    past = left_alone(filed(), until=deadline - timedelta(minutes=1))
    assert (past.state.level, past.state.answer_by) == (Level.DISTRICT, deadline)
    overdue = PetitionOverdue(
        petition=ID,
        level=Level.DISTRICT,
        place="mawei",
        assignee=past.state.assignee,
        answer_by=deadline,
        days=0,
        petitioner=RESIDENT,
        again_at=local(4, 2, 18),
    )
    days = [
        (deadline, overdue),
        (local(4, 2, 18), replace(overdue, days=1, again_at=local(4, 3, 18))),
        (local(4, 3, 18), replace(overdue, days=2, again_at=local(4, 4, 18))),
        (local(4, 4, 18), replace(overdue, days=3, again_at=local(4, 7, 18))),  # a weekend
        (local(4, 7, 18), replace(overdue, days=4, again_at=local(4, 8, 18))),
    ]
    for at, event in days:
        assert due(past.state) == at
        past = past.when(Tick(), at=at, facts=TOWN).then(event)
        past.when(Tick(), at=at, facts=TOWN).then()
    assert past.state.answer_by == deadline


def test_after_a_week_asleep_the_next_level_still_gets_its_full_time() -> None:
    awake = local(3, 12, 9, 30)
    climbed = (
        filed()
        .when(Tick(), at=awake, facts=TOWN)
        .then(
            OVERDUE,
            replace(TO_THE_AREA, answer_by=local(3, 14, 9, 30), warn_at=local(3, 13, 15, 30)),
        )
    )
    climbed.when(Tick(), at=awake, facts=TOWN).then()


def test_after_a_week_asleep_the_top_tells_the_days_once_and_rightly() -> None:
    past = left_alone(filed(), until=local(4, 1, 18))
    told_once = past.when(Tick(), at=local(4, 9, 9), facts=TOWN)
    (overdue,) = told_once.events
    assert isinstance(overdue, PetitionOverdue)
    assert (overdue.days, overdue.again_at) == (5, local(4, 9, 18))


def test_a_level_that_enters_the_tree_above_an_overdue_one_is_asked() -> None:
    lost = replace(TOWN, rungs=(), path=())
    stuck = filed().when(Tick(), at=DEADLINE, facts=lost)
    again_at = local(3, 5, 18)
    past = stuck.then(replace(OVERDUE, again_at=again_at))
    past.when(Tick(), at=again_at, facts=TOWN).then(
        replace(TO_THE_AREA, answer_by=local(3, 7, 18), warn_at=local(3, 7, 12))
    )


def test_an_overdue_one_can_still_be_answered() -> None:
    top = left_alone(filed(), until=local(4, 2, 18))
    assert top.state.overdue_days == 1
    assert top.state.assignee is not None
    done = top.when(
        reply(top.state.assignee, "已修好"),
        at=local(4, 3, 9),
        facts=TOWN,
    )
    assert done.then(*done.events).state.status is Status.ANSWERED


def test_an_answer_nobody_rates_is_closed_after_the_follow_up() -> None:
    past = answered(at=TUESDAY)
    end = TUESDAY + timedelta(days=7)
    past.when(Tick(), at=end - timedelta(seconds=1), facts=TOWN).then()
    closed = past.when(Tick(), at=end, facts=TOWN).then(
        PetitionClosed(
            petition=ID,
            outcome="unrated",
            level=Level.NEIGHBOURHOOD,
            place="banyan",
            category="sanitation",
            petitioner=RESIDENT,
            closed_at=end,
        )
    )
    closed.when(Tick(), at=end, facts=TOWN).then()


def test_it_keeps_the_limits_it_was_filed_under() -> None:
    slower = replace(
        TOWN,
        limits=replace(
            TOWN.limits or filed().state.limits,
            answer=dict.fromkeys(LEVELS, timedelta(days=100)),
        ),
    )
    past = filed().when(Tick(), at=local(3, 4, 12), facts=slower).then(NEAR)
    past.when(Tick(), at=DEADLINE, facts=slower).then(OVERDUE, TO_THE_AREA)
