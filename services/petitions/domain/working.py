"""Working on it: assigned, taken, returned with a question, talked about, handed up, taken back."""

from datetime import datetime

from services.petitions.domain.climbing import assigned, closed, hand_up, present_rung
from services.petitions.domain.commands import (
    Assign,
    Comment,
    HandUp,
    Return,
    Take,
    Withdraw,
)
from services.petitions.domain.dossier import CommentWritten, ReasonGiven
from services.petitions.domain.ladder import Surroundings
from services.petitions.domain.reporting import as_named, must_be_impartial
from services.petitions.domain.state import NEVER, Petition, Status
from services.petitions.domain.verbs import given, own_answer
from shared.contracts.event import Event
from shared.contracts.petitions import (
    PetitionAssigned,
    PetitionCommented,
    PetitionHandedUp,
    PetitionReturned,
    PetitionTaken,
    PetitionWithdrawn,
)
from shared.runtime.aggregate import Command

COMMANDS = (Assign, Take, HandUp, Return, Comment, Withdraw)
EVENTS = (
    PetitionAssigned,
    PetitionTaken,
    PetitionReturned,
    PetitionCommented,
    CommentWritten,
    PetitionHandedUp,
    ReasonGiven,
    PetitionWithdrawn,
)


def decide(command: Command, petition: Petition, now: datetime, facts: Surroundings) -> list[Event]:
    """What follows from the work of people. No clock is touched but by handing it up."""
    match command:
        case Assign(assignee=person):
            return assign(petition, person, facts)
        case Take(by=by):
            return _take(petition, by, facts)
        case HandUp(by=by, reason=reason):
            given(reason)
            return [*hand_up(petition, by, now, facts), ReasonGiven(command.verb, reason)]
        case Return(by=by, question=question):
            return [
                *takes_over(petition, by, facts),
                PetitionReturned(petition.id, by=by, petitioner=petition.named),
                CommentWritten(by, question),
            ]
        case Comment(by=by, text=text):
            return [
                PetitionCommented(
                    petition=petition.id,
                    by=as_named(petition, by),
                    assignee=petition.assignee,
                    petitioner=petition.named,
                ),
                CommentWritten(as_named(petition, by), text),
            ]
        case Withdraw(reason=reason):
            return [
                PetitionWithdrawn(petition=petition.id, assignee=petition.assignee),
                closed(petition, "withdrawn", now),
                *([ReasonGiven(command.verb, reason)] if reason else []),
            ]
    raise TypeError(command)


def assign(petition: Petition, person: str, facts: Surroundings) -> list[Event]:
    """Another person, the same deadline. To name the present one again changes nothing."""
    if person == petition.assignee:
        return []
    if petition.status is Status.REVIEW and person in petition.answered_by:
        raise own_answer()
    must_be_impartial(petition, person, facts)
    rung = present_rung(petition, facts)
    # While it is suspended there is no deadline yet: not before the suspension ends.
    ends = NEVER if petition.pause is None else petition.pause.until
    return [assigned(petition, rung, person, petition.answer_by or ends)]


def takes_over(petition: Petition, by: str, facts: Surroundings) -> list[Event]:
    """Who acts where nobody is assigned is assigned from then on."""
    return [] if petition.assignee is not None else assign(petition, by, facts)


def _take(petition: Petition, by: str, facts: Surroundings) -> list[Event]:
    if petition.status is Status.TAKEN:
        return []
    if petition.status is Status.REVIEW:
        return takes_over(petition, by, facts)
    return [
        *takes_over(petition, by, facts),
        PetitionTaken(
            petition=petition.id,
            assignee=by,
            level=petition.level,
            petitioner=petition.named,
        ),
    ]
