"""A draft becomes an activity, is changed, moved, or called off."""

from dataclasses import replace
from datetime import datetime

import pytest

from services.volunteering.domain.activities.commands import (
    CallOff,
    Cease,
    CheckIn,
    DescribeActivity,
    MoveActivity,
    NameContact,
    NameOrganisers,
    OpenActivity,
    PassOn,
    Plan,
    Resize,
    Revise,
    SignUp,
)
from services.volunteering.domain.activities.outline import Role, Times
from services.volunteering.domain.activities.recorded import (
    ActivityContactForgotten,
    ActivityContactGiven,
    ActivityContactNamed,
    ActivityPlanned,
    ReminderLeftOut,
)
from services.volunteering.domain.activities.state import Status
from services.volunteering.domain.teams.team_state import Team, TeamStatus
from shared.contracts.volunteering.activities import (
    ActivityBegun,
    ActivityCalledOff,
    ActivityMoved,
    ActivityNear,
    ActivityOpened,
    ActivityOrganisersNamed,
    ActivityPlaceOffered,
    CallingOff,
    Theme,
)
from shared.runtime.aggregate import Tick
from tests.services.volunteering.activities.cleaning import (
    AN,
    BEGIN,
    BO,
    CAPTAIN,
    CHEN,
    CODE,
    DAY,
    DEPUTY,
    EARLIER,
    END,
    HOUR,
    ID,
    KNOWN,
    MINUTE,
    OUTLINE,
    PATH,
    PLACE,
    PLAN,
    TEAM,
    Life,
    joined,
    opened,
    outline,
)

TIMES = Times(BEGIN, END, None, BEGIN, BEGIN - DAY)


def test_a_leader_plans_what_the_team_does_and_opens_it() -> None:
    life = Life().does(PLAN)
    assert life.events == [
        ActivityPlanned(ID, PLACE, PATH, TEAM, None, (CAPTAIN, DEPUTY), OUTLINE, TIMES)
    ]
    assert life.state.status is Status.DRAFT
    life.refuses(SignUp(AN), "not-open-yet").does(OpenActivity(DEPUTY))
    assert life.events == [
        ActivityOpened(ID, PLACE, PATH, Theme.ENVIRONMENT, BEGIN, END, 2, TEAM, None)
    ]
    life.refuses(OpenActivity(CAPTAIN), "activity-stands-otherwise")
    life.refuses(PLAN, "activity-exists")


def test_what_is_no_teams_is_answered_for_by_who_planned_it() -> None:
    life = Life().does(replace(PLAN, by="staff", team=None))
    assert life.state.organisers == ("staff",)


def test_who_leads_no_team_plans_nothing_for_it() -> None:
    Life().refuses(replace(PLAN, by=AN), "not-a-leader")
    Life().refuses(PLAN, "team-not-active", facts=replace(KNOWN, team=None))
    suspended = Team(status=TeamStatus.SUSPENDED, captain=CAPTAIN)
    Life().refuses(PLAN, "team-not-active", facts=replace(KNOWN, team=suspended))
    Life().refuses(PLAN, "unknown-place", facts=replace(KNOWN, path=()))
    Life().refuses(OpenActivity(CAPTAIN), "unknown-activity")


@pytest.mark.parametrize(
    ("begin", "end", "code"),
    [
        (EARLIER, END, "wrong-times"),
        (BEGIN, BEGIN, "wrong-times"),
        (BEGIN, BEGIN + 17 * HOUR, "wrong-times"),
        (BEGIN + 500 * DAY, END + 500 * DAY, "wrong-times"),
    ],
)
def test_its_times_make_sense(begin: datetime, end: datetime, code: str) -> None:
    Life().refuses(replace(PLAN, begin=begin, end=end), code)


def test_sign_up_and_withdrawal_end_before_it_begins() -> None:
    Life().refuses(replace(PLAN, sign_up_until=END), "wrong-sign-up-times")
    Life().refuses(replace(PLAN, withdraw_until=END), "wrong-sign-up-times")
    Life().refuses(replace(PLAN, sign_up_from=BEGIN), "wrong-sign-up-times")


@pytest.mark.parametrize(
    ("roles", "team", "code"),
    [
        ((), TEAM, "wrong-places"),
        ((Role("a", 300), Role("b", 201)), TEAM, "wrong-places"),
        ((Role("a", 1), Role("a", 1)), TEAM, "role-twice"),
        ((Role("a", 1, least_age=50, most_age=20),), TEAM, "wrong-ages"),
        ((Role("a", 1, team_only=True),), None, "no-team"),
    ],
)
def test_its_roles_make_sense(roles: tuple[Role, ...], team: str | None, code: str) -> None:
    Life().refuses(replace(PLAN, outline=outline(roles=roles), team=team), code)


def test_a_draft_is_revised_and_lapses_when_nobody_opens_it() -> None:
    other = outline(title="清洁西河", roles=(Role("driver", 1), Role("helper", 5)))
    life = Life().does(PLAN, Revise(CAPTAIN, other, BEGIN + DAY, END + DAY))
    assert (life.state.title, life.state.begin) == ("清洁西河", BEGIN + DAY)
    life.ticks(BEGIN + DAY)
    assert life.events == [
        ActivityCalledOff(
            ID, PLACE, BEGIN + DAY, CallingOff.NEVER_OPENED, (), (CAPTAIN, DEPUTY), None
        )
    ]
    opened().refuses(Revise(CAPTAIN, other, BEGIN, END), "opened-already")


def test_a_series_makes_it_open_with_who_leads_the_team_now() -> None:
    plan = Plan("series-1", ("keeper",), PLACE, TEAM, OUTLINE, BEGIN, END)
    life = Life().does(plan)
    assert life.state.status is Status.OPEN
    assert life.state.series == "series-1"
    assert life.state.organisers == (CAPTAIN, DEPUTY, "keeper")
    assert [type(event) for event in life.events] == [ActivityPlanned, ActivityOpened]


def test_it_is_described_in_other_words() -> None:
    life = opened().does(DescribeActivity(CAPTAIN, "清洁河岸", "", "码头"))
    assert (life.state.title, life.state.text, life.state.meet_at) == ("清洁河岸", "", "码头")


def test_more_places_are_offered_and_none_is_taken_away() -> None:
    life = joined(AN, BO, CHEN)
    assert life.state.status is Status.FULL
    life.refuses(Resize(CAPTAIN, "helper", 1), "places-taken")
    life.refuses(Resize(CAPTAIN, "driver", 1), "unknown-role")
    life.refuses(Resize(CAPTAIN, "helper", 501), "wrong-places")
    life.does(Resize(CAPTAIN, "helper", 4))
    assert life.events[1:] == [ActivityPlaceOffered(ID, PLACE, CHEN, "helper", EARLIER + 12 * HOUR)]
    assert life.state.status is Status.OPEN


def test_a_move_is_told_to_everybody_and_gives_time_to_withdraw() -> None:
    life = joined(AN, BO, CHEN)
    sooner = BEGIN - 9 * DAY
    life.does(MoveActivity(CAPTAIN, sooner, sooner + HOUR))
    assert life.events == [
        ActivityMoved(ID, PLACE, sooner, sooner + HOUR, EARLIER + DAY, (AN, BO, CHEN)),
        ReminderLeftOut(),
    ]
    assert life.state.sign_up_until == sooner
    life.refuses(MoveActivity(CAPTAIN, EARLIER, END), "wrong-times")


def test_called_off_tells_everybody_and_forgets_whom_to_call() -> None:
    life = joined(AN, BO, CHEN).does(NameContact(CAPTAIN, "林队长", "13800000000"))
    assert life.events == [
        ActivityContactGiven(),
        ActivityContactNamed("林队长", "13800000000"),
    ]
    life.does(CallOff(CAPTAIN, CallingOff.WEATHER))
    assert life.events == [
        ActivityCalledOff(
            ID, PLACE, BEGIN, CallingOff.WEATHER, (AN, BO, CHEN), (CAPTAIN, DEPUTY), CAPTAIN
        ),
        ActivityContactForgotten(),
    ]
    life.refuses(SignUp("deng"), "called-off")
    life.refuses(CallOff(CAPTAIN, CallingOff.OTHER), "activity-stands-otherwise")
    assert life.ticks(END + 100 * DAY).state.status is Status.CALLED_OFF


def test_what_people_came_to_is_not_called_off() -> None:
    life = joined(AN).ticks(BEGIN)
    came = Life(life.given).does(CheckIn(AN, CODE), at=BEGIN)
    came.refuses(CallOff(CAPTAIN, CallingOff.VENUE), "people-are-there", at=BEGIN)
    life.does(CallOff(CAPTAIN, CallingOff.VENUE), at=BEGIN)
    assert life.state.status is Status.CALLED_OFF


def test_who_came_to_the_former_time_has_not_been_there() -> None:
    life = joined(AN).does(CheckIn(AN, CODE), at=BEGIN - 10 * MINUTE)
    life.does(MoveActivity(CAPTAIN, BEGIN + DAY, END + DAY), at=BEGIN - 5 * MINUTE)
    assert not life.state.presence.is_there(AN)


def test_what_stands_behind_it_stops() -> None:
    team_stops = CallingOff.TEAM_STOPS
    assert opened().does(Cease(team_stops)).state.status is Status.CALLED_OFF
    assert opened().does(Cease(team_stops, BEGIN)).state.status is Status.OPEN
    assert opened().does(Cease(team_stops, BEGIN + HOUR)).state.status is Status.CALLED_OFF
    running = opened().ticks(BEGIN)
    assert running.does(Cease(team_stops), at=BEGIN).state.status is Status.RUNNING


def test_who_has_a_place_is_reminded_a_day_before() -> None:
    life = joined(AN).ticks(BEGIN - DAY)
    assert life.events == [ActivityNear(ID, PLACE, BEGIN, (AN,))]
    life.given.when(Tick(), at=BEGIN - DAY, facts=KNOWN).then()


def test_others_answer_for_it() -> None:
    life = opened().does(PassOn((DEPUTY, AN)))
    assert life.events == [
        ActivityOrganisersNamed(ID, PLACE, BEGIN, (DEPUTY, AN), (CAPTAIN, DEPUTY))
    ]
    life.does(PassOn((DEPUTY, AN)))
    assert life.events == []
    life.does(NameOrganisers("staff", (BO,)))
    assert life.state.organisers == (BO,)
    life.refuses(NameOrganisers("staff", ()), "no-organiser-named")
    Life().refuses(NameOrganisers("staff", (BO,)), "unknown-activity")
    over = opened().does(CallOff(CAPTAIN, CallingOff.OTHER))
    over.refuses(NameOrganisers("staff", (BO,)), "called-off").does(PassOn((BO,)))
    assert over.events == []


def test_nobody_is_reminded_of_what_begins_within_a_day() -> None:
    soon = Life().does(PLAN).does(OpenActivity(CAPTAIN), SignUp(AN), at=BEGIN - DAY)
    soon.ticks(BEGIN)
    assert soon.state.near_told
    assert soon.events == [ActivityBegun(ID, PLACE, BEGIN, END, 1, ())]
