"""What can be done with a broadcast. `by` is the caller."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from shared.contracts.notifications.broadcasts import Group
from shared.contracts.types import (
    BroadcastText,
    Id,
    LanguageTag,
    PlaceCode,
    Title,
    at_most,
    between,
)
from shared.runtime.aggregate import Command

MOST_LANGUAGES = 5
FASTEST = 2_000
"""Recipients told in one second at most: what one process stores without delaying others."""
USUAL_RATE = 500
LONGEST_HOURS = 720

Rate = Annotated[int, between(1, FASTEST)]
"""Recipients in one second."""
Hours = Annotated[int, between(1, LONGEST_HOURS)]


class SentBackBecause(StrEnum):
    """Why a broadcast was not approved."""

    WRONG_WORDS = "wrong-words"
    WRONG_PLACE = "wrong-place"
    NOT_NOW = "not-now"
    NOT_NEEDED = "not-needed"


class StopBecause(StrEnum):
    """Why somebody stopped one that was being told."""

    ALL_CLEAR = "all-clear"
    MISTAKE = "mistake"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Words:
    """What it says in one language."""

    language: LanguageTag
    title: Title
    body: BroadcastText


AllWords = Annotated[tuple[Words, ...], at_most(MOST_LANGUAGES)]


@dataclass(frozen=True, slots=True)
class DraftBroadcast(Command):
    """Write what everybody of a place or a group there is to be told: in ``zh-Hans`` at least.
    `of` names the duty, the organisation or the team. As `urgent` it goes before everything else,
    if it is approved as such. `rate` is how many are told in one second, `hours` how long after the
    approval it is worth telling.
    """

    by: Id
    place: PlaceCode
    words: AllWords
    group: Group = Group.RESIDENTS
    of: Id | None = None
    urgent: bool = False
    rate: Rate = USUAL_RATE
    hours: Hours = 24


@dataclass(frozen=True, slots=True)
class ReviseBroadcast(Command):
    """Write it anew, before it is submitted; its place stays."""

    by: Id
    words: AllWords
    group: Group = Group.RESIDENTS
    of: Id | None = None
    urgent: bool = False
    rate: Rate = USUAL_RATE
    hours: Hours = 24


@dataclass(frozen=True, slots=True)
class SubmitBroadcast(Command):
    """Ask a second person to approve it."""

    by: Id


@dataclass(frozen=True, slots=True)
class ApproveBroadcast(Command):
    """Have it told, from now on; `urgent` only if it was drafted as such."""

    by: Id
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class SendBackBroadcast(Command):
    """Let it be changed, or dropped."""

    by: Id
    because: SentBackBecause


@dataclass(frozen=True, slots=True)
class StopBroadcast(Command):
    """Tell nobody any more."""

    by: Id
    because: StopBecause


@dataclass(frozen=True, slots=True)
class NotePage(Command):
    """A page was told: `count` people, the last of them `last`; `whole` where nobody comes after
    them.
    """

    page: int
    last: str | None
    count: int
    whole: bool
