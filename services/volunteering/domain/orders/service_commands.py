"""What an administrator can change of the catalogue of services, and what is known of a service."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from shared.contracts.types import Code, Id, NameEn, NameZh, Word, at_most, between
from shared.runtime.aggregate import Command

Minutes = Annotated[int, between(15, 720)]
LeastAge = Annotated[int, between(6, 100)]
Trainings = Annotated[tuple[Code, ...], at_most(5)]
Number = Annotated[int, between(1, 10_000)]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a service says; None is as shipped, or as it was defined. `minutes` is how long it
    usually takes; who takes it has the `skill` and the `trainings` and is of `least_age` or older.
    `terms_zh` and `terms_en` say on what conditions it is done.
    """

    zh: NameZh | None = None
    en: NameEn | None = None
    minutes: Minutes | None = None
    skill: Code | None = None
    trainings: Trainings | None = None
    least_age: LeastAge | None = None
    terms_zh: Word | None = None
    terms_en: Word | None = None


@dataclass(frozen=True, slots=True)
class KnownService:
    """A service as it is at a moment; `open` is false for one that is not ordered any more."""

    code: str
    zh: str
    en: str
    minutes: int
    skill: str | None = None
    trainings: tuple[str, ...] = ()
    least_age: int | None = None
    terms_zh: str = ""
    terms_en: str = ""
    open: bool = True


@dataclass(frozen=True, slots=True)
class Listing:
    """The catalogue as a change of one service (`code`) sees it: what is known of it now, None
    where there is no such service, and whether it was shipped. `trainings` are those that there
    are.
    """

    code: str
    known: KnownService | None = None
    shipped: bool = False
    trainings: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class DefineService(Command):
    """Add a service, from `since` on (now where it is not said)."""

    by: Id
    code: Code
    zh: NameZh
    en: NameEn
    minutes: Minutes
    skill: Code | None = None
    trainings: Trainings | None = None
    least_age: LeastAge | None = None
    terms_zh: Word | None = None
    terms_en: Word | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReviseService(Command):
    """Change a service from `since` on (now where it is not said): all that is not as it was at
    first.
    """

    verb = "revise"
    by: Id
    zh: NameZh | None = None
    en: NameEn | None = None
    minutes: Minutes | None = None
    skill: Code | None = None
    trainings: Trainings | None = None
    least_age: LeastAge | None = None
    terms_zh: Word | None = None
    terms_en: Word | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class CallOffChange(Command):
    """Take back a change that lies ahead, by its number."""

    verb = "call-off"
    by: Id
    number: Number


@dataclass(frozen=True, slots=True)
class RetireService(Command):
    """It is not ordered any more from `since` on (now where it is not said). Orders that run go
    on.
    """

    verb = "retire"
    by: Id
    since: datetime | None = None
