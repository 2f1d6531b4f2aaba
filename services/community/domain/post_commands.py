"""What is done to a post, and the events of it that stay in the service."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.event import Event
from shared.contracts.types import Code, Id, PlaceCode
from shared.runtime.aggregate import Command


@dataclass(frozen=True, slots=True)
class EstablishPost(Command):
    """Creates the post, with its first holder if one is named (from `since` on, else from now).

    `organisation` is the one that fills the post with the holder.
    """

    by: Id
    place: PlaceCode
    duty: Code
    holder: Id | None = None
    since: datetime | None = None
    until: datetime | None = None
    organisation: Id | None = None


@dataclass(frozen=True, slots=True)
class AssignPost(Command):
    """Gives a post that nobody holds to somebody."""

    verb = "assign"
    by: Id
    holder: Id
    since: datetime | None = None
    until: datetime | None = None
    organisation: Id | None = None


@dataclass(frozen=True, slots=True)
class ReplaceHolder(Command):
    """Gives a post that is held to somebody else, or to the same person for another term."""

    verb = "replace"
    by: Id
    holder: Id
    since: datetime | None = None
    until: datetime | None = None
    organisation: Id | None = None


@dataclass(frozen=True, slots=True)
class Resign(Command):
    """The holder gives the post back."""

    by: Id


@dataclass(frozen=True, slots=True)
class Relieve(Command):
    """The holder is relieved of the post."""

    by: Id


@dataclass(frozen=True, slots=True)
class CallOff(Command):
    """The term that lies ahead will not begin."""

    by: Id


@dataclass(frozen=True, slots=True)
class NameDeputy(Command):
    """Says who stands in while the holder is away; nobody, without a deputy."""

    by: Id
    deputy: Id | None = None


@dataclass(frozen=True, slots=True)
class TakeLeave(Command):
    """The holder is away from `since` (or now) on, before `until`."""

    by: Id
    until: datetime
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReturnEarly(Command):
    """The leave ends now, or does not begin."""

    by: Id


# --- sent by the service itself ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RequirePost(Command):
    """A pattern asks for this duty at the place."""

    place: str
    duty: str
    fill_within_days: int


@dataclass(frozen=True, slots=True)
class ReleasePost(Command):
    """No pattern asks for it any longer."""


@dataclass(frozen=True, slots=True)
class EndWithPlace(Command):
    """The place is closed: so are its posts."""


# --- private events ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PostEstablished(Event):
    """The duty exists at the place."""

    place: str
    duty: str


@dataclass(frozen=True, slots=True)
class PostScheduled(Event):
    """Somebody will have the post from a later time on; the others hear of it when it begins."""

    holder: str
    since: datetime
    until: datetime | None = None
    organisation: str | None = None


@dataclass(frozen=True, slots=True)
class PostCalledOff(Event):
    """The term that lay ahead was struck."""

    holder: str


@dataclass(frozen=True, slots=True)
class DeputyNamed(Event):
    """Who stands in for the holder from now on."""

    deputy: str | None


@dataclass(frozen=True, slots=True)
class LeavePlanned(Event):
    """The holder will be away, or is."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class LeaveCalledOff(Event):
    """The leave that lay ahead was struck."""


@dataclass(frozen=True, slots=True)
class PostRequired(Event):
    """It must be filled, so many days after it becomes vacant."""

    fill_within_days: int


@dataclass(frozen=True, slots=True)
class PostReleased(Event):
    """It may stay vacant."""
