"""Message (消息): something that one person was told once, and whether they have read it.

A message holds no text: `kind` names a template, `params` are codes, ids, numbers and times that
fill it when it is shown. So nothing personal is kept, and everybody reads in their own language.

By which ways it goes out besides is its delivery: `delivery.py` and `delivering.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import ClassVar

from services.notifications.domain import delivering, delivery
from services.notifications.domain.delivery import Delivery, DeliveryPlanned
from services.notifications.domain.ways import INBOX_ONLY, Plan, Way
from shared.contracts.event import Event
from shared.contracts.notifications import MessagePosted, MessageRead
from shared.contracts.types import Id
from shared.runtime.aggregate import Aggregate, Command, Rejected

CHAPTERS = (delivery,)

MAX_PARAMS = 12
"""Parameters of one message."""
MAX_PARAM_LENGTH = 160
"""Characters of one parameter: an id or a time, never a text."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message in somebody's inbox; without a recipient it is not posted yet.

    `about` is the stream and `event` the id of the event it tells of; `posted` is when it came.
    Without a `delivery` it is in the inbox only.
    """

    recipient: str = ""
    kind: str = ""
    about: str = ""
    event: str = ""
    params: dict[str, str] = field(default_factory=dict)
    posted: datetime | None = None
    read: bool = False
    forgotten: bool = False
    delivery: Delivery | None = None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a decision is told of the recipient: whether they were erased, and by which of the ways
    that there are they want to be told of such a thing now.
    """

    closed: bool = False
    plan: Plan = INBOX_ONLY


NOTHING_SPECIAL = Circumstances()


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


def decide(
    command: Command, message: Message, now: datetime, around: Circumstances = NOTHING_SPECIAL
) -> list[Event]:
    """What follows from a command."""
    match command:
        case Forget():
            return [MessageForgotten()] if message.recipient else []
        case Post() if message.recipient or message.forgotten or around.closed:
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
            goes_out = delivering.begin(around.plan, recipient, kind, about, now)
            return [posted, MessageWorded(kind, dict(params), now), *goes_out]
        case Read(by=by) if not message.recipient or by != message.recipient:
            raise Rejected("not-yours", "only the recipient can read a message")
        case Read() if message.read:
            return []
        case Read(by=by):
            return [MessageRead(message=own_id(message), recipient=by)]
        case _ if isinstance(command, delivering.COMMANDS):
            return _delivering(command, message, now, around.plan)
    raise Rejected("wrong-moment", f"cannot {command.verb} a message", verb=command.verb)


def _delivering(command: Command, message: Message, now: datetime, plan: Plan) -> list[Event]:
    if message.delivery is None or message.posted is None:
        if isinstance(command, delivering.Called):
            raise Rejected("not-to-call", "nobody has to be called about this message")
        return []
    if message.read:
        return delivering.decide_read(command, message.delivery, now)
    key = (message.posted, own_id(message))
    return delivering.decide(command, message.delivery, key, now, plan)


def evolve(message: Message, event: Event) -> Message:
    """The message after an event."""
    match event:
        case MessagePosted(recipient=recipient, kind=kind, about=about, event=told):
            return replace(message, recipient=recipient, kind=kind, about=about, event=told)
        case MessageWorded(params=params, at=at):
            return replace(message, params=params, posted=at)
        case MessageRead() if message.delivery is not None:
            return replace(message, read=True, delivery=delivery.read(message.delivery))
        case MessageRead():
            return replace(message, read=True)
        case MessageForgotten():
            return Message(forgotten=True)
        case DeliveryPlanned():
            return replace(message, delivery=delivery.planned(event))
    if message.delivery is None:
        return message
    return replace(message, delivery=delivery.evolve(message.delivery, event))


def due(message: Message) -> datetime | None:
    """When its delivery wants attention."""
    return None if message.delivery is None else delivering.due(message.delivery)


def own_id(message: Message) -> str:
    """The id of a message that was posted."""
    return message_id(message.event, message.recipient, message.kind)


def open_verbs(message: Message) -> tuple[str, ...]:
    """The verbs that this message knows now."""
    if not message.recipient or message.read:
        return ()
    to_call = message.delivery is not None and message.delivery.queue == Way.PHONE
    return ("called", "read") if to_call else ("read",)


message = Aggregate(
    kind="message",
    initial=Message(),
    decide=decide,
    evolve=evolve,
    events=(MessagePosted, MessageWorded, MessageRead, MessageForgotten, *delivery.EVENTS),
    due=due,
)
