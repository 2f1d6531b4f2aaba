"""Following up (回访): does it hold, after a month and after three; mediating again if not."""

from datetime import datetime, timedelta

from services.mediation.domain.disputes.dispute_commands import AnswerFollowUp, ReopenDispute
from services.mediation.domain.disputes.dispute_events import (
    BeginNoted,
    DisputeReasonGiven,
    DisputeWaitsUntil,
    FollowUpAnswered,
    FollowUpClosed,
)
from services.mediation.domain.disputes.dispute_state import Dispute
from services.mediation.domain.disputes.evolving import evolve
from shared.contracts.event import Event
from shared.contracts.mediation.disputes import (
    DisputeAwaits,
    DisputeReopened,
    FollowUpAsked,
    SettlementHolds,
    SettlementNotHolding,
)
from shared.runtime.aggregate import Rejected

FOLLOW_UPS = (timedelta(days=30), timedelta(days=90))
"""After the end, it is asked whether it holds."""
FOLLOW_UP_LASTS = timedelta(days=14)
REOPEN_WITHIN = timedelta(days=30)
"""After somebody said that it does not hold."""
REOPENED_LASTS = timedelta(days=30)
MEDIATOR_AGAIN_WITHIN = timedelta(days=5)
MOST_REOPENED = 3


def asked(dispute: Dispute, now: datetime) -> list[Event]:
    """Every party is asked."""
    number = len(FOLLOW_UPS) - len(dispute.asks) + 1
    return [
        FollowUpAsked(
            dispute.dispute,
            dispute.place,
            number,
            dispute.speakers(),
            now + FOLLOW_UP_LASTS,
        )
    ]


def answered(command: AnswerFollowUp, dispute: Dispute, now: datetime) -> list[Event]:
    """For every party that the caller speaks for, once in a round."""
    follow_up = dispute.follow_up
    if follow_up is None or not follow_up.open or now >= follow_up.until:
        raise Rejected("not-asked", "nothing is asked now")
    answered_for = {key for key, _ in follow_up.answers}
    theirs = [
        one.key
        for one in dispute.within()
        if command.by in one.people and one.key not in answered_for
    ]
    if not theirs:
        raise Rejected("answered-before", "your party has answered")
    events: list[Event] = [FollowUpAnswered(key, command.holds) for key in theirs]
    if not command.holds:
        events.append(
            SettlementNotHolding(
                dispute.dispute,
                dispute.kind,
                dispute.place,
                dispute.path,
                dispute.speakers(),
                dispute.mediator,
                follow_up.round,
                command.by,
                now + REOPEN_WITHIN,
            )
        )
    after = dispute
    for event in events:
        after = evolve(after, event)
    if answered_for | set(theirs) >= {one.key for one in dispute.within()}:
        events += closed(after)
    if command.note:
        events.append(DisputeReasonGiven(command.verb, command.by, command.note))
    return events


def closed(dispute: Dispute) -> list[Event]:
    """The round is over: it holds where somebody answered, and nobody said otherwise."""
    follow_up = dispute.follow_up
    assert follow_up is not None, "what is closed was asked"
    over = FollowUpClosed(follow_up.round)
    if not follow_up.answers or not all(holds for _, holds in follow_up.answers):
        return [over]
    holds = SettlementHolds(
        dispute.dispute,
        dispute.kind,
        dispute.place,
        dispute.path,
        dispute.mediator,
        follow_up.round,
    )
    return [over, holds]


def mediated_again(command: ReopenDispute, dispute: Dispute, now: datetime) -> list[Event]:
    """Once somebody has said that it does not hold."""
    if dispute.reopen_until is None or now >= dispute.reopen_until:
        raise Rejected(
            "holds-so-far", "it is reopened within a month after a party said it does not hold"
        )
    again = reopened(dispute, now)
    if not again:
        raise Rejected("reopened-too-often", "it was reopened as often as can be: pass it on")
    return [*again, DisputeReasonGiven(command.verb, command.by, command.reason)]


def reopened(dispute: Dispute, now: datetime) -> list[Event]:
    """Mediation begins again, with who still takes part and mediates; not where it was reopened too
    often.
    """
    if dispute.reopened >= MOST_REOPENED:
        return []
    awaited = DisputeWaitsUntil(DisputeAwaits.MEDIATOR.value, now + MEDIATOR_AGAIN_WITHIN)
    return [
        DisputeReopened(
            dispute.dispute,
            dispute.kind,
            dispute.place,
            dispute.path,
            dispute.speakers(),
            now + REOPENED_LASTS,
        ),
        BeginNoted(now),
        *([awaited] if dispute.mediator is None else []),
    ]
