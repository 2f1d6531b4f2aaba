"""What people can do with a petition. `by` is the caller, filled in by the runtime."""

from dataclasses import dataclass
from datetime import date, datetime

from shared.contracts.types import (
    Code,
    Id,
    Origin,
    PetitionKind,
    PlaceCode,
    Stars,
    Text,
    Title,
    Urgency,
    Word,
)
from shared.runtime.aggregate import Command


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach the petitioner about this petition."""

    name: Title | None = None
    phone: Title | None = None
    address: Title | None = None
    email: Title | None = None


@dataclass(frozen=True, slots=True)
class File(Command):
    """Raise something: the resident's own matter, or (`on_behalf`, staff only) somebody else's.

    `petitioner` is read only with `on_behalf`; None there means that nobody was logged in, as at
    the hotline desk. `raised_at` is when it was first raised elsewhere; clocks run from now all the
    same. `complained_of` is the person or organisation that it is about: neither they nor their
    body get to answer it. `household` is the one that the petitioner is registered in, and makes it
    a joint petition: other households can sign it, and people of its community read title and text.
    `origin` is what it came of elsewhere (a wish, a patrol's finding): that other side follows it
    only where it knows of it. A report keeps none: it would tell who reports.
    """

    by: Id
    kind: PetitionKind
    title: Title
    text: Text
    place: PlaceCode
    category: Code
    channel: Code = "web"
    urgency: Urgency = Urgency.NORMAL
    contact: Contact | None = None
    raised_at: datetime | None = None
    on_behalf: bool = False
    petitioner: Id | None = None
    complained_of: Id | None = None
    household: PlaceCode | None = None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Assign(Command):
    """Name the one person who has to answer. The deadline stays."""

    by: Id
    assignee: Id


@dataclass(frozen=True, slots=True)
class Take(Command):
    """Begin to work on it; where nobody is assigned, take it over."""

    by: Id


@dataclass(frozen=True, slots=True)
class Step:
    """What will follow, and the last day (local) on which it is done: a promise."""

    what: Title
    until: date


@dataclass(frozen=True, slots=True)
class Answer(Command):
    """Tell the petitioner what was done, by whom, and what follows until when.

    Where nothing follows, say that it is `finished`.
    """

    by: Id
    done: Text
    done_by: Title
    follows: tuple[Step, ...] = ()
    finished: bool = False
    org: Id | None = None


@dataclass(frozen=True, slots=True)
class HandUp(Command):
    """Say why this level cannot answer, and pass it to the next."""

    by: Id
    reason: Text


@dataclass(frozen=True, slots=True)
class Return(Command):
    """Ask the petitioner for facts. The clock runs on."""

    by: Id
    question: Text


@dataclass(frozen=True, slots=True)
class Comment(Command):
    """Say something. Touches no clock."""

    by: Id
    text: Text


@dataclass(frozen=True, slots=True)
class Rate(Command):
    """Judge the answer: 1 to 5 stars, whether the matter is solved, and a word."""

    by: Id
    stars: Stars
    solved: bool = False
    word: Word = ""


@dataclass(frozen=True, slots=True)
class FollowUp(Command):
    """Staff call the petitioner and ask what the answer is worth. Who was `reached` says both how
    satisfied they are and whether the matter is solved.
    """

    by: Id
    reached: bool
    stars: Stars | None = None
    solved: bool | None = None
    word: Word = ""


@dataclass(frozen=True, slots=True)
class AskReview(Command):
    """Ask the district to review the final answer (复查)."""

    by: Id
    reason: Text


@dataclass(frozen=True, slots=True)
class ConfirmSolved(Command):
    """Say that the matter is solved, without stars."""

    by: Id


@dataclass(frozen=True, slots=True)
class Withdraw(Command):
    """Take it back."""

    by: Id
    reason: Word = ""


@dataclass(frozen=True, slots=True)
class Close(Command):
    """End the district's review with its reasons."""

    by: Id
    reason: Text
