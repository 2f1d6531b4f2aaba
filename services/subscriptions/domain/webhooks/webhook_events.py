"""What happens to a webhook. None of these is published; address and secrets go to the dossier."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from shared.contracts.event import Event, Personal


@dataclass(frozen=True, slots=True)
class WebhookCreated(Event):
    """A system wants to be called, from `begin` on."""

    owner: str
    host: str
    types: tuple[str, ...]
    places: tuple[str, ...]
    categories: tuple[str, ...]
    within: tuple[str, ...]
    mode: str
    signing: str
    begin: datetime


@dataclass(frozen=True, slots=True)
class EndpointNamed(Personal):
    """Which address is called."""

    url: str


@dataclass(frozen=True, slots=True)
class SecretGiven(Event):
    """Secret number `key` signs from now on, the one before until then."""

    key: int
    public_key: str | None
    former_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class SecretMade(Personal):
    """The secret itself: nobody is shown it again."""

    key: int
    secret: str


@dataclass(frozen=True, slots=True)
class FormerSecretEnded(Event):
    """Secret number `key` signs no more."""

    key: int


@dataclass(frozen=True, slots=True)
class WebhookEdited(Event):
    """Other events are wanted; with another `host` the endpoint has to agree anew."""

    types: tuple[str, ...]
    places: tuple[str, ...]
    categories: tuple[str, ...]
    mode: str
    host: str | None = None


@dataclass(frozen=True, slots=True)
class VerificationAsked(Event):
    """The endpoint is asked, for the time that `check` says."""

    check: int


@dataclass(frozen=True, slots=True)
class EndpointVerified(Event):
    """It has agreed."""

    check: int


@dataclass(frozen=True, slots=True)
class VerificationFailed(Event):
    """It has not; `refused` says what came instead."""

    check: int
    refused: str


@dataclass(frozen=True, slots=True)
class TrialAsked(Event):
    """A test is to be sent."""

    test: int


@dataclass(frozen=True, slots=True)
class EndpointTested(Event):
    """What came of it."""

    test: int
    outcome: str


@dataclass(frozen=True, slots=True)
class ReplayAsked(Event):
    """Calls begin anew with what was entered from then on, in their `run`."""

    begin: datetime
    run: int


@dataclass(frozen=True, slots=True)
class EventSkipped(Event):
    """An event is passed over."""

    event: str


@dataclass(frozen=True, slots=True)
class WebhookEnabled(Event):
    """Calls go on."""

    at: datetime


@dataclass(frozen=True, slots=True)
class WebhookRemoved(Event):
    """It has ended; its dossier is empty."""

    forgets: ClassVar[bool] = True
