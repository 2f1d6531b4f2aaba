"""Consent: mediation is voluntary. It begins when all agree, and whoever wants to leave leaves.

It goes on without who declined or left as long as two sides remain. Who does not answer has not
agreed: then it does not begin.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.mediation.domain.disputes.dispute_commands import (
    AgreeToMediate,
    DeclineToMediate,
    LeaveDispute,
    RecordAnswer,
)
from services.mediation.domain.disputes.dispute_events import (
    BeginNoted,
    ConsentRecorded,
    DisputeReasonGiven,
    DisputeWaitsUntil,
)
from services.mediation.domain.disputes.dispute_state import Consent, Dispute, Party, Status
from services.mediation.domain.disputes.ending import ended
from services.mediation.domain.disputes.evolving import evolve
from services.mediation.domain.disputes.prolonging import extended_if_all_consent
from shared.contracts.event import Event
from shared.contracts.mediation.disputes import (
    DisputeAwaits,
    DisputeBegun,
    EndedBecause,
    Outcome,
    PartyAgreed,
    PartyDeclined,
    PartyInvited,
    PartyLeft,
    PartyReminded,
    RepresentativeNamed,
)
from shared.runtime.aggregate import Rejected

ANSWER_WITHIN = timedelta(days=7)
REMIND_BEFORE = timedelta(days=2)
MEDIATION_LASTS = timedelta(days=30)
MEDIATOR_WITHIN = timedelta(days=5)
"""After the beginning somebody mediates, or the office is told."""


def invited(dispute: Dispute, now: datetime) -> list[Event]:
    """Each party that has not agreed yet is asked."""
    return [
        PartyInvited(
            dispute.dispute,
            one.key,
            dispute.place,
            one.speaker,
            one.organisation,
            now + ANSWER_WITHIN,
        )
        for one in _unanswered(dispute)
    ]


def reminded(dispute: Dispute) -> list[Event]:
    """Who has not answered is asked again."""
    assert dispute.until is not None, "an invitation has an end"
    return [
        PartyReminded(
            dispute.dispute, one.key, dispute.place, one.speaker, one.organisation, dispute.until
        )
        for one in _unanswered(dispute)
    ]


def lapsed(dispute: Dispute, now: datetime) -> list[Event]:
    """No answer is no agreement."""
    return ended(dispute, Outcome.FAILED, EndedBecause.NO_ANSWER, now)


def agreed(command: AgreeToMediate, dispute: Dispute, now: datetime) -> list[Event]:
    """The parties that the caller speaks for take part."""
    spoken = _spoken_for(dispute, command.by, command.org)
    events = [
        PartyAgreed(dispute.dispute, one.key, dispute.place, command.by, command.by)
        for one in spoken
    ]
    taken_up = _taken_up(dispute, spoken, command.by)
    return _then_begun(dispute, [*taken_up, *events], now)


def declined(command: DeclineToMediate, dispute: Dispute, now: datetime) -> list[Event]:
    """They do not."""
    spoken = _spoken_for(dispute, command.by, command.org)
    events = [_declined(dispute, one, command.by) for one in spoken]
    followed = _then_begun(dispute, [*_taken_up(dispute, spoken, command.by), *events], now)
    if command.reason:
        followed.append(DisputeReasonGiven(command.verb, command.by, command.reason))
    return followed


def recorded(command: RecordAnswer, dispute: Dispute, now: datetime) -> list[Event]:
    """Staff write down what a party told them; nobody does so who is in it."""
    party = dispute.party(command.party)
    if party is None or party.consent is not Consent.OPEN:
        raise Rejected("answered-before", "this party has answered, or there is none such")
    if command.by in dispute.people:
        raise Rejected("own-dispute", "who is in it records nobody's answer")
    if command.consent.given.tzinfo is None or command.consent.given > now:
        raise Rejected("consent-later", "the party cannot have said so after now")
    told = ConsentRecorded(party.key, command.consent.how.value, command.consent.given)
    answer: Event = _declined(dispute, party, command.by)
    if command.agrees:
        answer = PartyAgreed(dispute.dispute, party.key, dispute.place, party.speaker, command.by)
    return _then_begun(dispute, [told, answer], now)


def left(command: LeaveDispute, dispute: Dispute, now: datetime) -> list[Event]:
    """At any time: that ends it, unless two sides remain."""
    theirs = [one for one in dispute.within() if command.by in one.people]
    events = gone(dispute, theirs, now, EndedBecause.LEFT)
    if command.reason:
        events.append(DisputeReasonGiven(command.verb, command.by, command.reason))
    return events


def gone(
    dispute: Dispute, parties: Sequence[Party], now: datetime, because: EndedBecause
) -> list[Event]:
    """These parties take part no more, and what follows from that."""
    leaving = {one.key for one in parties}
    others = tuple(
        dict.fromkeys(
            who for one in dispute.within() if one.key not in leaving for who in one.people
        )
    )
    events: list[Event] = [
        PartyLeft(dispute.dispute, one.key, dispute.place, one.speaker, others, dispute.mediator)
        for one in parties
    ]
    return _then_begun(dispute, events, now, because)


def begun_if_all_agree(dispute: Dispute, now: datetime) -> list[Event]:
    """Mediation begins when nobody is waited for any more."""
    if _unanswered(dispute) or dispute.status not in (Status.FILED, Status.INVITED):
        return []
    events: list[Event] = [
        DisputeBegun(
            dispute.dispute,
            dispute.kind,
            dispute.place,
            dispute.path,
            dispute.speakers(),
            now + MEDIATION_LASTS,
            dispute.petition,
        ),
        BeginNoted(now),
    ]
    if dispute.mediator is None:
        events.append(mediator_awaited(now))
    return events


def mediator_awaited(now: datetime) -> DisputeWaitsUntil:
    """Somebody has to mediate soon."""
    return DisputeWaitsUntil(DisputeAwaits.MEDIATOR.value, now + MEDIATOR_WITHIN)


def _then_begun(
    dispute: Dispute,
    events: list[Event],
    now: datetime,
    because: EndedBecause = EndedBecause.DECLINED,
) -> list[Event]:
    """What follows from answers: a beginning where all agree, an end where no two sides remain."""
    after = dispute
    for event in events:
        after = evolve(after, event)
    if len(after.sides()) < len(("a", "b")):
        return [*events, *ended(after, Outcome.FAILED, because, now)]
    if after.status is Status.MEDIATING:
        return [*events, *extended_if_all_consent(after)]
    if after.status is Status.FILED:
        return events  # staff have yet to look
    return [*events, *begun_if_all_agree(after, now)]


def _unanswered(dispute: Dispute) -> list[Party]:
    return [one for one in dispute.parties if one.consent is Consent.OPEN]


def _spoken_for(dispute: Dispute, by: str, org: str | None) -> list[Party]:
    """The parties, not yet answered for, for which the caller can answer. Raises `Rejected`."""
    spoken = [
        one
        for one in _unanswered(dispute)
        if by in one.people
        or (one.organisation is not None and one.organisation == org and not one.representative)
    ]
    if not spoken:
        raise Rejected("answered-before", "your party has answered, or another speaks for it")
    return spoken


def _taken_up(dispute: Dispute, parties: Sequence[Party], by: str) -> list[Event]:
    """Who answers for an organisation for which nobody spoke speaks for it. Raises `Rejected`."""
    fresh = [one for one in parties if by not in one.people]
    if any(
        by in other.people and other.side != one.side for one in fresh for other in dispute.parties
    ):
        raise Rejected("both-sides", "nobody stands on both sides")
    if fresh and (by == dispute.mediator or by in dispute.panel):
        raise Rejected("mediates-it", "who mediates speaks for no party")
    return [
        RepresentativeNamed(dispute.dispute, one.key, dispute.place, by, None, by) for one in fresh
    ]


def _declined(dispute: Dispute, party: Party, by: str) -> PartyDeclined:
    others = tuple(
        dict.fromkeys(who for one in dispute.within() if one != party for who in one.people)
    )
    return PartyDeclined(dispute.dispute, party.key, dispute.place, party.speaker, others, by)
