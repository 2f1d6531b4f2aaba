"""How mediation ends: with an agreement, without one, taken back, or in other hands."""

from datetime import datetime, timedelta

from services.mediation.domain.disputes.dispute_commands import (
    FailDispute,
    LearnBroken,
    LearnInForce,
    LearnKept,
    LearnRevoked,
    LearnSigned,
    PassOnDispute,
    WithdrawDispute,
)
from services.mediation.domain.disputes.dispute_events import (
    AgreementKnown,
    DisputeReasonGiven,
    EndNoted,
    MediationResumed,
    SettlementTold,
)
from services.mediation.domain.disputes.dispute_state import Dispute, Status
from services.mediation.domain.disputes.following_up import FOLLOW_UPS, reopened
from shared.contracts.event import Event
from shared.contracts.mediation.disputes import DisputeEnded, EndedBecause, Outcome, PassedTo
from shared.runtime.aggregate import Rejected

LEFT_AFTER_REVOKED = timedelta(days=7)
"""So long mediation goes on at least when an agreement is revoked."""
SETTLED = frozenset({Outcome.SETTLED, Outcome.PARTLY})


def ended(
    dispute: Dispute,
    outcome: Outcome,
    because: EndedBecause,
    now: datetime,
    to: PassedTo | None = None,
) -> list[Event]:
    """It is over. Where something was settled, it will be asked whether it holds."""
    asks = tuple(now + after for after in FOLLOW_UPS) if outcome in SETTLED else ()
    days = 0 if dispute.begun is None else (now - dispute.begun).days
    return [
        DisputeEnded(
            dispute.dispute,
            dispute.kind,
            dispute.place,
            dispute.path,
            dispute.speakers(),
            dispute.mediator,
            dispute.petition,
            outcome,
            because,
            to,
            days,
        ),
        EndNoted(now, asks),
    ]


def time_over(dispute: Dispute, now: datetime) -> list[Event]:
    """The limit has passed."""
    return ended(dispute, Outcome.FAILED, EndedBecause.TIME_OVER, now)


def withdrawn(command: WithdrawDispute, dispute: Dispute, now: datetime) -> list[Event]:
    """By whose matter it is, or who filed it for them. The others leave, if they want."""
    own = dispute.party(dispute.filed_for)
    speaks = own is not None and command.by in own.people
    if not speaks and command.by != dispute.filed_by:
        raise Rejected("not-yours-to-withdraw", "the party that filed it takes it back")
    said = [DisputeReasonGiven(command.verb, command.by, command.reason)] if command.reason else []
    return [*ended(dispute, Outcome.WITHDRAWN, EndedBecause.WITHDRAWN, now), *said]


def failed(command: FailDispute, dispute: Dispute, now: datetime) -> list[Event]:
    """Who mediates says that there will be no agreement."""
    reason = DisputeReasonGiven(command.verb, command.by, command.reason)
    return [*ended(dispute, Outcome.FAILED, EndedBecause.NO_AGREEMENT, now), reason]


def passed_on(command: PassOnDispute, dispute: Dispute, now: datetime) -> list[Event]:
    """Somebody else has it now."""
    reason = DisputeReasonGiven(command.verb, command.by, command.reason)
    over = ended(dispute, Outcome.PASSED_ON, EndedBecause.PASSED_ON, now, command.to)
    return [*over, reason]


# --- agreements ----------------------------------------------------------------------------------


def signed(command: LearnSigned, dispute: Dispute, now: datetime) -> list[Event]:
    """The clock stops: what is left of the time is kept."""
    if dispute.status is not Status.MEDIATING or dispute.until is None:
        return []
    return [AgreementKnown(command.agreement, max(dispute.until - now, timedelta()))]


def revoked(command: LearnRevoked, dispute: Dispute, now: datetime) -> list[Event]:
    """What was left of the time runs on, for a week at least."""
    if dispute.status is not Status.AGREED or dispute.agreement != command.agreement:
        return []
    return [MediationResumed(now + max(dispute.left or timedelta(), LEFT_AFTER_REVOKED))]


def in_force(command: LearnInForce, dispute: Dispute, now: datetime) -> list[Event]:
    """It binds. All had signed it while they were mediating: it counts, too, where that ended
    before the dispute heard of it.
    """
    by_it = dispute.because is EndedBecause.AGREEMENT and not dispute.settled_orally
    if dispute.status is Status.ENDED and by_it:
        return []
    known = []
    if dispute.agreement != command.agreement:
        known = [AgreementKnown(command.agreement, timedelta())]
    outcome = Outcome.SETTLED if command.whole else Outcome.PARTLY
    return [*known, *ended(dispute, outcome, EndedBecause.AGREEMENT, now)]


def kept(command: LearnKept, dispute: Dispute) -> list[Event]:
    """All that was agreed was done."""
    return [SettlementTold(True)] if dispute.agreement == command.agreement else []


def broken(command: LearnBroken, dispute: Dispute, now: datetime) -> list[Event]:
    """It does not hold; where it is to be mediated again, that begins now."""
    if dispute.agreement != command.agreement:
        return []
    again = dispute.status is Status.ENDED and command.reopen
    return [SettlementTold(False), *(reopened(dispute, now) if again else [])]
