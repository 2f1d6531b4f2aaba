"""Volunteer (志愿者): who serves, what they are fit for, and who answers for them under age.

Ages go by the year of birth alone, and so that nobody is taken to be of age before they are. Name
and telephone number lie in the dossier. Which teams somebody belongs to, the teams say; it is kept
here because all that somebody takes part in asks for it.
"""

from datetime import UTC, datetime, timedelta

from services.volunteering.domain.teams.consenting import consented, guarded, named_guardian
from services.volunteering.domain.teams.validities import fitness_changed, insured, struck, trained
from services.volunteering.domain.teams.volunteer_commands import (
    AgreeToBeNamed,
    ChangeProfile,
    ConfirmGuardian,
    Consent,
    ConsentTimed,
    CorrectBirthYear,
    DescribeVolunteer,
    ForgetVolunteer,
    FreeHours,
    GuardianReleased,
    HearInsured,
    HearJoined,
    HearLeft,
    HearPath,
    HearSuspendedInTeam,
    HearTrained,
    Insure,
    LoseGuardian,
    MembershipBegan,
    MembershipEnded,
    MembershipSuspended,
    MoveVolunteer,
    NameGuardian,
    RecordTraining,
    RefuseGuardian,
    RegisterVolunteer,
    ReminderPlanned,
    ResumeVolunteer,
    Setting,
    StopVolunteering,
    StrikeTraining,
    SuspendVolunteer,
    TrainingStruck,
    VolunteerBorn,
    VolunteerDescribed,
    VolunteerForgotten,
    VolunteerProfiled,
    WithdrawConsent,
    WithdrawNaming,
)
from services.volunteering.domain.teams.volunteer_history import evolve, fold
from services.volunteering.domain.teams.volunteer_state import (
    OF_AGE,
    FreeTime,
    Volunteer,
    is_minor,
    teams_of,
)
from shared.contracts.event import Event
from shared.contracts.volunteering.teams import (
    FitnessChange,
    GuardianConfirmed,
    GuardianConsented,
    GuardianConsentWithdrawn,
    GuardianNamed,
    GuardianRefused,
    NamingAgreed,
    NamingWithdrawn,
    Validity,
    ValidityEnding,
    VolunteerFitnessChanged,
    VolunteerInsured,
    VolunteerMoved,
    VolunteerRegistered,
    VolunteerResumed,
    VolunteerStopped,
    VolunteerSuspended,
    VolunteerTrained,
)
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick
from shared.worktime.hours import CHINA

YOUNGEST = 8
"""Years that somebody must have completed to serve: before, they cannot decide on it themselves."""
LONGEST_SUSPENSION = timedelta(days=366)


def decide(
    command: Command, volunteer: Volunteer, now: datetime, setting: Setting | None = None
) -> list[Event]:
    """What follows from a command; `setting` is what is known of what it names."""
    known = Setting(volunteer.person) if setting is None else setting
    match command:
        case Tick():
            return passed(volunteer, now)
        case RegisterVolunteer():
            return registered(command, volunteer, now, known)
        case ForgetVolunteer():
            return forgotten(volunteer)
        case HearLeft(team=team):
            return [MembershipEnded(team)] if team in teams_of(volunteer) else []
        case _ if not volunteer.registered:
            raise Rejected("not-a-volunteer", "register as a volunteer first")
        case HearJoined(team=team, since=since):
            return [] if team in teams_of(volunteer) else [MembershipBegan(team, since)]
        case HearSuspendedInTeam(team=team, until=until):
            return [MembershipSuspended(team, until)] if team in teams_of(volunteer) else []
        case HearPath(place=place, path=path):
            same = (place, path) == (volunteer.place, volunteer.path)
            return [] if same else [VolunteerMoved(volunteer.person, place, path)]
        case RecordTraining() | HearTrained():
            return trained(command, volunteer, now, known.trainings)
        case StrikeTraining(training=training):
            return struck(volunteer, training)
        case Insure() | HearInsured():
            return insured(command, volunteer, now)
        case NameGuardian(guardian=guardian):
            return named_guardian(volunteer, guardian, now)
        case Consent():
            return consented(command, volunteer, now)
        case ConfirmGuardian() | RefuseGuardian() | WithdrawConsent() | LoseGuardian():
            return guarded(command, volunteer)
    return about_themselves(command, volunteer, now, known)


def about_themselves(
    command: Command, volunteer: Volunteer, now: datetime, known: Setting
) -> list[Event]:
    """What follows from what is said of somebody, or decided about them."""
    person = volunteer.person
    match command:
        case ChangeProfile(skills=skills, free=free):
            profile = profiled(skills, free)
            same = (profile.skills, profile.free) == (volunteer.skills, volunteer.free)
            return [] if same else [profile]
        case MoveVolunteer(place=place):
            must_be_known(place, known)
            return [VolunteerMoved(person, place, known.path)]
        case CorrectBirthYear(birth_year=year):
            must_be_old_enough(year, now)
            if year == volunteer.birth_year:
                return []
            return [VolunteerBorn(year), fitness_changed(volunteer, FitnessChange.BIRTH_YEAR)]
        case DescribeVolunteer(name=name, phone=phone):
            return [VolunteerDescribed(name, phone)]
        case StopVolunteering():
            return [VolunteerStopped(person, "own-wish"), VolunteerForgotten(erased=False)]
        case AgreeToBeNamed(by=by):
            must_decide(volunteer, by, now)
            return [] if volunteer.named else [NamingAgreed(person)]
        case WithdrawNaming():
            return [NamingWithdrawn(person)] if volunteer.named else []
        case SuspendVolunteer(by=by) if by == person:
            raise Rejected("own-suspension", "nobody suspends themselves: stop volunteering")
        case SuspendVolunteer(until=until, because=because):
            must_be_a_suspension(until, now)
            return [VolunteerSuspended(person, volunteer.place, until, because.value)]
        case ResumeVolunteer(by=by) if by == person:
            raise Rejected("own-suspension", "who is suspended does not end it themselves")
        case ResumeVolunteer():
            if volunteer.suspended_until is None:
                return []
            return [VolunteerResumed(person, volunteer.place)]
    raise Rejected("wrong-moment", f"cannot {command.verb} a volunteer", verb=command.verb)


def registered(
    command: RegisterVolunteer, volunteer: Volunteer, now: datetime, known: Setting
) -> list[Event]:
    """They serve from now on. Who stopped and comes back is as suspended as before."""
    if volunteer.registered:
        raise Rejected("volunteer-exists", "this person is a volunteer: change what is known")
    must_be_known(command.place, known)
    must_be_old_enough(command.birth_year, now)
    events: list[Event] = [
        VolunteerRegistered(command.volunteer, command.place, known.path),
        VolunteerBorn(command.birth_year),
        profiled(command.skills, command.free),
        VolunteerDescribed(command.name, command.phone),
    ]
    if command.guardian is not None:
        after = fold(volunteer, events)
        events += named_guardian(after, command.guardian, now)
    return events


def must_be_known(place: str, known: Setting) -> None:
    """Rejects a place that is not registered."""
    if not known.path:
        raise Rejected("unknown-place", f"no place {place} is registered", place=place)


def must_decide(volunteer: Volunteer, by: str, now: datetime) -> None:
    """Rejects whoever does not decide whether somebody is named: the guardian does for who is under
    age.
    """
    if is_minor(volunteer, now.astimezone(CHINA).date()):
        if by != volunteer.guardian or not volunteer.guardian_confirmed:
            raise Rejected("guardian-must-agree", "under age, the guardian agrees to be named")
    elif by != volunteer.person:
        raise Rejected("own-decision", "who is of age decides this themselves")


def must_be_old_enough(birth_year: int, now: datetime) -> None:
    """Rejects somebody who cannot decide on it themselves, or is not born yet."""
    if now.astimezone(CHINA).year - birth_year - 1 < YOUNGEST:
        raise Rejected("too-young", f"one must be {YOUNGEST} or older", least=YOUNGEST)


def must_be_a_suspension(until: datetime, now: datetime) -> None:
    """Rejects a time that is over or too far off."""
    if not now < until <= now + LONGEST_SUSPENSION:
        raise Rejected(
            "wrong-suspension",
            f"name a time from now on, {LONGEST_SUSPENSION.days} days off at most",
            most=LONGEST_SUSPENSION.days,
        )


def profiled(skills: tuple[str, ...], free: tuple[FreeHours, ...]) -> VolunteerProfiled:
    """Each skill once; times in the order of the week."""
    times = {FreeTime(one.weekday, *minutes_of(one.span)) for one in free}
    if any(one.end <= one.begin for one in times):
        raise Rejected("wrong-span", "free time ends later on the same day than it begins")
    in_order = sorted(times, key=lambda one: (one.weekday, one.begin, one.end))
    return VolunteerProfiled(tuple(sorted(set(skills))), tuple(in_order))


def minutes_of(span: str) -> tuple[int, int]:
    """Begin and end of a part of the day, in its minutes."""
    begin, _, end = span.partition("-")
    return 60 * int(begin[:2]) + int(begin[3:]), 60 * int(end[:2]) + int(end[3:])


def forgotten(volunteer: Volunteer) -> list[Event]:
    """They were erased: nothing is kept of them."""
    if volunteer.registered:
        stopped = VolunteerStopped(volunteer.person, "erased")
        return [stopped, VolunteerForgotten(erased=True)]
    return [VolunteerForgotten(erased=True)] if volunteer.person else []


def passed(volunteer: Volunteer, now: datetime) -> list[Event]:
    """What the clock does: it reminds of what ends, and ends suspensions."""
    ends = {Validity.INSURANCE: volunteer.insured_until, Validity.CONSENT: volunteer.consent_until}
    events: list[Event] = []
    for one in volunteer.reminders:
        if one.at <= now:
            until = ends.get(one.kind) or until_of(volunteer, one.training)
            assert until is not None, "only what ends is reminded of"
            guardian = volunteer.guardian if one.kind is Validity.CONSENT else None
            events.append(ValidityEnding(volunteer.person, one.kind, one.training, guardian, until))
    if volunteer.suspended_until is not None and volunteer.suspended_until <= now:
        events.append(VolunteerResumed(volunteer.person, volunteer.place))
    if volunteer.guardian is not None and of_age_at(volunteer) <= now:
        events.append(GuardianReleased())
    return events


def of_age_at(volunteer: Volunteer) -> datetime:
    """When they are of age for sure: the year after the one in which they have their birthday."""
    return datetime(volunteer.birth_year + OF_AGE + 1, 1, 1, tzinfo=CHINA).astimezone(UTC)


def until_of(volunteer: Volunteer, training: str | None) -> datetime | None:
    """Until when they have learned something."""
    return next((one.until for one in volunteer.trainings if one.code == training), None)


def due(volunteer: Volunteer) -> datetime | None:
    """When the next reminder falls due, or a suspension ends."""
    times = [one.at for one in volunteer.reminders]
    if volunteer.suspended_until is not None:
        times.append(volunteer.suspended_until)
    if volunteer.guardian is not None:
        times.append(of_age_at(volunteer))
    return min(times, default=None)


def open_verbs(volunteer: Volunteer) -> tuple[str, ...]:
    """The verbs that this volunteer knows now."""
    if not volunteer.registered:
        return ()
    verbs = ["change", "move", "correct-birth-year", "describe", "stop", "name-guardian"]
    verbs += ["record-training", "insure", "suspend"]
    verbs.append("withdraw-naming" if volunteer.named else "agree-to-be-named")
    if volunteer.trainings:
        verbs.append("strike-training")
    if volunteer.suspended_until is not None:
        verbs.append("resume")
    if volunteer.guardian is not None:
        verbs += [
            "refuse-guardian",
            "consent" if volunteer.guardian_confirmed else "confirm-guardian",
        ]
    if volunteer.consent_until is not None:
        verbs.append("withdraw-consent")
    return tuple(verbs)


volunteer = Aggregate(
    kind="volunteer",
    initial=Volunteer(),
    decide=decide,
    evolve=evolve,
    events=(
        VolunteerRegistered,
        VolunteerBorn,
        VolunteerProfiled,
        VolunteerMoved,
        VolunteerDescribed,
        VolunteerStopped,
        VolunteerForgotten,
        NamingAgreed,
        NamingWithdrawn,
        GuardianNamed,
        GuardianConfirmed,
        GuardianRefused,
        GuardianConsented,
        ConsentTimed,
        GuardianConsentWithdrawn,
        GuardianReleased,
        VolunteerTrained,
        TrainingStruck,
        VolunteerFitnessChanged,
        VolunteerInsured,
        ReminderPlanned,
        ValidityEnding,
        VolunteerSuspended,
        VolunteerResumed,
        MembershipBegan,
        MembershipEnded,
        MembershipSuspended,
    ),
    due=due,
)
