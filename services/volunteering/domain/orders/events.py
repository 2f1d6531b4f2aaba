"""The events of an order that are not published, and all words and names."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from services.volunteering.domain.orders.commands import Contact
from services.volunteering.domain.orders.state import Asked, Weighed, Window
from shared.contracts.event import Event, Personal


@dataclass(frozen=True, slots=True)
class OrderAsked(Event):
    """What the service asks of who does it, and how far takers are looked for."""

    placed_at: datetime
    asks: Asked
    community: str
    street: str


@dataclass(frozen=True, slots=True)
class TimesWanted(Event):
    """When the resident is there."""

    times: tuple[Window, ...]


@dataclass(frozen=True, slots=True)
class CandidatesWeighed(Event):
    """Who could take it, the best first, and why: the matching explains itself."""

    number: int
    weighed: tuple[Weighed, ...]


@dataclass(frozen=True, slots=True)
class AgreementAwaited(Event):
    """Whoever has it agrees with the resident on a time until then."""

    until: datetime


@dataclass(frozen=True, slots=True)
class ReminderSet(Event):
    """Both sides are reminded then; None: it is too soon for that."""

    at: datetime | None


@dataclass(frozen=True, slots=True)
class AlarmAnswered(Event):
    """The office has looked into it."""

    by: str


@dataclass(frozen=True, slots=True)
class OrderWordsForgotten(Event):
    """The words of an order that is over are gone: its volunteer was erased."""

    forgets: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class OrderDescribed(Personal):
    """What is needed, in the resident's words, and how to reach them."""

    need: str
    contact: Contact | None


@dataclass(frozen=True, slots=True)
class EndExplained(Personal):
    """Why the office ended it."""

    by: str
    words: str


@dataclass(frozen=True, slots=True)
class DisputeWorded(Personal):
    """What one side says it was like."""

    by: str
    words: str


@dataclass(frozen=True, slots=True)
class RatingWorded(Personal):
    """What one side said with the stars."""

    by: str
    words: str
