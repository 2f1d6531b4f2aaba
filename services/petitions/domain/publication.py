"""Publication (公开): what everybody may read of a petition that was answered.

A clerk of the place writes the words for the public. They are masked here, so that nothing
unmasked is ever kept for it; where the masker is unsure, another clerk looks before it is shown.
Reports (举报) are never published.
"""

from dataclasses import dataclass
from datetime import datetime

from services.petitions.domain.dossier import ReasonGiven
from services.petitions.domain.ladder import Surroundings
from services.petitions.domain.masking import mask
from services.petitions.domain.state import Petition, Publication
from services.petitions.domain.verbs import given
from shared.contracts.event import Event, Personal
from shared.contracts.petitions import PetitionReleased, PetitionReleaseWithdrawn
from shared.contracts.types import Id, Text, Title
from shared.runtime.aggregate import Command, changed


@dataclass(frozen=True, slots=True)
class Release(Command):
    """Show everybody the title, what was asked and what was answered, in these words."""

    by: Id
    title: Title
    question: Text
    answer: Text


@dataclass(frozen=True, slots=True)
class ConfirmRelease(Command):
    """Say, as a second person, that what the masker doubted may be shown."""

    by: Id


@dataclass(frozen=True, slots=True)
class RefuseRelease(Command):
    """Say, as a second person, that it may not: it has to be written anew."""

    by: Id
    reason: Text


@dataclass(frozen=True, slots=True)
class WithdrawRelease(Command):
    """Take what was released back from the public."""

    by: Id
    reason: Text


@dataclass(frozen=True, slots=True)
class ReleaseDrafted(Event):
    """A clerk wrote words for the public in which the masker doubted `doubts` places."""

    petition: str
    by: str
    doubts: int


@dataclass(frozen=True, slots=True)
class ReleaseRefused(Event):
    """The second person would not have it shown."""

    petition: str
    by: str


@dataclass(frozen=True, slots=True)
class DoubtfulPlace:
    """A place to look at: in `field`, from `start` up to `end`, what may be a `kind`."""

    field: str
    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ReleaseWritten(Personal):
    """The words for the public, masked. They go with the dossier when it is forgotten."""

    title: str
    question: str
    answer: str
    doubts: tuple[DoubtfulPlace, ...] = ()


COMMANDS = (Release, ConfirmRelease, RefuseRelease, WithdrawRelease)
EVENTS = (
    PetitionReleased,
    PetitionReleaseWithdrawn,
    ReleaseDrafted,
    ReleaseRefused,
    ReleaseWritten,
)


def decide(command: Command, petition: Petition, now: datetime, facts: Surroundings) -> list[Event]:
    """What follows. Whether it is the moment for the verb was checked before in `verbs`."""
    match command:
        case Release():
            return _release(command, petition, facts)
        case ConfirmRelease():
            return [_released(petition, facts)]
        case RefuseRelease(by=by, reason=reason):
            given(reason)
            return [ReleaseRefused(petition.id, by), ReasonGiven(command.verb, reason)]
        case WithdrawRelease(reason=reason):
            given(reason)
            return [
                PetitionReleaseWithdrawn(petition=petition.id),
                ReasonGiven(command.verb, reason),
            ]
    raise TypeError(command)


def _release(command: Release, petition: Petition, facts: Surroundings) -> list[Event]:
    """In the open at once where nothing is doubtful; a draft written anew replaces the former."""
    shown, doubts = {}, []
    for field in ("title", "question", "answer"):
        masked = mask(getattr(command, field), facts.simplified)
        shown[field] = masked.text
        doubts += [DoubtfulPlace(field, one.kind, one.start, one.end) for one in masked.doubts]
    written = ReleaseWritten(**shown, doubts=tuple(doubts))
    if doubts:
        return [ReleaseDrafted(petition.id, command.by, len(doubts)), written]
    return [written, _released(petition, facts)]


def _released(petition: Petition, facts: Surroundings) -> PetitionReleased:
    """Where it is, is told no closer than the lowest level of the ladder: the neighbourhood."""
    return PetitionReleased(
        petition=petition.id,
        place=facts.rungs[0].place if facts.rungs else petition.path[0],
        category=petition.category,
    )


def evolve(petition: Petition, event: Event) -> Petition:
    """The petition after an event of this chapter."""
    match event:
        case ReleaseDrafted(by=by, doubts=doubts):
            return changed(petition, publication=Publication(by=by, doubts=doubts))
        case PetitionReleased():
            return changed(petition, publication=Publication(out=True))
        case ReleaseRefused() | PetitionReleaseWithdrawn():
            return changed(petition, publication=None)
    return petition
