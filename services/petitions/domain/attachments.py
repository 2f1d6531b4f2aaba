"""Attachments (附件): pictures and documents that go with a petition. The files themselves are
kept beside the dossier, cleaned before they get there; here is decided whether one more is taken.
"""

from dataclasses import dataclass
from datetime import datetime

from services.petitions.domain.commands import Comment
from services.petitions.domain.ladder import Surroundings
from services.petitions.domain.reporting import as_named
from services.petitions.domain.state import Petition
from services.petitions.domain.verbs import check
from shared.contracts.event import Event, Personal
from shared.contracts.types import Id, Title
from shared.runtime.aggregate import Command, Rejected, changed

MOST_ATTACHMENTS = 5
"""Of one petition, over its life."""


@dataclass(frozen=True, slots=True)
class Attach(Command):
    """A file was stored for the petition by a person: `size` in bytes, `digest` its SHA-256.

    Whether a comment would be taken from them decides whether the file is.
    """

    person: Id
    file: Id
    name: Title
    media_type: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class AttachmentCounted(Event):
    """One more file belongs to the petition: so many in all, those since forgotten too."""

    attachments: int


@dataclass(frozen=True, slots=True)
class AttachmentAdded(Personal):
    """Which file it is. It goes when the dossier does."""

    by: str
    file: str
    name: str
    media_type: str
    size: int
    digest: str


COMMANDS = (Attach,)
EVENTS = (AttachmentCounted, AttachmentAdded)


def decide(command: Command, petition: Petition, now: datetime, facts: Surroundings) -> list[Event]:
    """One file more, while there is room. No clock is touched."""
    assert isinstance(command, Attach)
    check(Comment(command.person, ""), petition)
    room_for_one(petition)
    return [
        AttachmentCounted(petition.attachments + 1),
        AttachmentAdded(
            by=as_named(petition, command.person),
            file=command.file,
            name=command.name,
            media_type=command.media_type,
            size=command.size,
            digest=command.digest,
        ),
    ]


def room_for_one(petition: Petition) -> None:
    """Raises `Rejected` where no more are taken."""
    if petition.attachments >= MOST_ATTACHMENTS:
        raise Rejected(
            "too-many-attachments",
            f"a petition takes {MOST_ATTACHMENTS} files; tell the rest in a comment",
            most=MOST_ATTACHMENTS,
        )


def evolve(petition: Petition, event: Event) -> Petition:
    """The petition after the event."""
    match event:
        case AttachmentCounted(attachments=attachments):
            return changed(petition, attachments=attachments)
    return petition
