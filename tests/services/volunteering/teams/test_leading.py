"""Who leads a team, and that a captain's duties always pass on."""

from datetime import datetime

from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from services.volunteering.domain.teams.leading import ASKING_LASTS, MOST_ASKED, NAMING_LASTS
from services.volunteering.domain.teams.team import open_verbs, team
from services.volunteering.domain.teams.team_commands import (
    AgreeToLead,
    Apply,
    CaptaincyDeclined,
    DeclineToLead,
    Dismiss,
    HearBarred,
    HearStopped,
    LeaveTeam,
    MemberBarred,
    NameCaptain,
    NameDeputies,
    StepDown,
    SuspendMember,
)
from services.volunteering.domain.teams.team_state import Team, can_lead, member_of
from services.volunteering.domain.teams.volunteer_commands import Cause
from shared.contracts.volunteering.teams import (
    CaptainChanged,
    CaptainSought,
    DeputiesNamed,
    TeamLeaderless,
    TeamMemberLeft,
    TeamMemberSuspended,
)
from shared.runtime.aggregate import Command, Rejected, Tick
from tests.given import Given
from tests.services.volunteering.teams.people import (
    DAY,
    HERE,
    NOON,
    a_team,
    with_minor,
)

GONE = TeamMemberLeft("t1", "n1", "chen", "left")
UNTIL = NOON + ASKING_LASTS


# --- naming --------------------------------------------------------------------------------------


def test_deputies_are_members_and_can_lead() -> None:
    named = NameDeputies("chen", ("li", "wang", "li"))
    after = a_team("li", "wang").when(named).then(DeputiesNamed("t1", ("li", "wang")))
    after.when(NameDeputies("chen", ("li", "wang"))).then()
    assert after.state.leaders == ("chen", "li", "wang")
    a_team("li").when(named).then_rejected("not-a-member")
    a_team("li").when(NameDeputies("chen", ("chen",))).then_rejected("captain-as-deputy")
    young = with_minor("xiao").when(NameDeputies("chen", ("xiao",)), at=NOON)
    young.then_rejected("cannot-lead")
    grown_up = datetime(2031, 1, 1, 4, tzinfo=NOON.tzinfo)
    with_minor("xiao").when(NameDeputies("chen", ("xiao",)), at=grown_up).then(
        DeputiesNamed("t1", ("xiao",))
    )


def test_a_captain_hands_the_team_over() -> None:
    led = a_team("li", "wang", deputies=("li", "wang"))
    led.when(NameCaptain("chen", "li")).then(CaptainChanged("t1", "li", "chen", ("wang",)))
    led.when(NameCaptain("chen", "chen")).then()
    led.when(NameCaptain("chen", "zhao")).then_rejected("not-a-member")


def test_deputies_are_named_once_somebody_leads() -> None:
    asked = a_team("li", "wang").when(LeaveTeam("chen"), at=NOON, facts=HERE)._past()
    asked.when(NameDeputies("staff", ("li",)), at=NOON).then_rejected("nobody-leads")


def test_deputies_step_down() -> None:
    led = a_team("li", deputies=("li",))
    led.when(StepDown("li"), facts=HERE).then(DeputiesNamed("t1", ()))
    a_team("li").when(StepDown("li"), facts=HERE).then_rejected("not-a-leader")


# --- passing on ----------------------------------------------------------------------------------


def test_the_first_deputy_leads_when_the_captain_leaves() -> None:
    a_team("li", "wang", deputies=("wang", "li")).when(LeaveTeam("chen"), facts=HERE).then(
        GONE, CaptainChanged("t1", "wang", "chen", ("li",))
    )


def test_the_same_when_the_captain_is_dismissed_suspended_stops_or_steps_down() -> None:
    led = a_team("li", deputies=("li",))
    passed_on = CaptainChanged("t1", "li", "chen", ())
    until = NOON + 9 * DAY
    led.when(StepDown("chen"), facts=HERE).then(passed_on)
    led.when(Dismiss("staff", "chen", Cause.COMPLAINT), facts=HERE).then_among(passed_on)
    led.when(HearStopped("chen"), facts=HERE).then_among(passed_on)
    led.when(HearBarred("chen", until), at=NOON, facts=HERE).then(
        MemberBarred("chen", until), passed_on
    )
    led.when(SuspendMember("staff", "chen", until, Cause.UNSAFE), at=NOON, facts=HERE).then(
        TeamMemberSuspended("t1", "chen", until, "unsafe"), passed_on
    )


def test_without_deputies_the_longest_serving_is_asked() -> None:
    asked = (
        a_team("li", "wang")
        .when(LeaveTeam("chen"), at=NOON, facts=HERE)
        .then(GONE, CaptainChanged("t1", None, "chen", ()), CaptainSought("t1", "li", UNTIL))
    )
    assert {"agree-to-lead", "decline-to-lead"} <= set(open_verbs(asked.state, "li"))
    asked.when(AgreeToLead("wang"), at=NOON).then_rejected("not-asked-to-lead")
    after = asked.when(AgreeToLead("li"), at=NOON).then(CaptainChanged("t1", "li", None, ()))
    assert after.state.sought is None
    assert after.state.leaders == ("li",)


def test_who_steps_down_is_not_asked_again() -> None:
    a_team("li").when(StepDown("chen"), at=NOON, facts=HERE).then(
        CaptainChanged("t1", None, "chen", ()), CaptainSought("t1", "li", UNTIL)
    )
    a_team().when(StepDown("chen"), at=NOON, facts=HERE).then(
        CaptainChanged("t1", None, "chen", ()),
        TeamLeaderless("t1", "c1", "officer-c1", 1, NOON + NAMING_LASTS),
    )


def test_who_declines_or_says_nothing_is_passed_over() -> None:
    asked = a_team("li", "wang").when(LeaveTeam("chen"), at=NOON, facts=HERE)._past()
    again = asked.when(DeclineToLead("li"), at=NOON + DAY, facts=HERE).then(
        CaptaincyDeclined("li"), CaptainSought("t1", "wang", NOON + DAY + ASKING_LASTS)
    )
    silent = NOON + DAY + ASKING_LASTS
    assert team.due(again.state) == silent
    again.when(Tick(), at=silent, facts=HERE).then(
        CaptaincyDeclined("wang"),
        TeamLeaderless("t1", "c1", "officer-c1", 1, silent + NAMING_LASTS),
    )


def test_who_is_asked_and_leaves_is_passed_over() -> None:
    asked = a_team("li", "wang").when(LeaveTeam("chen"), at=NOON, facts=HERE)._past()
    asked.when(LeaveTeam("li"), at=NOON, facts=HERE).then(
        TeamMemberLeft("t1", "n1", "li", "left"),
        CaptaincyDeclined("li"),
        CaptainSought("t1", "wang", UNTIL),
    )


def test_nobody_under_age_is_asked() -> None:
    with_minor("xiao", "li").when(LeaveTeam("chen"), at=NOON + DAY, facts=HERE).then_among(
        CaptainSought("t1", "li", NOON + DAY + ASKING_LASTS)
    )
    with_minor("xiao").when(LeaveTeam("chen"), at=NOON, facts=HERE).then_among(
        TeamLeaderless("t1", "c1", "officer-c1", 1, NOON + NAMING_LASTS)
    )


def test_after_five_the_office_is_called_and_it_climbs() -> None:
    people = [f"m{n}" for n in range(MOST_ASKED + 2)]
    team_now: Given[Team] = a_team(*people).when(LeaveTeam("chen"), at=NOON, facts=HERE)._past()
    for n in range(MOST_ASKED):
        team_now = team_now.when(DeclineToLead(f"m{n}"), at=NOON, facts=HERE)._past()
    first, second = NOON + NAMING_LASTS, NOON + 2 * NAMING_LASTS
    assert team_now.state.leaderless is not None
    assert team_now.state.leaderless.called == "officer-c1"
    after = (
        team_now.when(Tick(), at=first, facts=HERE)
        .then(TeamLeaderless("t1", "s1", "officer-s1", 2, second))
        .when(Tick(), at=second, facts=HERE)
        .then(TeamLeaderless("t1", "d1", None, 3, second + NAMING_LASTS))
        .when(Tick(), at=second + NAMING_LASTS, facts=HERE)
        .then(TeamLeaderless("t1", "d1", None, 4, second + 2 * NAMING_LASTS))
    )
    named = after.when(NameCaptain("staff", "m6"), at=NOON, facts=HERE).then(
        CaptainChanged("t1", "m6", None, ())
    )
    assert named.state.leaderless is None
    assert named.state.declined == ()
    assert team.due(named.state) is None


# --- whatever happens ----------------------------------------------------------------------------

NAMES = st.sampled_from(["chen", "li", "wang", "zhao", "sun"])
STEPS = st.one_of(
    st.builds(LeaveTeam, NAMES),
    st.builds(HearStopped, NAMES),
    st.builds(StepDown, NAMES),
    st.builds(AgreeToLead, NAMES),
    st.builds(DeclineToLead, NAMES),
    st.builds(NameCaptain, st.just("staff"), NAMES),
    st.builds(NameDeputies, st.just("staff"), st.lists(NAMES, max_size=3).map(tuple)),
    st.builds(HearBarred, NAMES, st.sampled_from([None, NOON + 40 * DAY])),
    st.builds(
        SuspendMember,
        st.just("staff"),
        NAMES,
        st.just(NOON + 60 * DAY),
        st.just(Cause.OTHER),
    ),
    st.builds(Apply, NAMES),
    st.just(Tick()),
)


@settings(max_examples=500)
@drawn(st.lists(STEPS, max_size=30))
def test_a_team_is_led_or_somebody_is_asked_or_called(steps: list[Command]) -> None:
    state = a_team("li", "wang", "zhao", "sun", deputies=("wang",)).state
    now = NOON
    for step in steps:
        now = team.due(state) or now + DAY if isinstance(step, Tick) else now
        try:
            events = team.decide(step, state, now, HERE)
        except Rejected:
            continue
        state = team.fold(state, events)
        must_hold(state, now)


def must_hold(state: Team, now: datetime) -> None:
    """What is never broken."""
    assert len(set(state.leaders)) == len(state.leaders)
    assert state.captain is not None or not state.deputies
    for leader in state.leaders:
        member = member_of(state, leader)
        assert member is not None
        assert can_lead(member, now)
    if state.captain is None:
        assert (state.sought is None) != (state.leaderless is None)
        assert team.due(state) is not None
    else:
        assert state.sought is None
        assert state.leaderless is None
        assert state.declined == ()
    due = team.due(state)
    if due is not None and due <= now:
        assert team.decide(Tick(), state, now, HERE)
