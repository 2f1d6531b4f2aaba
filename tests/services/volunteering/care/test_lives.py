"""Whatever happens to a plan: no visit of its rhythm is lost, and none is made twice."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.volunteering.domain.care.plan import care_plan
from services.volunteering.domain.care.plan_commands import (
    Acknowledge,
    CameOfIt,
    EndPlan,
    EndReason,
    GiveUp,
    PausePlan,
    PauseReason,
    RecordUnmet,
    ResumePlan,
    ReturnFromLeave,
    SetRhythm,
    SettleAlarm,
    SetVisitors,
    TakeLeave,
)
from services.volunteering.domain.care.plan_state import LAST_VISITS, CarePlan, PlanStatus
from services.volunteering.domain.care.rhythm import Rhythm, slot_on
from shared.contracts.event import Event
from shared.contracts.volunteering.care import (
    CareAlarmClimbed,
    CareAlarmRaised,
    CareAlarmSettled,
    CarePlanPaused,
    CarePlanResumed,
    CareUnmet,
    CareVisitMade,
    CareVisitMissed,
    CareVisitUnmet,
)
from shared.contracts.volunteering.hours import HoursConfirmed
from shared.runtime.aggregate import Command, Rejected, Tick
from shared.worktime.hours import CHINA
from tests.services.volunteering.care.plans import (
    CAPTAIN,
    DAY,
    DEPUTY,
    HIGH,
    HOUR,
    MAKE,
    MINUTE,
    MONDAY,
    NURSE,
    VISITOR,
    Story,
    begun,
)
from tests.services.volunteering.care.test_rhythm import counts, rhythms

steps = st.lists(
    st.tuples(
        st.integers(0, 4 * 24 * 4).map(lambda quarters: quarters * 15 * MINUTE),
        st.sampled_from(["visit", "visit", "visit", "unmet", "pause", "resume", "wait"]),
        st.integers(1, 20 * 24),
        st.integers(0, 72),
    ),
    max_size=25,
)
"""How long nothing is done, what is done then, how many hours a pause lasts, and in how many it
begins.
"""


def act(story: Story, what: str, hours: int, ahead: int) -> None:
    """Does it, where the rules allow it now."""
    match what:
        case "visit":
            attempt(story, lambda: story.visits())
        case "unmet":
            attempt(story, lambda: story.does(RecordUnmet(VISITOR, CareUnmet.NOT_HOME)))
        case "pause":
            since = story.now + ahead * HOUR
            asked = PausePlan(CAPTAIN, PauseReason.TRAVEL, since + hours * HOUR, since)
            attempt(story, lambda: story.does(asked))
        case "resume":
            attempt(story, lambda: story.does(ResumePlan(CAPTAIN)))


def attempt(story: Story, does: Any) -> None:
    before = story.state
    try:
        does()
    except Rejected:
        assert story.state == before


@settings(max_examples=250, suppress_health_check=[HealthCheck.too_slow])
@given(rhythms, steps)
def test_every_visit_of_the_rhythm_has_one_outcome(rhythm: Rhythm, course: Any) -> None:
    story = begun(replace(MAKE, rhythm=rhythm))
    for pause, what, hours, ahead in course:
        story.until(story.now + pause)
        act(story, what, hours, ahead)
    story.until(story.now + 3 * DAY)
    pauses = pauses_of(story)

    done = begins(story, CareVisitMade) + begins(story, CareVisitUnmet)
    missed = begins(story, CareVisitMissed)
    assert len(set(done)) == len(done), "a visit was made twice"
    assert len(set(missed)) == len(missed), "a visit was missed twice"
    late = {one.begin for one in story.all_of(CareVisitMade) if one.late}
    tried = {one.begin for one in story.all_of(CareVisitUnmet)}
    assert set(done) & set(missed) <= late | tried, "what was made in time was missed"

    open_now = {story.state.visit.begin} if story.state.visit is not None else set()
    for day in days(MONDAY - 40 * DAY, story.now):
        if not counts(rhythm, day):
            continue
        slot = slot_on(rhythm, day)
        came_of_it = slot.begin in {*done, *missed, *open_now}
        if not fair(slot, MONDAY):
            assert not came_of_it
        elif slot.begin <= story.now and not came_of_it:
            assert excused(slot, pauses), f"{slot} was lost"


def pauses_of(story: Story) -> list[tuple[datetime, datetime | None]]:
    """From when to when the plan rested; None: it still does."""
    found: list[tuple[datetime, datetime | None]] = []
    for moment, event in zip(story.times, story.events, strict=True):
        match event:
            case CarePlanPaused():
                found.append((moment, None))
            case CarePlanResumed():
                found[-1] = (found[-1][0], moment)
    return found


def begins(story: Story, kind: type[Event]) -> list[datetime]:
    return [one.begin for one in story.all_of(kind) if one.begin is not None]


def days(since: datetime, until: datetime) -> list[date]:
    first = since.astimezone(CHINA).date()
    count = (until.astimezone(CHINA).date() - first).days + 1
    return [first + n * DAY for n in range(count)]


def fair(slot: Any, moment: datetime) -> bool:
    """Whether somebody can be asked for it, as the rule is told to people."""
    return slot.begin >= moment or slot.end >= moment + DAY


def excused(slot: Any, pauses: list[tuple[datetime, datetime | None]]) -> bool:
    """Whether a pause began before its time was over, and left no fair part of it."""
    return any(
        since < slot.end and (until is None or not fair(slot, until)) for since, until in pauses
    )


# --- all that can be done ------------------------------------------------------------------------

ANYTHING = st.one_of(
    st.just(Tick()),
    st.builds(SetRhythm, st.just(CAPTAIN), rhythms, st.integers(5, 240)),
    st.builds(
        SetVisitors,
        st.just(CAPTAIN),
        st.sampled_from([VISITOR, DEPUTY, "third"]),
        st.sampled_from([None, VISITOR, DEPUTY]),
    ),
    st.builds(GiveUp, st.sampled_from([VISITOR, DEPUTY, "third"])),
    st.just(ReturnFromLeave(VISITOR)),
    st.just(ResumePlan(CAPTAIN)),
    st.builds(RecordUnmet, st.just(VISITOR), st.sampled_from(CareUnmet)),
    st.builds(Acknowledge, st.just(NURSE), st.integers(1, 9)),
    st.builds(SettleAlarm, st.just(NURSE), st.integers(1, 9), st.just(CameOfIt.DOCTOR)),
    st.just(EndPlan(CAPTAIN, EndReason.NO_LONGER_NEEDED)),
    st.integers(1, 200).map(lambda hours: ("leave", hours)),
    st.integers(1, 200).map(lambda hours: ("pause", hours)),
    st.integers(1, 300).map(lambda minutes: ("visit", minutes)),
    st.integers(1, 300).map(lambda minutes: ("alarming", minutes)),
)


def command_of(what: Any, story: Story) -> Command | None:
    match what:
        case ("leave", hours):
            return TakeLeave(VISITOR, story.now + hours * HOUR)
        case ("pause", hours):
            return PausePlan(CAPTAIN, PauseReason.OTHER, story.now + hours * HOUR)
        case Command():
            return what
    return None


@settings(max_examples=250, suppress_health_check=[HealthCheck.too_slow])
@given(rhythms, st.lists(st.tuples(st.integers(0, 3000), ANYTHING, st.booleans()), max_size=30))
def test_what_always_holds(rhythm: Rhythm, course: Any) -> None:
    story = begun(replace(MAKE, rhythm=rhythm))
    for minutes, what, ticking in course:
        moment = story.now + minutes * MINUTE
        if ticking:
            story.until(moment)
        else:
            story.now = moment  # the clock stood: the command comes before its ticks
        command = command_of(what, story)
        if command is None:
            given_readings: dict[str, Any] = {"readings": HIGH} if what[0] == "alarming" else {}
            begin = story.now - what[1] * MINUTE
            attempt(story, lambda b=begin, g=given_readings: story.visits(begun=b, **g))
        else:
            attempt(story, lambda c=command: story.does(c))
        holds(story)


def holds(story: Story) -> None:
    plan: CarePlan = story.state
    assert len(plan.last) <= LAST_VISITS
    assert plan.open == (plan.status in (PlanStatus.ACTIVE, PlanStatus.PAUSED))
    assert (plan.status is PlanStatus.ACTIVE and plan.visit is None) is False
    assert len({one.because for one in plan.alarms}) == len(plan.alarms)
    if plan.open:
        assert care_plan.due(plan) is not None, "nobody would ever look at it again"
    raised = [one.alarm for one in story.all_of(CareAlarmRaised)]
    assert raised == list(range(1, len(raised) + 1))
    assert {one.alarm for one in story.all_of(CareAlarmClimbed, CareAlarmSettled)} <= set(raised)

    made: list[CareVisitMade] = story.all_of(CareVisitMade)
    numbers = sorted(one.visit for one in story.all_of(CareVisitMade, CareVisitUnmet))
    assert numbers == list(range(1, len(numbers) + 1))
    for before, after in pairwise(made):
        assert before.end <= after.begun, "somebody was there twice at once"
    of_rhythm = [one.begin.astimezone(CHINA).date() for one in made if one.begin is not None]
    assert len(set(of_rhythm)) == len(of_rhythm), "a day had two visits of the rhythm"

    served: list[HoursConfirmed] = story.all_of(HoursConfirmed)
    assert len({one.work for one in served}) == len(served)
    presence = {f"p1.{one.visit}": one.end - one.begun for one in made}
    for one in served:
        assert timedelta(0) < one.minutes * MINUTE <= presence[one.work], "hours exceed presence"
