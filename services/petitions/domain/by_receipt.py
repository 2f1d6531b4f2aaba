"""By receipt (凭回执): who raised something without logging in follows it to its end, too. They
give the facts that are asked for, judge the answer and its promises, ask for the review, or take it
back.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.petitions.domain import answering, promises, working
from services.petitions.domain.commands import AskReview, Comment, Rate, Withdraw
from services.petitions.domain.ladder import Surroundings
from services.petitions.domain.promises import JudgePromise
from services.petitions.domain.state import Petition
from services.petitions.domain.verbs import open_to_petitioner
from shared.contracts.event import Event
from shared.contracts.types import PromiseNumber, Stars, Text, Word
from shared.runtime.aggregate import Command, Rejected

ANYBODY = "receipt"
"""Stands for whoever has the receipt and its code."""


@dataclass(frozen=True, slots=True)
class RateByReceipt(Command):
    """Judge the answer as `Rate` does, for a petition that nobody was logged in for. Whoever sends
    this or one of the others has shown the receipt's code.
    """

    stars: Stars
    solved: bool = False
    word: Word = ""


@dataclass(frozen=True, slots=True)
class CommentByReceipt(Command):
    """Say something: the facts that were asked for, say."""

    text: Text


@dataclass(frozen=True, slots=True)
class JudgePromiseByReceipt(Command):
    """Say whether a promise was kept."""

    promise: PromiseNumber
    kept: bool
    word: Word = ""


@dataclass(frozen=True, slots=True)
class AskReviewByReceipt(Command):
    """Ask the district to review the final answer."""

    reason: Text


@dataclass(frozen=True, slots=True)
class WithdrawByReceipt(Command):
    """Take it back."""

    reason: Word = ""


COMMANDS = (
    RateByReceipt,
    CommentByReceipt,
    JudgePromiseByReceipt,
    AskReviewByReceipt,
    WithdrawByReceipt,
)
EVENTS = ()

Decide = Callable[[Command, Petition, datetime, Surroundings], list[Event]]
_CHAPTERS: Mapping[type[Command], Decide] = {
    Rate: answering.decide,
    AskReview: answering.decide,
    Comment: working.decide,
    Withdraw: working.decide,
    JudgePromise: promises.decide,
}


def decide(command: Command, petition: Petition, now: datetime, facts: Surroundings) -> list[Event]:
    """As if the petitioner had said it."""
    if petition.petitioner is not None:
        raise Rejected("rate-logged-in", "it was raised by somebody who logs in: do it there")
    said = _said(command)
    open_to_petitioner(petition, said.verb)
    return _CHAPTERS[type(said)](said, petition, now, facts)


def can(petition: Petition) -> frozenset[str]:
    """The verbs that whoever has the receipt could use now."""
    if petition.petitioner is not None:
        return frozenset()
    return frozenset(each.verb for each in _CHAPTERS if _is_open(petition, each.verb))


def _is_open(petition: Petition, verb: str) -> bool:
    try:
        open_to_petitioner(petition, verb)
    except Rejected:
        return False
    return True


def _said(command: Command) -> Any:
    match command:
        case RateByReceipt(stars=stars, solved=solved, word=word):
            return Rate(ANYBODY, stars, solved, word)
        case CommentByReceipt(text=text):
            return Comment(ANYBODY, text)
        case JudgePromiseByReceipt(promise=promise, kept=kept, word=word):
            return JudgePromise(ANYBODY, promise, kept, word)
        case AskReviewByReceipt(reason=reason):
            return AskReview(ANYBODY, reason)
        case WithdrawByReceipt(reason=reason):
            return Withdraw(ANYBODY, reason)
    raise TypeError(command)
