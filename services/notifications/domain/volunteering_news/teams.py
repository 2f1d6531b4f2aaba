"""Who is told what of teams and volunteers."""

from services.notifications.domain.telling import Telling, to
from shared.contracts import volunteering
from shared.contracts.event import Event
from shared.contracts.volunteering.teams import Validity

TELLS_NOBODY: frozenset[type[Event]] = frozenset(
    {
        volunteering.TeamRenamed,
        volunteering.TeamMoved,
        volunteering.TeamTrained,  # each member's own record follows, and tells them
        volunteering.TeamInsured,
        volunteering.TeamDissolved,  # each member is told that they have left
        volunteering.VolunteerMoved,
        volunteering.VolunteerStopped,
        volunteering.VolunteerFitnessChanged,  # what they lose by it is told
        volunteering.NamingAgreed,
        volunteering.NamingWithdrawn,
    }
)


def tellings(event: Event) -> list[Telling | None]:
    """Who must know of the event."""
    match event:
        # --- who leads
        case volunteering.TeamFounded(captain=captain, team=team):
            return [to(captain, "team-captain", team=team)]
        case volunteering.CaptainChanged(captain=captain, former=former, team=team):
            return [
                to(captain, "team-captain", team=team),
                to(former, "team-captain-no-more", team=team),
            ]
        case volunteering.DeputiesNamed(deputies=deputies, team=team):
            return [to(person, "team-deputy", team=team) for person in deputies]
        case volunteering.CaptainSought(person=person, team=team, until=until):
            return [to(person, "team-captain-sought", team=team, until=until)]
        case volunteering.TeamLeaderless(called=called, team=team, place=place, until=until):
            return [to(called, "team-leaderless", team=team, place=place, until=until)]
        case volunteering.TeamSuspended(leaders=leaders, team=team, until=until) as e:
            return [
                to(person, "team-suspended", team=team, until=until, because=e.because)
                for person in leaders
            ]
        case volunteering.TeamResumed(leaders=leaders, team=team):
            return [to(person, "team-resumed", team=team) for person in leaders]
    return [*of_members(event), *of_volunteers(event), *of_guardians(event)]


def of_members(event: Event) -> list[Telling | None]:
    """Who must know of who belongs to a team."""
    match event:
        case volunteering.TeamApplied(leaders=leaders, team=team):
            return [to(person, "team-applied", team=team) for person in leaders]
        case volunteering.TeamApplicationWaiting(leaders=leaders, team=team, until=until) as e:
            told = dict.fromkeys((*leaders, e.called))
            return [to(one, "team-application-waiting", team=team, until=until) for one in told]
        case volunteering.TeamApplicationEnded(because="withdrawn"):
            return []
        case volunteering.TeamApplicationEnded(because="refused", volunteer=person, team=team):
            return [to(person, "team-application-refused", team=team)]
        case volunteering.TeamApplicationEnded(volunteer=person, team=team):
            return [to(person, "team-application-unanswered", team=team)]
        case volunteering.TeamMemberJoined(volunteer=person, team=team, place=place):
            return [to(person, "team-joined", team=team, place=place)]
        case volunteering.TeamMemberLeft(because="stopped"):
            return []
        case volunteering.TeamMemberLeft(volunteer=person, team=team, place=place):
            return [to(person, "team-left", team=team, place=place)]
        case volunteering.TeamMemberSuspended(volunteer=person, team=team, until=until) as e:
            because = e.because
            return [to(person, "suspended-in-team", team=team, until=until, because=because)]
        case volunteering.TeamMemberResumed(volunteer=person, team=team):
            return [to(person, "resumed-in-team", team=team)]
    return []


def of_volunteers(event: Event) -> list[Telling | None]:
    """What volunteers must know."""
    match event:
        case volunteering.VolunteerRegistered(volunteer=person, place=place):
            return [to(person, "volunteer-welcome", place=place)]
        case volunteering.VolunteerTrained(volunteer=person, training=training, until=None):
            return [to(person, "trained-for-good", training=training)]
        case volunteering.VolunteerTrained(volunteer=person, training=training, until=until):
            return [to(person, "trained", training=training, until=until)]
        case volunteering.VolunteerInsured(volunteer=person, until=until):
            return [to(person, "volunteer-insured", until=until)]
        case volunteering.ValidityEnding(kind=Validity.TRAINING, training=training) as e:
            return [to(e.volunteer, "training-ending", training=training, until=e.until)]
        case volunteering.ValidityEnding(kind=Validity.INSURANCE, volunteer=person) as e:
            return [to(person, "insurance-ending", until=e.until)]
        case volunteering.ValidityEnding(volunteer=person, guardian=guardian, until=until):
            return [to(each, "consent-ending", until=until) for each in (person, guardian)]
        case volunteering.VolunteerSuspended(volunteer=person, until=until, because=because):
            return [to(person, "volunteer-suspended", until=until, because=because)]
        case volunteering.VolunteerResumed(volunteer=person):
            return [to(person, "volunteer-resumed")]
    return []


def of_guardians(event: Event) -> list[Telling | None]:
    """What guardians must know, and whom they answer for."""
    match event:
        case volunteering.GuardianNamed(guardian=guardian, place=place):
            return [to(guardian, "guardian-named", place=place)]
        case volunteering.GuardianConfirmed(guardian=guardian):
            return [to(guardian, "guardian-confirmed")]
        case volunteering.GuardianRefused(guardian=guardian, volunteer=person):
            return [to(guardian, "guardian-refused"), to(person, "guardian-needed")]
        case volunteering.GuardianConsented(volunteer=person, until=until):
            return [to(person, "guardian-consented", until=until)]
        case volunteering.GuardianConsentWithdrawn(volunteer=person):
            return [to(person, "guardian-consent-withdrawn")]
    return []
