"""What somebody has for a time: trainings and an insurance, and when they are told that it ends."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from services.volunteering.domain.teams.volunteer_commands import (
    HearInsured,
    HearTrained,
    Insure,
    RecordTraining,
    ReminderPlanned,
    TrainingStruck,
)
from services.volunteering.domain.teams.volunteer_state import Volunteer
from shared.contracts.event import Event
from shared.contracts.volunteering.teams import (
    FitnessChange,
    Validity,
    VolunteerFitnessChanged,
    VolunteerInsured,
    VolunteerTrained,
)
from shared.runtime.aggregate import Rejected

MOST_TRAININGS = 40
REMIND_BEFORE = timedelta(days=30)
"""What holds for less from now on is not reminded of: whoever gave it knows that it is short."""
LONGEST_VALIDITY = timedelta(days=3_660)


def trained(
    command: RecordTraining | HearTrained,
    volunteer: Volunteer,
    now: datetime,
    lasting: Mapping[str, int | None],
) -> list[Event]:
    """They have learned it. What a team is told never shortens what somebody has."""
    code, until = command.training, command.until
    had = {one.code: one.until for one in volunteer.trainings}
    if isinstance(command, HearTrained):
        if code in had and lasts_longer(had[code], until):
            return []
    else:
        until = lasting_until(code, until, now, lasting)
    if code not in had and len(had) >= MOST_TRAININGS:
        raise Rejected(
            "too-many-trainings", f"at most {MOST_TRAININGS} trainings", most=MOST_TRAININGS
        )
    learned = VolunteerTrained(volunteer.person, code, until)
    shorter = code in had and not lasts_longer(until, had[code])
    return [
        learned,
        *reminded(Validity.TRAINING, until, now, code),
        *([fitness_changed(volunteer, FitnessChange.TRAINING)] if shorter else []),
    ]


def lasting_until(
    code: str, until: datetime | None, now: datetime, lasting: Mapping[str, int | None]
) -> datetime | None:
    """Until when a training holds: as named, else as its list says; None for good."""
    if code not in lasting:
        raise Rejected("unknown-training", f"no training {code} is listed", training=code)
    if until is None:
        days = lasting[code]
        return None if days is None else now + timedelta(days=days)
    must_lie_ahead(until, now)
    return until


def lasts_longer(had: datetime | None, until: datetime | None) -> bool:
    """Whether what somebody has ends later than what is given, or at the same time."""
    return had is None or (until is not None and had >= until)


def struck(volunteer: Volunteer, training: str) -> list[Event]:
    """They have not learned it after all."""
    if all(one.code != training for one in volunteer.trainings):
        raise Rejected("not-trained", "no such training is recorded of them")
    return [TrainingStruck(training), fitness_changed(volunteer, FitnessChange.TRAINING)]


def fitness_changed(volunteer: Volunteer, because: FitnessChange) -> VolunteerFitnessChanged:
    """What they have taken on has to be looked at again."""
    return VolunteerFitnessChanged(volunteer.person, because)


def insured(command: Insure | HearInsured, volunteer: Volunteer, now: datetime) -> list[Event]:
    """They are insured until then. What a team is told never shortens what somebody has."""
    until, had = command.until, volunteer.insured_until
    if isinstance(command, HearInsured) and had is not None and had >= until:
        return []
    must_lie_ahead(until, now)
    return [
        VolunteerInsured(volunteer.person, until),
        *reminded(Validity.INSURANCE, until, now),
    ]


def must_lie_ahead(until: datetime, now: datetime) -> None:
    """Rejects a time that is over, or further off than anything holds."""
    if not now < until <= now + LONGEST_VALIDITY:
        raise Rejected("wrong-validity", "name a time from now on, ten years off at most")


def reminded(
    kind: Validity, until: datetime | None, now: datetime, training: str | None = None
) -> list[Event]:
    """When they will be told that it ends."""
    if until is None or until - REMIND_BEFORE <= now:
        return []
    return [ReminderPlanned(kind, training, until - REMIND_BEFORE)]
