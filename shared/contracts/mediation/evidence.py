"""Evidence (线上留证): what was shown in a dispute, as a digest. Ids, codes, times.

`digest` is the SHA-256 of the very bytes that came, in hex; `readers` are the subjects of those to
whom it is open and who did not do it themselves.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.contracts.event import Event


class Disclosed(StrEnum):
    """To whom a piece of evidence is open besides who filed it and the panel (the mediator is one
    of it): to all parties, to sides that are named, to nobody.
    """

    ALL = "all"
    SIDES = "sides"
    PANEL = "panel"


class WithdrawnBecause(StrEnum):
    """Why somebody takes back what they filed."""

    MISTAKEN = "mistaken"
    REPLACED = "replaced"
    PRIVATE = "private"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class EvidenceFiled(Event):
    """So many bytes of this type came at that time, and are kept unchanged."""

    evidence: str
    dispute: str
    digest: str
    size: int
    media_type: str
    by: str
    at: datetime
    readers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EvidenceWidened(Event):
    """It is open to more people than before; `readers` are those who were added."""

    evidence: str
    dispute: str
    disclosed: Disclosed
    sides: tuple[str, ...]
    by: str
    readers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EvidenceWithdrawn(Event):
    """Who filed it took it back. The panel can still look at it; for the others it is closed."""

    evidence: str
    dispute: str
    digest: str
    because: WithdrawnBecause
    by: str
    readers: tuple[str, ...]
