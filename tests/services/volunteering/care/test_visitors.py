"""Who visits: changes, leave, and what follows when nobody is left."""

from dataclasses import replace
from typing import Any

import pytest

from services.volunteering.domain.care.plan_commands import (
    Consent,
    FollowPlace,
    FollowTeam,
    ForgetPerson,
    GiveUp,
    LoseVisitor,
    ReturnFromLeave,
    SetHealthContact,
    SetVisitors,
    TakeLeave,
)
from services.volunteering.domain.care.plan_events import (
    CareHealthContactSet,
    CareLeaveCalledOff,
    CareLeavePlanned,
    CareLedBy,
    CareMakerLeft,
    CareMoved,
)
from services.volunteering.domain.care.plan_state import PlanStatus
from shared.contracts.volunteering.care import (
    CareAlarm,
    CareAlarmClimbed,
    CareAlarmRaised,
    CareAlarmSettled,
    CareRung,
    CareVisitDue,
    CareVisitorAway,
    CareVisitorBack,
    CareVisitorChanged,
)
from shared.runtime.aggregate import Rejected
from tests.services.volunteering.care.plans import (
    CAPTAIN,
    DAY,
    DEPUTY,
    ELDER,
    GRID,
    HOUR,
    MAKE,
    MONDAY,
    NINE,
    NOON,
    NURSE,
    SCENE,
    SECOND,
    VISITOR,
    Story,
    begun,
    of,
)

TEN = NINE + HOUR


def changed(visitor: str | None, deputy: str | None) -> CareVisitorChanged:
    return CareVisitorChanged("p1", "n", ELDER, VISITOR, visitor, deputy)


def test_others_visit_and_hear_of_what_is_due() -> None:
    story = begun()
    story.until(TEN)
    assert story.does(SetVisitors(CAPTAIN, "third", VISITOR)) == [
        changed("third", VISITOR),
        CareVisitDue("p1", "n", ("third",), NINE, NOON),
    ]
    assert story.does(SetVisitors(CAPTAIN, "third", VISITOR)) == []


@pytest.mark.parametrize(
    ("visitor", "deputy", "code"),
    [
        (ELDER, None, "own-visitor"),
        (DEPUTY, DEPUTY, "visitor-is-deputy"),
        ("stranger", None, "not-a-volunteer"),
        (VISITOR, "stranger", "not-a-volunteer"),
    ],
)
def test_who_may_visit(visitor: str, deputy: str | None, code: str) -> None:
    with pytest.raises(Rejected, match=code):
        begun().does(SetVisitors(CAPTAIN, visitor, deputy))


def test_who_gives_up_hands_over_to_the_deputy() -> None:
    assert begun().does(GiveUp(VISITOR)) == [changed(DEPUTY, None)]
    assert begun().does(GiveUp(DEPUTY)) == [changed(VISITOR, None)]


def test_when_nobody_is_left_it_is_said_loudly_until_somebody_is() -> None:
    story = begun(replace(MAKE, deputy=None))
    found = story.does(GiveUp(VISITOR))
    assert of(found, CareAlarmRaised).because is CareAlarm.NOBODY
    assert of(story.until(NINE), CareVisitDue).called == (CAPTAIN, SECOND, GRID)
    settled = story.does(SetVisitors(CAPTAIN, "third"))
    assert of(settled, CareAlarmSettled).alarm == 1
    assert story.state.alarms == ()


def test_a_plan_may_begin_without_a_visitor() -> None:
    story = Story()
    story.does(replace(MAKE, deputy=None))
    story.does(GiveUp(VISITOR))
    story.does(Consent(ELDER))
    assert story.state.status is PlanStatus.ACTIVE


# --- leave ---------------------------------------------------------------------------------------


def test_the_deputy_steps_in_until_the_visitor_is_back() -> None:
    story = begun()
    story.until(TEN)
    until = TEN + 2 * DAY
    assert story.does(TakeLeave(VISITOR, until)) == [
        CareLeavePlanned(TEN, until),
        CareVisitorAway("p1", "n", VISITOR, DEPUTY, until),
        CareVisitDue("p1", "n", (DEPUTY,), NINE, NOON),
    ]
    assert CareVisitorBack("p1", "n", VISITOR, DEPUTY) in story.until(until)
    assert story.state.on_duty == VISITOR


def test_without_a_deputy_the_organisers_see_to_the_visits() -> None:
    story = begun(replace(MAKE, deputy=None))
    story.does(TakeLeave(VISITOR, TEN + DAY))
    assert of(story.until(TEN), CareVisitDue).called == (CAPTAIN, SECOND, GRID)


def test_leave_may_lie_ahead_be_called_off_or_end_early() -> None:
    story = begun()
    ahead = TakeLeave(VISITOR, MONDAY + 5 * DAY, MONDAY + 2 * DAY)
    assert story.does(ahead) == [CareLeavePlanned(MONDAY + 2 * DAY, MONDAY + 5 * DAY)]
    with pytest.raises(Rejected, match="care-leave-taken"):
        story.does(ahead)
    assert story.does(ReturnFromLeave(VISITOR)) == [CareLeaveCalledOff()]
    with pytest.raises(Rejected, match="care-no-leave"):
        story.does(ReturnFromLeave(VISITOR))
    story.does(ahead)
    assert of(story.until(MONDAY + 2 * DAY), CareVisitorAway).deputy == DEPUTY
    assert CareVisitorBack("p1", "n", VISITOR, DEPUTY) in story.does(ReturnFromLeave(VISITOR))


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_leave_has_an_end(days: int) -> None:
    with pytest.raises(Rejected, match="care-leave-wrong"):
        begun().does(TakeLeave(VISITOR, MONDAY + days * DAY))


def test_a_new_visitor_is_not_away() -> None:
    story = begun()
    story.does(TakeLeave(VISITOR, TEN + DAY))
    story.does(SetVisitors(CAPTAIN, DEPUTY))
    assert story.state.leave is None
    assert story.state.on_duty == DEPUTY
    story.does(GiveUp(DEPUTY))
    with pytest.raises(Rejected, match="no-visitor"):
        story.does(TakeLeave(CAPTAIN, TEN + DAY))


# --- what happens to others ----------------------------------------------------------------------


def test_the_duty_goes_to_the_teams_new_leaders() -> None:
    story = begun()
    assert story.does(FollowTeam(("new", SECOND))) == [CareLedBy(("new", SECOND))]
    assert story.state.organisers == ("new", SECOND, GRID)
    assert story.does(FollowTeam(("new", SECOND))) == []


def test_where_nobody_leads_the_team_the_office_is_called_beside_who_made_the_plan() -> None:
    story = begun(replace(MAKE, deputy=None))
    (lost,) = [e for e in story.does(LoseVisitor(VISITOR)) if isinstance(e, CareAlarmRaised)]
    assert (lost.rung, lost.called) == (CareRung.TEAM, (CAPTAIN, SECOND, GRID))
    led, climbed = story.does(FollowTeam(()))
    assert led == CareLedBy(())
    assert isinstance(climbed, CareAlarmClimbed)
    assert (climbed.alarm, climbed.rung) == (lost.alarm, CareRung.COMMUNITY)
    assert climbed.called == ("office-c",)
    # A visit that is missed later is told to the office at once.
    missed = of(story.until(NOON + HOUR), CareAlarmRaised)
    assert (missed.because, missed.rung) == (CareAlarm.MISSED, CareRung.TEAM)
    assert missed.called == (GRID, "office-c")
    assert story.does(FollowTeam(("new",))) == [CareLedBy(("new",))]


def test_a_plan_of_no_team_is_its_makers() -> None:
    story = begun(replace(MAKE, team=None), replace(SCENE, leaders=None))
    missed = of(story.until(NOON + HOUR), CareAlarmRaised)
    assert missed.called == (GRID,)


def test_a_plan_follows_its_place() -> None:
    story = begun()
    path = ("d", "s2", "c2", "n")
    assert story.does(FollowPlace("n", path)) == [CareMoved("n", path)]
    assert story.does(FollowPlace("n", path)) == []
    assert story.does(FollowPlace("n2", path))
    assert story.state.place == "n2"


def test_who_serves_no_more_visits_no_more_unless_it_is_the_duty_of_a_post() -> None:
    assert begun().does(LoseVisitor(VISITOR)) == [changed(DEPUTY, None)]
    assert begun(replace(MAKE, visitor=GRID)).does(LoseVisitor(GRID)) == []


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        (VISITOR, [changed(DEPUTY, None)]),
        (DEPUTY, [changed(VISITOR, None)]),
        (NURSE, [CareHealthContactSet(None)]),
        (GRID, [CareMakerLeft(GRID)]),
        ("stranger", []),
    ],
)
def test_who_is_erased_has_nothing_to_do_with_it_any_more(person: str, expected: list[Any]) -> None:
    assert begun().does(ForgetPerson(person)) == expected


def test_the_health_contact_changes() -> None:
    story = begun()
    assert story.does(SetHealthContact(GRID, NURSE)) == []
    assert story.does(SetHealthContact(GRID, "doctor")) == [CareHealthContactSet("doctor")]
