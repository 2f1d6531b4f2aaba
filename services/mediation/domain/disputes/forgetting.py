"""Forgetting: what goes of a dispute with somebody who is erased, and what the others keep."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.mediation.domain.disputes.consenting import gone, mediator_awaited
from services.mediation.domain.disputes.dispute_events import (
    FilerForgotten,
    MediatorKnown,
    PanelKnown,
    PartyContactGiven,
    PersonForgotten,
    SettlementWritten,
)
from services.mediation.domain.disputes.dispute_state import Dispute, Status
from services.mediation.domain.masking import masked
from shared.contracts.event import Event
from shared.contracts.mediation.disputes import EndedBecause
from shared.runtime.aggregate import Command

BEFORE_AGREED = frozenset({Status.FILED, Status.INVITED, Status.MEDIATING})


@dataclass(frozen=True, slots=True)
class ForgetPerson(Command):
    """Somebody was erased. `records` and `contacts` are what the dossier has of what was settled by
    word of mouth, and of names.
    """

    person: str
    records: tuple[SettlementWritten, ...] = ()
    contacts: tuple[PartyContactGiven, ...] = ()


def forgotten(command: ForgetPerson, dispute: Dispute, now: datetime) -> list[Event]:
    """A party that is erased has left, and all words go, but for what the others settled by word of
    mouth. Of who is no party it is forgotten who they were. The rest can tell it again, where it
    goes on.
    """
    person = command.person
    events: list[Event] = []
    if person == dispute.mediator:
        events += [MediatorKnown(None)]
        if dispute.status is Status.MEDIATING:
            events.append(mediator_awaited(now))
    if person in dispute.panel:
        events.append(PanelKnown(tuple(one for one in dispute.panel if one != person)))
    if person in dispute.people:
        theirs = [one for one in dispute.within() if one.person == person]
        if theirs and dispute.status in BEFORE_AGREED:
            events += gone(dispute, theirs, now, EndedBecause.ERASED)
        return [*events, PersonForgotten(person), *_kept(command, dispute)]
    if person == dispute.filed_by:
        events.append(FilerForgotten())
    return events


def _kept(command: ForgetPerson, dispute: Dispute) -> list[Event]:
    """The record that all have confirmed, with a word for the names of who is gone."""
    if not dispute.settled_orally or dispute.oral is None:
        return []
    theirs = {one.key for one in dispute.parties if one.person == command.person}
    others = [one for one in dispute.within() if one.key not in theirs]
    if not any(one.person or one.organisation for one in others):
        return []  # nobody is left whose settlement it is
    names = [one.name for one in command.contacts if one.party in theirs and one.name]
    number = dispute.oral.number
    found = [one for one in command.records if one.number == number]
    return [replace(one, text=masked(one.text, names)) for one in found[-1:]]
