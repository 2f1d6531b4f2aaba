"""When posts change hands, and when a person is erased: what becomes of their petitions."""

from dataclasses import dataclass
from datetime import datetime

from services.petitions.domain.climbing import assigned, closed, present_rung
from services.petitions.domain.ladder import Surroundings
from services.petitions.domain.reporting import is_partial
from services.petitions.domain.state import NEVER, ON_THE_CLOCK, Petition, Status
from shared.contracts.event import Event
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
    """The petitioner was erased."""

    person: str


COMMANDS = (Entrust, Relinquish, Forget)
EVENTS = (PetitionUnassigned, PetitionForgotten)


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
        case Forget(person=person) if person == petition.petitioner:
            return [*_taken_back(petition, now), PetitionForgotten(petition.id)]
    return []


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
    return petition
