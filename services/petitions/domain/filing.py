"""Filing: how a petition comes into being, and what it is promised."""

from datetime import UTC, datetime

from services.petitions.domain.climbing import reach
from services.petitions.domain.commands import File
from services.petitions.domain.dossier import PetitionDescribed, PetitionPromised
from services.petitions.domain.ladder import Surroundings, first_asked
from services.petitions.domain.state import Petition, evolve
from shared.contracts.event import Event
from shared.contracts.petitions import PetitionFiled
from shared.runtime.aggregate import Command, Rejected

MOST_ATTACHMENTS = 10

COMMANDS = (File,)
EVENTS = (PetitionFiled, PetitionPromised, PetitionDescribed)


def decide(command: Command, petition: Petition, now: datetime, facts: Surroundings) -> list[Event]:
    """To the lowest level whose duty is held, its clock running; nobody assigned where none is."""
    assert isinstance(command, File)
    if not facts.path or not facts.rungs:
        raise Rejected("unknown-place", f"there is no place {command.place}", place=command.place)
    if facts.limits is None:
        raise Rejected(
            "unknown-category",
            f"there is no category {command.category}",
            category=command.category,
        )
    if len(command.attachments) > MOST_ATTACHMENTS:
        raise Rejected(
            "too-many-attachments", f"at most {MOST_ATTACHMENTS} fit", most=MOST_ATTACHMENTS
        )
    filed: list[Event] = [
        PetitionFiled(
            petition=facts.petition,
            kind=command.kind,
            category=command.category,
            urgency=command.urgency,
            channel=command.channel,
            place=command.place,
            path=facts.path,
            petitioner=command.petitioner if command.on_behalf else command.by,
            raised_at=_raised(command.raised_at, now),
        ),
        PetitionPromised(filed_at=now, limits=facts.limits),
    ]
    fresh = evolve(evolve(petition, filed[0]), filed[1])
    return [
        *filed,
        PetitionDescribed(command.title, command.text, command.contact, command.attachments),
        *reach(fresh, first_asked(facts.rungs), "filed", now, facts.calendar),
    ]


def _raised(at: datetime | None, now: datetime) -> datetime:
    if at is None:
        return now
    if at.tzinfo is None:
        raise Rejected("raised-without-zone", "say with an offset when it was raised (RFC 3339)")
    if at > now:
        raise Rejected("raised-later", "it cannot have been raised after now")
    return at.astimezone(UTC).replace(microsecond=at.microsecond // 1000 * 1000)
