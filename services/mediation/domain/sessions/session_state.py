"""A session as it stands: the fold of its events."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from services.mediation.domain.circle import Circle
from services.mediation.domain.disputes.dispute_state import Dispute
from services.mediation.domain.sessions.room import Room
from services.mediation.domain.sessions.session_commands import Slot


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
    """What the rules are told: the session's id; the dispute, and the adjourned session that is
    named when it is convened; the rooms.
    """

    session: str
    dispute: Dispute = field(default_factory=Dispute)
    after: Session | None = None
    rooms: Mapping[str, Room] = field(default_factory=dict)
