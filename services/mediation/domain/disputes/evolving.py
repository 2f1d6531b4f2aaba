"""How a dispute changes with its events: who is in it, and who has to do with it."""

from dataclasses import asdict

from services.mediation.domain.disputes import evolving_consent, evolving_end
from services.mediation.domain.disputes.changing import counted, with_party
from services.mediation.domain.disputes.dispute_events import (
    ConsentRecorded,
    DisputeWaitsUntil,
    FilerForgotten,
    MediatorKnown,
    PanelKnown,
    PartiesNamed,
    PersonForgotten,
)
from services.mediation.domain.disputes.dispute_state import (
    Dispute,
    Party,
    Status,
    Wait,
)
from shared.contracts.event import Event
from shared.contracts.mediation.disputes import (
    DisputeAwaits,
    DisputeFiled,
    DisputeLinked,
    DisputeRiskRaised,
    DisputeWaits,
    RepresentativeNamed,
)
from shared.runtime.aggregate import changed

MOST_ALERTED = 10
"""Of those who were told of a risk: the latest."""
CHAPTERS = (evolving_consent, evolving_end)
"""Where consent and time, and the end, are told."""


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
            return changed(with_party(dispute, key, representative=person), people=people)
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
            return counted(dispute, _with_mediator(dispute, mediator))
        case PanelKnown(members=members):
            return counted(dispute, changed(dispute, panel=members))
        case FilerForgotten():
            return changed(dispute, filed_by=None)
        case PersonForgotten(person=person):
            return counted(dispute, _without(dispute, person))
    return evolving_end.evolve(evolving_consent.evolve(dispute, event), event)


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
