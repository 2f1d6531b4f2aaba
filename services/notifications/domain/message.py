"""Message (消息): something that one person was told once, and whether they have read it.

A message holds no text: `kind` names a template, `params` are codes, ids, numbers and times that
fill it when it is shown. So nothing personal is kept, and everybody reads in their own language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import ClassVar

from shared.contracts.event import Event
from shared.contracts.notifications import MessagePosted, MessageRead
from shared.contracts.types import Id
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick

MAX_PARAMS = 12
"""Parameters of one message."""
MAX_PARAM_LENGTH = 160
"""Characters of one parameter: an id or a time, never a text."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message in somebody's inbox; without a recipient it is not posted yet.

    `about` is the stream and `event` the id of the event it tells of; `posted` is when it came.
    """

    recipient: str = ""
    kind: str = ""
    about: str = ""
    event: str = ""
    params: dict[str, str] = field(default_factory=dict)
    posted: datetime | None = None
    read: bool = False
    forgotten: bool = False


@dataclass(frozen=True, slots=True)
class Post(Command):
    """Puts it into the recipient's inbox."""

    recipient: str
    kind: str
    params: Mapping[str, str]
    about: str
    event: str


@dataclass(frozen=True, slots=True)
class Read(Command):
    """The recipient has read it."""

    by: Id


@dataclass(frozen=True, slots=True)
class Forget(Command):
    """The recipient was erased."""


@dataclass(frozen=True, slots=True)
class MessageForgotten(Event):
    """Nothing is kept of it but that it was: so it is never posted again."""

    forgets: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class MessageWorded(Event):
    """What a message says: the template's kind and what fills it. Nobody else is told."""

    kind: str
    params: dict[str, str]
    at: datetime


def message_id(event: str, recipient: str, kind: str) -> str:
    """The id of the message that tells this person of this event, the same whenever it is made."""
    return sha256(f"{event}|{recipient}|{kind}".encode()).hexdigest()[:32]


def decide(command: Command, message: Message, now: datetime, closed: bool = False) -> list[Event]:
    """What follows from a command; `closed` says that the recipient was erased."""
    match command:
        case Tick():
            return []
        case Forget():
            return [MessageForgotten()] if message.recipient else []
        case Post() if message.recipient or message.forgotten or closed:
            return []  # told already, or nobody to tell
        case Post(recipient=recipient, kind=kind, params=params, about=about, event=event):
            if len(params) > MAX_PARAMS or any(len(v) > MAX_PARAM_LENGTH for v in params.values()):
                raise Rejected("too-wordy", "a message holds codes, ids and times, no text")
            posted = MessagePosted(
                message=message_id(event, recipient, kind),
                recipient=recipient,
                kind=kind,
                about=about,
                event=event,
            )
            return [posted, MessageWorded(kind, dict(params), now)]
        case Read(by=by) if not message.recipient or by != message.recipient:
            raise Rejected("not-yours", "only the recipient can read a message")
        case Read() if message.read:
            return []
        case Read(by=by):
            id = message_id(message.event, message.recipient, message.kind)
            return [MessageRead(message=id, recipient=by)]
    raise Rejected("wrong-moment", f"cannot {command.verb} a message", verb=command.verb)


def evolve(message: Message, event: Event) -> Message:
    """The message after an event."""
    match event:
        case MessagePosted(recipient=recipient, kind=kind, about=about, event=told):
            return replace(message, recipient=recipient, kind=kind, about=about, event=told)
        case MessageWorded(params=params, at=at):
            return replace(message, params=params, posted=at)
        case MessageRead():
            return replace(message, read=True)
        case MessageForgotten():
            return Message(forgotten=True)
    return message


def open_verbs(message: Message) -> tuple[str, ...]:
    """The verbs that this message knows now."""
    return ("read",) if message.recipient and not message.read else ()


message = Aggregate(
    kind="message",
    initial=Message(),
    decide=decide,
    evolve=evolve,
    events=(MessagePosted, MessageWorded, MessageRead, MessageForgotten),
)
