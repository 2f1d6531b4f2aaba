"""API key (应用密钥): by which an application of others may send in what people report through it.

Nobody keeps the key itself: it is shown once, and known again by its SHA-256.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Annotated

from shared.contracts.event import Event, Personal
from shared.contracts.types import Digest, Id, PlaceCode, Text, Title, between
from shared.runtime.aggregate import Aggregate, Command, Rejected

SHOWN_LAST = 4
"""Characters of a key by which people tell it from others."""

Rate = Annotated[int, between(1, 6_000)]
"""Requests a minute."""


class Status(StrEnum):
    """How a key stands."""

    UNISSUED = "unissued"
    ACTIVE = "active"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key: the `application` that has it, the place in which that may report (`jurisdiction`,
    with all below), and how often (`rate`, requests a minute). `last` are the key's last
    characters.
    """

    status: Status = Status.UNISSUED
    application: str = ""
    jurisdiction: str = ""
    rate: int = 0
    digest: str = ""
    last: str = ""
    issued_by: str = ""
    issued_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    revoked_at: datetime | None = None


def digest_of(key: str) -> str:
    """What is kept of a key."""
    return sha256(key.encode()).hexdigest()


def id_of(digest: str) -> str:
    """The id of the key with this digest: whoever knows it knows nothing of the key."""
    return digest[:32]


# --- commands -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Issue(Command):
    """Give an application a key. `contact` is how its makers are reached; `digest` and `last` are
    of the key, which was just made.
    """

    issuer: Id
    application: Title
    contact: Title
    jurisdiction: PlaceCode
    rate: Rate
    digest: Digest
    last: str


@dataclass(frozen=True, slots=True)
class Revoke(Command):
    """Let the key open nothing any more."""

    by: Id
    reason: Text


# --- events ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ApiKeyIssued(Event):
    """An application has a key."""

    application: str
    jurisdiction: str
    rate: int
    digest: str
    last: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ApiKeyRevoked(Event):
    """It opens nothing any more."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ApplicationContactGiven(Personal):
    """How the application's makers are reached."""

    contact: str


@dataclass(frozen=True, slots=True)
class RevocationExplained(Personal):
    """Why it was revoked."""

    text: str


def decide(command: Command, key: ApiKey, now: datetime) -> list[Event]:
    """What follows from the command. Raises `Rejected`."""
    match key.status, command:
        case Status.UNISSUED, Issue():
            return [
                ApiKeyIssued(
                    application=command.application,
                    jurisdiction=command.jurisdiction,
                    rate=command.rate,
                    digest=command.digest,
                    last=command.last,
                    by=command.issuer,
                    at=now,
                ),
                ApplicationContactGiven(command.contact),
            ]
        case Status.ACTIVE, Revoke(by=by, reason=reason):
            return [ApiKeyRevoked(by=by, at=now), RevocationExplained(reason)]
        case Status.REVOKED, Revoke():
            raise Rejected("key-revoked", "it was revoked before")
    raise Rejected("key-issued", "this key was issued before")


def evolve(key: ApiKey, event: Event) -> ApiKey:
    """The key after the event."""
    match event:
        case ApiKeyIssued():
            return ApiKey(
                status=Status.ACTIVE,
                application=event.application,
                jurisdiction=event.jurisdiction,
                rate=event.rate,
                digest=event.digest,
                last=event.last,
                issued_by=event.by,
                issued_at=event.at,
            )
        case ApiKeyRevoked(at=at):
            return replace(key, status=Status.REVOKED, revoked_at=at)
    return key


def open_verbs(key: ApiKey) -> tuple[str, ...]:
    """What can be done with it now."""
    return ("revoke",) if key.status is Status.ACTIVE else ()


api_key = Aggregate(
    kind="api-key",
    initial=ApiKey(),
    decide=decide,
    evolve=evolve,
    events=(ApiKeyIssued, ApiKeyRevoked, ApplicationContactGiven, RevocationExplained),
)
