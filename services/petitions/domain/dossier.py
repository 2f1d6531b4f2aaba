"""The events of a petition that are not published: its promises, and all words and names."""

from dataclasses import dataclass
from datetime import datetime

from services.petitions.domain.commands import Contact
from services.petitions.domain.ladder import Limits
from shared.contracts.event import Event, Personal


@dataclass(frozen=True, slots=True)
class PetitionPromised(Event):
    """What the petition was promised on the day it was filed."""

    filed_at: datetime
    limits: Limits


@dataclass(frozen=True, slots=True)
class PetitionDescribed(Personal):
    """What was raised, in the petitioner's words."""

    title: str
    text: str
    contact: Contact | None


@dataclass(frozen=True, slots=True)
class AnswerWritten(Personal):
    """The words of an answer: what was done, by whom, what follows, and `until` when each of that
    is done.
    """

    done: str
    done_by: str
    follows: tuple[str, ...] = ()
    until: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class CommentWritten(Personal):
    """The words of a comment, or of the question a petition was returned with."""

    by: str
    text: str


@dataclass(frozen=True, slots=True)
class ReasonGiven(Personal):
    """Why it was handed up, withdrawn or closed (`verb`)."""

    verb: str
    text: str


@dataclass(frozen=True, slots=True)
class WordGiven(Personal):
    """What the petitioner said with the stars."""

    text: str
