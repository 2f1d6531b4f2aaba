"""What a webhook's events lead to: where it stands, and what was agreed with it."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.subscriptions.domain.webhooks.webhook_events import (
    EndpointTested,
    EndpointVerified,
    EventSkipped,
    FormerSecretEnded,
    ReplayAsked,
    SecretGiven,
    TrialAsked,
    VerificationAsked,
    VerificationFailed,
    WebhookCreated,
    WebhookEdited,
    WebhookEnabled,
    WebhookRemoved,
)
from shared.contracts.event import Event
from shared.contracts.subscriptions.webhooks import WebhookDisabled

MOST_SKIPPED = 100
"""Of the events that were passed over so many are kept in mind: calls have gone past the others."""


class Status(StrEnum):
    """Where a webhook stands. A pending one has not agreed yet to be called."""

    UNMADE = "unmade"
    PENDING = "pending"
    ACTIVE = "active"
    DISABLED = "disabled"
    REMOVED = "removed"


@dataclass(frozen=True)
class Webhook:
    """`types`, `places` and `categories` are as in `Create`. `within` are the places beyond which
    the owner may know nothing, none: the whole city. `key` counts secrets from 1; while
    `former_until` is set, the one before signs, too. `asked` and `checked` count verifications,
    `tests` and `tested` tests: where they differ, one is under way. `run` counts how often calls
    began anew, `begin` is from when on events are sent; `resumed` is when it was last enabled.
    """

    status: Status = Status.UNMADE
    owner: str = ""
    host: str = ""
    types: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    mode: str = "structured"
    signing: str = "hmac"
    key: int = 0
    public_key: str | None = None
    former_public_key: str | None = None
    former_until: datetime | None = None
    asked: int = 0
    checked: int = 0
    refused: str | None = None
    tests: int = 0
    tested: int = 0
    test_outcome: str | None = None
    run: int = 0
    begin: datetime | None = None
    resumed: datetime | None = None
    because: str | None = None
    since: datetime | None = None
    skipped: tuple[str, ...] = ()


def evolve(webhook: Webhook, event: Event) -> Webhook:
    """The webhook after an event."""
    match event:
        case WebhookCreated(owner, host, types, places, categories, within, mode, signing, begin):
            return replace(
                webhook,
                owner=owner,
                host=host,
                types=types,
                places=places,
                categories=categories,
                within=within,
                mode=mode,
                signing=signing,
                run=1,
                begin=begin,
            )
        case WebhookEdited(types, places, categories, mode, host):
            edited = replace(webhook, types=types, places=places, categories=categories, mode=mode)
            return edited if host is None else replace(edited, host=host)
        case SecretGiven(key, public_key, former_until):
            former = None if former_until is None else webhook.public_key
            return replace(
                webhook,
                key=key,
                public_key=public_key,
                former_public_key=former,
                former_until=former_until,
            )
        case FormerSecretEnded():
            return replace(webhook, former_until=None, former_public_key=None)
        case VerificationAsked(check):
            return replace(webhook, status=Status.PENDING, asked=check, refused=None)
        case EndpointVerified(check):
            return _active(replace(webhook, checked=check))
        case VerificationFailed(check, refused):
            return replace(webhook, checked=check, refused=refused)
        case TrialAsked(test):
            return replace(webhook, tests=test)
        case EndpointTested(test, outcome):
            return replace(webhook, tested=test, test_outcome=outcome)
        case ReplayAsked(begin, run):
            return replace(webhook, begin=begin, run=run, skipped=())
        case EventSkipped(event=skipped):
            return replace(webhook, skipped=(*webhook.skipped, skipped)[-MOST_SKIPPED:])
        case WebhookDisabled(because=because, since=since):
            return replace(webhook, status=Status.DISABLED, because=because, since=since)
        case WebhookEnabled(at):
            return _active(replace(webhook, resumed=at))
        case WebhookRemoved():
            return Webhook(status=Status.REMOVED, owner=webhook.owner, run=webhook.run)
    return webhook


def _active(webhook: Webhook) -> Webhook:
    return replace(webhook, status=Status.ACTIVE, because=None, since=None)


def due(webhook: Webhook) -> datetime | None:
    """When the former secret ends."""
    return webhook.former_until


def open_verbs(webhook: Webhook) -> frozenset[str]:
    """The verbs that its status takes."""
    always = {"edit", "replay", "skip", "remove"}
    match webhook.status:
        case Status.PENDING:
            return frozenset({*always, "verify"})
        case Status.ACTIVE:
            return frozenset({*always, "test", "disable"})
        case Status.DISABLED:
            return frozenset({*always, "test", "enable"})
    return frozenset()
