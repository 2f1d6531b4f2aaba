"""Signing: by every party, of one version; then the time to think it over, then it is in force."""

from datetime import datetime

from services.mediation.domain.agreements.agreement_commands import (
    RevokeAgreement,
    SignAgreement,
)
from services.mediation.domain.agreements.agreement_events import AgreementPartySigned
from services.mediation.domain.agreements.agreement_state import Agreement, Around, days
from services.mediation.domain.agreements.drafting import refuse_early
from services.mediation.domain.agreements.terms import JUDICIAL_WITHIN
from services.mediation.domain.disputes.dispute_state import Consent
from services.mediation.domain.disputes.dispute_state import Status as DisputeStatus
from shared.contracts.event import Event
from shared.contracts.mediation.agreements import (
    AgreementInForce,
    AgreementRevoked,
    AgreementSigned,
)
from shared.runtime.aggregate import Rejected


def signed(
    command: SignAgreement, agreement: Agreement, now: datetime, around: Around
) -> list[Event]:
    """One party's signature; with the last one it is signed."""
    if (command.version, command.digest) != (agreement.version, agreement.digest):
        raise Rejected("another-version", "there is another version by now: read that one first")
    party = agreement.circle.party_of(command.signer)
    if party is None or agreement.side(party) is None:
        raise Rejected("not-to-sign", "it is signed by those who speak for a party of it")
    if party not in agreement.unsigned:
        raise Rejected("signed-already", "this version is signed for your party already")
    dispute = around.dispute
    if dispute is None or dispute.status is not DisputeStatus.MEDIATING:
        raise Rejected("dispute-not-mediating", "an agreement is made while mediation goes on")
    bound = {one.party for one in agreement.parties}
    if bound != {one.key for one in dispute.parties if one.consent is Consent.AGREED}:
        raise Rejected("parties-changed", "somebody joined or left: draft another version")
    refuse_early((one.until for one in agreement.clauses), now, agreement.cooling_off_days)
    events: list[Event] = [AgreementPartySigned(party, command.signer, now)]
    if agreement.unsigned != (party,):
        return events
    signers = (*(one.by for one in agreement.signatures), command.signer)
    cooling_off = agreement.cooling_off_days
    until = now + days(cooling_off) if cooling_off else None
    events.append(
        AgreementSigned(
            agreement.agreement,
            agreement.dispute,
            agreement.version,
            agreement.digest,
            signers,
            agreement.holders,
            agreement.circle.mediator,
            until,
        )
    )
    if until is None:
        events.append(in_force(agreement, now))
    return events


def in_force(agreement: Agreement, since: datetime) -> AgreementInForce:
    """It binds from then on."""
    return AgreementInForce(
        agreement.agreement,
        agreement.dispute,
        agreement.digest,
        agreement.whole,
        agreement.holders,
        agreement.circle.mediator,
        since + JUDICIAL_WITHIN,
    )


def revoked(command: RevokeAgreement, agreement: Agreement, now: datetime) -> list[Event]:
    """A party thinks better of it in time."""
    if agreement.until is None or now >= agreement.until:
        raise Rejected("too-late-to-revoke", "the time to think it over has ended")
    return [
        AgreementRevoked(
            agreement.agreement,
            agreement.dispute,
            command.by,
            agreement.holders,
            agreement.circle.mediator,
        )
    ]
