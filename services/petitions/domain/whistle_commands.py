"""What is done with a whistle, and the words that go to its dossier."""

from dataclasses import dataclass
from typing import ClassVar

from shared.contracts.event import Event, Personal
from shared.contracts.types import Code, Id, PlaceCode, Stars, Text, Title, Word
from shared.runtime.aggregate import Command


@dataclass(frozen=True, slots=True)
class Blow(Command):
    """Whistle for whoever has to come: the lowest rung of the ladder, or the next above one's own.

    `petition` is the petition that it is about, if there is one.
    """

    by: Id
    place: PlaceCode
    category: Code
    title: Title
    text: Text
    petition: Id | None = None


@dataclass(frozen=True, slots=True)
class Report(Command):
    """Say what was done. The one who whistled judges it."""

    by: Id
    text: Text


@dataclass(frozen=True, slots=True)
class Accept(Command):
    """The report is good: so many stars."""

    by: Id
    stars: Stars
    word: Word = ""


@dataclass(frozen=True, slots=True)
class Refuse(Command):
    """The report is not good, and why: the next rung is called."""

    by: Id
    reason: Text


@dataclass(frozen=True, slots=True)
class WhistleUp(Command):
    """The one who was called cannot do it, and why: they whistle for the next rung themselves."""

    by: Id
    reason: Text


@dataclass(frozen=True, slots=True)
class CallOff(Command):
    """Nobody has to come any more."""

    by: Id
    reason: Word = ""


@dataclass(frozen=True, slots=True)
class ForgetWhistler(Command):
    """Who whistled was erased."""

    person: str


@dataclass(frozen=True, slots=True)
class WhistleForgotten(Event):
    """All words of the whistle are gone, and nobody is named as the one who whistled."""

    forgets: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class WhistleDescribed(Personal):
    """What it is about, in the whistler's words."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class ReportWritten(Personal):
    """The words of a report."""

    by: str
    text: str


@dataclass(frozen=True, slots=True)
class WhistleWord(Personal):
    """What was said with `verb`: with stars, a refusal, a whistle for the next rung."""

    verb: str
    by: str
    text: str
