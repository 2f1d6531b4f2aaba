"""How a dispute changes with its events."""

from dataclasses import asdict

from services.mediation.domain.disputes.dispute_events import (
    AgreementKnown,
    BeginNoted,
    ConsentRecorded,
    DisputeWaitsUntil,
    EndNoted,
    ExtensionConsented,
    FilerForgotten,
    FollowUpAnswered,
    FollowUpClosed,
    MediationResumed,
    MediatorKnown,
    PanelKnown,
    PartiesNamed,
    PersonForgotten,
    SettlementTold,
)
from services.mediation.domain.disputes.dispute_state import (
    Consent,
    Dispute,
    Extension,
    FollowUp,
    Party,
    Status,
    Wait,
)
from shared.contracts.event import Event
from shared.contracts.mediation.disputes import (
    DisputeAwaits,
    DisputeBegun,
    DisputeEnded,
    DisputeExtended,
    DisputeFiled,
    DisputeLinked,
    DisputeNearsLimit,
    DisputeReopened,
    DisputeRiskRaised,
    DisputeWaits,
    ExtensionProposed,
    ExtensionRefused,
    FollowUpAsked,
    PartyAgreed,
    PartyDeclined,
    PartyInvited,
    PartyLeft,
    PartyReminded,
    RepresentativeNamed,
    SettlementHolds,
    SettlementNotHolding,
)
from shared.runtime.aggregate import changed

MOST_ALERTED = 10
"""Of those who were told of a risk: the latest."""


def evolve(dispute: Dispute, event: Event) -> Dispute:
    """The dispute after an event."""
    match event:
        case DisputeFiled():
            return Dispute(
                event.dispute,
                Status.FILED,
                event.kind,
                event.place,
                event.path,
                event.filed_by,
                petition=event.petition,
            )
        case PartiesNamed():
            return _named(dispute, event)
        case DisputeLinked():
            return changed(dispute, linked=True)
        case ConsentRecorded(party=key, how=how):
            others = tuple(one for one in dispute.consents if one[0] != key)
            return changed(dispute, consents=(*others, (key, how)))
        case RepresentativeNamed(party=key, person=person):
            people = dispute.people if person in dispute.people else (*dispute.people, person)
            return changed(_party(dispute, key, representative=person), people=people)
        case DisputeRiskRaised(kind=kind):
            told = (*dispute.alerted, *(one for one in (event.person, event.informed) if one))
            return changed(
                dispute,
                risks=tuple(dict.fromkeys((*dispute.risks, kind))),
                alerted=tuple(dict.fromkeys(told))[-MOST_ALERTED:],
            )
        case DisputeWaitsUntil(awaits=awaits, by=by):
            return changed(dispute, wait=Wait(DisputeAwaits(awaits), by))
        case DisputeWaits(awaits=late):
            return changed(dispute, wait=None, late=late)
        case MediatorKnown(mediator=mediator):
            return _with_mediator(dispute, mediator)
        case PanelKnown(members=members):
            return changed(dispute, panel=members)
        case FilerForgotten():
            return changed(dispute, filed_by=None)
        case PersonForgotten(person=person):
            return _without(dispute, person)
    return _consented(dispute, event)


def _consented(dispute: Dispute, event: Event) -> Dispute:
    """Invitation, consent, and the time that mediation has."""
    match event:
        case PartyInvited(until=until):
            return _now(dispute, Status.INVITED, until=until, told=False)
        case PartyReminded() | DisputeNearsLimit():
            return changed(dispute, told=True)
        case PartyAgreed(party=key):
            return _party(dispute, key, consent=Consent.AGREED)
        case PartyDeclined(party=key):
            return _party(dispute, key, consent=Consent.DECLINED)
        case PartyLeft(party=key):
            return _party(dispute, key, consent=Consent.LEFT)
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
            return _now(
                dispute,
                Status.AGREED,
                agreement=agreement,
                agreements=signed,
                left=left,
                until=None,
            )
        case MediationResumed(until=until):
            return _now(
                dispute, Status.MEDIATING, agreement=None, left=None, until=until, told=False
            )
    return _over(dispute, event)


def _over(dispute: Dispute, event: Event) -> Dispute:
    """Beginning and end, and whether it holds."""
    match event:
        case DisputeBegun(until=until):
            return _now(dispute, Status.MEDIATING, until=until, told=False)
        case DisputeEnded(outcome=outcome, because=because, to=to, days=days):
            return _now(
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
        case BeginNoted(begun=begun):
            return changed(dispute, begun=begun)
        case EndNoted(ended=ended, asks=asks):
            return changed(dispute, ended=ended, asks=asks)
        case SettlementTold(holds=holds):
            return changed(dispute, holds=holds)
        case DisputeReopened(until=until):
            return _now(
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


def _named(dispute: Dispute, event: PartiesNamed) -> Dispute:
    parties = tuple(Party(**asdict(one)) for one in event.parties)
    people = tuple(dict.fromkeys(who for one in parties for who in one.people))
    return changed(
        dispute, parties=parties, people=people, filed_for=event.filed_for, filed=event.filed
    )


def _with_mediator(dispute: Dispute, mediator: str | None) -> Dispute:
    wait, late = dispute.wait, dispute.late
    if wait is not None and wait.awaits is DisputeAwaits.MEDIATOR:
        wait = None
    if late is DisputeAwaits.MEDIATOR:
        late = None
    return changed(dispute, mediator=mediator, wait=wait, late=late)


def _party(dispute: Dispute, key: str, **changes: object) -> Dispute:
    parties = tuple(changed(one, **changes) if one.key == key else one for one in dispute.parties)
    return changed(dispute, parties=parties)


def _without(dispute: Dispute, person: str) -> Dispute:
    parties = tuple(
        changed(
            one,
            person=None if one.person == person else one.person,
            household=None if one.person == person else one.household,
            representative=None if one.representative == person else one.representative,
        )
        for one in dispute.parties
    )
    return changed(
        dispute,
        parties=parties,
        people=tuple(one for one in dispute.people if one != person),
        filed_by=None if dispute.filed_by == person else dispute.filed_by,
        mediator=None if dispute.mediator == person else dispute.mediator,
        panel=tuple(one for one in dispute.panel if one != person),
        alerted=tuple(one for one in dispute.alerted if one != person),
    )


def _now(dispute: Dispute, status: Status, **rest: object) -> Dispute:
    """In another status nothing is waited for any more, until that is said anew."""
    return changed(dispute, status=status, wait=None, late=None, **rest)
