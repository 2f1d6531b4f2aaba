"""What is done about a webhook: by its owner, and by calling, which tells how it went."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from shared.contracts.types import Code, EventId, EventTypes, Id, PlaceCode, Url, at_most
from shared.runtime.aggregate import Command

Types = Annotated[tuple[EventTypes, ...], at_most(200)]
Places = Annotated[tuple[PlaceCode, ...], at_most(200)]
Categories = Annotated[tuple[Code, ...], at_most(200)]


class Mode(StrEnum):
    """How a CloudEvent lies in the request (CloudEvents HTTP binding, 3)."""

    STRUCTURED = "structured"
    """The whole envelope is the body."""
    BINARY = "binary"
    """The body is the data; the rest stands in headers."""


class Signing(StrEnum):
    """How calls are signed (Standard Webhooks)."""

    HMAC = "hmac"
    """With a secret that both know: ``v1``."""
    ED25519 = "ed25519"
    """With a private key that only the sender has: ``v1a``."""


@dataclass(frozen=True, slots=True)
class Create(Command):
    """A system is to be called. `types`, `places` (with all below them) and `categories` say with
    which events; what is empty asks for nothing. `host` is that of the `url`, which itself stands
    in the dossier, like the `secret`.
    """

    owner: Id
    url: Url
    host: str
    secret: str
    public_key: str | None
    types: Types = ()
    places: Places = ()
    categories: Categories = ()
    within: Places = ()
    mode: Mode = Mode.STRUCTURED
    signing: Signing = Signing.HMAC


@dataclass(frozen=True, slots=True)
class Edit(Command):
    """Other events, or another address, are wanted from now on; what is left out stays. A new
    address has to agree anew.
    """

    by: Id
    types: Types | None = None
    places: Places | None = None
    categories: Categories | None = None
    mode: Mode | None = None
    url: Url | None = None


@dataclass(frozen=True, slots=True)
class Verify(Command):
    """The endpoint is to be asked again whether it wants to be called."""

    by: Id


@dataclass(frozen=True, slots=True)
class RotateSecret(Command):
    """Calls are signed with another secret; the former one signs along for a day. Of a secret of
    Ed25519 the other side is given the `public_key`.
    """

    secret: str
    public_key: str | None


@dataclass(frozen=True, slots=True)
class Disable(Command):
    """No more calls for now."""

    by: Id


@dataclass(frozen=True, slots=True)
class Enable(Command):
    """Calls go on where they ended."""

    by: Id


@dataclass(frozen=True, slots=True)
class Replay(Command):
    """What has happened from a moment on is sent once more."""

    by: Id
    since: datetime


@dataclass(frozen=True, slots=True)
class SendTest(Command):
    """An event that tells nothing is sent, to see whether it arrives."""

    by: Id


@dataclass(frozen=True, slots=True)
class Skip(Command):
    """An event that the endpoint will never take is passed over. `event` is its ``webhook-id``."""

    by: Id
    event: EventId


@dataclass(frozen=True, slots=True)
class Remove(Command):
    """The webhook ends; its address and its secrets are forgotten."""

    by: Id


# --- what calling tells ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TakeVerification(Command):
    """What became of verification number `check`: agreed, or `refused` with a code."""

    check: int
    refused: str | None


@dataclass(frozen=True, slots=True)
class TakeTest(Command):
    """What became of test number `test`: a status such as ``204``, or a code."""

    test: int
    outcome: str


@dataclass(frozen=True, slots=True)
class GiveUp(Command):
    """The endpoint could not be reached since then, or said that it is gone, in that run. It shows
    by the call that was begun at `called`.
    """

    because: Literal["unreachable", "gone"]
    since: datetime | None
    run: int
    called: datetime
