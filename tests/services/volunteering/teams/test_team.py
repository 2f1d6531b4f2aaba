"""A team as a whole, and who belongs to it."""

import pytest

from services.volunteering.domain.teams.belonging import ANSWER_WITHIN, APPLYING_LASTS
from services.volunteering.domain.teams.team import LONGEST_CHARTER, open_verbs, team
from services.volunteering.domain.teams.team_commands import (
    Accept,
    AdoptCharter,
    ApplicantUnderAge,
    Apply,
    Dismiss,
    DissolveTeam,
    FoundTeam,
    GiveContact,
    Ground,
    HearBarred,
    HearStopped,
    HearTeamPath,
    InsureTogether,
    LeaveTeam,
    MemberBarred,
    MoveTeam,
    RefuseApplicant,
    RenameTeam,
    ResumeMember,
    ResumeTeam,
    StepDown,
    SuspendMember,
    SuspendTeam,
    TeamChartered,
    TeamContactForgotten,
    TeamContactGiven,
    TeamContactNamed,
    TrainTogether,
    WithdrawApplication,
)
from services.volunteering.domain.teams.team_state import Team, TeamStatus
from services.volunteering.domain.teams.volunteer_commands import Cause, MembershipBegan
from shared.contracts.volunteering.teams import (
    TeamApplicationEnded,
    TeamApplicationWaiting,
    TeamApplied,
    TeamDissolved,
    TeamFounded,
    TeamInsured,
    TeamKind,
    TeamMemberJoined,
    TeamMemberLeft,
    TeamMemberResumed,
    TeamMemberSuspended,
    TeamMoved,
    TeamRenamed,
    TeamResumed,
    TeamSuspended,
    TeamTrained,
    VolunteerSuspended,
)
from shared.runtime.aggregate import Tick
from tests.given import given
from tests.services.volunteering.teams.people import (
    ADULT,
    CHARTER,
    CONSENTED,
    DAY,
    HERE,
    MINOR,
    NOON,
    PATH,
    a_team,
    ground,
)

FOUND = FoundTeam("staff", "n1", TeamKind.PATROL, "巡逻队", "我们互相帮助", "chen")


# --- founding and describing ---------------------------------------------------------------------


def test_a_team_is_founded_with_its_captain_as_first_member() -> None:
    after = (
        given(team)
        .when(FOUND, at=NOON, facts=ground("chen"))
        .then(
            TeamFounded("t1", TeamKind.PATROL, "巡逻队", "n1", PATH, "chen"),
            CHARTER,
            TeamMemberJoined("t1", "n1", "chen", NOON),
        )
    )
    assert after.state.leaders == ("chen",)
    after.when(FOUND, facts=ground("chen")).then_rejected("team-exists")


def test_a_captain_serves_and_is_of_age() -> None:
    given(team).when(FOUND, at=NOON, facts=HERE).then_rejected("not-a-volunteer")
    minor = ground("chen", MINOR, *CONSENTED)
    given(team).when(FOUND, at=NOON, facts=minor).then_rejected("too-young")
    nowhere = Ground("t1", volunteer=ground("chen").volunteer)
    given(team).when(FOUND, at=NOON, facts=nowhere).then_rejected("unknown-place")


def test_a_charter_has_bounds() -> None:
    long = AdoptCharter("chen", "长" * (LONGEST_CHARTER + 1))
    a_team().when(long).then_rejected("charter-too-long")
    a_team().when(AdoptCharter("chen", "好", 60, 50)).then_rejected("wrong-ages")
    after = a_team().when(AdoptCharter("chen", "好", 55)).then(TeamChartered("好", 55, None))
    after.when(AdoptCharter("chen", "好", 55)).then()


def test_renaming_and_moving() -> None:
    a_team().when(RenameTeam("chen", "夜巡队")).then(TeamRenamed("t1", "夜巡队"))
    a_team().when(RenameTeam("chen", "巡逻队")).then()
    there = Ground("t1", ("d1", "s1", "c2"))
    a_team().when(MoveTeam("staff", "c2"), facts=there).then(TeamMoved("t1", "c2", there.path))
    a_team().when(MoveTeam("staff", "c9"), facts=Ground("t1")).then_rejected("unknown-place")
    path = ("d1", "s2", "c1", "n1")
    after = a_team().when(HearTeamPath("n1", path)).then(TeamMoved("t1", "n1", path))
    after.when(HearTeamPath("n1", path)).then()


def test_nothing_is_done_with_what_is_no_team() -> None:
    given(team).when(Apply("wang"), facts=HERE).then_rejected("unknown-team")
    assert open_verbs(Team(), "chen") == ()


def test_a_contact_is_forgotten_with_its_person() -> None:
    given_once = (
        a_team("li")
        .when(GiveContact("chen", "陈", "138"))
        .then(TeamContactNamed("chen"), TeamContactGiven("陈", "138"))
    )
    given_once.when(GiveContact("chen", "陈", "139")).then(
        TeamContactForgotten(), TeamContactNamed("chen"), TeamContactGiven("陈", "139")
    )
    given_once.when(LeaveTeam("chen"), at=NOON, facts=HERE).then_among(TeamContactForgotten())
    given_once.when(DissolveTeam("staff")).then_among(TeamContactForgotten())


# --- joining and leaving -------------------------------------------------------------------------


def test_who_applies_is_accepted() -> None:
    waiting = (
        a_team()
        .when(Apply("wang"), at=NOON, facts=ground("wang"))
        .then(TeamApplied("t1", "wang", ("chen",), NOON))
    )
    waiting.when(Apply("wang"), facts=ground("wang")).then_rejected("applied-already")
    after = waiting.when(Accept("chen", "wang"), at=NOON + DAY, facts=ground("wang")).then(
        TeamMemberJoined("t1", "n1", "wang", NOON + DAY)
    )
    assert [one.person for one in after.state.members] == ["chen", "wang"]
    assert after.state.applicants == ()
    after.when(Apply("wang"), facts=ground("wang")).then_rejected("member-already")
    after.when(Accept("chen", "wang"), facts=ground("wang")).then_rejected("not-applied")


def test_who_applies_is_refused_or_withdraws() -> None:
    waiting = a_team().when(Apply("wang"), at=NOON, facts=ground("wang"))._past()
    waiting.when(RefuseApplicant("chen", "wang")).then(
        TeamApplicationEnded("t1", "wang", "refused")
    )
    waiting.when(WithdrawApplication("wang")).then(
        TeamApplicationEnded("t1", "wang", "withdrawn")
    ).when(WithdrawApplication("wang")).then_rejected("not-applied")
    waiting.when(Accept("wang", "wang"), facts=ground("wang")).then_rejected("own-application")


def test_who_may_not_serve_is_not_taken_in() -> None:
    asked = a_team().when(AdoptCharter("chen", "银龄", 55))._past()
    asked.when(Apply("wang"), at=NOON, facts=ground("wang", 1980)).then_rejected("too-young")
    asked.when(Apply("wang"), at=NOON, facts=ground("wang", 1960)).then_among()
    a_team().when(Apply("wang"), at=NOON, facts=HERE).then_rejected("not-a-volunteer")
    barred = ground("wang", ADULT, VolunteerSuspended("wang", "n1", NOON + DAY, "other"))
    a_team().when(Apply("wang"), at=NOON, facts=barred).then_rejected("volunteer-suspended")
    waiting = a_team().when(Apply("wang"), at=NOON, facts=ground("wang"))._past()
    waiting.when(Accept("chen", "wang"), at=NOON, facts=barred).then_rejected("volunteer-suspended")
    busy = ground("wang", ADULT, *(MembershipBegan(f"t{n}", NOON) for n in range(2, 12)))
    a_team().when(Apply("wang"), at=NOON, facts=busy).then_rejected("too-many-teams")


def test_of_who_joins_under_age_it_is_known_until_when() -> None:
    minor = ground("xiao", MINOR, *CONSENTED)
    after = (
        a_team()
        .when(Apply("xiao"), at=NOON, facts=minor)
        .then(TeamApplied("t1", "xiao", ("chen",), NOON), ApplicantUnderAge("xiao", 2031))
        .when(Accept("chen", "xiao"), at=NOON, facts=minor)
        .then(TeamMemberJoined("t1", "n1", "xiao", NOON))
    )
    assert after.state.members[-1].of_age_in == 2031


def test_applications_that_nobody_answers_are_told_of_and_lapse() -> None:
    waiting = a_team(deputies=()).when(Apply("wang"), at=NOON, facts=ground("wang"))._past()
    assert team.due(waiting.state) == NOON + ANSWER_WITHIN
    lapses = NOON + APPLYING_LASTS
    told = waiting.when(Tick(), at=NOON + ANSWER_WITHIN, facts=HERE).then(
        TeamApplicationWaiting("t1", "wang", ("chen",), "officer-c1", lapses)
    )
    assert team.due(told.state) == lapses
    after = told.when(Tick(), at=lapses, facts=HERE).then(
        TeamApplicationEnded("t1", "wang", "lapsed")
    )
    assert team.due(after.state) is None


def test_members_leave_or_are_dismissed() -> None:
    a_team("li").when(LeaveTeam("li"), facts=HERE).then(TeamMemberLeft("t1", "n1", "li", "left"))
    a_team("li").when(Dismiss("chen", "li", Cause.ABSENT), facts=HERE).then(
        TeamMemberLeft("t1", "n1", "li", "dismissed")
    )
    a_team().when(LeaveTeam("li"), facts=HERE).then_rejected("not-a-member")
    a_team().when(Dismiss("chen", "chen", Cause.OTHER), facts=HERE).then_rejected("own-membership")
    led = a_team("li", deputies=("li",))
    led.when(Dismiss("li", "chen", Cause.OTHER), facts=HERE).then_rejected("captain-is-led")


def test_who_serves_no_more_is_struck() -> None:
    a_team("li").when(HearStopped("li"), facts=HERE).then(
        TeamMemberLeft("t1", "n1", "li", "stopped")
    )
    a_team().when(HearStopped("li"), facts=HERE).then()
    waiting = a_team().when(Apply("wang"), at=NOON, facts=ground("wang"))._past()
    waiting.when(HearStopped("wang"), facts=HERE).then(
        TeamApplicationEnded("t1", "wang", "withdrawn")
    )


def test_a_member_is_suspended_for_a_time() -> None:
    until = NOON + 10 * DAY
    after = (
        a_team("li")
        .when(SuspendMember("chen", "li", until, Cause.ABSENT), at=NOON, facts=HERE)
        .then(TeamMemberSuspended("t1", "li", until, "absent"))
    )
    assert team.due(after.state) == until
    after.when(Tick(), at=until, facts=HERE).then(TeamMemberResumed("t1", "li"))
    after.when(ResumeMember("chen", "li"), facts=HERE).then(TeamMemberResumed("t1", "li")).when(
        ResumeMember("chen", "li"), facts=HERE
    ).then()
    far = SuspendMember("chen", "li", NOON + 400 * DAY, Cause.ABSENT)
    a_team("li").when(far, at=NOON, facts=HERE).then_rejected("wrong-suspension")


def test_who_serves_nowhere_for_a_time_is_known() -> None:
    until = NOON + 10 * DAY
    after = a_team("li").when(HearBarred("li", until), at=NOON, facts=HERE)
    barred = after.then(MemberBarred("li", until))
    barred.when(HearBarred("li", until), at=NOON, facts=HERE).then()
    barred.when(HearBarred("li", None), at=NOON, facts=HERE).then(MemberBarred("li", None))
    a_team().when(HearBarred("li", until), at=NOON, facts=HERE).then()


# --- together ------------------------------------------------------------------------------------


def test_members_are_trained_and_insured_together() -> None:
    trained = TrainTogether("chen", "patrol", ("li", "chen", "li"))
    a_team("li").when(trained, at=NOON, facts=HERE).then(
        TeamTrained("t1", "patrol", NOON + 365 * DAY, ("li", "chen"))
    )
    a_team().when(trained, at=NOON, facts=HERE).then_rejected("not-a-member")
    nobody = InsureTogether("chen", (), NOON + DAY)
    a_team().when(nobody, at=NOON, facts=HERE).then_rejected("nobody-named")
    late = InsureTogether("chen", ("chen",), NOON - DAY)
    a_team().when(late, at=NOON, facts=HERE).then_rejected("wrong-validity")
    insured = InsureTogether("chen", ("chen",), NOON + 365 * DAY)
    a_team().when(insured, at=NOON, facts=HERE).then(TeamInsured("t1", NOON + 365 * DAY, ("chen",)))


def test_a_suspended_team_takes_nobody_in_and_resumes_by_itself() -> None:
    until = NOON + 10 * DAY
    after = (
        a_team()
        .when(SuspendTeam("staff", until, Cause.UNSAFE), at=NOON, facts=HERE)
        .then(TeamSuspended("t1", "n1", until, "unsafe", ("chen",)))
    )
    assert after.state.status is TeamStatus.SUSPENDED
    after.when(Apply("wang"), at=NOON, facts=ground("wang")).then_rejected("team-suspended")
    resumed = after.when(Tick(), at=until, facts=HERE).then(TeamResumed("t1", "n1", ("chen",)))
    assert resumed.state.status is TeamStatus.ACTIVE
    resumed.when(ResumeTeam("staff")).then()
    after.when(ResumeTeam("staff")).then(TeamResumed("t1", "n1", ("chen",)))
    far = SuspendTeam("staff", NOON + 400 * DAY, Cause.UNSAFE)
    a_team().when(far, at=NOON).then_rejected("wrong-suspension")


def test_a_dissolved_team_lets_everybody_go() -> None:
    waiting = a_team("li").when(Apply("wang"), at=NOON, facts=ground("wang"))._past()
    after = waiting.when(DissolveTeam("staff")).then(
        TeamDissolved("t1", "n1", ("chen",)),
        TeamApplicationEnded("t1", "wang", "dissolved"),
        TeamMemberLeft("t1", "n1", "chen", "dissolved"),
        TeamMemberLeft("t1", "n1", "li", "dissolved"),
    )
    assert after.state.members == ()
    assert after.state.leaders == ()
    assert team.due(after.state) is None
    after.when(Apply("wang"), facts=ground("wang")).then_rejected("team-dissolved")


@pytest.mark.parametrize(
    ("person", "open_to", "not_open"),
    [
        ("wang", {"withdraw-application"}, {"apply", "agree-to-lead"}),
        ("zhao", {"apply"}, {"withdraw-application", "agree-to-lead"}),
        ("li", {"agree-to-lead", "decline-to-lead"}, {"apply"}),
    ],
)
def test_open_verbs(person: str, open_to: set[str], not_open: set[str]) -> None:
    waiting = a_team("li").when(Apply("wang"), facts=ground("wang"))._past()
    state = waiting.when(StepDown("chen"), at=NOON, facts=HERE)._past().state
    verbs = set(open_verbs(state, person))
    assert {"accept", "refuse", "leave", "suspend"} | open_to <= verbs
    assert not not_open & verbs
    suspended = SuspendTeam("staff", NOON + DAY, Cause.UNSAFE)
    closed = set(open_verbs(waiting.when(suspended, at=NOON)._past().state, person))
    assert "resume" in closed
    assert not {"accept", "apply"} & closed
