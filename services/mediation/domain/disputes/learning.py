"""What a dispute learns of others: its petition, its mediator and its panel."""

from datetime import datetime

from services.mediation.domain.disputes.consenting import mediator_awaited
from services.mediation.domain.disputes.dispute_commands import (
    LearnLink,
    LearnMediator,
    LearnMediatorGone,
    LearnPanel,
    LearnSeatEmpty,
)
from services.mediation.domain.disputes.dispute_events import (
    MediatorKnown,
    PanelKnown,
)
from services.mediation.domain.disputes.dispute_state import Dispute, Status
from shared.contracts.event import Event
from shared.contracts.mediation.disputes import DisputeLinked


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
