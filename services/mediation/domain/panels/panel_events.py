"""The events of a panel that are not published: lines, ties, what is left to say in words."""

from dataclasses import dataclass
from typing import ClassVar

from shared.contracts.event import Event, Personal
from shared.contracts.mediation.panels import Conflict


@dataclass(frozen=True)
class Speaker:
    """Who is a party, or speaks for one, and on which side."""

    person: str
    side: str


@dataclass(frozen=True, slots=True)
class PanelPartiesLearned(Event):
    """Who is a party or speaks for one, and on which side."""

    speakers: tuple[Speaker, ...]


@dataclass(frozen=True, slots=True)
class PanelLineNamed(Event):
    """Who is asked next: to mediate (`seat` is None), or to take a seat."""

    seat: str | None
    line: tuple[str, ...]
    convenor: str


@dataclass(frozen=True, slots=True)
class MediatorRefused(Event):
    """A side has refused a mediator, and does not again."""

    side: str


@dataclass(frozen=True, slots=True)
class PanelSeatAdded(Event):
    """The case needs it."""

    seat: str


@dataclass(frozen=True, slots=True)
class PanelSeatDropped(Event):
    """The case does not need it."""

    seat: str


@dataclass(frozen=True, slots=True)
class PanelSeatFreed(Event):
    """Whoever was asked to take it does not."""

    seat: str
    person: str
    because: str


@dataclass(frozen=True, slots=True)
class PanelTieLearned(Event):
    """Something ties somebody to the parties."""

    person: str
    conflict: Conflict


@dataclass(frozen=True, slots=True)
class PanelHouseholdLearned(Event):
    """A party belongs to this household since the dispute was filed."""

    household: str


@dataclass(frozen=True, slots=True)
class PetitionAnswerLearned(Event):
    """Somebody answered the petition that the dispute came of."""

    person: str


@dataclass(frozen=True, slots=True)
class PanelWordLeft(Event):
    """Somebody wrote something into the dossier."""

    person: str


@dataclass(frozen=True, slots=True)
class PanelEnded(Event):
    """The dispute has ended: nobody is asked any more."""


@dataclass(frozen=True, slots=True)
class PanelReopened(Event):
    """The dispute goes on."""


@dataclass(frozen=True, slots=True)
class PanelWordsForgotten(Event):
    """Somebody was erased who had written something: no word is left."""

    forgets: ClassVar[bool] = True
    person: str


@dataclass(frozen=True, slots=True)
class PanelReasonGiven(Personal):
    """Why somebody did something (`verb`), in their words."""

    verb: str
    by: str
    text: str
