"""A volunteer after what has happened to them."""

from dataclasses import replace

from services.volunteering.domain.teams.volunteer_commands import (
    ConsentTimed,
    GuardianReleased,
    MembershipBegan,
    MembershipEnded,
    MembershipSuspended,
    ReminderPlanned,
    TrainingStruck,
    VolunteerBorn,
    VolunteerForgotten,
    VolunteerProfiled,
)
from services.volunteering.domain.teams.volunteer_state import (
    Membership,
    Reminder,
    Training,
    Volunteer,
)
from shared.contracts.event import Event
from shared.contracts.volunteering.teams import (
    GuardianConfirmed,
    GuardianConsented,
    GuardianConsentWithdrawn,
    GuardianNamed,
    GuardianRefused,
    NamingAgreed,
    NamingWithdrawn,
    Validity,
    ValidityEnding,
    VolunteerInsured,
    VolunteerMoved,
    VolunteerRegistered,
    VolunteerResumed,
    VolunteerStopped,
    VolunteerSuspended,
    VolunteerTrained,
)


def evolve(volunteer: Volunteer, event: Event) -> Volunteer:
    """The volunteer after an event."""
    match event:
        case VolunteerRegistered(volunteer=person, place=place, path=path):
            return replace(volunteer, registered=True, person=person, place=place, path=path)
        case VolunteerBorn(year=year):
            return replace(volunteer, birth_year=year)
        case VolunteerProfiled(skills=skills, free=free):
            return replace(volunteer, skills=skills, free=free)
        case VolunteerMoved(place=place, path=path):
            return replace(volunteer, place=place, path=path)
        case VolunteerStopped():
            return Volunteer(person=volunteer.person, suspended_until=volunteer.suspended_until)
        case VolunteerForgotten(erased=True):
            return Volunteer()
        case NamingAgreed() | NamingWithdrawn():
            return replace(volunteer, named=isinstance(event, NamingAgreed))
        case MembershipBegan(team=team, since=since):
            joined = (*volunteer.memberships, Membership(team, since))
            return replace(volunteer, memberships=joined)
        case MembershipEnded(team=team):
            staying = tuple(one for one in volunteer.memberships if one.team != team)
            return replace(volunteer, memberships=staying)
        case MembershipSuspended(team=team, until=until):
            now_so = tuple(
                replace(one, suspended_until=until) if one.team == team else one
                for one in volunteer.memberships
            )
            return replace(volunteer, memberships=now_so)
        case VolunteerSuspended(until=until):
            return replace(volunteer, suspended_until=until)
        case VolunteerResumed():
            return replace(volunteer, suspended_until=None)
        # What somebody has for a time.
        case VolunteerTrained(training=code, until=until):
            others = tuple(one for one in volunteer.trainings if one.code != code)
            forgot = without(volunteer, Validity.TRAINING, code)
            return replace(forgot, trainings=(*others, Training(code, until)))
        case TrainingStruck(training=code):
            others = tuple(one for one in volunteer.trainings if one.code != code)
            return replace(without(volunteer, Validity.TRAINING, code), trainings=others)
        case VolunteerInsured(until=until):
            return replace(without(volunteer, Validity.INSURANCE), insured_until=until)
        case GuardianNamed(guardian=guardian):
            return replace(volunteer, guardian=guardian, guardian_confirmed=False)
        case GuardianConfirmed():
            return replace(volunteer, guardian_confirmed=True)
        case GuardianRefused():
            return replace(volunteer, guardian=None, guardian_confirmed=False)
        case GuardianConsented(works=works, until=until):
            fresh = without(volunteer, Validity.CONSENT)
            return replace(fresh, consent_works=works, consent_until=until)
        case ConsentTimed(latest=latest):
            return replace(volunteer, consent_latest=latest)
        case GuardianConsentWithdrawn():
            bare = without(volunteer, Validity.CONSENT)
            return replace(bare, consent_until=None, consent_works=(), consent_latest=0)
        case GuardianReleased():
            bare = without(volunteer, Validity.CONSENT)
            freed = replace(bare, guardian=None, guardian_confirmed=False)
            return replace(freed, consent_until=None, consent_works=(), consent_latest=0)
        case ReminderPlanned(kind=kind, training=training, at=at):
            planned = (*volunteer.reminders, Reminder(kind, training, at))
            return replace(volunteer, reminders=planned)
        case ValidityEnding(kind=kind, training=training):
            return without(volunteer, kind, training)
    return volunteer


def without(volunteer: Volunteer, kind: Validity, training: str | None = None) -> Volunteer:
    """Without a reminder of this."""
    others = tuple(
        one for one in volunteer.reminders if (one.kind, one.training) != (kind, training)
    )
    return replace(volunteer, reminders=others)


def fold(volunteer: Volunteer, events: list[Event]) -> Volunteer:
    """The volunteer after the events."""
    for event in events:
        volunteer = evolve(volunteer, event)
    return volunteer
