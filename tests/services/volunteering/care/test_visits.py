"""Visits fall due, are made in time or late, tried in vain, or missed loudly; and their hours."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.volunteering.domain.care.form import OwnLimit
from services.volunteering.domain.care.plan_commands import (
    Acknowledge,
    CameOfIt,
    CorrectMinutes,
    RecordUnmet,
    SetLimits,
    SettleAlarm,
)
from services.volunteering.domain.care.plan_events import (
    CareAlarmNoted,
    CareLimitsSet,
    CareMinutesCorrected,
    CareUnmetNoted,
    CareVisitSet,
    CareVisitWritten,
)
from services.volunteering.domain.teams.volunteer_state import Volunteer
from shared.contracts.volunteering.care import (
    CareAlarm,
    CareAlarmAcknowledged,
    CareAlarmClimbed,
    CareAlarmRaised,
    CareAlarmSettled,
    CareRung,
    CareUnmet,
    CareVisitDue,
    CareVisitMade,
    CareVisitMissed,
    CareVisitUnmet,
)
from shared.contracts.volunteering.hours import HoursConfirmed, HoursCorrected, Work
from shared.runtime.aggregate import Rejected
from tests.services.volunteering.care.plans import (
    BAD,
    CAPTAIN,
    DAY,
    DEPUTY,
    ELDER,
    FINE,
    GRID,
    HIGH,
    HOUR,
    MAKE,
    MINUTE,
    MONDAY,
    MONTHLY,
    NINE,
    NOON,
    NURSE,
    SCENE,
    SECOND,
    VISITOR,
    WELL,
    Story,
    begun,
    of,
)

TEN = NINE + HOUR


def at_ten() -> Story:
    story = begun()
    story.until(TEN)
    return story


def test_a_visit_falls_due() -> None:
    assert begun().until(TEN) == [CareVisitDue("p1", "n", (VISITOR,), NINE, NOON)]


def test_a_visit_in_time() -> None:
    story = at_ten()
    begin = TEN - 30 * MINUTE
    assert story.visits(note="精神不错。") == [
        CareVisitMade("p1", 1, "n", VISITOR, begin, TEN, NINE, False, 30),
        CareVisitWritten(1, begin, FINE, WELL, "精神不错。"),
        HoursConfirmed("p1.1", Work.CARE, VISITOR, "n", begin, 30, None, "t1"),
        CareVisitSet(NINE + DAY, NOON + DAY),
    ]


def test_a_little_early_counts_and_much_earlier_is_a_visit_beside_the_rhythm() -> None:
    story = begun()
    story.now = NINE - HOUR
    assert of(story.visits(begun=NINE - 2 * HOUR), CareVisitMade).begin == NINE
    story.now = NINE + 10 * HOUR
    beside = story.visits()
    assert of(beside, CareVisitMade).begin is None
    assert story.state.visit is not None
    assert story.state.visit.begin == NINE + DAY


def test_after_its_time_a_visit_is_late() -> None:
    story = begun()
    story.until(NOON + 45 * MINUTE)
    assert of(story.visits(begun=NOON - MINUTE), CareVisitMade).late is False
    story = begun()
    story.until(NOON + 45 * MINUTE)
    assert of(story.visits(begun=NOON + MINUTE), CareVisitMade).late is True


def test_what_is_recorded_after_it_was_missed_is_late_whenever_it_was() -> None:
    story = begun()
    story.until(NOON + 2 * HOUR)
    found = story.visits(begun=TEN, end=TEN + HOUR)
    assert of(found, CareVisitMade).late is True
    assert of(found, CareAlarmSettled).by is None
    assert story.state.alarms == ()


def test_a_missed_visit_climbs_from_the_captain_to_the_community_to_the_street() -> None:
    story = begun(replace(MAKE, rhythm=MONTHLY))
    assert story.state.visit is not None
    end = story.state.visit.end
    quiet = story.until(end + HOUR - MINUTE)
    assert not [event for event in quiet if isinstance(event, (CareVisitMissed, CareAlarmRaised))]
    story.until(end + 4 * DAY)
    assert of(story.events, CareVisitMissed).called == (VISITOR,)
    raised = of(story.events, CareAlarmRaised)
    assert (raised.because, raised.rung) == (CareAlarm.MISSED, CareRung.TEAM)
    assert raised.called == (CAPTAIN, SECOND, GRID)
    assert raised.answer_by == end + DAY
    climbs = [(one.rung, one.called, one.answer_by) for one in story.all_of(CareAlarmClimbed)]
    assert climbs == [
        (CareRung.COMMUNITY, ("office-c",), end + 2 * DAY),
        (CareRung.STREET, ("office-s",), end + 3 * DAY),
        (CareRung.STREET, ("office-s",), end + 4 * DAY),
        (CareRung.STREET, ("office-s",), end + 5 * DAY),
    ]


def test_daily_visits_that_are_missed_are_each_missed_but_climb_as_one() -> None:
    story = begun()
    story.until(NOON + 2 * DAY + 2 * HOUR)
    assert [one.begin for one in story.all_of(CareVisitMissed)] == [
        NINE + n * DAY for n in range(3)
    ]
    assert len(story.all_of(CareAlarmRaised)) == 1
    assert [one.rung for one in story.all_of(CareAlarmClimbed)] == ["community", "street"]
    story.visits()
    assert story.state.alarms == ()


def test_when_days_touch_a_visit_is_missed_as_the_next_begins() -> None:
    story = begun(replace(MAKE, rhythm=replace(MAKE.rhythm, window="00:00-24:00")))
    story.until(MONDAY + 3 * DAY)
    missed, set_to = story.all_of(CareVisitMissed), story.all_of(CareVisitSet)
    assert [one.begin for one in set_to] == [missed[0].begin + n * DAY for n in range(len(set_to))]


def test_of_a_missed_visit_nobody_can_say_that_they_see_to_it() -> None:
    story = begun()
    story.until(NOON + HOUR)
    for command in (Acknowledge(CAPTAIN, 1), SettleAlarm(CAPTAIN, 1, CameOfIt.ALL_WELL)):
        with pytest.raises(Rejected, match="only-done-stops"):
            story.does(command)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"begun": TEN, "end": TEN}, "visit-times-wrong"),
        ({"begun": TEN - HOUR, "end": TEN + MINUTE}, "visit-times-wrong"),
        ({"begun": TEN - 25 * HOUR, "end": TEN - 24 * HOUR}, "visit-too-long-ago"),
        ({"begun": TEN - 4 * HOUR - MINUTE}, "visit-too-long"),
        ({"readings": (), "checks": WELL}, "field-missing"),
    ],
)
def test_what_a_visit_can_have_been(given: dict[str, Any], code: str) -> None:
    with pytest.raises(Rejected, match=code):
        at_ten().visits(**given)


def test_nobody_was_there_twice_at_once() -> None:
    story = at_ten()
    story.visits()
    with pytest.raises(Rejected, match="visits-overlap"):
        story.visits(begun=TEN - 20 * MINUTE)


# --- alarms --------------------------------------------------------------------------------------


def test_an_alarming_reading_calls_people_at_once_and_says_no_number() -> None:
    story = at_ten()
    found = story.visits(readings=HIGH)
    called = (CAPTAIN, SECOND, GRID, NURSE)
    assert of(found, CareAlarmRaised) == CareAlarmRaised(
        "p1", 1, "n", CareAlarm.READING, CareRung.TEAM, called, TEN + 30 * MINUTE
    )


def test_without_a_health_contact_the_community_hears_at_once() -> None:
    story = begun(replace(MAKE, health_contact=None))
    story.until(TEN)
    called = of(story.visits(readings=HIGH), CareAlarmRaised).called
    assert called == (CAPTAIN, SECOND, GRID, "office-c")


def test_a_reading_and_an_answer_alarm_each_for_themselves() -> None:
    story = at_ten()
    found = story.visits(readings=HIGH, checks=BAD)
    raised = [one for one in found if isinstance(one, CareAlarmRaised)]
    assert [(one.alarm, one.because) for one in raised] == [
        (1, CareAlarm.READING),
        (2, CareAlarm.FINDING),
    ]


def test_what_nobody_acknowledges_climbs() -> None:
    story = at_ten()
    story.visits(readings=HIGH)
    story.until(TEN + 65 * MINUTE)
    climbs = [(one.rung, one.called) for one in story.all_of(CareAlarmClimbed)]
    assert climbs == [(CareRung.COMMUNITY, ("office-c",)), (CareRung.STREET, ("office-s",))]


def test_rungs_where_nobody_is_are_passed_over() -> None:
    scene = replace(SCENE, community=None)
    story = begun(scene=scene)
    story.until(TEN)
    story.visits(readings=HIGH)
    assert of(story.until(TEN + 31 * MINUTE), CareAlarmClimbed).rung is CareRung.STREET


def test_an_alarm_to_nobody_is_kept_until_there_is_somebody() -> None:
    scene = replace(SCENE, community=None, street=None)
    story = begun(scene=scene)
    story.until(TEN)
    story.visits(readings=HIGH)
    story.until(TEN + HOUR)
    assert story.state.alarms[0].called == ()
    story.scene = SCENE
    assert of(story.until(TEN + 26 * HOUR), CareAlarmClimbed).called == ("office-s",)


def test_who_acknowledges_tells_what_came_of_it() -> None:
    story = at_ten()
    story.visits(readings=HIGH)
    assert story.does(Acknowledge(NURSE, 1)) == [
        CareAlarmAcknowledged("p1", 1, "n", NURSE, (CAPTAIN, SECOND, GRID, NURSE), TEN + DAY)
    ]
    assert story.does(Acknowledge(NURSE, 1)) == []
    assert not [one for one in story.until(TEN + 5 * HOUR) if isinstance(one, CareAlarmClimbed)]
    found = story.does(SettleAlarm(NURSE, 1, CameOfIt.DOCTOR, "已到卫生站复测。"))
    assert of(found, CareAlarmSettled).by == NURSE
    assert of(found, CareAlarmNoted) == CareAlarmNoted(1, "doctor", "已到卫生站复测。")
    with pytest.raises(Rejected, match="unknown-alarm"):
        story.does(Acknowledge(NURSE, 1))


def test_who_acknowledges_and_does_nothing_is_passed_over() -> None:
    story = at_ten()
    story.visits(readings=HIGH)
    story.does(Acknowledge(CAPTAIN, 1))
    climbed = of(
        [one for one in story.until(TEN + DAY) if isinstance(one, CareAlarmClimbed)],
        CareAlarmClimbed,
    )
    assert climbed.rung is CareRung.COMMUNITY
    (taken,) = [one for one in story.state.alarms if one.because is CareAlarm.READING]
    assert taken.taken_by is None


def test_another_alarming_reading_asks_anew() -> None:
    story = at_ten()
    story.visits(readings=HIGH)
    story.does(Acknowledge(NURSE, 1))
    story.now = TEN + HOUR
    again = of(story.visits(readings=HIGH), CareAlarmRaised)
    assert again.alarm == 2
    assert [(one.number, one.taken_by) for one in story.state.alarms] == [(2, None)]


def test_own_limits() -> None:
    story = at_ten()
    own = (OwnLimit("systolic", 100.0, 130.0),)
    assert story.does(SetLimits(NURSE, own)) == [CareLimitsSet(own)]
    assert story.does(SetLimits(NURSE, own)) == []
    assert of(story.visits(), CareAlarmRaised).because is CareAlarm.READING
    with pytest.raises(Rejected, match="limit-senseless"):
        story.does(SetLimits(NURSE, (OwnLimit("systolic", 130.0, 100.0),)))


# --- in vain -------------------------------------------------------------------------------------


def test_the_second_visit_in_vain_in_a_row_alarms() -> None:
    story = at_ten()
    asked = RecordUnmet(VISITOR, CareUnmet.NOT_HOME, "敲门无人应。")
    assert story.does(asked) == [
        CareVisitUnmet("p1", 1, "n", VISITOR, NINE, CareUnmet.NOT_HOME, 1, (CAPTAIN, SECOND, GRID)),
        CareUnmetNoted(1, "敲门无人应。"),
        CareVisitSet(NINE + DAY, NOON + DAY),
    ]
    story.until(TEN + DAY)
    found = story.does(RecordUnmet(DEPUTY, CareUnmet.REFUSED))
    assert of(found, CareVisitUnmet).times == 2
    assert of(found, CareAlarmRaised).because is CareAlarm.UNMET
    story.until(TEN + DAY + 5 * HOUR)
    assert story.all_of(CareAlarmClimbed)[0].rung is CareRung.COMMUNITY
    story.visits()
    assert story.state.alarms == ()
    assert story.state.unmet == 0


def test_there_must_be_a_visit_to_be_in_vain() -> None:
    story = at_ten()
    story.visits()
    with pytest.raises(Rejected, match="no-visit-due"):
        story.does(RecordUnmet(VISITOR, CareUnmet.NOT_HOME))


# --- hours ---------------------------------------------------------------------------------------


def minutes_of(story: Story, by: str = VISITOR, **given: Any) -> int:
    found = [one for one in story.visits(by, **given) if isinstance(one, HoursConfirmed)]
    return found[0].minutes if found else 0


def test_hours_are_presence_and_never_more_than_the_plan_grants() -> None:
    assert minutes_of(at_ten(), begun=TEN - 20 * MINUTE) == 20
    assert minutes_of(at_ten(), begun=TEN - 20 * MINUTE - timedelta(seconds=50)) == 20
    assert minutes_of(at_ten(), begun=TEN - 3 * HOUR) == 30


def test_duty_of_a_post_is_no_voluntary_service() -> None:
    story = begun(replace(MAKE, visitor=GRID, team=None))
    story.until(TEN)
    assert minutes_of(story, GRID) == 0


@pytest.mark.parametrize(
    "volunteer",
    [Volunteer(), Volunteer(registered=True, birth_year=1980, suspended_until=TEN + DAY)],
    ids=["no volunteer any more", "suspended"],
)
def test_who_may_not_serve_earns_nothing_but_what_they_found_counts(volunteer: Volunteer) -> None:
    story = at_ten()
    story.scene = replace(SCENE, volunteers={VISITOR: volunteer})
    assert minutes_of(story, readings=HIGH) == 0
    assert story.state.alarms


def test_minutes_are_corrected_within_presence_by_somebody_else() -> None:
    story = at_ten()
    story.visits()
    begin = TEN - 30 * MINUTE
    assert story.does(CorrectMinutes(CAPTAIN, 1, 10)) == [
        HoursCorrected("p1.1", Work.CARE, VISITOR, "n", begin, 30, 10, CAPTAIN, "t1"),
        CareMinutesCorrected(1, 10),
    ]
    assert story.does(CorrectMinutes(CAPTAIN, 1, 10)) == []
    assert of(story.does(CorrectMinutes(CAPTAIN, 1, 30)), HoursCorrected).before == 10
    for command, code in (
        (CorrectMinutes(CAPTAIN, 1, 31), "minutes-beyond-presence"),
        (CorrectMinutes(CAPTAIN, 2, 10), "unknown-visit"),
        (CorrectMinutes(VISITOR, 1, 20), "own-minutes"),
    ):
        with pytest.raises(Rejected, match=code):
            story.does(command)


def test_a_visit_without_hours_gets_none() -> None:
    story = begun(replace(MAKE, visitor=GRID, team=None))
    story.until(TEN)
    story.visits(GRID)
    with pytest.raises(Rejected, match="no-hours-of-it"):
        story.does(CorrectMinutes(CAPTAIN, 1, 10))


def test_nothing_published_tells_who_is_visited_why_or_what_was_found() -> None:
    story = at_ten()
    story.visits(readings=HIGH, checks=BAD, note="头痛")
    told = [one for one in story.events if type(one).__module__.startswith("shared.")]
    assert told
    for one in told:
        assert "systolic" not in str(one)
        assert "hypertension" not in str(one)
        if isinstance(one, (CareVisitMade, CareAlarmRaised)):
            assert ELDER not in str(one)


def test_a_visit_is_made_before_time_runs_on() -> None:
    """A command decides on what time has brought about, though no tick came before it."""
    story = begun()
    story.now = MONDAY + DAY + 2 * HOUR
    found = story.visits()
    assert of(found, CareVisitMissed).begin == NINE
    assert of(found, CareVisitMade).begin == NINE + DAY
