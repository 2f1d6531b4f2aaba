"""Merging (并案): several petitions about one thing are answered together, and none is lost.

The one that is merged keeps its petitioner, its words and its deadline; it waits while the other,
the main one, is worked on, gets the main one's answer, and its own petitioner judges that. When it
is split off, or the main one ends without an answer, it goes on with the deadline it had.
"""

from dataclasses import dataclass
from datetime import datetime

from services.petitions.domain import promises
from services.petitions.domain.dossier import AnswerWritten
from services.petitions.domain.ladder import Surroundings
from services.petitions.domain.state import ON_THE_CLOCK, Merging, Petition, Status
from shared.contracts.event import Event
from shared.contracts.petitions import (
    PetitionAdopted,
    PetitionAnswered,
    PetitionLinked,
    PetitionMemberLeft,
    PetitionMemberRefused,
    PetitionMerged,
    PetitionSplit,
)
from shared.contracts.types import Id, Level
from shared.runtime.aggregate import Command, Rejected, changed

MOST_MEMBERS = 500
"""Petitions merged into one."""
MOST_LINKS = 50
"""Petitions that one can be linked to."""


@dataclass(frozen=True, slots=True)
class Merge(Command):
    """Have it answered with another one about the same."""

    by: Id
    into: Id


@dataclass(frozen=True, slots=True)
class Split(Command):
    """Let it go its own way again."""

    by: Id


@dataclass(frozen=True, slots=True)
class Link(Command):
    """Note that it has to do with another one."""

    by: Id
    to: Id


@dataclass(frozen=True, slots=True)
class Adopt(Command):
    """Another petition was merged into this one."""

    member: str


@dataclass(frozen=True, slots=True)
class LetGo(Command):
    """A member goes its own way again."""

    member: str


@dataclass(frozen=True, slots=True)
class GoOnAlone(Command):
    """The main petition cannot answer it: it was refused there, or closed without an answer."""

    main: str
    because: str


@dataclass(frozen=True, slots=True)
class ShareAnswer(Command):
    """The main petition was answered: so is this one, with the same words and promises."""

    main: str
    answered_by: str
    level: Level
    at: str
    in_time: bool
    done: str
    done_by: str
    follows: tuple[str, ...]
    until: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerShared(Event):
    """The level that answered the main petition has answered this one."""

    main: str
    level: Level
    at: str


COMMANDS = (Merge, Split, Link, Adopt, LetGo, GoOnAlone, ShareAnswer)
EVENTS = (
    PetitionMerged,
    PetitionSplit,
    PetitionLinked,
    PetitionAdopted,
    PetitionMemberLeft,
    PetitionMemberRefused,
    AnswerShared,
)


def decide(command: Command, petition: Petition, now: datetime, facts: Surroundings) -> list[Event]:
    """What follows from merging, splitting and linking; and from what happens to the main one."""
    merging = petition.merging or Merging()
    match command:
        case Merge(by=by, into=into):
            return _merge(petition, by, into)
        case Split():
            return [_split(petition, merging, "split")]
        case Link(to=to) if to == petition.id:
            raise Rejected("same-petition", "that is this petition itself")
        case Link(to=to) if to in merging.links:
            return []
        case Link() if len(merging.links) >= MOST_LINKS:
            raise Rejected(
                "too-many-links", f"it is linked to {MOST_LINKS} others", most=MOST_LINKS
            )
        case Link(by=by, to=to):
            return [PetitionLinked(petition.id, to, by)]
        case _ if petition.status is Status.UNFILED:
            return []
        case Adopt(member=member):
            return _adopt(petition, merging, member)
        case LetGo(member=member) if member in merging.members:
            return [PetitionMemberLeft(petition.id, member, len(merging.members) - 1)]
        case GoOnAlone(main=main, because=because) if _waits_for(petition, main):
            return [_split(petition, merging, because)]
        case ShareAnswer(main=main) if merging.into == main and petition.status in (
            Status.MERGED,
            Status.ANSWERED,
        ):
            return _answered_together(command, petition, now)
    return []


def _merge(petition: Petition, by: str, into: str) -> list[Event]:
    if into == petition.id:
        raise Rejected("same-petition", "that is this petition itself")
    return [PetitionMerged(petition.id, into, by, petition.named)]


def _adopt(petition: Petition, merging: Merging, member: str) -> list[Event]:
    if member in merging.members:
        return []
    if petition.status is Status.CLOSED:
        # Nothing more comes of it that its members could share.
        return [PetitionMemberRefused(petition.id, member, "closed")]
    if merging.into is not None and petition.status is Status.MERGED:
        return [PetitionMemberRefused(petition.id, member, "merged-itself")]
    if len(merging.members) >= MOST_MEMBERS:
        return [PetitionMemberRefused(petition.id, member, "full")]
    return [PetitionAdopted(petition.id, member, len(merging.members) + 1)]


def _split(petition: Petition, merging: Merging, because: str) -> Event:
    return PetitionSplit(petition.id, merging.into or "", because, petition.named)


def _waits_for(petition: Petition, main: str) -> bool:
    merging = petition.merging
    return petition.status is Status.MERGED and merging is not None and merging.into == main


def _answered_together(answer: ShareAnswer, petition: Petition, now: datetime) -> list[Event]:
    return [
        AnswerShared(answer.main, answer.level, answer.at),
        PetitionAnswered(
            petition=petition.id,
            by=answer.answered_by,
            level=answer.level,
            place=petition.place,
            category=petition.category,
            in_time=petition.answer_by is None or now <= petition.answer_by,
            follow_up_until=now + petition.limits.follow_up,
            petitioner=petition.named,
            informed=petition.informed,
        ),
        AnswerWritten(answer.done, answer.done_by, answer.follows, answer.until),
        *promises.shared(petition, answer.follows, answer.until, answer.answered_by),
    ]


def evolve(petition: Petition, event: Event) -> Petition:
    """The petition after the event."""
    merging = petition.merging or Merging()
    match event:
        case PetitionMerged(into=into):
            merging = changed(merging, into=into, before=petition.status)
            return changed(petition, status=Status.MERGED, merging=merging)
        case PetitionSplit():
            status = merging.before if merging.before in ON_THE_CLOCK else Status.UNASSIGNED
            merging = changed(merging, into=None, before=None)
            return changed(petition, status=status, merging=merging)
        case PetitionLinked(to=to):
            merging = changed(merging, links=(*merging.links, to))
        case PetitionAdopted(member=member):
            merging = changed(merging, members=(*merging.members, member))
        case PetitionMemberLeft(member=member):
            merging = changed(merging, members=tuple(m for m in merging.members if m != member))
        case AnswerShared(level=level, at=at):
            return changed(petition, level=level, at=at)
    return changed(petition, merging=merging)
