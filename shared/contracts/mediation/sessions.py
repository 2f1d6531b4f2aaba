"""Sessions of a mediation, and the rooms they are held in. Ids, codes and times: nothing of what is
said there.

`invited` are all who are to come. A private talk is with one side: only its people are invited, and
only they hear of it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.contracts.event import Event


class Unmet(StrEnum):
    """Why a session has no time yet, or no room."""

    NO_COMMON_TIME = "no-common-time"
    NO_ROOM = "no-room"


class CalledOff(StrEnum):
    """Why a session is not held."""

    BY_CONVENER = "by-convener"
    DISPUTE_OVER = "dispute-over"
    MEDIATOR_LEFT = "mediator-left"


# --- sessions ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SessionConvened(Event):
    """Those invited say until then which of the times they can make. `after` is the session that
    was adjourned to this one.
    """

    session: str
    dispute: str
    place: str
    invited: tuple[str, ...]
    answer_by: datetime
    by: str
    after: str | None = None


@dataclass(frozen=True, slots=True)
class SessionTimesProposed(Event):
    """Other times are proposed; what was set before does not hold."""

    session: str
    dispute: str
    invited: tuple[str, ...]
    answer_by: datetime
    by: str


@dataclass(frozen=True, slots=True)
class SessionRoomWanted(Event):
    """All can come then, and the room is asked for; `turn` counts how often one was."""

    session: str
    room: str
    day: str
    begin: datetime
    end: datetime
    turn: int


@dataclass(frozen=True, slots=True)
class SessionRoomGivenUp(Event):
    """The session does not need the room on that day any more."""

    session: str
    room: str
    day: str
    turn: int


@dataclass(frozen=True, slots=True)
class SessionUnmet(Event):
    """It has no time or no room: `convener` proposes others, None where nobody mediates. Those who
    are `told` had heard of a time: it does not hold.
    """

    session: str
    dispute: str
    because: Unmet
    convener: str | None
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SessionSet(Event):
    """It is held then. `sequence` grows each time it is announced otherwise. `turn` is of the
    room that was held for it.
    """

    session: str
    dispute: str
    place: str
    begin: datetime
    end: datetime
    room: str | None
    day: str
    turn: int
    invited: tuple[str, ...]
    sequence: int


@dataclass(frozen=True, slots=True)
class SessionNear(Event):
    """It begins soon."""

    session: str
    dispute: str
    begin: datetime
    room: str | None
    invited: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SessionCalledOff(Event):
    """It is not held."""

    session: str
    dispute: str
    because: CalledOff
    invited: tuple[str, ...]
    by: str | None


@dataclass(frozen=True, slots=True)
class SessionHeld(Event):
    """It took place, with these."""

    session: str
    dispute: str
    begun: datetime
    ended: datetime
    present: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SessionAdjourned(Event):
    """It did not come to an end, or not to a beginning: another one is to be convened."""

    session: str
    dispute: str
    invited: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True)
class SessionUnrecorded(Event):
    """It is over, and the mediator has not said who came."""

    session: str
    dispute: str
    mediator: str | None


# --- minutes -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MinutesDrafted(Event):
    """The mediator has written them down: those concerned agree or object."""

    session: str
    dispute: str
    version: int
    asked: tuple[str, ...]
    drafted: datetime


@dataclass(frozen=True, slots=True)
class MinutesObjectedTo(Event):
    """They are not as it was, one of them says."""

    session: str
    dispute: str
    version: int
    mediator: str | None
    by: str


@dataclass(frozen=True, slots=True)
class MinutesAwaited(Event):
    """These have said nothing about them yet."""

    session: str
    dispute: str
    version: int
    awaited: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MinutesAgreed(Event):
    """All sides agree: they are final."""

    session: str
    dispute: str
    version: int
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MinutesReleaseAsked(Event):
    """Somebody wants the minutes to be given to `to`: every party is asked."""

    session: str
    dispute: str
    release: int
    to: str
    by: str
    asked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MinutesReleased(Event):
    """Every party has consented: `to` may read them until then."""

    session: str
    dispute: str
    release: int
    to: str
    until: datetime


@dataclass(frozen=True, slots=True)
class MinutesReleaseEnded(Event):
    """A party does not consent, or no longer: `to` may not read them. With `given` they could, so
    far.
    """

    session: str
    dispute: str
    release: int
    to: str
    told: tuple[str, ...]
    by: str
    given: bool


# --- rooms ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RoomOpened(Event):
    """A room can be booked for sessions."""

    room: str
    place: str
    capacity: int


@dataclass(frozen=True, slots=True)
class RoomClosed(Event):
    """It cannot be booked any more; what was booked from now on goes elsewhere."""

    room: str
    place: str


@dataclass(frozen=True, slots=True)
class RoomHeld(Event):
    """The room is kept for the session then."""

    session: str
    room: str
    begin: datetime
    end: datetime
    turn: int


@dataclass(frozen=True, slots=True)
class RoomRefused(Event):
    """Another session has the room then, or it is closed."""

    session: str
    room: str
    begin: datetime
    end: datetime
    turn: int


@dataclass(frozen=True, slots=True)
class RoomFreed(Event):
    """The session does not have the room any more."""

    session: str
    room: str
    begin: datetime
    end: datetime
