"""The events of a session that are not published: votes, consents, and all that was said."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from services.mediation.domain.circle import Circle
from services.mediation.domain.sessions.session_commands import Slot
from shared.contracts.event import Event, Personal


@dataclass(frozen=True, slots=True)
class SessionPlanned(Event):
    """With whom: with all, with one `side`, with the `panel`; and where the dispute lies."""

    path: tuple[str, ...]
    side: str | None
    panel: bool
    circle: Circle


@dataclass(frozen=True, slots=True)
class SessionSlotsNamed(Event):
    """The times that are asked for, and until when."""

    slots: tuple[Slot, ...]
    answer_by: datetime


@dataclass(frozen=True, slots=True)
class SessionRoomNamed(Event):
    """The room that it is to be held in; None: somewhere else."""

    room: str | None


@dataclass(frozen=True, slots=True)
class SessionVoted(Event):
    """Somebody can make these times."""

    person: str
    can: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SessionSlotChosen(Event):
    """All can come then."""

    slot: int


@dataclass(frozen=True, slots=True)
class SessionSlotTried(Event):
    """The room is not free then."""

    slot: int


@dataclass(frozen=True, slots=True)
class SessionSetShortly(Event):
    """It begins so soon that who hears when it is need not be reminded of it."""


@dataclass(frozen=True, slots=True)
class SessionCircleLearned(Event):
    """Who has to do with it now."""

    circle: Circle


@dataclass(frozen=True, slots=True)
class SessionLinked(Event):
    """It goes on in that session."""

    next: str


@dataclass(frozen=True, slots=True)
class MinutesAgreedTo(Event):
    """One of those concerned says that it was so."""

    person: str


@dataclass(frozen=True, slots=True)
class ReleaseConsented(Event):
    """A party consents that the minutes are given out."""

    release: int
    party: str


@dataclass(frozen=True, slots=True)
class SessionForgotten(Event):
    """Somebody was erased whose matter it was: no word of it is left."""

    forgets: ClassVar[bool] = True
    person: str


@dataclass(frozen=True, slots=True)
class SessionDescribed(Personal):
    """What it is about, and where it is held."""

    agenda: str
    where: str


@dataclass(frozen=True, slots=True)
class SessionReasonGiven(Personal):
    """Why something was done (`verb`), in words."""

    verb: str
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class MinutesWritten(Personal):
    """What was said, as this version has it."""

    version: int
    text: str


@dataclass(frozen=True, slots=True)
class MinutesObjection(Personal):
    """What was not so, in the words of who objects."""

    version: int
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class ReleaseTold(Personal):
    """To whom the minutes are to be given, and what for."""

    release: int
    name: str
    purpose: str
