"""Adoption (接收): what another system received and answered is kept here as it was there.

Nobody here is asked and no clock runs: it begins closed. What another system has not answered is
filed instead.
"""

from dataclasses import dataclass
from datetime import datetime

from services.petitions.domain.climbing import closed
from services.petitions.domain.dossier import AnswerWritten, PetitionDescribed, PetitionPromised
from services.petitions.domain.filing import admit, when_raised
from services.petitions.domain.ladder import Surroundings
from services.petitions.domain.state import Petition, Status, evolve
from shared.contracts.event import Event
from shared.contracts.petitions import PetitionFiled
from shared.contracts.types import Code, PetitionKind, PlaceCode, Text, Title, Urgency
from shared.runtime.aggregate import Command, Rejected

ADOPTED = "adopted"
"""The outcome of what was answered elsewhere."""


@dataclass(frozen=True, slots=True)
class Adopt(Command):
    """Keep a petition of another system with the answer it got there, `answered_by` somebody.

    Who imports it stands in the commit, as its actor.
    """

    kind: PetitionKind
    title: Title
    text: Text
    place: PlaceCode
    category: Code
    raised_at: datetime
    answer: Text
    answered_at: datetime
    answered_by: Title
    channel: Code = "import"
    urgency: Urgency = Urgency.NORMAL


COMMANDS = (Adopt,)
EVENTS = ()
"""Those of filing, answering and closing: whoever follows petitions need not learn others."""


def decide(command: Command, petition: Petition, now: datetime, facts: Surroundings) -> list[Event]:
    """It is there, answered and closed, as long ago as it was there."""
    assert isinstance(command, Adopt)
    if petition.status is not Status.UNFILED:
        raise Rejected("already-filed", "this petition was filed before")
    limits = admit(command, facts)
    raised = when_raised(command.raised_at, now)
    answered = when_raised(command.answered_at, now)
    if answered < raised:
        raise Rejected("answered-before", "it cannot have been answered before it was raised")
    filed: list[Event] = [
        PetitionFiled(
            petition=facts.petition,
            kind=command.kind,
            category=command.category,
            categories=facts.categories,
            urgency=command.urgency,
            channel=command.channel,
            place=command.place,
            path=facts.path,
            petitioner=None,
            raised_at=raised,
            receipt=facts.receipt,
        ),
        PetitionPromised(filed_at=raised, limits=limits),
    ]
    fresh = petition
    for event in filed:
        fresh = evolve(fresh, event)
    return [
        *filed,
        PetitionDescribed(command.title, command.text, None),
        AnswerWritten(command.answer, command.answered_by),
        closed(fresh, ADOPTED, answered),
    ]
