"""Mediator (和事佬): who settles quarrels, in which fields, where and for how long.

Convenors keep the record. What is at hand and how it ended is counted from what happens to the
disputes.
"""

from datetime import datetime, timedelta

from services.mediation.domain.panels.mediator_commands import (
    EndCase,
    FollowUpCase,
    ForgetMediator,
    GiveCaseAway,
    IntroduceMediator,
    RegisterMediator,
    ResumeMediator,
    RetireMediator,
    ReviseMediator,
    SetTerm,
    SuspendMediator,
    TakeCase,
    TrainMediator,
)
from services.mediation.domain.panels.mediator_state import (
    TERM,
    CaseEnded,
    CaseFollowedUp,
    CaseGivenAway,
    CaseTaken,
    Known,
    Mediator,
    MediatorForgotten,
    MediatorIntroduced,
    MediatorReasonGiven,
    MediatorRevised,
    Standing,
    evolve,
)
from shared.contracts.event import Event
from shared.contracts.mediation.panels import (
    MediatorRegistered,
    MediatorResumed,
    MediatorRetired,
    MediatorSuspended,
    MediatorTermSet,
    MediatorTrained,
    MediatorValidityEnding,
)
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick

LONGEST_TERM = timedelta(days=5 * 366)
REMIND_BEFORE = timedelta(days=30)
"""So long before a term or a training ends it is said."""
MOST_TRAININGS = 30

OPEN: dict[str, frozenset[Standing]] = {
    "revise": frozenset({Standing.ACTIVE, Standing.SUSPENDED}),
    "introduce": frozenset({Standing.ACTIVE, Standing.SUSPENDED}),
    "train": frozenset({Standing.ACTIVE, Standing.SUSPENDED}),
    "set-term": frozenset({Standing.ACTIVE}),
    "suspend": frozenset({Standing.ACTIVE}),
    "resume": frozenset({Standing.SUSPENDED}),
    "retire": frozenset({Standing.ACTIVE, Standing.SUSPENDED}),
}
"""In which standing a verb is open, whoever asks."""


def decide(command: Command, mediator: Mediator, now: datetime, known: Known) -> list[Event]:
    """What follows from a command; `known` are the places that it names."""
    if isinstance(command, RegisterMediator):
        return _registered(command, mediator, now, known)
    if (standings := OPEN.get(command.verb)) is not None and mediator.standing not in standings:
        raise Rejected(
            "mediator-wrong-moment",
            f"{command.verb} does not fit a mediator who is {mediator.standing}",
            verb=command.verb,
            standing=mediator.standing.value,
        )
    person, place = mediator.person or "", mediator.place
    match command:
        case Tick():
            return _passed(mediator, now)
        case ReviseMediator():
            return _unless_same(_revised(command, known), mediator)
        case IntroduceMediator(name=name, introduction=introduction):
            return [MediatorIntroduced(name, introduction)]
        case TrainMediator(training=training, until=until):
            return _trained(person, training, until, mediator, now)
        case SetTerm(until=until):
            _must_be_a_term(until, now)
            return [] if until == mediator.until else [MediatorTermSet(person, place, until)]
        case SuspendMediator(by=by, because=because, reason=reason):
            said = MediatorReasonGiven(command.verb, f"{because.value} {reason}".strip())
            return [MediatorSuspended(person, place, by), said]
        case ResumeMediator(by=by):
            return [MediatorResumed(person, place, by)]
        case RetireMediator(by=by, reason=reason):
            said_why: list[Event] = [MediatorReasonGiven(command.verb, reason)] if reason else []
            return [MediatorRetired(person, place, "retired", by), *said_why]
        case _:
            return _followed(command, mediator)


def _followed(command: Command, mediator: Mediator) -> list[Event]:
    """What follows from what happened to disputes, and to the person."""
    match command:
        case TakeCase(dispute=dispute, again=again) if dispute not in mediator.cases:
            # That it has ended may be heard before that they were appointed to it.
            return [CaseTaken(dispute)] if again or dispute not in mediator.closed else []
        case GiveCaseAway(dispute=dispute) if dispute in mediator.cases:
            return [CaseGivenAway(dispute)]
        case EndCase(dispute=dispute, outcome=outcome, days=days) if (
            dispute in mediator.cases or dispute not in mediator.closed
        ):
            return [CaseEnded(dispute, outcome, days)]
        case FollowUpCase(dispute=dispute, holds=holds):
            return [CaseFollowedUp(dispute, holds)]
        case ForgetMediator() if mediator.person is not None:
            if mediator.standing is Standing.RETIRED:
                return [MediatorForgotten()]
            gone = MediatorRetired(mediator.person, mediator.place, "erased", None)
            return [gone, MediatorForgotten()]
    return []


def _registered(
    command: RegisterMediator, mediator: Mediator, now: datetime, known: Known
) -> list[Event]:
    """A new mediator, or one who comes back."""
    if mediator.standing in (Standing.ACTIVE, Standing.SUSPENDED):
        raise Rejected("mediator-registered", "this person mediates already: revise the record")
    if command.place not in known.paths:
        raise Rejected("mediator-place-unknown", "no such place is open", place=command.place)
    _must_be_a_term(command.until, now)
    revised = _revised(command, known)
    return [
        MediatorRegistered(command.person, command.place, command.until),
        revised,
        MediatorIntroduced(command.name, command.introduction),
    ]


def _revised(command: RegisterMediator | ReviseMediator, known: Known) -> MediatorRevised:
    serves = tuple(dict.fromkeys(command.serves))
    fields = tuple(dict.fromkeys(command.fields))
    languages = tuple(dict.fromkeys(command.languages))
    for code in serves:
        if code not in known.paths:
            raise Rejected("mediator-place-unknown", "no such place is open", place=code)
    if not serves or not fields or not languages:
        raise Rejected(
            "mediator-does-nothing", "name at least one place, one field and one language"
        )
    return MediatorRevised(serves, fields, languages, command.most_cases)


def _unless_same(revised: MediatorRevised, mediator: Mediator) -> list[Event]:
    return [] if evolve(mediator, revised) == mediator else [revised]


def _trained(
    person: str, training: str, until: datetime | None, mediator: Mediator, now: datetime
) -> list[Event]:
    if until is not None and until <= now:
        raise Rejected("training-over", "a training that holds no more counts for nothing")
    known = {one.code for one in mediator.trainings}
    if training not in known and len(known) >= MOST_TRAININGS:
        raise Rejected(
            "too-many-trainings", f"at most {MOST_TRAININGS} are kept", most=MOST_TRAININGS
        )
    return [MediatorTrained(person, training, until)]


def _must_be_a_term(until: datetime, now: datetime) -> None:
    if not now < until <= now + LONGEST_TERM:
        raise Rejected("mediator-term", "a term ends later than now, and within five years")


# --- time ----------------------------------------------------------------------------------------


def due(mediator: Mediator) -> datetime | None:
    """When the term ends, or it is to be said that it, or a training, does soon."""
    if mediator.standing not in (Standing.ACTIVE, Standing.SUSPENDED) or mediator.until is None:
        return None
    soon = [until - REMIND_BEFORE for what, until in _ending(mediator)]
    return min([mediator.until, *soon])


def _ending(mediator: Mediator) -> list[tuple[str, datetime]]:
    """What ends, and was not yet said to."""
    ends = [(one.code, one.until) for one in mediator.trainings if one.until is not None]
    if mediator.until is not None:
        ends.append((TERM, mediator.until))
    return [one for one in ends if one[0] not in mediator.reminded]


def _passed(mediator: Mediator, now: datetime) -> list[Event]:
    moment = due(mediator)
    if moment is None or moment > now or mediator.until is None:
        return []
    person, place = mediator.person or "", mediator.place
    if mediator.until <= now:
        return [MediatorRetired(person, place, "term", None)]
    return [
        MediatorValidityEnding(person, place, what, until)
        for what, until in _ending(mediator)
        if until - REMIND_BEFORE <= now
    ]


def open_verbs(mediator: Mediator) -> tuple[str, ...]:
    """The verbs that this record knows now."""
    return tuple(verb for verb, standings in OPEN.items() if mediator.standing in standings)


mediator = Aggregate(
    kind="mediator",
    initial=Mediator(),
    decide=decide,
    evolve=evolve,
    events=(
        MediatorRegistered,
        MediatorRevised,
        MediatorTrained,
        MediatorTermSet,
        MediatorValidityEnding,
        MediatorSuspended,
        MediatorResumed,
        MediatorRetired,
        CaseTaken,
        CaseGivenAway,
        CaseEnded,
        CaseFollowedUp,
        MediatorForgotten,
        MediatorIntroduced,
        MediatorReasonGiven,
    ),
    due=due,
)
