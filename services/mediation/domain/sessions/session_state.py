"""A session as it stands: the fold of its events."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from services.mediation.domain.circle import Circle
from services.mediation.domain.disputes.dispute_state import Dispute
from services.mediation.domain.sessions.room import Room
from services.mediation.domain.sessions.session_commands import Slot
from services.mediation.domain.sessions.session_events import (
    MinutesAgreedTo,
    ReleaseConsented,
    SessionCircleLearned,
    SessionForgotten,
    SessionLinked,
    SessionPlanned,
    SessionRoomNamed,
    SessionSlotChosen,
    SessionSlotsNamed,
    SessionSlotTried,
    SessionVoted,
)
from shared.contracts.event import Event
from shared.contracts.mediation.sessions import (
    MinutesAgreed,
    MinutesAwaited,
    MinutesDrafted,
    MinutesObjectedTo,
    MinutesReleaseAsked,
    MinutesReleased,
    MinutesReleaseEnded,
    SessionAdjourned,
    SessionCalledOff,
    SessionConvened,
    SessionHeld,
    SessionNear,
    SessionRoomGivenUp,
    SessionRoomWanted,
    SessionSet,
    SessionTimesProposed,
    SessionUnmet,
    SessionUnrecorded,
)
from shared.runtime.aggregate import changed


class Status(StrEnum):
    """How far a session has come. `UNMET`: no time fits, or no room; `WAITING`: for the room."""

    NONE = "none"
    POLLING = "polling"
    UNMET = "unmet"
    WAITING = "waiting"
    SET = "set"
    HELD = "held"
    ADJOURNED = "adjourned"
    CALLED_OFF = "called-off"


AHEAD = frozenset({Status.POLLING, Status.UNMET, Status.WAITING, Status.SET})
"""It is still to be held."""


class Given(StrEnum):
    """Whether minutes are given out."""

    ASKED = "asked"
    RELEASED = "released"
    ENDED = "ended"


@dataclass(frozen=True)
class Vote:
    """Which of the slots somebody can make."""

    person: str
    can: tuple[int, ...]


@dataclass(frozen=True)
class Minutes:
    """`version` counts the drafts. These `agree` to the present one, these `object`."""

    version: int
    drafted: datetime | None = None
    agree: tuple[str, ...] = ()
    object: tuple[str, ...] = ()
    final: bool = False
    awaited: bool = False


@dataclass(frozen=True)
class Release:
    """The minutes are to be given `to` somebody: `consents` are the parties that agree so far."""

    number: int
    to: str
    by: str
    consents: tuple[str, ...] = ()
    given: Given = Given.ASKED
    until: datetime | None = None


@dataclass(frozen=True)
class Session:
    """`convener` arranges it. With `side` it is a private talk with that one. `slot` is the chosen
    one, `tried` are those for which the room was not free; `turn` counts how often one was asked
    for. `announced` are those to whom it was said when it is. `parties` are those that took part.
    `people` are all who have to do with it.
    """

    session: str = ""
    dispute: str = ""
    status: Status = Status.NONE
    place: str = ""
    path: tuple[str, ...] = ()
    convener: str | None = None
    side: str | None = None
    panel: bool = False
    circle: Circle = field(default_factory=Circle)
    slots: tuple[Slot, ...] = ()
    answer_by: datetime | None = None
    votes: tuple[Vote, ...] = ()
    tried: tuple[int, ...] = ()
    slot: int | None = None
    room: str | None = None
    turn: int = 0
    wanted: bool = False
    sequence: int = 0
    announced: tuple[str, ...] = ()
    last: Slot | None = None
    near_told: bool = False
    unrecorded_told: bool = False
    begun: datetime | None = None
    ended: datetime | None = None
    present: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    adjourned: bool = False
    after: str | None = None
    next: str | None = None
    minutes: Minutes | None = None
    releases: tuple[Release, ...] = ()
    readers: tuple[str, ...] = ()
    people: tuple[str, ...] = ()

    @property
    def chosen(self) -> Slot | None:
        """When it is to be held."""
        return None if self.slot is None else self.slots[self.slot - 1]

    @property
    def invited(self) -> tuple[str, ...]:
        """All who are to come."""
        mediator = () if self.circle.mediator is None else (self.circle.mediator,)
        panel = self.circle.panel if self.panel else ()
        return tuple(dict.fromkeys((*self.circle.people, *mediator, *panel)))

    def release(self, number: int) -> Release | None:
        """The one of that number."""
        return next((one for one in self.releases if one.number == number), None)


@dataclass(frozen=True)
class Around:
    """What the rules are told: the session's id; the dispute and the adjourned session that are
    named when it is convened; the rooms.
    """

    session: str
    dispute: Dispute = field(default_factory=Dispute)
    after: Session | None = None
    rooms: Mapping[str, Room] = field(default_factory=dict)


def evolve(session: Session, event: Event) -> Session:
    """The session after an event."""
    evolved = _evolved(session, event)
    if evolved.circle is session.circle and evolved.panel == session.panel:
        return evolved
    return changed(evolved, people=evolved.invited)


def _evolved(session: Session, event: Event) -> Session:
    match event:
        case SessionConvened(session=id, dispute=dispute, place=place, by=by, after=after):
            return Session(id, dispute, Status.POLLING, place, convener=by, after=after)
        case SessionPlanned(path=path, side=side, panel=panel, circle=circle):
            return changed(session, path=path, side=side, panel=panel, circle=circle)
        case SessionSlotsNamed(slots=slots, answer_by=answer_by):
            return changed(session, slots=slots, answer_by=answer_by, votes=(), tried=(), slot=None)
        case SessionRoomNamed(room=room):
            return changed(session, room=room, tried=())
        case SessionVoted(person=person, can=can):
            others = tuple(one for one in session.votes if one.person != person)
            return changed(session, votes=(*others, Vote(person, can)))
        case SessionSlotChosen(slot=slot):
            return changed(session, slot=slot)
        case SessionSlotTried(slot=slot):
            return changed(session, tried=(*session.tried, slot), slot=None, wanted=False)
        case SessionTimesProposed(by=by):
            return changed(session, status=Status.POLLING, convener=by, slot=None, announced=())
        case SessionRoomWanted(turn=turn):
            return changed(session, status=Status.WAITING, turn=turn, wanted=True)
        case SessionRoomGivenUp():
            return changed(session, wanted=False)
        case SessionUnmet(convener=convener):
            return changed(session, status=Status.UNMET, convener=convener, slot=None, announced=())
        case SessionSet(begin=begin, end=end, sequence=sequence, invited=invited):
            return changed(
                session,
                status=Status.SET,
                sequence=sequence,
                announced=invited,
                last=Slot(begin, end),
                near_told=False,
            )
        case SessionNear():
            return changed(session, near_told=True)
        case SessionCalledOff():
            sequence = session.sequence + 1
            return changed(session, status=Status.CALLED_OFF, sequence=sequence)
        case SessionCircleLearned(circle=circle):
            return changed(session, circle=circle)
        case _:
            return _held(session, event)


def _held(session: Session, event: Event) -> Session:
    """What comes once it is held, or could not begin."""
    match event:
        case SessionHeld(begun=begun, ended=ended, present=present):
            parties = tuple(dict.fromkeys(one.party for one in session.circle.speakers))
            return changed(
                session,
                status=Status.HELD,
                begun=begun,
                ended=ended,
                present=present,
                parties=parties,
            )
        case SessionAdjourned():
            status = Status.HELD if session.status is Status.HELD else Status.ADJOURNED
            return changed(session, status=status, adjourned=True)
        case SessionUnrecorded():
            return changed(session, unrecorded_told=True)
        case SessionLinked(next=id):
            return changed(session, next=id)
        case SessionForgotten():
            return changed(session, minutes=None, releases=(), readers=())
        case MinutesDrafted(version=version, drafted=drafted):
            return changed(session, minutes=Minutes(version, drafted))
        case MinutesAgreedTo() | MinutesObjectedTo() | MinutesAwaited() | MinutesAgreed():
            return changed(session, minutes=_minutes(session.minutes, event))
        case MinutesReleaseAsked(release=number, to=to, by=by):
            return changed(session, releases=(*session.releases, Release(number, to, by)))
        case ReleaseConsented() | MinutesReleased() | MinutesReleaseEnded():
            return _released(session, event)
    return session


def _minutes(minutes: Minutes | None, event: Event) -> Minutes:
    assert minutes is not None, "what is agreed to was drafted"
    match event:
        case MinutesAgreedTo(person=person):
            objecting = tuple(one for one in minutes.object if one != person)
            agree = (*(one for one in minutes.agree if one != person), person)
            return changed(minutes, agree=agree, object=objecting)
        case MinutesObjectedTo(by=person):
            agree = tuple(one for one in minutes.agree if one != person)
            objecting = (*(one for one in minutes.object if one != person), person)
            return changed(minutes, agree=agree, object=objecting)
        case MinutesAwaited():
            return changed(minutes, awaited=True)
        case MinutesAgreed():
            return changed(minutes, final=True)
    return minutes


def _released(session: Session, event: Event) -> Session:
    releases = tuple(
        _release(one, event) if one.number == getattr(event, "release", None) else one
        for one in session.releases
    )
    readers = tuple(one.to for one in releases if one.given is Given.RELEASED)
    return changed(session, releases=releases, readers=readers)


def _release(release: Release, event: Event) -> Release:
    match event:
        case ReleaseConsented(party=party):
            return changed(release, consents=(*release.consents, party))
        case MinutesReleased(until=until):
            return changed(release, given=Given.RELEASED, until=until)
        case MinutesReleaseEnded():
            return changed(release, given=Given.ENDED)
    return release
