"""A team after what has happened to it."""

from dataclasses import replace

from services.volunteering.domain.teams.team_commands import (
    ApplicantUnderAge,
    CaptaincyDeclined,
    MemberBarred,
    TeamChartered,
    TeamContactForgotten,
    TeamContactNamed,
)
from services.volunteering.domain.teams.team_state import (
    Applicant,
    Leaderless,
    Member,
    Sought,
    Team,
    TeamStatus,
)
from shared.contracts.event import Event
from shared.contracts.volunteering.teams import (
    CaptainChanged,
    CaptainSought,
    DeputiesNamed,
    TeamApplicationEnded,
    TeamApplicationWaiting,
    TeamApplied,
    TeamDissolved,
    TeamFounded,
    TeamLeaderless,
    TeamMemberJoined,
    TeamMemberLeft,
    TeamMemberResumed,
    TeamMemberSuspended,
    TeamMoved,
    TeamRenamed,
    TeamResumed,
    TeamSuspended,
)


def evolve(team: Team, event: Event) -> Team:
    """The team after an event."""
    match event:
        case TeamFounded(team=id, kind=kind, name=name, place=place, path=path, captain=captain):
            return Team(TeamStatus.ACTIVE, kind, place, path, captain, team=id, name=name)
        case TeamRenamed(name=name):
            return replace(team, name=name)
        case TeamChartered(charter=charter, least_age=least, most_age=most):
            return replace(team, charter=charter, least_age=least, most_age=most)
        case TeamMoved(place=place, path=path):
            return replace(team, place=place, path=path)
        case TeamContactNamed(person=person):
            return replace(team, contact=person)
        case TeamContactForgotten():
            return replace(team, contact=None)
        case TeamSuspended(until=until):
            return replace(team, status=TeamStatus.SUSPENDED, suspended_until=until)
        case TeamResumed():
            return replace(team, status=TeamStatus.ACTIVE, suspended_until=None)
        case TeamDissolved():
            return Team(
                TeamStatus.DISSOLVED,
                team.kind,
                team.place,
                team.path,
                team=team.team,
                name=team.name,
                charter=team.charter,
            )
        # Who belongs to it, and who asks to.
        case TeamApplied(volunteer=person, since=since):
            return replace(team, applicants=(*team.applicants, Applicant(person, since)))
        case ApplicantUnderAge(person=person, of_age_in=year):
            return with_applicant(team, person, of_age_in=year)
        case TeamApplicationWaiting(volunteer=person):
            return with_applicant(team, person, told=True)
        case TeamApplicationEnded(volunteer=person):
            return without_applicant(team, person)
        case TeamMemberJoined(volunteer=person, since=since):
            years = [one.of_age_in for one in team.applicants if one.person == person]
            joined = Member(person, since, years[0] if years else None)
            return replace(without_applicant(team, person), members=(*team.members, joined))
        case TeamMemberLeft(volunteer=person):
            staying = tuple(one for one in team.members if one.person != person)
            return replace(team, members=staying)
        case TeamMemberSuspended(volunteer=person, until=until):
            return with_member(team, person, suspended_until=until)
        case TeamMemberResumed(volunteer=person):
            return with_member(team, person, suspended_until=None)
        case MemberBarred(person=person, until=until):
            return with_member(team, person, barred_until=until)
        # Who leads it, and who is asked to.
        case CaptainChanged(captain=None, deputies=deputies):
            return replace(team, captain=None, deputies=deputies)
        case CaptainChanged(captain=captain, deputies=deputies):
            led = replace(team, captain=captain, deputies=deputies)
            return replace(led, sought=None, declined=(), leaderless=None)
        case DeputiesNamed(deputies=deputies):
            return replace(team, deputies=deputies)
        case CaptainSought(person=person, until=until):
            return replace(team, sought=Sought(person, until))
        case CaptaincyDeclined(person=person):
            return replace(team, sought=None, declined=(*team.declined, person))
        case TeamLeaderless(place=place, called=called, number=number, until=until):
            return replace(team, leaderless=Leaderless(place, called, number, until))
    return team


def with_applicant(team: Team, person: str, **changes: object) -> Team:
    """Something else is known of who waits to be taken in."""
    changed = tuple(
        replace(one, **changes) if one.person == person else one  # type: ignore[arg-type]
        for one in team.applicants
    )
    return replace(team, applicants=changed)


def without_applicant(team: Team, person: str) -> Team:
    """They wait no more."""
    return replace(team, applicants=tuple(o for o in team.applicants if o.person != person))


def with_member(team: Team, person: str, **changes: object) -> Team:
    """Something else holds of a member."""
    changed = tuple(
        replace(one, **changes) if one.person == person else one  # type: ignore[arg-type]
        for one in team.members
    )
    return replace(team, members=changed)


def fold(team: Team, events: list[Event]) -> Team:
    """The team after the events."""
    for event in events:
        team = evolve(team, event)
    return team
