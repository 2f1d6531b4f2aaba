"""The public events of **notifications**: that somebody was told or has read, and what is still to
be told to whom; never what they were told.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.contracts.event import Event


@dataclass(frozen=True, slots=True)
class MessagePosted(Event):
    """A message lies in somebody's inbox. `about` is the stream and `event` the id of the event it
    tells of.
    """

    message: str
    recipient: str
    kind: str
    about: str
    event: str


@dataclass(frozen=True, slots=True)
class MessageRead(Event):
    """The recipient has read it."""

    message: str
    recipient: str


class AddressWay(StrEnum):
    """Ways whose addresses are confirmed by a code that is sent there."""

    EMAIL = "email"
    SMS = "sms"


@dataclass(frozen=True, slots=True)
class AddressCodeAsked(Event):
    """A person gave an address for a way: the code that confirms it, the `turn`-th of theirs, is to
    be sent there. It is good until then.
    """

    person: str
    way: AddressWay
    turn: int
    until: datetime


@dataclass(frozen=True, slots=True)
class DigestDue(Event):
    """A person is to be told in one message how much came from `since` until `until`."""

    person: str
    since: datetime
    until: datetime
