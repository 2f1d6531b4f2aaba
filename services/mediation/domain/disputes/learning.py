"""What a dispute learns of others: its petition, its mediator and panel, and who was erased."""

from datetime import datetime

from services.mediation.domain.disputes.consenting import gone, mediator_awaited
from services.mediation.domain.disputes.dispute_commands import (
    ForgetPerson,
    LearnLink,
    LearnMediator,
    LearnMediatorGone,
    LearnPanel,
    LearnSeatEmpty,
)
from services.mediation.domain.disputes.dispute_events import (
    FilerForgotten,
    MediatorKnown,
    PanelKnown,
    PersonForgotten,
)
from services.mediation.domain.disputes.dispute_state import Dispute, Status
from shared.contracts.event import Event
from shared.contracts.mediation.disputes import DisputeLinked, EndedBecause

BEFORE_AGREED = frozenset({Status.FILED, Status.INVITED, Status.MEDIATING})


def linked(command: LearnLink, dispute: Dispute) -> list[Event]:
    """Each names the other."""
    if dispute.linked or dispute.petition != command.petition:
        return []
    return [DisputeLinked(dispute.dispute, command.petition, dispute.place)]


def mediated(command: LearnMediator, dispute: Dispute) -> list[Event]:
    """Somebody mediates. Who was appointed just before the end is known for having mediated."""
    over = dispute.status is Status.ENDED and dispute.mediator is not None
    if over or dispute.mediator == command.mediator:
        return []
    return [MediatorKnown(command.mediator)]


def mediator_gone(command: LearnMediatorGone, dispute: Dispute, now: datetime) -> list[Event]:
    """Another has to. Who was refused as it ended does not come back where it goes on."""
    if dispute.mediator != command.mediator:
        return []
    awaited = [mediator_awaited(now)] if dispute.status is Status.MEDIATING else []
    return [MediatorKnown(None), *awaited]


def seated(command: LearnPanel, dispute: Dispute) -> list[Event]:
    """The panel is complete."""
    if dispute.status is Status.ENDED or dispute.panel == command.members:
        return []
    return [PanelKnown(command.members)]


def seat_empty(command: LearnSeatEmpty, dispute: Dispute) -> list[Event]:
    """Somebody sits there no more."""
    if dispute.status is Status.ENDED or command.person not in dispute.panel:
        return []
    return [PanelKnown(tuple(one for one in dispute.panel if one != command.person))]


def forgotten(command: ForgetPerson, dispute: Dispute, now: datetime) -> list[Event]:
    """A party that is erased has left, and all words go; of others it is forgotten who they were.
    The rest can tell it again, where it goes on.
    """
    person = command.person
    events: list[Event] = []
    if person == dispute.mediator:
        events += [MediatorKnown(None)]
        if dispute.status is Status.MEDIATING:
            events.append(mediator_awaited(now))
    if person in dispute.panel:
        events.append(PanelKnown(tuple(one for one in dispute.panel if one != person)))
    if person in dispute.people:
        theirs = [one for one in dispute.within() if one.person == person]
        if theirs and dispute.status in BEFORE_AGREED:
            events += gone(dispute, theirs, now, EndedBecause.ERASED)
        return [*events, PersonForgotten(person)]
    if person == dispute.filed_by:
        events.append(FilerForgotten())
    return events
