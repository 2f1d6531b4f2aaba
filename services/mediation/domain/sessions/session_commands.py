"""What can be done with a session. `by` is the caller, filled in by the runtime."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from shared.contracts.types import Code, Id, PlaceCode, Text, Title, Word, at_most, between
from shared.runtime.aggregate import Command

MOST_SLOTS = 10
MOST_PRESENT = 60
MOST_RELEASES = 20
MOST_DRAFTS = 50


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that the session may be held at."""

    begin: datetime
    end: datetime


Slots = Annotated[tuple[Slot, ...], at_most(MOST_SLOTS)]
SlotNumber = Annotated[int, between(1, MOST_SLOTS)]
"""Slots are counted from 1."""
Version = Annotated[int, between(1, MOST_DRAFTS)]
ReleaseNumber = Annotated[int, between(1, MOST_RELEASES)]


@dataclass(frozen=True, slots=True)
class ConveneSession(Command):
    """Ask all who are to come which of the times they can make. The mediator convenes; until there
    is one, a convenor does, naming the `place` they work for.

    With `side` it is a private talk with that side. With `panel` the panel comes, too. `after` is
    the adjourned session that this one goes on with. Without a `room`, `where` says where it is.
    """

    verb = "convene"
    by: Id
    dispute: Id
    slots: Slots
    answer_by: datetime
    room: Code | None = None
    where: Word = ""
    agenda: Word = ""
    place: PlaceCode | None = None
    side: Code | None = None
    panel: bool = False
    after: Id | None = None


@dataclass(frozen=True, slots=True)
class VoteOnTimes(Command):
    """Say which of the times one can make; said again it replaces what was said before."""

    verb = "vote"
    by: Id
    can: Annotated[tuple[SlotNumber, ...], at_most(MOST_SLOTS)]


@dataclass(frozen=True, slots=True)
class ChooseTime(Command):
    """Set the time, without waiting for the rest: one that all can make."""

    verb = "choose"
    by: Id
    slot: SlotNumber


@dataclass(frozen=True, slots=True)
class ProposeTimes(Command):
    """Ask for other times: nothing fits, or it is to be moved."""

    verb = "propose"
    by: Id
    slots: Slots
    answer_by: datetime


@dataclass(frozen=True, slots=True)
class TakeRoom(Command):
    """Hold it in another room, or without one."""

    by: Id
    room: Code | None = None
    where: Word = ""


@dataclass(frozen=True, slots=True)
class CallOffSession(Command):
    """It is not held."""

    verb = "call-off"
    by: Id
    reason: Word = ""


@dataclass(frozen=True, slots=True)
class RecordSession(Command):
    """It was held, with those who were there."""

    verb = "record"
    by: Id
    begun: datetime
    ended: datetime
    present: Annotated[tuple[Id, ...], at_most(MOST_PRESENT)]


@dataclass(frozen=True, slots=True)
class AdjournSession(Command):
    """It goes on in another session, or could not begin."""

    verb = "adjourn"
    by: Id
    reason: Word = ""


@dataclass(frozen=True, slots=True)
class DraftMinutes(Command):
    """Write down what was said, or write it otherwise: agreement to the former wording is void."""

    verb = "draft"
    by: Id
    text: Text


@dataclass(frozen=True, slots=True)
class AgreeToMinutes(Command):
    """It was as this version says."""

    verb = "agree"
    by: Id
    version: Version


@dataclass(frozen=True, slots=True)
class ObjectToMinutes(Command):
    """It was not as this version says, but so."""

    verb = "object"
    by: Id
    version: Version
    text: Text


@dataclass(frozen=True, slots=True)
class AskRelease(Command):
    """The minutes are to be given to somebody: every party has to consent."""

    verb = "ask-release"
    by: Id
    to: Id
    name: Title
    purpose: Word = ""


@dataclass(frozen=True, slots=True)
class ConsentToRelease(Command):
    """They may be given to that person."""

    verb = "consent"
    by: Id
    release: ReleaseNumber


@dataclass(frozen=True, slots=True)
class RefuseRelease(Command):
    """They may not, or no longer."""

    verb = "refuse"
    by: Id
    release: ReleaseNumber


# --- what follows from events --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeepRoom(Command):
    """The room is held for the session. Whether it is still open is looked at when this is decided:
    it may have been closed in the same moment.
    """

    turn: int
    room: str


@dataclass(frozen=True, slots=True)
class MissRoom(Command):
    """Another session has the room then."""

    turn: int


@dataclass(frozen=True, slots=True)
class LoseRoom(Command):
    """The room was closed."""

    room: str


@dataclass(frozen=True, slots=True)
class LearnCircle(Command):
    """Something has changed in the dispute: who is in it, or whether it is being mediated. It is
    looked at when this is decided, so that nothing older is learnt after something newer.
    """

    dispute: str


@dataclass(frozen=True, slots=True)
class LinkNext(Command):
    """It goes on in that session."""

    session: str


@dataclass(frozen=True, slots=True)
class ForgetPerson(Command):
    """Somebody was erased."""

    person: str
