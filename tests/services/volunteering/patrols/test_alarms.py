"""What goes wrong is told at once, climbs, and is settled with a reason or by doing it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given as proposed
from hypothesis import settings
from hypothesis import strategies as st

from services.volunteering.domain.patrols.shift import open_verbs, patrol_shift
from services.volunteering.domain.patrols.shift_commands import (
    BeginPatrol,
    Check,
    CheckByHand,
    ConfirmHours,
    CorrectHours,
    Fewer,
    HandOver,
    HearHandover,
    Join,
    Leave,
    Settle,
    TakeOver,
    WithoutProof,
)
from services.volunteering.domain.patrols.shift_events import (
    AlarmExplained,
    HoursNotCounted,
    MatterLeft,
)
from services.volunteering.domain.patrols.shift_state import Status, who_was_there
from shared.contracts.types import Level
from shared.contracts.volunteering import (
    HoursConfirmed,
    HoursCorrected,
    PatrolAlarmClimbed,
    PatrolAlarmSettled,
    PatrolCheckpointMissed,
    PatrolEnded,
    PatrolHandedOver,
    PatrolHandoverAwaited,
    PatrolHoursWaiting,
    PatrolMissed,
    PatrolNear,
    PatrolNotBegun,
    PatrolNotEnded,
    PatrolNotTakenOver,
    PatrolTakenOver,
)
from shared.contracts.volunteering.hours import Work
from shared.contracts.volunteering.patrols import (
    PatrolAlarm,
    PatrolKind,
)
from shared.runtime.aggregate import Rejected, Tick
from tests.given import Given
from tests.services.volunteering.patrols.world import (
    AN,
    BEGIN,
    CAPTAIN,
    CHEN,
    DENG,
    DEPUTY,
    END,
    GATE,
    PATH,
    PLAN,
    ROUND,
    after,
    names,
    planned,
    running,
)

SAFETY = PatrolKind.SAFETY
ORGANISERS = (CAPTAIN, DEPUTY, "wu")
LAST = replace(PLAN, successor=None, successor_begin=None)
MINUTE = timedelta(minutes=1)


def until(before: Given[Any], moment: datetime) -> Given[Any]:
    """What time does until then, tick by tick."""
    while (at := patrol_shift.due(before.state)) is not None and at <= moment:
        before = after(before, Tick(), at)
    return before


def climbed(kind: PatrolAlarm, since: datetime, level: Level, number: int | None = None) -> Any:
    office, called = {Level.COMMUNITY: ("c1", "officer-c1"), Level.STREET: ("s1", None)}[level]
    return PatrolAlarmClimbed("w1.0", "n1", kind, number, since, level, office, called)


# --- nobody begins -------------------------------------------------------------------------------


def test_a_shift_that_nobody_begins_alarms_loudly_and_climbs_to_an_office_that_nobody_holds() -> (
    None
):
    late = BEGIN + 15 * MINUTE
    near = planned().when(Tick(), at=BEGIN - timedelta(hours=3), facts=ROUND)
    reminded = near.then(PatrolNear("w1.0", "n1", BEGIN, (CHEN, DENG)))
    assert patrol_shift.due(reminded.state) == late
    alarmed = reminded.when(Tick(), at=late, facts=ROUND).then(
        PatrolNotBegun("w1.0", "n1", SAFETY, "safety", BEGIN, (CHEN, DENG), ORGANISERS),
    )
    hour = late + 60 * MINUTE
    higher = alarmed.when(Tick(), at=hour, facts=ROUND)
    told = higher.then(climbed(PatrolAlarm.NOT_BEGUN, late, Level.COMMUNITY))
    over = told.when(Tick(), at=END, facts=ROUND).then(
        PatrolMissed("w1.0", "n1", PATH, SAFETY, "safety", BEGIN, END)
    )
    over.when(BeginPatrol(CHEN), at=END, facts=ROUND).then_rejected("patrol-over")
    day = late + timedelta(days=1)
    assert patrol_shift.due(over.state) == day
    top = over.when(Tick(), at=day, facts=ROUND)
    left = top.then(climbed(PatrolAlarm.NOT_BEGUN, late, Level.STREET))
    assert patrol_shift.due(left.state) is None
    (alarm,) = left.state.alarms
    assert [office.person for office in alarm.climb.told] == ["officer-c1", None]
    settled = left.when(Settle("wu", PatrolAlarm.NOT_BEGUN, "台风停巡"), at=day, facts=ROUND).then(
        PatrolAlarmSettled("w1.0", "n1", PatrolAlarm.NOT_BEGUN, None, "wu"),
        AlarmExplained("not-begun", None, "台风停巡"),
    )
    assert settled.state.alarms == ()
    assert open_verbs(settled.state) == ()


def test_a_shift_that_is_begun_after_all_is_no_alarm_any_more() -> None:
    alarmed = until(planned(), BEGIN + 20 * MINUTE)
    waits = alarmed.when(Settle("wu", PatrolAlarm.NOT_BEGUN, "来了"), at=BEGIN, facts=ROUND)
    waits.then_rejected("still-waiting")
    begun = after(alarmed, BeginPatrol(CHEN), BEGIN + 20 * MINUTE)
    assert begun.state.alarms == ()


# --- a checkpoint is missed ----------------------------------------------------------------------


def missed(number: int, place: str, due: datetime) -> PatrolCheckpointMissed:
    return PatrolCheckpointMissed("w1.0", "r1", place, number, due, ORGANISERS)


def test_each_checkpoint_has_its_latest_time() -> None:
    due = BEGIN + 15 * MINUTE
    late = running().when(Tick(), at=due, facts=ROUND).then(missed(0, GATE, due))
    assert patrol_shift.due(late.state) == BEGIN + 40 * MINUTE
    passed = after(late, Check(CHEN, 0, "AAAA2222"), due + MINUTE)
    assert passed.state.alarms == ()
    assert passed.state.legs[0].missed


def test_a_missed_checkpoint_climbs_until_somebody_says_why() -> None:
    due = BEGIN + 15 * MINUTE
    late = until(running(), due + 61 * MINUTE)
    climb = next(alarm.climb for alarm in late.state.alarms if alarm.number == 0)
    assert [office.level for office in climb.told] == [Level.COMMUNITY]
    why = Settle("wu", PatrolAlarm.CHECKPOINT_MISSED, "水管爆裂，绕行", 0)
    settled = after(late, why, due + 62 * MINUTE)
    assert 0 not in [alarm.number for alarm in settled.state.alarms]
    settled.when(why, at=END, facts=ROUND).then_rejected("no-such-alarm")


def test_what_was_not_passed_when_the_patrol_is_back_is_missed() -> None:
    walked = after(running(plan=LAST), Check(CHEN, 0, "AAAA2222"), BEGIN + MINUTE)
    back = BEGIN + 10 * MINUTE
    over = walked.when(HandOver(CHEN), at=back, facts=ROUND)
    assert [type(event) for event in over.events] == [
        PatrolCheckpointMissed,
        PatrolCheckpointMissed,
        PatrolEnded,
    ]
    assert {alarm.number for alarm in over.then(*over.events).state.alarms} == {1, 2}


# --- handing over --------------------------------------------------------------------------------


def walked(plan: Any = PLAN, join: bool = False) -> Given[Any]:
    """A patrol that was at all checkpoints in time, one of them by word only."""
    shift = running(plan=plan)
    if join:
        shift = after(shift, Join(DENG), BEGIN + 5 * MINUTE)
    shift = after(shift, Check(CHEN, 0, "AAAA2222"), BEGIN + 10 * MINUTE)
    shift = after(shift, Check(CHEN, 1, "BBBB3333"), BEGIN + 30 * MINUTE)
    word = CheckByHand(CHEN, 2, WithoutProof.NO_SIGNAL, "")
    return after(shift, word, BEGIN + 60 * MINUTE)


def ended(by: str | None, at: datetime, people: int = 1) -> PatrolEnded:
    return PatrolEnded(
        "w1.0", "n1", PATH, SAFETY, "safety", BEGIN, at, people, 3, 3, 0, 1, by
    )  # fmt: skip


def test_the_next_patrol_confirms_that_it_takes_over() -> None:
    until_then = END + 30 * MINUTE
    over = (
        walked()
        .when(HandOver(CHEN, ("3号楼门禁坏",)), at=END - MINUTE, facts=ROUND)
        .then(
            ended(CHEN, END - MINUTE),
            PatrolHandedOver("w1.0", "n1", CHEN, 1, "w1.1", until_then, ORGANISERS),
            MatterLeft("3号楼门禁坏"),
        )
    )
    assert "take-over" in open_verbs(over.state)
    plan = replace(PLAN, number=1, begin=END, end=END + 120 * MINUTE, crew=("hu",))
    follows = after(
        planned(replace(plan)), HearHandover("w1.0", until_then), END, replace(ROUND, shift="w1.1")
    ).state
    follows = replace(follows, shift="w1.1")
    facts = replace(ROUND, other=follows)
    taken = over.when(TakeOver("hu", "w1.1"), at=END, facts=facts).then(
        PatrolTakenOver("w1.0", "n1", "hu", "w1.1", 1)
    )
    for again in (TakeOver("hu", "w1.1"), TakeOver("wu")):
        taken.when(again, at=END, facts=facts).then_rejected("nothing-to-take-over")
    elsewhere = replace(follows, former=(), route="r2")
    for command, other, code in (
        (TakeOver("hu", "w1.1"), None, "not-its-successor"),
        (TakeOver("hu", "w1.1"), elsewhere, "not-its-successor"),
        (TakeOver("jiang", "w1.1"), follows, "not-in-the-crew"),
        (TakeOver("hu"), follows, "not-to-take-over"),
    ):
        over.when(command, at=END, facts=replace(ROUND, other=other)).then_rejected(code)
    over.when(TakeOver("wu"), at=END, facts=ROUND).then(
        PatrolTakenOver("w1.0", "n1", "wu", None, 1)
    )


def test_the_crew_that_follows_is_told_of_the_handover() -> None:
    told = planned().when(HearHandover("w1.9", END), at=BEGIN, facts=ROUND)
    heard = told.then(PatrolHandoverAwaited("w1.0", "w1.9", "n1", (CHEN, DENG), END))
    assert heard.state.former == ("w1.9",)


def test_without_a_shift_that_follows_only_open_matters_are_taken_over() -> None:
    assert names(walked(LAST), HandOver(CHEN), END) == ["PatrolEnded"]
    left = walked(LAST).when(HandOver(CHEN, ("路灯不亮",)), at=END, facts=ROUND)
    handed = PatrolHandedOver("w1.0", "n1", CHEN, 1, None, END + timedelta(hours=12), ORGANISERS)
    left.then_among(handed)


def test_a_handover_that_nobody_takes_alarms_and_climbs() -> None:
    over = after(walked(), HandOver(CHEN), END)
    due = END + 30 * MINUTE
    waits = over.when(Tick(), at=due, facts=ROUND).then(
        PatrolNotTakenOver("w1.0", "n1", 0, "w1.1", ORGANISERS),
    )
    higher = waits.when(Tick(), at=due + 60 * MINUTE, facts=ROUND)
    told = higher.then(climbed(PatrolAlarm.NOT_TAKEN_OVER, due, Level.COMMUNITY))
    excuse = Settle("wu", PatrolAlarm.NOT_TAKEN_OVER, "忘了")
    told.when(excuse, at=due, facts=ROUND).then_rejected("still-waiting")
    assert after(told, TakeOver("wu"), due).state.alarms == ()


@pytest.mark.parametrize(
    ("before", "by", "code"),
    [
        (planned(), CHEN, "patrol-not-begun"),
        (running(), DENG, "not-on-patrol"),
        (after(walked(), HandOver(CHEN), END), CHEN, "patrol-over"),
    ],
)
def test_what_is_not_handed_over(before: Given[Any], by: str, code: str) -> None:
    before.when(HandOver(by), at=END, facts=ROUND).then_rejected(code)


# --- nobody comes back ---------------------------------------------------------------------------


def test_a_patrol_that_does_not_report_back_is_looked_for() -> None:
    late = END + 30 * MINUTE
    out = (
        walked()
        .when(Tick(), at=late, facts=ROUND)
        .then(
            PatrolNotEnded("w1.0", "n1", END, (CHEN, DENG), ORGANISERS),
        )
    )
    why = Settle("wu", PatrolAlarm.NOT_ENDED, "手机没电")
    out.when(why, at=late, facts=ROUND).then_rejected("still-waiting")
    found = after(out, HandOver("wu"), late + MINUTE)
    assert (found.state.status, found.state.alarms) == (Status.ENDED, ())


def test_time_ends_what_nobody_ends_with_the_last_sign_of_each() -> None:
    gone = until(walked(), END + timedelta(hours=6))
    assert gone.state.status is Status.ENDED
    assert gone.state.ended == BEGIN + 60 * MINUTE
    assert gone.state.presence[0].left == BEGIN + 60 * MINUTE
    assert [alarm.kind for alarm in gone.state.alarms] == [PatrolAlarm.NOT_ENDED]
    why = Settle("wu", PatrolAlarm.NOT_ENDED, "手机没电")
    assert after(gone, why, END + timedelta(hours=7)).state.alarms == ()


# --- hours ---------------------------------------------------------------------------------------


def hours(person: str, begun: datetime, minutes: int, by: str) -> HoursConfirmed:
    return HoursConfirmed("w1.0", Work.PATROL, person, "n1", begun, minutes, by, "safety")


def test_hours_are_whole_minutes_of_presence_and_nobody_confirms_their_own() -> None:
    over = after(walked(join=True), HandOver(CHEN), END + timedelta(seconds=90))
    confirmed = over.when(ConfirmHours(CAPTAIN), at=END, facts=ROUND).then(
        hours(CHEN, BEGIN, 121, CAPTAIN), hours(DENG, BEGIN + 5 * MINUTE, 116, CAPTAIN)
    )
    confirmed.when(ConfirmHours("wu"), at=END, facts=ROUND).then_rejected("no-hours-waiting")
    own = over.when(ConfirmHours(CHEN), at=END, facts=ROUND)
    half = own.then(hours(DENG, BEGIN + 5 * MINUTE, 116, CHEN))
    half.when(ConfirmHours(CHEN), at=END, facts=ROUND).then_rejected("no-hours-waiting")
    half.when(ConfirmHours("wu"), at=END, facts=ROUND).then(hours(CHEN, BEGIN, 121, "wu"))
    running().when(ConfirmHours("wu"), at=END, facts=ROUND).then_rejected("patrol-not-over")


def test_hours_are_lowered_but_never_above_presence() -> None:
    over = after(walked(join=True), HandOver(CHEN), END)
    fewer = over.when(ConfirmHours("wu", (Fewer(DENG, 0), Fewer(CHEN, 60))), facts=ROUND)
    confirmed = fewer.then(hours(CHEN, BEGIN, 60, "wu"), HoursNotCounted(DENG, "wu"))
    more = over.when(ConfirmHours("wu", (Fewer(CHEN, 121),)), facts=ROUND)
    more.then_rejected("more-than-patrolled")
    over.when(ConfirmHours("wu", (Fewer(AN, 1),)), facts=ROUND).then_rejected("no-hours-of-theirs")
    begun = BEGIN + 5 * MINUTE
    right = confirmed.when(CorrectHours("wu", DENG, 30), facts=ROUND)
    counted = right.then(hours(DENG, begun, 30, "wu"))
    back = counted.when(CorrectHours("wu", DENG, 0), facts=ROUND).then(
        HoursCorrected("w1.0", Work.PATROL, DENG, "n1", begun, 30, 0, "wu", "safety")
    )
    back.when(CorrectHours("wu", DENG, 10), facts=ROUND).then(
        HoursCorrected("w1.0", Work.PATROL, DENG, "n1", begun, 0, 10, "wu", "safety")
    )
    back.when(CorrectHours("wu", DENG, 0), facts=ROUND).then()
    for command, code in (
        (CorrectHours("wu", DENG, 116), "more-than-patrolled"),
        (CorrectHours(DENG, DENG, 10), "own-hours"),
        (CorrectHours("wu", AN, 10), "hours-not-confirmed"),
    ):
        confirmed.when(command, facts=ROUND).then_rejected(code)


def test_hours_that_nobody_confirms_are_told_and_climb_slowly() -> None:
    over = after(walked(LAST), HandOver(CHEN), END)
    due = END + timedelta(days=3)
    assert patrol_shift.due(over.state) == due
    waits = over.when(Tick(), at=due, facts=ROUND).then(
        PatrolHoursWaiting("w1.0", "n1", ORGANISERS),
    )
    assert patrol_shift.due(waits.state) == due + timedelta(days=4)
    assert after(waits, ConfirmHours("wu"), due).state.alarms == ()


# --- whatever happens ----------------------------------------------------------------------------

CREW = st.sampled_from((CHEN, DENG, AN))
COMMANDS = st.one_of(
    st.builds(BeginPatrol, CREW),
    st.builds(Join, CREW),
    st.builds(Leave, CREW),
    st.builds(Check, CREW, st.integers(0, 2), st.sampled_from(("AAAA2222", "BBBB3333"))),
    st.builds(CheckByHand, CREW, st.integers(0, 2), st.just(WithoutProof.OTHER), st.just("")),
    st.builds(HandOver, CREW, st.sampled_from(((), ("路灯不亮",)))),
    st.builds(TakeOver, st.just("wu")),
    st.builds(ConfirmHours, st.sampled_from(("wu", CHEN))),
    st.builds(CorrectHours, st.just("wu"), CREW, st.integers(0, 300)),
    st.builds(Settle, st.just("wu"), st.sampled_from(PatrolAlarm), st.just("有原因")),
    st.builds(
        Settle,
        st.just("wu"),
        st.just(PatrolAlarm.CHECKPOINT_MISSED),
        st.just("有原因"),
        st.integers(0, 2),
    ),
    st.just(Tick()),
)


@proposed(st.lists(st.tuples(COMMANDS, st.integers(0, 90)), max_size=30))
@settings(max_examples=300)
def test_whatever_happens_hours_never_exceed_presence_and_time_always_moves_on(
    steps: list[tuple[Any, int]],
) -> None:
    shift: Given[Any] = planned(replace(PLAN, crew=(CHEN, DENG, AN), size=3))
    at = BEGIN - 30 * MINUTE
    told: dict[str, int] = {}
    confirmed: list[str] = []
    for command, minutes in steps:
        at += minutes * MINUTE
        shift = until(shift, at)
        try:
            events = patrol_shift.decide(command, shift.state, at, ROUND)
        except Rejected:
            continue
        for event in events:
            if isinstance(event, HoursConfirmed):
                confirmed.append(event.volunteer)
                told[event.volunteer] = event.minutes
            elif isinstance(event, HoursCorrected):
                assert told[event.volunteer] == event.before
                told[event.volunteer] = event.minutes
        shift = Given(patrol_shift, patrol_shift.fold(shift.state, events))
        due = patrol_shift.due(shift.state)
        assert not isinstance(command, Tick) or due is None or due > at
    shift = until(shift, at + timedelta(days=30))
    state = shift.state
    assert patrol_shift.due(state) is None
    assert state.status in (Status.ENDED, Status.MISSED)
    assert len(confirmed) == len(set(confirmed))
    for person, minutes in told.items():
        spent = sum(
            (one.left - one.came for one in state.presence if one.person == person), timedelta()
        )
        assert minutes * MINUTE <= spent
    assert set(who_was_there(state)) <= {CHEN, DENG, AN}
