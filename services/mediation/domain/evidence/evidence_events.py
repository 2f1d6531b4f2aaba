"""The events of evidence that are not published: to whom it is open, and what was said of it."""

from dataclasses import dataclass
from typing import ClassVar

from services.mediation.domain.circle import Circle
from shared.contracts.event import Event, Personal
from shared.contracts.mediation.evidence import Disclosed


@dataclass(frozen=True, slots=True)
class EvidencePlaced(Event):
    """On which side it was filed, to whom it was open then, and who was in the dispute."""

    side: str | None
    disclosed: Disclosed
    sides: tuple[str, ...]
    circle: Circle


@dataclass(frozen=True, slots=True)
class EvidenceCircleLearnt(Event):
    """Somebody joined the dispute, or left it."""

    circle: Circle


@dataclass(frozen=True, slots=True)
class EvidenceForgotten(Event):
    """Who filed it was erased: the bytes and all words are gone, the digest stays."""

    forgets: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class EvidenceKept(Personal):
    """Which file it is, and what it was called."""

    file: str
    name: str


@dataclass(frozen=True, slots=True)
class EvidenceDescribed(Personal):
    """What it shows, as who filed it says."""

    text: str
