"""Shifts: planned, begun, walked from checkpoint to checkpoint; crews that change."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.volunteering.domain.patrols.duty import PassOn
from services.volunteering.domain.patrols.route import Checkpoint
from services.volunteering.domain.patrols.shift import open_verbs, patrol_shift
from services.volunteering.domain.patrols.shift_commands import (
    BeginPatrol,
    CallingOff,
    CallOffShift,
    Cease,
    ChangeCrew,
    Check,
    CheckByHand,
    CheckHere,
    ForgetPatroller,
    HandOver,
    Join,
    Leave,
    Replace,
    WithoutProof,
)
from services.volunteering.domain.patrols.shift_events import (
    CheckExplained,
    LegPassed,
    PatrollerCame,
    PatrollerForgotten,
    PatrollerLeft,
    ShiftArranged,
    WayTaken,
)
from services.volunteering.domain.patrols.shift_state import Leg, Status
from services.volunteering.domain.teams.team_state import Team, TeamStatus
from shared.contracts.volunteering import (
    PatrolBegun,
    PatrolCheckpointPassed,
    PatrolCrewChanged,
    PatrolShiftCalledOff,
    PatrolShiftPlanned,
)
from shared.contracts.volunteering.patrols import (
    CheckWay,
    PatrolKind,
)
from shared.runtime.aggregate import Command
from tests.given import given
from tests.services.volunteering.patrols.world import (
    AN,
    BEGIN,
    BO,
    CAPTAIN,
    CHEN,
    DENG,
    DEPUTY,
    END,
    GARAGE,
    GATE,
    NOW,
    PATH,
    PLAN,
    ROOF,
    ROUND,
    ROUTE,
    SPOT,
    after,
    planned,
    running,
    volunteer,
)
from tests.services.volunteering.patrols.world import (
    SAFETY as SAFETY_TEAM,
)

SAFETY = PatrolKind.SAFETY
PLANNED = PatrolShiftPlanned(
    "w1.0",
    "w1",
    0,
    "r1",
    "n1",
    PATH,
    SAFETY,
    "safety",
    BEGIN,
    END,
    (CHEN, DENG),
    (CAPTAIN, DEPUTY, "wu"),
)


def crew_changed(before: str | None, person: str | None, because: str, vacant: int = 0) -> object:
    return PatrolCrewChanged(
        "w1.0", "n1", BEGIN, END, before, person, because, vacant, (CAPTAIN, DEPUTY, "wu")
    )


def test_a_shift_is_planned_once() -> None:
    arranged = ShiftArranged(2, "wu", "w1.1", END)
    made = given(patrol_shift).when(PLAN, at=NOW, facts=ROUND).then(PLANNED, arranged)
    made.when(PLAN, at=NOW, facts=ROUND).then()
    assert open_verbs(made.state) == ("begin", "call-off", "replace")
    given(patrol_shift).when(BeginPatrol(CHEN), facts=ROUND).then_rejected("unknown-patrol")


# --- crews ---------------------------------------------------------------------------------------


def test_the_crew_is_as_the_rota_says_until_the_shift_can_be_begun() -> None:
    made = planned()
    swapped = made.when(ChangeCrew(CHEN, AN, "swapped"), at=NOW, facts=ROUND)
    assert swapped.then(crew_changed(CHEN, AN, "swapped")).state.crew == (DENG, AN)  # type: ignore[arg-type]
    gone = made.when(ChangeCrew(CHEN, None, "stopped"), at=NOW, facts=ROUND)
    short = gone.then(crew_changed(CHEN, None, "stopped", 1))  # type: ignore[arg-type]
    for told_before in (ChangeCrew(CHEN, None, "stopped"), ChangeCrew(None, DENG, "stand-in")):
        short.when(told_before, at=NOW, facts=ROUND).then()
    replaced = Replace("wu", AN, CHEN)
    made.when(replaced, at=NOW, facts=ROUND).then_rejected("change-the-rota")
    late = BEGIN - timedelta(minutes=20)
    done = made.when(replaced, at=late, facts=ROUND).then(
        crew_changed(CHEN, AN, "replaced")  # type: ignore[arg-type]
    )
    for command, code in (
        (Replace("wu", BO, CHEN), "not-in-the-crew"),
        (Replace("wu", BO), "crew-complete"),
        (Replace("wu", DENG, AN), "in-the-crew"),
    ):
        done.when(command, at=late, facts=ROUND).then_rejected(code)
    unfit = replace(ROUND, volunteer=volunteer("another"))
    done.when(Replace("wu", BO, AN), at=late, facts=unfit).then_rejected("not-in-the-team")
    running().when(replaced, at=BEGIN, facts=ROUND).then_rejected("on-patrol")


def test_a_shift_is_called_off_before_it_begins() -> None:
    off = planned().when(CallOffShift("wu", CallingOff.WEATHER), at=NOW, facts=ROUND)
    ended = off.then(
        PatrolShiftCalledOff("w1.0", "n1", BEGIN, (CHEN, DENG), (CAPTAIN, DEPUTY, "wu"), "weather")
    )
    assert patrol_shift.due(ended.state) is None
    assert open_verbs(ended.state) == ()
    ended.when(BeginPatrol(CHEN), at=BEGIN, facts=ROUND).then_rejected("patrol-over")
    ended.when(ChangeCrew(CHEN, AN, "swapped"), at=BEGIN, facts=ROUND).then()
    begun = running().when(CallOffShift("wu", CallingOff.EVENT), at=BEGIN, facts=ROUND)
    begun.then_rejected("patrol-begun")


def off(crew: tuple[str, ...] = (CHEN, DENG)) -> PatrolShiftCalledOff:
    organisers = (CAPTAIN, DEPUTY, "wu")
    return PatrolShiftCalledOff("w1.0", "n1", BEGIN, crew, organisers, "team-stops")


def test_nobody_patrols_for_a_team_that_does_nothing() -> None:
    ended = planned().when(Cease(), at=NOW, facts=ROUND).then(off())
    assert ended.state.status is Status.CALLED_OFF
    ended.when(Cease(), at=NOW, facts=ROUND).then()
    planned().when(Cease(BEGIN), at=NOW, facts=ROUND).then()
    planned().when(Cease(BEGIN + timedelta(minutes=1)), at=NOW, facts=ROUND).then(off())
    running().when(Cease(), at=BEGIN, facts=ROUND).then()
    given(patrol_shift).when(Cease(), at=NOW, facts=ROUND).then()


@pytest.mark.parametrize(
    ("team", "goes_on"),
    [
        (SAFETY_TEAM, True),
        (replace(SAFETY_TEAM, status=TeamStatus.SUSPENDED, suspended_until=BEGIN), True),
        (replace(SAFETY_TEAM, status=TeamStatus.SUSPENDED, suspended_until=END), False),
        (replace(SAFETY_TEAM, status=TeamStatus.DISSOLVED), False),
    ],
)
def test_what_is_planned_for_it_is_called_off_at_once(team: Team, goes_on: bool) -> None:
    made = given(patrol_shift).when(PLAN, at=NOW, facts=replace(ROUND, team=team))
    arranged = ShiftArranged(2, "wu", "w1.1", END)
    made.then(PLANNED, arranged, *(() if goes_on else (off(),)))


# --- begun ---------------------------------------------------------------------------------------

LEGS = (
    Leg(0, "正门", GATE, BEGIN + timedelta(minutes=15)),
    Leg(1, "地下车库", GARAGE, BEGIN + timedelta(minutes=40), SPOT),
    Leg(2, "4号楼顶层", ROOF, BEGIN + timedelta(minutes=75)),
)


def test_a_patrol_goes_the_way_that_the_route_has_when_it_begins() -> None:
    early = BEGIN - timedelta(minutes=10)
    begun = (
        planned()
        .when(BeginPatrol(CHEN), at=early, facts=ROUND)
        .then(
            PatrolBegun("w1.0", "r1", 1, "n1", SAFETY, "safety", CHEN, True),
            WayTaken(1, early, LEGS),
            PatrollerCame(CHEN, early),
        )
    )
    assert (begun.state.status, begun.state.legs) == (Status.RUNNING, LEGS)
    other = replace(ROUTE, version=2, checkpoints=(Checkpoint(9, "东门", GATE, 5),))
    joined = after(begun, Join(DENG), BEGIN, replace(ROUND, route=other))
    assert joined.state.legs == LEGS


def test_who_begins_late_has_its_times_from_then_but_none_after_the_end() -> None:
    late = END - timedelta(minutes=60)
    begun = planned().when(BeginPatrol(CHEN), at=late, facts=ROUND)
    assert isinstance(begun.events[0], PatrolBegun)
    assert not begun.events[0].in_time
    legs = begun.then(*begun.events).state.legs
    assert [leg.due for leg in legs] == [
        late + timedelta(minutes=15),
        late + timedelta(minutes=40),
        END,
    ]


@pytest.mark.parametrize(
    ("by", "minutes", "code"),
    [
        (AN, 0, "not-in-the-crew"),
        (CHEN, -31, "too-early-to-patrol"),
        (CHEN, 120, "patrol-over"),
    ],
)
def test_who_does_not_begin_and_when(by: str, minutes: int, code: str) -> None:
    at = BEGIN + timedelta(minutes=minutes)
    planned().when(BeginPatrol(by), at=at, facts=ROUND).then_rejected(code)


def test_who_cannot_patrol_any_more_does_not_begin_or_join() -> None:
    suspended = replace(ROUND, volunteer=volunteer("safety", suspended_until=END))
    begun = planned().when(BeginPatrol(CHEN), at=BEGIN, facts=suspended)
    begun.then_rejected("volunteer-suspended")
    running().when(Join(DENG), at=BEGIN, facts=suspended).then_rejected("volunteer-suspended")


def test_others_join_and_leave_but_not_the_last_one() -> None:
    begun = running()
    begun.when(BeginPatrol(DENG), at=BEGIN, facts=ROUND).then_rejected("patrol-begun")
    begun.when(Join(CHEN), at=BEGIN, facts=ROUND).then_rejected("on-patrol")
    begun.when(Join(AN), at=BEGIN, facts=ROUND).then_rejected("not-in-the-crew")
    begun.when(Leave(CHEN), at=BEGIN, facts=ROUND).then_rejected("last-on-patrol")
    later = BEGIN + timedelta(minutes=30)
    two = begun.when(Join(DENG), at=BEGIN, facts=ROUND).then(PatrollerCame(DENG, BEGIN))
    one = two.when(Leave(CHEN), at=later, facts=ROUND).then(PatrollerLeft(CHEN, later))
    one.when(Leave(CHEN), at=later, facts=ROUND).then_rejected("not-on-patrol")
    back = after(one, Join(CHEN), later)
    assert [one.person for one in back.state.presence] == [CHEN, DENG, CHEN]


# --- at the checkpoints --------------------------------------------------------------------------

AT_THE_GATE = BEGIN + timedelta(minutes=12)
NEAR = CheckHere(CHEN, 1, 24.4803, 118.1101, 20.0)


def passed(number: int, place: str, way: CheckWay, in_time: bool = True) -> PatrolCheckpointPassed:
    return PatrolCheckpointPassed("w1.0", "r1", place, number, way, in_time, CHEN)


def test_a_checkpoint_is_passed_by_its_sign() -> None:
    here = running().when(Check(CHEN, 0, "aaaa2222"), at=AT_THE_GATE, facts=ROUND)
    state = here.then(passed(0, GATE, CheckWay.SIGN), LegPassed(0, AT_THE_GATE)).state
    assert (state.legs[0].by, state.legs[0].passed) == (CHEN, AT_THE_GATE)
    assert state.presence[0].seen == AT_THE_GATE


def test_a_checkpoint_is_passed_by_standing_near_it_and_the_position_is_kept_nowhere() -> None:
    here = running().when(NEAR, at=AT_THE_GATE, facts=ROUND)
    there = here.then(passed(1, GARAGE, CheckWay.POSITION), LegPassed(1, AT_THE_GATE))
    assert "24.4803" not in f"{here.events}{there.state}"
    for command, code in (
        (replace(NEAR, latitude=24.49), "far-from-checkpoint"),
        (replace(NEAR, accuracy=900.0), "position-too-vague"),
        (replace(NEAR, number=0), "no-spot"),
    ):
        running().when(command, at=AT_THE_GATE, facts=ROUND).then_rejected(code)


def test_where_there_is_only_a_word_it_says_why_and_counts_as_that() -> None:
    word = CheckByHand(CHEN, 2, WithoutProof.SIGN_GONE, "标识牌掉了")
    running().when(word, at=AT_THE_GATE, facts=ROUND).then(
        passed(2, ROOF, CheckWay.HAND),
        LegPassed(2, AT_THE_GATE),
        CheckExplained(2, "sign-gone", "标识牌掉了"),
    )


def test_a_late_one_is_told_as_such_and_a_second_one_is_none() -> None:
    late = BEGIN + timedelta(minutes=16)
    here = running().when(Check(CHEN, 0, "AAAA2222"), at=late, facts=ROUND)
    there = here.then(passed(0, GATE, CheckWay.SIGN, False), LegPassed(0, late))
    again = there.when(Check(CHEN, 0, "AAAA2222"), at=late, facts=ROUND)
    again.then_rejected("checked-already")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (Check(CHEN, 0, "BBBB3333"), "wrong-sign"),
        (Check(CHEN, 9, "AAAA2222"), "unknown-checkpoint"),
        (Check(DENG, 0, "AAAA2222"), "not-on-patrol"),
    ],
)
def test_what_passes_no_checkpoint(command: Command, code: str) -> None:
    running().when(command, at=AT_THE_GATE, facts=ROUND).then_rejected(code)
    early = planned().when(command, at=AT_THE_GATE, facts=ROUND)
    early.then_rejected("patrol-not-begun")


# --- who answers for it --------------------------------------------------------------------------


def test_the_duty_passes_on_with_the_team() -> None:
    passed_on = after(planned(), PassOn(("new", DEPUTY), (CAPTAIN,)), NOW)
    assert (passed_on.state.organisers, passed_on.state.keeper) == (("new", DEPUTY, "wu"), "wu")
    without = after(passed_on, PassOn(("new",), ("wu",)), NOW)
    assert (without.state.organisers, without.state.keeper) == (("new",), None)
    # Nobody who led a team that is no more answers for what they drew up for it.
    dissolved = after(running(), PassOn((), (CAPTAIN, DEPUTY, "wu")), BEGIN)
    assert (dissolved.state.organisers, dissolved.state.keeper) == ((), None)


def test_of_who_is_erased_nothing_is_left_and_the_organisers_hear_of_the_gap() -> None:
    erased = planned().when(ForgetPatroller(CHEN), at=NOW, facts=ROUND)
    gap = crew_changed(CHEN, None, "erased", 1)
    gone = erased.then(gap, PatrollerForgotten(CHEN))  # type: ignore[arg-type]
    assert repr(CHEN) not in str(gone.state)
    walked = after(running(), Check(CHEN, 0, "AAAA2222"), AT_THE_GATE)
    over = after(walked, HandOver(CHEN, ("路灯不亮",)), END)
    forgotten = over.when(ForgetPatroller(CHEN), at=END, facts=ROUND)
    assert repr(CHEN) not in str(forgotten.then(PatrollerForgotten(CHEN)).state)
    over.when(ForgetPatroller("stranger"), at=END, facts=ROUND).then()
