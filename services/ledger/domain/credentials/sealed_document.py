"""Sealed document: what the ledger knows of one whose digest it was told: who holds it, and whether
it still counts. What it says, the ledger does not know.
"""

from dataclasses import dataclass, replace

from shared.contracts.event import Event
from shared.runtime.aggregate import Aggregate, Command, Tick


@dataclass(frozen=True)
class SealedDocument:
    """`source` names the thing that it is the document of (``certificate:<id>``)."""

    source: str = ""
    holders: tuple[str, ...] = ()
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class LearnDocument(Command):
    """Its digest was sealed; these may have a credential made from it."""

    source: str
    holders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LearnWithdrawal(Command):
    """It counts no more."""


@dataclass(frozen=True, slots=True)
class StrikeHolder(Command):
    """This person was erased."""

    person: str


@dataclass(frozen=True, slots=True)
class DocumentLearnt(Event):
    """The ledger was told of it."""

    source: str
    holders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentWithdrawn(Event):
    """Whoever issued it says so."""


@dataclass(frozen=True, slots=True)
class HolderStruck(Event):
    """The person holds it no more."""

    person: str


def decide(command: Command, document: SealedDocument, now: object) -> list[Event]:
    """What follows from a command. What was withdrawn stays so."""
    match command:
        case Tick():
            return []
        case LearnDocument(source=source, holders=holders) if not document.source:
            return [DocumentLearnt(source, holders)]
        case LearnWithdrawal() if not document.withdrawn:
            return [DocumentWithdrawn()]
        case StrikeHolder(person=person) if person in document.holders:
            return [HolderStruck(person)]
    return []


def evolve(document: SealedDocument, event: Event) -> SealedDocument:
    """The document after an event."""
    match event:
        case DocumentLearnt(source=source, holders=holders):
            return replace(document, source=source, holders=holders)
        case DocumentWithdrawn():
            return replace(document, withdrawn=True)
        case HolderStruck(person=person):
            left = tuple(one for one in document.holders if one != person)
            return replace(document, holders=left)
    return document


sealed_document = Aggregate(
    kind="sealed-document",
    initial=SealedDocument(),
    decide=decide,
    evolve=evolve,
    events=(DocumentLearnt, DocumentWithdrawn, HolderStruck),
)
