"""What can be done with the record of a mediator. `by` is the caller, filled in by the runtime."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from shared.contracts.mediation.disputes import DisputeKind
from shared.contracts.types import Code, Id, LanguageTag, PlaceCode, Title, Word, at_most, between
from shared.runtime.aggregate import Command

MOST_PLACES = 20
MOST_LANGUAGES = 10

Fields = Annotated[tuple[DisputeKind, ...], at_most(len(DisputeKind))]
Languages = Annotated[tuple[LanguageTag, ...], at_most(MOST_LANGUAGES)]
Places = Annotated[tuple[PlaceCode, ...], at_most(MOST_PLACES)]
MostCases = Annotated[int, between(1, 50)]
"""Disputes at once."""


class SuspendedBecause(StrEnum):
    """Why a mediator does not mediate for a while."""

    AWAY = "away"
    COMPLAINT = "complaint"
    OWN_WISH = "own-wish"


@dataclass(frozen=True, slots=True)
class RegisterMediator(Command):
    """Somebody mediates (和事佬): at home at `place`, for disputes in any of `serves`, until the
    term ends. Name and introduction are for everybody to read.
    """

    verb = "register"
    by: Id
    person: Id
    place: PlaceCode
    serves: Places
    fields: Fields
    languages: Languages
    most_cases: MostCases
    until: datetime
    name: Title
    introduction: Word = ""


@dataclass(frozen=True, slots=True)
class ReviseMediator(Command):
    """What they do is changed."""

    verb = "revise"
    by: Id
    serves: Places
    fields: Fields
    languages: Languages
    most_cases: MostCases


@dataclass(frozen=True, slots=True)
class IntroduceMediator(Command):
    """Name and introduction are put otherwise."""

    verb = "introduce"
    by: Id
    name: Title
    introduction: Word = ""


@dataclass(frozen=True, slots=True)
class TrainMediator(Command):
    """They took part in a training, which holds until then; None: for good."""

    verb = "train"
    by: Id
    training: Code
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class SetTerm(Command):
    """The term ends then. Whoever's term is over is registered anew."""

    verb = "set-term"
    by: Id
    until: datetime


@dataclass(frozen=True, slots=True)
class SuspendMediator(Command):
    """They mediate nothing for a while; what is at hand goes to others."""

    verb = "suspend"
    by: Id
    because: SuspendedBecause
    reason: Word = ""


@dataclass(frozen=True, slots=True)
class ResumeMediator(Command):
    """They mediate again."""

    verb = "resume"
    by: Id


@dataclass(frozen=True, slots=True)
class RetireMediator(Command):
    """They mediate no more."""

    verb = "retire"
    by: Id
    reason: Word = ""


# --- what follows from events --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TakeCase(Command):
    """They were appointed to a dispute, or it goes on (`again`) after it had ended."""

    dispute: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class GiveCaseAway(Command):
    """They mediate it no more, and it goes on."""

    dispute: str


@dataclass(frozen=True, slots=True)
class EndCase(Command):
    """It ended so, after so many days."""

    dispute: str
    outcome: str
    days: int


@dataclass(frozen=True, slots=True)
class FollowUpCase(Command):
    """What was settled holds at the last follow-up, or it does not hold."""

    dispute: str
    holds: bool


@dataclass(frozen=True, slots=True)
class ForgetMediator(Command):
    """They were erased."""
