"""Team (志愿服务队): people who serve together, what holds among them, and who leads them."""

from datetime import datetime

from services.volunteering.domain.teams.belonging import (
    LONGEST_SUSPENSION,
    answered,
    applied,
    barred,
    belonging_in_time,
    gone,
    must_be_a_member,
    suspended,
    wants_attention,
)
from services.volunteering.domain.teams.fitness import refuse_unfit
from services.volunteering.domain.teams.leading import lead_in_time, led_by
from services.volunteering.domain.teams.team_commands import (
    Accept,
    AdoptCharter,
    AgreeToLead,
    ApplicantUnderAge,
    Apply,
    CaptaincyDeclined,
    DeclineToLead,
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
    NameCaptain,
    NameDeputies,
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
from services.volunteering.domain.teams.team_history import evolve, fold
from services.volunteering.domain.teams.team_state import Team, TeamStatus, member_of
from services.volunteering.domain.teams.validities import lasting_until, must_lie_ahead
from services.volunteering.domain.teams.volunteer_state import OF_AGE, Conditions
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
    TeamInsured,
    TeamLeaderless,
    TeamMemberJoined,
    TeamMemberLeft,
    TeamMemberResumed,
    TeamMemberSuspended,
    TeamMoved,
    TeamRenamed,
    TeamResumed,
    TeamSuspended,
    TeamTrained,
)
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick

LONGEST_CHARTER = 5_000
"""Characters: every process keeps the charters of all teams in memory."""


def decide(
    command: Command, team: Team, now: datetime, ground: Ground | None = None
) -> list[Event]:
    """What follows from a command; `ground` is what is known of what it names."""
    known = Ground(team.team) if ground is None else ground
    match command:
        case Tick():
            return passed(team, now, known)
        case FoundTeam() if team.status is not TeamStatus.NONE:
            raise Rejected("team-exists", "a team with this id was founded")
        case FoundTeam():
            return founded(command, now, known)
        case _ if team.status is TeamStatus.NONE:
            raise Rejected("unknown-team", "no such team was founded")
        case _ if team.status is TeamStatus.DISSOLVED:
            raise Rejected("team-dissolved", "the team is no more")
        case Apply():
            return applied(command, team, now, known)
        case Accept() | RefuseApplicant() | WithdrawApplication():
            return answered(command, team, now, known)
        case LeaveTeam() | Dismiss() | HearStopped():
            return gone(command, team, now, known)
        case SuspendMember() | ResumeMember():
            return suspended(command, team, now, known)
        case HearBarred():
            return barred(command, team, now, known)
        case NameCaptain() | NameDeputies() | StepDown() | AgreeToLead() | DeclineToLead():
            return led_by(command, team, now, known)
        case TrainTogether(training=training, volunteers=volunteers):
            until = lasting_until(training, command.until, now, known.trainings)
            return [TeamTrained(team.team, training, until, members_among(team, volunteers))]
        case InsureTogether(volunteers=volunteers, until=until):
            must_lie_ahead(until, now)
            return [TeamInsured(team.team, until, members_among(team, volunteers))]
    return as_a_whole(command, team, now, known)


def as_a_whole(command: Command, team: Team, now: datetime, known: Ground) -> list[Event]:
    """What follows from what is done with the team itself."""
    match command:
        case RenameTeam(name=name):
            return [] if name == team.name else [TeamRenamed(team.team, name)]
        case AdoptCharter(charter=charter, least_age=least, most_age=most):
            chartered = TeamChartered(*chartered_with(charter, least, most))
            same = (charter, least, most) == (team.charter, team.least_age, team.most_age)
            return [] if same else [chartered]
        case MoveTeam(place=place):
            must_be_known(place, known)
            return moved(team, place, known.path)
        case HearTeamPath(place=place, path=path):
            return moved(team, place, path)
        case GiveContact(by=by, name=name, phone=phone):
            # Whoever's number stood there before is not to be read any more.
            renewed: list[Event] = [] if team.contact is None else [TeamContactForgotten()]
            return [*renewed, TeamContactNamed(by), TeamContactGiven(name, phone)]
        case SuspendTeam(until=until, because=because):
            if not now < until <= now + LONGEST_SUSPENSION:
                raise Rejected(
                    "wrong-suspension",
                    f"name a time from now on, {LONGEST_SUSPENSION.days} days off at most",
                    most=LONGEST_SUSPENSION.days,
                )
            return [TeamSuspended(team.team, team.place, until, because.value, team.leaders)]
        case ResumeTeam():
            return resumed(team) if team.suspended_until is not None else []
        case DissolveTeam():
            return dissolved(team)
    raise Rejected("wrong-moment", f"cannot {command.verb} a team", verb=command.verb)


def founded(command: FoundTeam, now: datetime, known: Ground) -> list[Event]:
    """A team with a charter, and a captain who is of age and serves."""
    must_be_known(command.place, known)
    charter = chartered_with(command.charter, command.least_age, command.most_age)
    refuse_unfit(known.volunteer, Conditions(least_age=OF_AGE), now)
    id, captain = known.team, command.captain
    return [
        TeamFounded(id, command.kind, command.name, command.place, known.path, captain),
        TeamChartered(*charter),
        TeamMemberJoined(id, command.place, captain, now),
    ]


def chartered_with(
    charter: str, least_age: int | None, most_age: int | None
) -> tuple[str, int | None, int | None]:
    """The charter and the ages it names; rejects what does not go together."""
    if len(charter) > LONGEST_CHARTER:
        raise Rejected(
            "charter-too-long", f"at most {LONGEST_CHARTER} characters", most=LONGEST_CHARTER
        )
    if least_age is not None and most_age is not None and most_age < least_age:
        raise Rejected("wrong-ages", "the least age is not more than the most")
    return charter, least_age, most_age


def must_be_known(place: str, known: Ground) -> None:
    """Rejects a place that is not registered."""
    if not known.path:
        raise Rejected("unknown-place", f"no place {place} is registered", place=place)


def moved(team: Team, place: str, path: tuple[str, ...]) -> list[Event]:
    """It serves there, unless it does already."""
    same = (place, path) == (team.place, team.path)
    return [] if same else [TeamMoved(team.team, place, path)]


def members_among(team: Team, volunteers: tuple[str, ...]) -> tuple[str, ...]:
    """Each once; rejects who does not belong to the team, and nobody at all."""
    named = tuple(dict.fromkeys(volunteers))
    if not named:
        raise Rejected("nobody-named", "name at least one member")
    for person in named:
        must_be_a_member(team, person)
    return named


def resumed(team: Team) -> list[Event]:
    """It serves again."""
    return [TeamResumed(team.team, team.place, team.leaders)]


def dissolved(team: Team) -> list[Event]:
    """Nobody belongs to it any more, and nobody waits to. That it is no more comes first: what it
    was to do is called off before its members leave it.
    """
    id, place = team.team, team.place
    events: list[Event] = [TeamDissolved(id, place, team.leaders)]
    events += [TeamApplicationEnded(id, one.person, "dissolved") for one in team.applicants]
    events += [TeamMemberLeft(id, place, one.person, "dissolved") for one in team.members]
    if team.contact is not None:
        events.append(TeamContactForgotten())
    return events


def passed(team: Team, now: datetime, known: Ground) -> list[Event]:
    """What the clock does."""
    events: list[Event] = []
    if team.suspended_until is not None and team.suspended_until <= now:
        events += resumed(team)
    events += belonging_in_time(team, now, known)
    return [*events, *lead_in_time(fold(team, events), now, known)]


def due(team: Team) -> datetime | None:
    """When the clock is needed next."""
    times = wants_attention(team)
    if team.suspended_until is not None:
        times.append(team.suspended_until)
    if team.sought is not None:
        times.append(team.sought.until)
    if team.leaderless is not None:
        times.append(team.leaderless.until)
    return min(times, default=None)


def open_verbs(team: Team, person: str) -> tuple[str, ...]:
    """The verbs that this team knows now, from this person."""
    if team.status in (TeamStatus.NONE, TeamStatus.DISSOLVED):
        return ()
    verbs = ["rename", "adopt-charter", "move", "give-contact", "name-captain", "name-deputies"]
    verbs += ["leave", "dismiss", "suspend-member", "resume-member", "train-together"]
    verbs += ["insure-together", "step-down", "suspend", "dissolve"]
    active = team.status is TeamStatus.ACTIVE
    if not active:
        verbs.append("resume")
    if team.applicants:
        verbs += ["refuse", *(("accept",) if active else ())]
    if any(one.person == person for one in team.applicants):
        verbs.append("withdraw-application")
    elif active and member_of(team, person) is None:
        verbs.append("apply")
    if team.sought is not None and team.sought.person == person:
        verbs += ["agree-to-lead", "decline-to-lead"]
    return tuple(verbs)


team = Aggregate(
    kind="team",
    initial=Team(),
    decide=decide,
    evolve=evolve,
    events=(
        TeamFounded,
        TeamChartered,
        TeamRenamed,
        TeamMoved,
        TeamContactNamed,
        TeamContactGiven,
        TeamContactForgotten,
        TeamApplied,
        ApplicantUnderAge,
        TeamApplicationWaiting,
        TeamApplicationEnded,
        TeamMemberJoined,
        TeamMemberLeft,
        TeamMemberSuspended,
        TeamMemberResumed,
        MemberBarred,
        CaptainChanged,
        DeputiesNamed,
        CaptainSought,
        CaptaincyDeclined,
        TeamLeaderless,
        TeamTrained,
        TeamInsured,
        TeamSuspended,
        TeamResumed,
        TeamDissolved,
    ),
    due=due,
)
