"""When posts change hands, and when a person is erased: what becomes of their petitions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from services.petitions.domain.climbing import assigned, closed, present_rung
from services.petitions.domain.consultation_commands import MinuteWritten, PartWritten, QuestionPut
from services.petitions.domain.dossier import AnswerWritten, PetitionDescribed
from services.petitions.domain.ladder import Surroundings
from services.petitions.domain.promises import PromiseWritten
from services.petitions.domain.publication import ReleaseWritten
from services.petitions.domain.reporting import is_partial
from services.petitions.domain.state import NEVER, ON_THE_CLOCK, Petition, Status
from services.petitions.domain.voices import silenced
from shared.contracts.event import Event, Personal
from shared.contracts.petitions import PetitionForgotten, PetitionUnassigned, PetitionWithdrawn
from shared.runtime.aggregate import Command, changed


@dataclass(frozen=True, slots=True)
class Entrust(Command):
    """Somebody has the `duty` at `place` now, in the place of `former` if there was one."""

    place: str
    duty: str
    person: str
    former: str | None = None


@dataclass(frozen=True, slots=True)
class Relinquish(Command):
    """The assignee has the `duty` at `place` no more."""

    place: str
    duty: str
    former: str


@dataclass(frozen=True, slots=True)
class Forget(Command):
    """A person was erased who raised it, spoke for it, signed or supported it. `spared` of its
    dossier are the words that are others' too: they stay where others have signed it.
    """

    person: str
    spared: tuple[Personal, ...] = ()


@dataclass(frozen=True, slots=True)
class SpokespersonForgotten(Event):
    """Of who spoke for it nothing is kept in the dossier but what all have signed."""

    forgets: ClassVar[bool] = True
    person: str


SPARED: Mapping[str, type[Personal]] = {
    words.__name__: words
    for words in (
        PetitionDescribed,
        AnswerWritten,
        PromiseWritten,
        ReleaseWritten,
        QuestionPut,
        PartWritten,
        MinuteWritten,
    )
}
"""Words of a joint petition that are not its spokesperson's own: what all have signed, and what was
answered to all. Comments, judgements and files go with the spokesperson.
"""


COMMANDS = (Entrust, Relinquish, Forget)
EVENTS = (PetitionUnassigned, PetitionForgotten, SpokespersonForgotten)


def decide(command: Command, petition: Petition, now: datetime, facts: Surroundings) -> list[Event]:
    """What follows: the deadline stays, whoever has the post."""
    match command:
        case Entrust() if _waits_for_duty(petition, command, facts):
            rung = present_rung(petition, facts)
            own_answer = petition.status is Status.REVIEW and command.person in petition.answered_by
            partial = petition.complained_of is not None and is_partial(
                command.person, petition.complained_of, facts
            )
            if own_answer or partial:
                return []
            return [assigned(petition, rung, command.person, petition.answer_by or NEVER)]
        case Relinquish(place=place, duty=duty, former=former) if (
            petition.status in ON_THE_CLOCK
            and (petition.at, petition.duty, petition.assignee) == (place, duty, former)
        ):
            return [PetitionUnassigned(petition.id, former, petition.level, petition.at)]
        case Forget(person=person, spared=spared):
            return _forgotten(petition, person, spared, now)
    return []


def spoke(petition: Petition, person: str) -> bool:
    """Whether they speak for others who have signed it, or did so before."""
    voices = petition.voices
    if voices is None:
        return False
    others = any(one != person for one in voices.signers)
    return person in voices.former or (person == petition.petitioner and others)


def _without_contact(words: Personal) -> Personal:
    """How to reach them is not what all have signed."""
    return replace(words, contact=None) if isinstance(words, PetitionDescribed) else words


def _forgotten(
    petition: Petition, person: str, words: tuple[Personal, ...], now: datetime
) -> list[Event]:
    voices = silenced(petition, person)
    if spoke(petition, person):
        return [*voices, SpokespersonForgotten(person), *map(_without_contact, words)]
    if person == petition.petitioner:
        return [*voices, *_taken_back(petition, now), PetitionForgotten(petition.id)]
    return voices


def _waits_for_duty(petition: Petition, entrust: Entrust, facts: Surroundings) -> bool:
    if petition.status not in ON_THE_CLOCK or petition.at != entrust.place:
        return False
    if petition.assignee is None:
        return entrust.duty in facts.duties
    return (petition.assignee, petition.duty) == (entrust.former, entrust.duty)


def _taken_back(petition: Petition, now: datetime) -> list[Event]:
    if petition.status is Status.CLOSED:
        return []
    return [
        PetitionWithdrawn(petition=petition.id, assignee=petition.assignee),
        closed(petition, "withdrawn", now),
    ]


def evolve(petition: Petition, event: Event) -> Petition:
    """The petition after the event."""
    match event:
        case PetitionUnassigned():
            return changed(
                petition,
                status=Status.REVIEW if petition.status is Status.REVIEW else Status.UNASSIGNED,
                assignee=None,
                duty=None,
            )
        case PetitionForgotten():
            over = tuple(changed(promise, over=True) for promise in petition.promises)
            return changed(petition, petitioner=None, promises=over)
        case SpokespersonForgotten(person=person) if petition.voices is not None:
            former = tuple(one for one in petition.voices.former if one != person)
            return changed(petition, voices=changed(petition.voices, former=former))
    return petition
