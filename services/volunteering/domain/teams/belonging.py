"""Who belongs to a team: applying, being taken in, leaving, and not serving for a time."""

from datetime import datetime, timedelta

from services.volunteering.domain.teams.fitness import refuse_unfit
from services.volunteering.domain.teams.leading import without_lead
from services.volunteering.domain.teams.team_commands import (
    Accept,
    ApplicantUnderAge,
    Apply,
    Dismiss,
    Ground,
    HearBarred,
    HearStopped,
    LeaveTeam,
    MemberBarred,
    RefuseApplicant,
    ResumeMember,
    SuspendMember,
    TeamContactForgotten,
    WithdrawApplication,
)
from services.volunteering.domain.teams.team_history import fold
from services.volunteering.domain.teams.team_state import Member, Team, TeamStatus, member_of
from services.volunteering.domain.teams.volunteer_state import (
    OF_AGE,
    Conditions,
    is_minor,
    teams_of,
)
from shared.contracts.event import Event
from shared.contracts.volunteering.teams import (
    TeamApplicationEnded,
    TeamApplicationWaiting,
    TeamApplied,
    TeamMemberJoined,
    TeamMemberLeft,
    TeamMemberResumed,
    TeamMemberSuspended,
)
from shared.runtime.aggregate import Rejected
from shared.worktime.hours import CHINA

MOST_MEMBERS = 1_000
MOST_APPLICANTS = 200
MOST_TEAMS = 10
"""That one person belongs to."""
ANSWER_WITHIN = timedelta(days=7)
"""Then the leaders are told again, and the office."""
APPLYING_LASTS = timedelta(days=30)
LONGEST_SUSPENSION = timedelta(days=366)


def applied(command: Apply, team: Team, now: datetime, ground: Ground) -> list[Event]:
    """They wait to be taken in."""
    person = command.by
    must_be_active(team)
    if member_of(team, person) is not None:
        raise Rejected("member-already", "this person belongs to the team")
    if any(one.person == person for one in team.applicants):
        raise Rejected("applied-already", "the application waits for an answer")
    if len(team.applicants) >= MOST_APPLICANTS:
        raise Rejected(
            "too-many-applicants",
            f"at most {MOST_APPLICANTS} applications wait at once: try again later",
            most=MOST_APPLICANTS,
        )
    must_fit(team, now, ground)
    events: list[Event] = [TeamApplied(team.team, person, team.leaders, now)]
    volunteer = ground.volunteer
    if volunteer is not None and is_minor(volunteer, now.astimezone(CHINA).date()):
        events.append(ApplicantUnderAge(person, volunteer.birth_year + OF_AGE + 1))
    return events


def answered(
    command: Accept | RefuseApplicant | WithdrawApplication,
    team: Team,
    now: datetime,
    ground: Ground,
) -> list[Event]:
    """They are taken in, or not."""
    person = command.by if isinstance(command, WithdrawApplication) else command.volunteer
    if all(one.person != person for one in team.applicants):
        raise Rejected("not-applied", "this person has not applied")
    if isinstance(command, WithdrawApplication):
        return [TeamApplicationEnded(team.team, person, "withdrawn")]
    if command.by == person:
        raise Rejected("own-application", "somebody else answers an application")
    if isinstance(command, RefuseApplicant):
        return [TeamApplicationEnded(team.team, person, "refused")]
    must_be_active(team)
    if len(team.members) >= MOST_MEMBERS:
        raise Rejected("too-many-members", f"at most {MOST_MEMBERS} members", most=MOST_MEMBERS)
    must_fit(team, now, ground)
    return [TeamMemberJoined(team.team, team.place, person, now)]


def must_be_active(team: Team) -> None:
    """Rejects what a team does not do while it is suspended."""
    if team.status is TeamStatus.SUSPENDED:
        raise Rejected("team-suspended", "the team is suspended: wait until it serves again")


def must_fit(team: Team, now: datetime, ground: Ground) -> None:
    """Rejects who may not serve, or not in this team."""
    refuse_unfit(ground.volunteer, Conditions(team.least_age, team.most_age), now)
    if ground.volunteer is not None and len(teams_of(ground.volunteer)) >= MOST_TEAMS:
        raise Rejected(
            "too-many-teams", f"one belongs to {MOST_TEAMS} teams at most", most=MOST_TEAMS
        )


def gone(
    command: LeaveTeam | Dismiss | HearStopped, team: Team, now: datetime, ground: Ground
) -> list[Event]:
    """They belong to it no more, and whatever they led passes on."""
    match command:
        case LeaveTeam(by=person):
            must_be_a_member(team, person)
            return left(team, person, "left", now, ground)
        case Dismiss(by=by, volunteer=person):
            must_be_a_member(team, person)
            must_not_be_led_by(team, by, person)
            return left(team, person, "dismissed", now, ground)
    person = command.person
    if any(one.person == person for one in team.applicants):
        return [TeamApplicationEnded(team.team, person, "withdrawn")]
    if member_of(team, person) is None:
        return []
    return left(team, person, "stopped", now, ground)


def left(team: Team, person: str, because: str, now: datetime, ground: Ground) -> list[Event]:
    """What follows for the team."""
    events: list[Event] = [TeamMemberLeft(team.team, team.place, person, because)]
    if team.contact == person:
        events.append(TeamContactForgotten())
    return [*events, *without_lead(fold(team, events), person, now, ground)]


def suspended(
    command: SuspendMember | ResumeMember, team: Team, now: datetime, ground: Ground
) -> list[Event]:
    """They do not serve in this team for a time, and lead it no more."""
    person = command.volunteer
    member = must_be_a_member(team, person)
    must_not_be_led_by(team, command.by, person)
    if isinstance(command, ResumeMember):
        if member.suspended_until is None:
            return []
        return [TeamMemberResumed(team.team, person)]
    if not now < command.until <= now + LONGEST_SUSPENSION:
        raise Rejected(
            "wrong-suspension",
            f"name a time from now on, {LONGEST_SUSPENSION.days} days off at most",
            most=LONGEST_SUSPENSION.days,
        )
    because = command.because.value
    events: list[Event] = [TeamMemberSuspended(team.team, person, command.until, because)]
    return [*events, *without_lead(fold(team, events), person, now, ground)]


def barred(command: HearBarred, team: Team, now: datetime, ground: Ground) -> list[Event]:
    """They do not serve anywhere for a time, and lead no team."""
    member = member_of(team, command.person)
    if member is None or member.barred_until == command.until:
        return []
    events: list[Event] = [MemberBarred(command.person, command.until)]
    if command.until is None:
        return events
    return [*events, *without_lead(fold(team, events), command.person, now, ground)]


def belonging_in_time(team: Team, now: datetime, ground: Ground) -> list[Event]:
    """What the clock does: it tells of applications that nobody answers, and ends them; it ends
    suspensions.
    """
    events: list[Event] = []
    called = ground.offices[0].person if ground.offices else None
    for one in team.applicants:
        lapses = one.since + APPLYING_LASTS
        if lapses <= now:
            events.append(TeamApplicationEnded(team.team, one.person, "lapsed"))
        elif not one.told and one.since + ANSWER_WITHIN <= now:
            events.append(
                TeamApplicationWaiting(team.team, one.person, team.leaders, called, lapses)
            )
    events += [
        TeamMemberResumed(team.team, member.person)
        for member in team.members
        if member.suspended_until is not None and member.suspended_until <= now
    ]
    return events


def wants_attention(team: Team) -> list[datetime]:
    """When applications and suspensions need the clock."""
    times = [one.since + (APPLYING_LASTS if one.told else ANSWER_WITHIN) for one in team.applicants]
    return times + [one.suspended_until for one in team.members if one.suspended_until is not None]


def must_be_a_member(team: Team, person: str) -> Member:
    """What somebody is in the team; rejects who does not belong to it."""
    member = member_of(team, person)
    if member is None:
        raise Rejected("not-a-member", "this person does not belong to the team")
    return member


def must_not_be_led_by(team: Team, by: str, person: str) -> None:
    """Rejects leaders who decide on themselves, or deputies on their captain."""
    if by == person:
        raise Rejected("own-membership", "nobody decides this of themselves: leave the team")
    if person == team.captain and by in team.leaders:
        raise Rejected("captain-is-led", "only the community decides this of the captain")
