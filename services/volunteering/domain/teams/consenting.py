"""Guardians (监护人): who is under age serves as far as their guardian consents, and as long."""

from datetime import datetime, timedelta

from services.volunteering.domain.teams.validities import reminded
from services.volunteering.domain.teams.volunteer_commands import (
    ConfirmGuardian,
    Consent,
    ConsentTimed,
    LoseGuardian,
    RefuseGuardian,
    WithdrawConsent,
)
from services.volunteering.domain.teams.volunteer_state import (
    LATEST_OF_MINORS,
    MINORS_MAY,
    Volunteer,
    is_minor,
)
from shared.contracts.event import Event
from shared.contracts.volunteering.teams import (
    GuardianConfirmed,
    GuardianConsented,
    GuardianConsentWithdrawn,
    GuardianNamed,
    GuardianRefused,
    NamingWithdrawn,
    Validity,
)
from shared.runtime.aggregate import Rejected
from shared.worktime.hours import CHINA

LONGEST_CONSENT = timedelta(days=366)


def named_guardian(volunteer: Volunteer, guardian: str, now: datetime) -> list[Event]:
    """Staff have to confirm them, and they to consent."""
    must_be_a_minor(volunteer, now)
    if guardian == volunteer.person:
        raise Rejected("own-guardian", "nobody is their own guardian")
    if guardian == volunteer.guardian:
        return []
    named = GuardianNamed(volunteer.person, volunteer.place, guardian)
    return [*consent_ended(volunteer), *unnamed(volunteer), named]


def guarded(
    command: ConfirmGuardian | RefuseGuardian | WithdrawConsent | LoseGuardian,
    volunteer: Volunteer,
) -> list[Event]:
    """What becomes of a guardian, and of their consent."""
    person, guardian = volunteer.person, volunteer.guardian
    if isinstance(command, LoseGuardian):
        if guardian is None or guardian != command.guardian:
            return []
        refused = GuardianRefused(person, guardian)
        return [*consent_ended(volunteer), *unnamed(volunteer), refused]
    if guardian is None:
        raise Rejected("no-guardian", "name a guardian first")
    if isinstance(command, WithdrawConsent):
        if command.by != guardian:
            raise Rejected("not-the-guardian", "only their guardian consents")
        return consent_ended(volunteer)
    if command.by in (person, guardian):
        raise Rejected("own-guardian", "somebody else confirms who the guardian is")
    if isinstance(command, RefuseGuardian):
        refused = GuardianRefused(person, guardian)
        return [*consent_ended(volunteer), *unnamed(volunteer), refused]
    return [] if volunteer.guardian_confirmed else [GuardianConfirmed(person, guardian)]


def consented(command: Consent, volunteer: Volunteer, now: datetime) -> list[Event]:
    """They may serve in such works, until a time of the day, until then."""
    must_be_a_minor(volunteer, now)
    if command.by != volunteer.guardian:
        raise Rejected("not-the-guardian", "only their guardian consents")
    if not volunteer.guardian_confirmed:
        raise Rejected("guardian-not-confirmed", "the community confirms first who the guardian is")
    works = tuple(work for work in MINORS_MAY if work in command.works)
    if not works or set(command.works) - set(works):
        raise Rejected(
            "not-for-minors-at-all",
            f"a guardian can consent to {', '.join(MINORS_MAY)}",
            works=", ".join(MINORS_MAY),
        )
    latest = 60 * int(command.latest[:2]) + int(command.latest[3:])
    if latest > LATEST_OF_MINORS:
        raise Rejected(
            "too-late-at-all",
            f"who is under age has to be done by {LATEST_OF_MINORS // 60}:00",
            latest=f"{LATEST_OF_MINORS // 60}:00",
        )
    if not now < command.until <= now + LONGEST_CONSENT:
        raise Rejected(
            "wrong-consent",
            f"a consent lasts {LONGEST_CONSENT.days} days at most, from now on",
            most=LONGEST_CONSENT.days,
        )
    return [
        GuardianConsented(volunteer.person, command.by, works, command.until),
        ConsentTimed(latest),
        *reminded(Validity.CONSENT, command.until, now),
    ]


def consent_ended(volunteer: Volunteer) -> list[Event]:
    """The guardian's consent holds no more, where there was one."""
    if volunteer.consent_until is None or volunteer.guardian is None:
        return []
    return [GuardianConsentWithdrawn(volunteer.person, volunteer.guardian)]


def unnamed(volunteer: Volunteer) -> list[Event]:
    """What a guardian agreed to goes with them."""
    return [NamingWithdrawn(volunteer.person)] if volunteer.named else []


def must_be_a_minor(volunteer: Volunteer, now: datetime) -> None:
    """Rejects a guardian of somebody who is of age."""
    if not is_minor(volunteer, now.astimezone(CHINA).date()):
        raise Rejected("of-age", "who is of age needs no guardian's consent")
