"""An alarm: told to the first on call, then to the next, until somebody acknowledges it."""

from datetime import timedelta
from typing import Any

from services.notifications.domain.alarm import (
    MOST_REPEATS,
    NOBODY_WITHIN,
    RESOLVED_WITHIN,
    Alarm,
    AlarmPlaced,
    Status,
    Surroundings,
    alarm,
    alarm_id,
)
from services.notifications.domain.alarm_commands import (
    AcknowledgeAlarm,
    AlarmDescribed,
    AlarmKind,
    LearnSeenTo,
    Raise,
    RaiseAlarm,
    ResolveAlarm,
    Resolved,
)
from services.notifications.domain.on_call import Step
from shared.contracts.event import Event
from shared.contracts.notifications import (
    AlarmAcknowledged,
    AlarmClimbed,
    AlarmRaised,
    AlarmResolved,
    AlarmUnanswered,
)
from shared.contracts.notifications.alarms import WhyClimbed
from shared.runtime.aggregate import Tick
from tests.given import NOTHING_SPECIAL, given

A, PLACE, PATH = "a1", "c1", ("d1", "s1", "c1")
NOW = NOTHING_SPECIAL
WANG, LIN, CHEN = "wang", "lin", "chen"
STEPS = (Step("c1:1", WANG, 5), Step("c1:2", None, 5), Step("c1:3", LIN, 10))
ABOVE = (*STEPS, Step("s1:1", CHEN, 15))
HERE = Surroundings(A, PATH, ABOVE)
ABOUT = "petition-p1"
RAISE = Raise(AlarmKind.DANGER, "danger", PLACE, ABOUT)


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def raised(**changes: Any) -> AlarmRaised:
    whole: dict[str, Any] = {
        "alarm": A,
        "because": "danger",
        "duty": "danger",
        "place": PLACE,
        "about": ABOUT,
        "called": (WANG,),
        "holes": (),
        "rung": 1,
        "answer_by": NOW + minutes(5),
    }
    return AlarmRaised(**{**whole, **changes})


def climbed(called: tuple[str, ...], rung: int, by: Any, **changes: Any) -> AlarmClimbed:
    whole: dict[str, Any] = {
        "alarm": A,
        "because": "danger",
        "duty": "danger",
        "place": PLACE,
        "why": WhyClimbed.UNANSWERED,
        "called": called,
        "holes": (),
        "rung": rung,
        "everybody": False,
        "answer_by": by,
    }
    return AlarmClimbed(**{**whole, **changes})


RAISED: tuple[Event, ...] = (raised(), AlarmPlaced(PATH))


def test_the_first_on_call_is_told_then_the_next_then_the_place_above_then_everybody() -> None:
    first, second = NOW + minutes(5), NOW + minutes(15)
    third, all_again = NOW + minutes(30), NOW + minutes(45)
    everybody = climbed((WANG, LIN, CHEN), 4, all_again, everybody=True)
    given(alarm).when(RAISE, facts=HERE).then(*RAISED).when(
        Tick(), at=first - minutes(1), facts=HERE
    ).then().when(Tick(), at=first, facts=HERE).then(
        climbed((LIN,), 3, second, holes=("c1:2",))
    ).when(Tick(), at=second, facts=HERE).then(climbed((CHEN,), 4, third)).when(
        Tick(), at=third, facts=HERE
    ).then(everybody).when(Tick(), at=all_again, facts=HERE).then(
        climbed((WANG, LIN, CHEN), 4, all_again + minutes(15), everybody=True)
    )


def test_a_hole_at_the_first_rung_is_told_of_and_passed_over() -> None:
    steps = (Step("c1:1", None, 5), Step("s1:1", CHEN, 15))
    given(alarm).when(RAISE, facts=Surroundings(A, PATH, steps)).then(
        raised(called=(CHEN,), holes=("c1:1",), rung=2, answer_by=NOW + minutes(15)),
        AlarmPlaced(PATH),
    )


def test_an_event_is_an_alarm_only_where_a_list_is_kept() -> None:
    nowhere = Surroundings(A, PATH, ())
    given(alarm).when(RAISE, facts=nowhere).then()
    given(alarm).when(RAISE, facts=Surroundings(A)).then()


def test_what_a_person_raises_waits_until_somebody_is_on_call() -> None:
    nobody = Surroundings(A, PATH, ())
    by_hand = RaiseAlarm(WANG, "flood", PLACE, AlarmKind.OTHER, "水泵停了")
    at = NOW + NOBODY_WITHIN
    given(alarm).when(by_hand, facts=nobody).then(
        raised(
            because="other",
            duty="flood",
            about="",
            called=(),
            rung=0,
            answer_by=at,
        ),
        AlarmPlaced(PATH),
        AlarmDescribed("水泵停了"),
    ).when(Tick(), at=at, facts=Surroundings(A, PATH, STEPS)).then(
        climbed((WANG,), 1, at + minutes(5), because="other", duty="flood")
    )


def test_of_a_place_that_is_not_there_nobody_can_raise_one() -> None:
    by_hand = RaiseAlarm(WANG, "flood", "nowhere")
    given(alarm).when(by_hand, facts=Surroundings(A)).then_rejected("unknown-place")


def test_whoever_acknowledges_it_ends_the_calling() -> None:
    at = NOW + minutes(6)
    acknowledged = AlarmAcknowledged(A, "danger", PLACE, LIN, (WANG,), at + RESOLVED_WITHIN)
    called = (*RAISED, climbed((LIN,), 3, NOW + minutes(15), holes=("c1:2",)))
    after = (
        given(alarm, *called)
        .when(AcknowledgeAlarm(LIN), at=at, facts=HERE)
        .then(acknowledged)
        .when(Tick(), at=NOW + minutes(15), facts=HERE)
        .then()
        .when(AcknowledgeAlarm(WANG), facts=HERE)
        .then_rejected("wrong-moment")
    )
    assert after.state.acknowledged_by == LIN
    after.when(ResolveAlarm(LIN), facts=HERE).then(
        AlarmResolved(A, "danger", PLACE, LIN, (WANG,))
    ).when(Tick(), at=at + RESOLVED_WITHIN, facts=HERE).then()


def test_an_acknowledged_alarm_that_nobody_sees_to_begins_anew() -> None:
    until = NOW + RESOLVED_WITHIN
    acknowledged = AlarmAcknowledged(A, "danger", PLACE, WANG, (), until)
    again = climbed((WANG,), 1, until + minutes(5), why=WhyClimbed.UNRESOLVED)
    after = given(alarm, *RAISED, acknowledged).when(Tick(), at=until, facts=HERE).then(again)
    assert after.state.status is Status.RAISED
    assert after.state.acknowledged_by is None


def test_what_happens_elsewhere_answers_and_ends_it() -> None:
    given(alarm, *RAISED).when(LearnSeenTo(LIN), facts=HERE).then(
        AlarmAcknowledged(A, "danger", PLACE, LIN, (WANG,), NOW + RESOLVED_WITHIN)
    ).when(LearnSeenTo(CHEN), facts=HERE).then().when(Resolved(), facts=HERE).then(
        AlarmResolved(A, "danger", PLACE, None, (WANG,))
    ).when(Resolved(), facts=HERE).then()
    given(alarm).when(Resolved(), facts=HERE).then()


def test_the_same_matter_is_one_alarm_and_after_it_was_resolved_a_new_one() -> None:
    resolved = AlarmResolved(A, "danger", PLACE, None, (WANG,))
    given(alarm, *RAISED).when(RAISE, facts=HERE).then()
    given(alarm, *RAISED, resolved).when(RAISE, facts=HERE).then(*RAISED)
    assert alarm_id("petition-p1:danger") == alarm_id("petition-p1:danger")
    assert alarm_id("petition-p1:danger") != alarm_id("petition-p2:danger")


def test_calling_everybody_has_an_end() -> None:
    state, now, calls = Alarm(), NOW, 0
    state = alarm.fold(state, alarm.decide(RAISE, state, now, HERE))
    while (due := alarm.due(state)) is not None:
        now = due
        events = alarm.decide(Tick(), state, now, HERE)
        assert events, "a due time leads to something"
        state = alarm.fold(state, events)
        calls += 1
    assert state.status is Status.UNANSWERED
    assert calls == 2 + MOST_REPEATS + 1
    unanswered = AlarmUnanswered(A, "danger", "danger", PLACE)
    assert events == [unanswered]
    # It is still there to be acknowledged.
    (acknowledged,) = alarm.decide(AcknowledgeAlarm(CHEN), state, now, HERE)
    assert isinstance(acknowledged, AlarmAcknowledged)
