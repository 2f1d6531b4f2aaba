"""How a dispute changes: its beginning and end, and whether what was settled holds."""

from services.mediation.domain.disputes.changing import now_in
from services.mediation.domain.disputes.dispute_events import (
    BeginNoted,
    EndNoted,
    FollowUpAnswered,
    FollowUpClosed,
    SettlementConfirmed,
    SettlementTold,
)
from services.mediation.domain.disputes.dispute_state import (
    Dispute,
    FollowUp,
    Oral,
    Status,
)
from shared.contracts.event import Event
from shared.contracts.mediation.disputes import (
    DisputeBegun,
    DisputeEnded,
    DisputeReopened,
    FollowUpAsked,
    SettlementHolds,
    SettlementNotHolding,
    SettlementObjectedTo,
    SettlementRecorded,
)
from shared.runtime.aggregate import changed


def evolve(dispute: Dispute, event: Event) -> Dispute:
    """The dispute after an event of these."""
    match event:
        case DisputeBegun(until=until):
            return now_in(dispute, Status.MEDIATING, until=until, told=False)
        case DisputeEnded(outcome=outcome, because=because, to=to, days=days):
            return now_in(
                dispute,
                Status.ENDED,
                outcome=outcome,
                because=because,
                passed_to=to,
                days=days,
                until=None,
                left=None,
                extension=None,
            )
        case SettlementRecorded(number=number):
            return changed(dispute, oral=Oral(number), records=number)
        case SettlementConfirmed(party=key):
            assert dispute.oral is not None, "what is confirmed was recorded"
            confirms = (*dispute.oral.confirms, key)
            return changed(dispute, oral=changed(dispute.oral, confirms=confirms))
        case SettlementObjectedTo():
            return changed(dispute, oral=None)
        case BeginNoted(begun=begun):
            return changed(dispute, begun=begun)
        case EndNoted(ended=ended, asks=asks):
            return changed(dispute, ended=ended, asks=asks)
        case SettlementTold(holds=holds):
            return changed(dispute, holds=holds)
        case DisputeReopened(until=until):
            return now_in(
                dispute,
                Status.MEDIATING,
                until=until,
                told=False,
                extended=False,
                agreement=None,
                ended=None,
                days=None,
                outcome=None,
                because=None,
                asks=(),
                follow_up=None,
                reopen_until=None,
                reopened=dispute.reopened + 1,
                oral=None,
            )
        case FollowUpAsked(round=number, until=until):
            return changed(dispute, follow_up=FollowUp(number, until), asks=dispute.asks[1:])
        case FollowUpAnswered(party=key, holds=holds):
            assert dispute.follow_up is not None, "who answers was asked"
            answers = (*dispute.follow_up.answers, (key, holds))
            return changed(dispute, follow_up=changed(dispute.follow_up, answers=answers))
        case FollowUpClosed():
            assert dispute.follow_up is not None, "what is closed was open"
            return changed(dispute, follow_up=changed(dispute.follow_up, open=False))
        case SettlementHolds():
            return changed(dispute, holds=True)
        case SettlementNotHolding(until=until):
            return changed(dispute, holds=False, reopen_until=until)
    return dispute
