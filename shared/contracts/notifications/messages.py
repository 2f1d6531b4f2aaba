"""Messages: that somebody was told or has read, never what."""

from dataclasses import dataclass

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
