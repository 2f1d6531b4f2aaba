"""Mediation (调解): a quarrel behind a petition is mediated, and meanwhile its clock is held.

Anybody can name any petition when they bring a dispute forward. The petition knows of it only where
its petitioner did so, its assignee, or somebody with a duty on the way up from its place; a report
is never mediated. When mediation begins, the clock stops until the end of its time, as in
`suspension`: what was left runs on when mediation ends, whatever came of it.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from services.petitions.domain.ladder import Surroundings
from services.petitions.domain.state import ON_THE_CLOCK, Mediated, Petition, Status
from services.petitions.domain.suspension import held, resume
from shared.contracts.event import Event
from shared.contracts.petitions import (
    PetitionMediated,
    PetitionSentToMediation,
    PetitionSuspended,
)
from shared.contracts.types import PetitionKind
from shared.runtime.aggregate import Command, changed

REASON = "mediation"
"""The reason of the suspension."""
WORKED_ON = ON_THE_CLOCK - {Status.REVIEW}


@dataclass(frozen=True, slots=True)
class SendToMediation(Command):
    """A dispute was filed by this person, who says that it comes out of the petition."""

    dispute: str
    filed_by: str


@dataclass(frozen=True, slots=True)
class WaitForMediation(Command):
    """Mediation has begun, or was extended: it lasts until then."""

    dispute: str
    until: datetime


@dataclass(frozen=True, slots=True)
class EndMediation(Command):
    """Mediation is over; `settled`, where something was agreed."""

    dispute: str
    settled: bool


@dataclass(frozen=True, slots=True)
class HoldProlonged(Event):
    """The clock stands still for longer."""

    until: datetime


@dataclass(frozen=True, slots=True)
class MediationBy(Event):
    """Who brought the dispute forward."""

    by: str


COMMANDS = (SendToMediation, WaitForMediation, EndMediation)
EVENTS = (PetitionSentToMediation, PetitionMediated, MediationBy, HoldProlonged)


def decide(command: Command, petition: Petition, now: datetime, facts: Surroundings) -> list[Event]:
    """What follows from what becomes of the dispute; nothing from one that it does not know."""
    if isinstance(command, SendToMediation):
        return _sent(command, petition, facts)
    known = petition.mediated
    assert isinstance(command, WaitForMediation | EndMediation)
    if known is None or known.over or known.dispute != command.dispute:
        return []
    if isinstance(command, EndMediation):
        return _ended(command, petition, now, facts)
    if _waits(petition):
        return [HoldProlonged(command.until), _suspended(petition, known.by, command.until)]
    if petition.status not in WORKED_ON or now >= command.until:
        return []
    return held(petition, known.by, REASON, command.until, now, facts)


def _sent(command: SendToMediation, petition: Petition, facts: Surroundings) -> list[Event]:
    by = command.filed_by
    theirs = by in (petition.petitioner, petition.assignee) or facts.standing is not None
    going_on = petition.mediated is not None and not petition.mediated.over
    report = petition.kind is PetitionKind.REPORT
    if petition.status not in WORKED_ON or going_on or report or not theirs:
        return []
    return [
        PetitionSentToMediation(
            petition=petition.id,
            dispute=command.dispute,
            level=petition.level,
            place=petition.at,
            assignee=petition.assignee,
            petitioner=petition.named,
        ),
        MediationBy(by),
    ]


def _ended(
    command: EndMediation, petition: Petition, now: datetime, facts: Surroundings
) -> list[Event]:
    over = PetitionMediated(
        petition=petition.id,
        dispute=command.dispute,
        settled=command.settled,
        level=petition.level,
        place=petition.at,
        assignee=petition.assignee,
        petitioner=petition.named,
    )
    return [over, *(resume(petition, REASON, now, facts) if _waits(petition) else [])]


def _waits(petition: Petition) -> bool:
    pause = petition.pause
    return petition.status is Status.SUSPENDED and pause is not None and pause.reason == REASON


def _suspended(petition: Petition, by: str, until: datetime) -> PetitionSuspended:
    return PetitionSuspended(
        petition=petition.id,
        reason=REASON,
        until=until,
        by=by,
        level=petition.level,
        place=petition.at,
        assignee=petition.assignee,
        petitioner=petition.named,
    )


def evolve(petition: Petition, event: Event) -> Petition:
    """The petition after the event."""
    match event:
        case PetitionSentToMediation(dispute=dispute):
            return changed(petition, mediated=Mediated(dispute))
        case MediationBy(by=by):
            assert petition.mediated is not None, "a dispute was named"
            return changed(petition, mediated=changed(petition.mediated, by=by))
        case PetitionMediated(settled=settled):
            assert petition.mediated is not None, "a dispute was named"
            over = changed(petition.mediated, over=True, settled=settled)
            return changed(petition, mediated=over)
        case HoldProlonged(until=until):
            assert petition.pause is not None, "what is prolonged stands still"
            return changed(petition, pause=replace(petition.pause, until=until))
    return petition
