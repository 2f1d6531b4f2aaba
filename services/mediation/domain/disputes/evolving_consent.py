"""How a dispute changes: invitation, consent, and the time that mediation has."""

from services.mediation.domain.disputes.changing import now_in, with_party
from services.mediation.domain.disputes.dispute_events import (
    AgreementKnown,
    ExtensionConsented,
    MediationResumed,
)
from services.mediation.domain.disputes.dispute_state import (
    Consent,
    Dispute,
    Extension,
    Status,
)
from shared.contracts.event import Event
from shared.contracts.mediation.disputes import (
    DisputeExtended,
    DisputeNearsLimit,
    ExtensionProposed,
    ExtensionRefused,
    PartyAgreed,
    PartyDeclined,
    PartyInvited,
    PartyLeft,
    PartyReminded,
)
from shared.runtime.aggregate import changed


def evolve(dispute: Dispute, event: Event) -> Dispute:
    """The dispute after an event of these."""
    match event:
        case PartyInvited(until=until):
            return now_in(dispute, Status.INVITED, until=until, told=False)
        case PartyReminded() | DisputeNearsLimit():
            return changed(dispute, told=True)
        case PartyAgreed(party=key):
            return with_party(dispute, key, consent=Consent.AGREED)
        case PartyDeclined(party=key):
            return with_party(dispute, key, consent=Consent.DECLINED)
        case PartyLeft(party=key):
            # What was recorded was agreed with them, too.
            return changed(with_party(dispute, key, consent=Consent.LEFT), oral=None)
        case ExtensionProposed(proposed_by=by, until=until):
            return changed(dispute, extension=Extension(by, until))
        case ExtensionConsented(party=key):
            assert dispute.extension is not None, "who consents was asked"
            consents = (*dispute.extension.consents, key)
            return changed(dispute, extension=changed(dispute.extension, consents=consents))
        case ExtensionRefused():
            return changed(dispute, extension=None)
        case DisputeExtended(until=until):
            return changed(dispute, until=until, told=False, extended=True, extension=None)
        case AgreementKnown(agreement=agreement, left=left):
            signed = (*(one for one in dispute.agreements if one != agreement), agreement)
            return now_in(
                dispute,
                Status.AGREED,
                agreement=agreement,
                agreements=signed,
                left=left,
                until=None,
                oral=None,
            )
        case MediationResumed(until=until):
            return now_in(
                dispute, Status.MEDIATING, agreement=None, left=None, until=until, told=False
            )
    return dispute
