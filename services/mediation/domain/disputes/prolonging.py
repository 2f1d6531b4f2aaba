"""The time limit: it is warned of, and moved once where all parties consent."""

from datetime import timedelta

from services.mediation.domain.disputes.dispute_commands import (
    ConsentExtension,
    ProposeExtension,
    RefuseExtension,
)
from services.mediation.domain.disputes.dispute_events import ExtensionConsented
from services.mediation.domain.disputes.dispute_state import Dispute
from services.mediation.domain.disputes.evolving import evolve
from shared.contracts.event import Event
from shared.contracts.mediation.disputes import (
    DisputeExtended,
    DisputeNearsLimit,
    ExtensionProposed,
    ExtensionRefused,
)
from shared.runtime.aggregate import Rejected

WARN_BEFORE = timedelta(days=7)
EXTENSION = timedelta(days=30)


def warned(dispute: Dispute) -> list[Event]:
    """All are told that the time ends soon."""
    assert dispute.until is not None, "mediation has an end"
    return [
        DisputeNearsLimit(
            dispute.dispute,
            dispute.place,
            dispute.speakers(),
            dispute.mediator,
            dispute.until,
        )
    ]


def proposed(command: ProposeExtension, dispute: Dispute) -> list[Event]:
    """Who proposes it for a party consents by that."""
    if dispute.extended:
        raise Rejected("extended-before", "mediation is extended once only")
    if dispute.extension is not None:
        raise Rejected("extension-proposed", "an extension is proposed: consent to it, or refuse")
    assert dispute.until is not None, "mediation has an end"
    event = ExtensionProposed(
        dispute.dispute,
        dispute.place,
        command.by,
        tuple(one for one in dispute.speakers() if one != command.by),
        dispute.until + EXTENSION,
    )
    return [event, *_consents(command.by, evolve(dispute, event))]


def consented(command: ConsentExtension, dispute: Dispute) -> list[Event]:
    """When the last one consents, it is extended."""
    if dispute.extension is None:
        raise _none_proposed()
    return _consents(command.by, dispute)


def refused(command: RefuseExtension, dispute: Dispute) -> list[Event]:
    """The limit stays, and nothing is proposed any more."""
    if dispute.extension is None:
        raise _none_proposed()
    by = dispute.extension.proposed_by
    return [ExtensionRefused(dispute.dispute, dispute.place, by, command.by)]


def extended_if_all_consent(dispute: Dispute) -> list[Event]:
    """It is extended when every party that takes part has consented."""
    extension = dispute.extension
    if extension is None or any(one.key not in extension.consents for one in dispute.within()):
        return []
    return [
        DisputeExtended(
            dispute.dispute,
            dispute.place,
            dispute.speakers(),
            dispute.mediator,
            dispute.petition,
            extension.until,
        )
    ]


def _consents(by: str, dispute: Dispute) -> list[Event]:
    assert dispute.extension is not None, "one was proposed"
    events: list[Event] = [
        ExtensionConsented(one.key)
        for one in dispute.within()
        if by in one.people and one.key not in dispute.extension.consents
    ]
    after = dispute
    for event in events:
        after = evolve(after, event)
    return [*events, *extended_if_all_consent(after)]


def _none_proposed() -> Rejected:
    return Rejected("no-extension", "no extension is proposed")
