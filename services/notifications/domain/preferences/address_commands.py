"""What is said of where a person is reached: by them, by an import, by what delivery finds out."""

from dataclasses import dataclass
from datetime import datetime

from services.notifications.domain.kinds import Topic
from services.notifications.domain.ways import Way
from shared.contracts.notifications import AddressWay
from shared.contracts.types import (
    AddressCode,
    Code,
    EmailAddress,
    Id,
    MobileNumber,
    PushAuth,
    PushKey,
    WebAddress,
)
from shared.runtime.aggregate import Command


@dataclass(frozen=True, slots=True)
class GiveEmail(Command):
    """The person gives an address, and agrees to a version of the wording on being written to."""

    address: EmailAddress
    wording: Code


@dataclass(frozen=True, slots=True)
class GivePhone(Command):
    """The person gives a number, and agrees to `wording`."""

    number: MobileNumber
    wording: Code


@dataclass(frozen=True, slots=True)
class GivePush(Command):
    """A browser of the person takes push messages; it takes the place of the one before."""

    endpoint: WebAddress
    p256dh: PushKey
    auth: PushAuth
    wording: Code


@dataclass(frozen=True, slots=True)
class AskCode(Command):
    """Another code for an address that is not confirmed."""

    way: AddressWay


@dataclass(frozen=True, slots=True)
class ConfirmAddress(Command):
    """The code that was sent there."""

    way: AddressWay
    code: AddressCode


@dataclass(frozen=True, slots=True)
class RemoveAddress(Command):
    """The person takes back an address, and the consent to it."""

    way: Way


@dataclass(frozen=True, slots=True)
class MarkBad(Command):
    """Delivery found that nobody is reached there: a hard bounce, a number that is not in use."""

    way: Way


@dataclass(frozen=True, slots=True)
class Unsubscribe(Command):
    """Somebody used the link of an e-mail to the person: for a topic, or (None) for all e-mail."""

    person: Id
    topic: Topic | None


@dataclass(frozen=True, slots=True)
class ImportAddress(Command):
    """Another system has an address of the person, and their consent to a wording at a time; or it
    knows that they do not want to be written to (`unsubscribed`).
    """

    person: Id
    way: Way
    address: str
    wording: str
    agreed_at: datetime
    unsubscribed: bool
    imported_by: Id


COMMANDS = (
    GiveEmail,
    GivePhone,
    GivePush,
    AskCode,
    ConfirmAddress,
    RemoveAddress,
    MarkBad,
    Unsubscribe,
    ImportAddress,
)
