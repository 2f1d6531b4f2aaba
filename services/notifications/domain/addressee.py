"""Addressee (收件人): whether somebody can be written to. Nobody writes to who was erased."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.event import Event
from shared.runtime.aggregate import Aggregate, Command


@dataclass(frozen=True, slots=True)
class Addressee:
    """A person, by subject; only of those who were erased something is kept here."""

    closed: bool = False


@dataclass(frozen=True, slots=True)
class CloseInbox(Command):
    """The person was erased."""


@dataclass(frozen=True, slots=True)
class OpenInbox(Command):
    """The person is registered, perhaps anew."""


@dataclass(frozen=True, slots=True)
class InboxClosed(Event):
    """Nothing is posted to the person from now on."""


@dataclass(frozen=True, slots=True)
class InboxOpened(Event):
    """The person has come back."""


def decide(command: Command, addressee: Addressee, now: datetime) -> list[Event]:
    """What follows from a command."""
    match command:
        case CloseInbox() if not addressee.closed:
            return [InboxClosed()]
        case OpenInbox() if addressee.closed:
            return [InboxOpened()]
    return []


def evolve(addressee: Addressee, event: Event) -> Addressee:
    """The addressee after an event."""
    match event:
        case InboxClosed():
            return Addressee(closed=True)
        case InboxOpened():
            return Addressee(closed=False)
    return addressee


addressee = Aggregate(
    kind="addressee",
    initial=Addressee(),
    decide=decide,
    evolve=evolve,
    events=(InboxClosed, InboxOpened),
)
