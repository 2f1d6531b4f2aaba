"""A plan begins with consent, rests for a while, ends; what was written is forgotten in time."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.volunteering.domain.care.agreeing import CONSENT_WITHIN, KEPT_AFTER_END
from services.volunteering.domain.care.plan import care_plan, open_verbs
from services.volunteering.domain.care.plan_commands import (
    Consent,
    ConsentGiven,
    Describe,
    EndPlan,
    EndReason,
    ForgetPerson,
    PausePlan,
    PauseReason,
    RecordConsent,
    ResumePlan,
    SetRhythm,
    SetVisitors,
    WithdrawConsent,
)
from services.volunteering.domain.care.plan_events import (
    CareConsented,
    CareConsentWords,
    CareDescribed,
    CareEndReasoned,
    CareForgotten,
    CarePauseCalledOff,
    CarePausePlanned,
    CarePlanDrawnUp,
    CareRhythmSet,
    CareVisitSet,
)
from services.volunteering.domain.care.plan_state import PlanStatus
from services.volunteering.domain.care.rhythm import Every, Rhythm
from services.volunteering.domain.care.turning import due
from shared.contracts.types import PlaceKind
from shared.contracts.volunteering.care import (
    CareAlarmSettled,
    CareEnd,
    CarePlanEnded,
    CarePlanPaused,
    CarePlanProposed,
    CarePlanResumed,
    CarePlanStarted,
    CareVisitDue,
    CareVisitMade,
    CareVisitMissed,
)
from shared.runtime.aggregate import Rejected, Tick
from tests.given import given
from tests.services.volunteering.care.plans import (
    CAPTAIN,
    DAILY,
    DAY,
    DEPUTY,
    ELDER,
    GRID,
    HIGH,
    HOUR,
    MAKE,
    MONDAY,
    MONTHLY,
    NINE,
    NOON,
    NURSE,
    PATH,
    SCENE,
    SECOND,
    VISITOR,
    Story,
    begun,
    of,
)


def test_the_person_is_asked_first() -> None:
    given(care_plan).when(MAKE, at=MONDAY, facts=SCENE).then(
        CarePlanProposed("p1", "n", ELDER, MONDAY + CONSENT_WITHIN),
        CarePlanDrawnUp(
            "p1",
            "n",
            PATH,
            ELDER,
            "hypertension",
            DAILY,
            30,
            VISITOR,
            DEPUTY,
            "t1",
            (CAPTAIN, SECOND),
            GRID,
            NURSE,
            MONDAY,
        ),
        CareDescribed(MAKE.words),
    ).when(Consent(ELDER), at=MONDAY, facts=SCENE).then(
        CareConsented("own", MONDAY),
        CarePlanStarted("p1", "n", ELDER, VISITOR, DEPUTY, "t1"),
        CareVisitSet(NINE, NOON),
    )


def test_who_agreed_on_paper_is_recorded() -> None:
    story = Story()
    story.does(MAKE)
    asked = RecordConsent(GRID, ConsentGiven.WRITTEN, MONDAY - DAY, "原件存社区。")
    found = story.does(asked)
    assert of(found, CareConsented) == CareConsented("written", MONDAY - DAY)
    assert of(found, CareConsentWords).words == "原件存社区。"
    assert story.state.status is PlanStatus.ACTIVE
    story.given.when(asked, at=MONDAY, facts=SCENE).then_rejected("consented-already")


def test_nobody_agrees_in_advance() -> None:
    story = Story()
    story.does(MAKE)
    ahead = RecordConsent(GRID, ConsentGiven.SPOKEN, MONDAY + HOUR, "电话里说的。")
    story.given.when(ahead, at=MONDAY, facts=SCENE).then_rejected("consent-ahead")


def test_nothing_is_done_before_the_person_has_agreed() -> None:
    story = Story()
    story.does(MAKE)
    with pytest.raises(Rejected, match="consent-missing"):
        story.visits()
    assert story.until(MONDAY + 5 * DAY) == []
    assert story.does(Describe(GRID, "住二楼。")) == [CareDescribed("住二楼。")]
    assert story.does(SetVisitors(GRID, "third"))


def test_without_consent_it_ends_and_nothing_is_kept() -> None:
    story = Story()
    story.does(MAKE)
    assert story.until(MONDAY + CONSENT_WITHIN) == [
        CarePlanEnded("p1", "n", ELDER, VISITOR, DEPUTY, CareEnd.NOT_CONSENTED),
        CareForgotten(),
    ]
    assert due(story.state) is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": None}, "care-unknown-place"),
        ({"closed": True}, "care-unknown-place"),
        ({"kind": PlaceKind.UNIT}, "care-place-too-small"),
        ({"form": None}, "unknown-purpose"),
        ({"taken": True}, "plan-of-purpose"),
        ({"leaders": None}, "care-unknown-team"),
        ({"volunteers": {}}, "not-a-volunteer"),
    ],
)
def test_what_a_plan_needs_of_the_world(changes: dict[str, Any], code: str) -> None:
    scene = replace(SCENE, **changes)
    given(care_plan).when(MAKE, at=MONDAY, facts=scene).then_rejected(code)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"minutes": 4}, "care-minutes-wrong"),
        ({"minutes": 241}, "care-minutes-wrong"),
        ({"rhythm": Rhythm(Every.WEEK)}, "rhythm-unusable"),
        ({"visitor": ELDER}, "own-visitor"),
        ({"deputy": ELDER}, "own-visitor"),
        ({"deputy": VISITOR}, "visitor-is-deputy"),
        ({"team": "t2"}, "not-in-the-team"),
    ],
)
def test_what_a_plan_says(changes: dict[str, Any], code: str) -> None:
    given(care_plan).when(replace(MAKE, **changes), at=MONDAY, facts=SCENE).then_rejected(code)


def test_whoever_has_a_post_around_there_visits_as_they_are() -> None:
    make = replace(MAKE, visitor=GRID, deputy=None)
    given(care_plan).when(make, at=MONDAY, facts=SCENE).then_among(CareDescribed(MAKE.words))


def test_visits_begin_when_it_is_said() -> None:
    story = begun(replace(MAKE, first=MONDAY + 3 * DAY))
    assert story.state.visit is not None
    assert story.state.visit.begin == NINE + 3 * DAY


# --- another rhythm ------------------------------------------------------------------------------


def test_another_rhythm_holds_from_the_next_visit_on() -> None:
    story = begun()
    weekly = Rhythm(Every.WEEK, (0, 3), window="14:00-17:00")
    assert story.does(SetRhythm(CAPTAIN, weekly, 45)) == [
        CareRhythmSet(weekly, 45, MONDAY),
        CareVisitSet(MONDAY + 6 * HOUR, MONDAY + 9 * HOUR),
    ]
    assert story.does(SetRhythm(CAPTAIN, weekly, 45)) == []
    assert story.does(SetRhythm(CAPTAIN, weekly, 60)) == [CareRhythmSet(weekly, 60, MONDAY)]


def test_a_day_that_had_its_visit_gets_no_second_one() -> None:
    story = begun()
    story.until(NINE + HOUR)
    story.visits()
    found = story.does(SetRhythm(CAPTAIN, Rhythm(window="14:00-17:00"), 30))
    assert of(found, CareVisitSet).begin == MONDAY + 30 * HOUR


def test_a_visit_that_is_open_stays_so_until_the_next_one_begins() -> None:
    make = replace(MAKE, rhythm=replace(MONTHLY, month_day=1))
    story = begun(make)
    story.until(MONDAY + 2 * HOUR)
    assert story.state.visit is not None
    assert story.state.visit.told
    begin = story.state.visit.begin
    found = story.does(SetRhythm(CAPTAIN, DAILY, 30))
    assert of(found, CareVisitSet) == CareVisitSet(begin, NINE + DAY)


# --- pauses --------------------------------------------------------------------------------------

HOSPITAL = PausePlan(CAPTAIN, PauseReason.HOSPITAL, MONDAY + 3 * DAY)


def test_nothing_falls_due_in_a_pause_and_visits_begin_again_by_themselves() -> None:
    story = begun()
    assert story.does(HOSPITAL) == [
        CarePausePlanned(MONDAY, MONDAY + 3 * DAY, "hospital"),
        CarePlanPaused("p1", "n", ELDER, VISITOR, MONDAY, MONDAY + 3 * DAY),
    ]
    with pytest.raises(Rejected, match="plan-paused"):
        story.visits()
    assert story.until(MONDAY + 3 * DAY) == [
        CarePlanResumed("p1", "n", ELDER, VISITOR),
        CareVisitSet(NINE + 3 * DAY, NOON + 3 * DAY),
    ]


def test_a_pause_may_lie_ahead_and_be_called_off() -> None:
    story = begun()
    ahead = replace(HOSPITAL, since=MONDAY + DAY)
    assert story.does(ahead) == [CarePausePlanned(MONDAY + DAY, MONDAY + 3 * DAY, "hospital")]
    story.given.when(HOSPITAL, at=MONDAY, facts=SCENE).then_rejected("pause-taken")
    assert story.does(ResumePlan(CAPTAIN)) == [CarePauseCalledOff()]
    story.given.when(ResumePlan(CAPTAIN), at=MONDAY, facts=SCENE).then_rejected("not-paused")
    story.does(ahead)
    assert of(story.until(MONDAY + DAY), CarePlanPaused).since == MONDAY + DAY


def test_who_comes_home_early_is_visited_again() -> None:
    story = begun()
    story.does(HOSPITAL)
    story.until(MONDAY + DAY)
    assert of(story.does(ResumePlan(CAPTAIN)), CareVisitSet).begin == NINE + DAY


def test_a_monthly_visit_is_asked_for_again_while_there_is_time() -> None:
    story = begun(replace(MAKE, rhythm=replace(MONTHLY, month_day=1)))
    assert story.state.visit is not None
    month = story.state.visit
    story.until(NINE)
    story.does(HOSPITAL)
    found = story.until(MONDAY + 3 * DAY)
    assert of(found, CareVisitSet) == CareVisitSet(month.begin, month.end)
    assert of(found, CareVisitDue).until == month.end


def test_what_was_over_before_a_pause_is_missed_all_the_same() -> None:
    story = begun()
    story.until(NOON + HOUR / 2)
    found = story.does(replace(HOSPITAL, until=MONDAY + 5 * DAY))
    assert of(found, CareVisitMissed).begin == NINE


def test_a_pause_ends_the_alarm_of_missed_visits() -> None:
    story = begun()
    story.until(NOON + HOUR)
    assert len(story.state.alarms) == 1
    found = story.does(HOSPITAL)
    assert of(found, CareAlarmSettled).alarm == 1
    assert story.state.alarms == ()


def test_time_that_nobody_watched_is_made_up_for_as_it_was() -> None:
    """The clock stood while a pause ended: what was due since is missed, not excused."""
    story = begun()
    story.does(HOSPITAL)
    story.now = MONDAY + 5 * DAY
    found = story.does(Tick())
    missed = [event.begin for event in found if isinstance(event, CareVisitMissed)]
    assert missed == [NINE + 3 * DAY, NINE + 4 * DAY]


@pytest.mark.parametrize(
    "until", [MONDAY, MONDAY - DAY, MONDAY + timedelta(days=367)], ids=["now", "past", "too long"]
)
def test_a_pause_has_an_end(until: Any) -> None:
    story = begun()
    asked = replace(HOSPITAL, until=until)
    story.given.when(asked, at=MONDAY, facts=SCENE).then_rejected("pause-wrong")


# --- the end -------------------------------------------------------------------------------------


def test_an_ended_plan_keeps_what_was_written_for_a_while() -> None:
    story = begun()
    forget_at = MONDAY + KEPT_AFTER_END
    assert story.does(EndPlan(CAPTAIN, EndReason.CARE_HOME)) == [
        CarePlanEnded("p1", "n", ELDER, VISITOR, DEPUTY, CareEnd.ENDED),
        CareEndReasoned("care-home", forget_at),
    ]
    story.given.when(Describe(GRID, "住二楼。"), at=MONDAY, facts=SCENE).then_rejected(
        "care-plan-over"
    )
    assert due(story.state) == forget_at
    assert story.until(forget_at) == [CareForgotten()]
    assert due(story.state) is None
    assert open_verbs(story.state) == ()


def test_nobody_ends_a_plan_over_an_open_alarm() -> None:
    story = begun()
    story.until(NINE + HOUR)
    story.visits(readings=HIGH)
    asked = EndPlan(CAPTAIN, EndReason.NO_LONGER_NEEDED)
    story.given.when(asked, at=story.now, facts=SCENE).then_rejected("alarm-open")


def test_who_takes_the_consent_back_is_forgotten_at_once() -> None:
    story = begun()
    story.until(NINE + HOUR)
    story.visits(readings=HIGH)
    found = story.does(WithdrawConsent(ELDER))
    assert of(found, CarePlanEnded).because is CareEnd.WITHDRAWN
    assert of(found, CareForgotten) == CareForgotten()
    assert story.state.alarms == ()
    assert due(story.state) is None


def test_of_an_erased_person_nothing_is_left() -> None:
    story = begun()
    found = story.does(ForgetPerson(ELDER))
    assert found == [
        CarePlanEnded("p1", "n", None, VISITOR, DEPUTY, CareEnd.ENDED),
        CareForgotten(erased=True),
    ]
    assert story.state.person is None
    assert story.does(ForgetPerson(ELDER)) == []


def test_a_plan_that_ended_forgets_the_erased_person_too() -> None:
    story = begun()
    story.does(EndPlan(CAPTAIN, EndReason.DECEASED))
    assert story.does(ForgetPerson(ELDER)) == [CareForgotten(erased=True)]
    assert story.state.person is None
    assert due(story.state) is None


def test_a_plan_stays_small_for_years() -> None:
    story = begun()
    for day in range(400):
        story.until(NINE + HOUR + day * DAY)
        story.visits()
    assert len(story.all_of(CareVisitMade)) == story.state.visits == 400
    assert len(story.state.last) == 12
    assert story.state.alarms == ()
