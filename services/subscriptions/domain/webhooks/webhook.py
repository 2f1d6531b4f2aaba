"""Webhook: another system that is called with the events that it subscribed to.

Here is what was agreed with it; how far it has been called is kept beside it
(`services.subscriptions.calling.place`). Its address and its secrets stand in the dossier only: an
address may hold a secret, too.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.subscriptions.domain.webhooks.webhook_commands import (
    Create,
    Disable,
    Edit,
    Enable,
    GiveUp,
    Remove,
    Replay,
    RotateSecret,
    SendTest,
    Skip,
    TakeTest,
    TakeVerification,
    Verify,
)
from services.subscriptions.domain.webhooks.webhook_events import (
    EndpointNamed,
    EndpointTested,
    EndpointVerified,
    EventSkipped,
    FormerSecretEnded,
    ReplayAsked,
    SecretGiven,
    SecretMade,
    TrialAsked,
    VerificationAsked,
    VerificationFailed,
    WebhookCreated,
    WebhookEdited,
    WebhookEnabled,
    WebhookRemoved,
)
from services.subscriptions.domain.webhooks.webhook_state import Status, Webhook, due, evolve
from shared.contracts.event import Event
from shared.contracts.subscriptions.webhooks import WebhookDisabled
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick

OVERLAP = timedelta(hours=24)
"""For so long a former secret signs beside the new one."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The webhook's own id; of the places that a command names, those that there are not, and those
    that the owner may know nothing of; the host of an address that it names.
    """

    webhook: str
    unknown: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    host: str | None = None


def decide(command: Command, webhook: Webhook, now: datetime, around: Surroundings) -> list[Event]:
    """What follows from a command."""
    if webhook.status is Status.UNMADE and isinstance(command, Create):
        _must_be_in_reach(around)
        return _created(command, now)
    if webhook.status in (Status.UNMADE, Status.REMOVED):
        if isinstance(command, (Tick, TakeVerification, TakeTest, GiveUp)):
            return []
        raise Rejected("webhook-removed", "this webhook was removed: create another one")
    match command:
        case Edit():
            _must_be_in_reach(around)
            return _edited(command, webhook, around)
        case RotateSecret(secret, public_key):
            if webhook.former_until is not None:
                raise Rejected(
                    "secret-just-rotated",
                    "the former secret still signs along: rotate again when it no longer does",
                )
            key = webhook.key + 1
            return [SecretGiven(key, public_key, now + OVERLAP), SecretMade(key, secret)]
        case Replay(since=since):
            if since > now:
                raise Rejected("not-yet", "a replay begins with what has happened already")
            return [ReplayAsked(since, webhook.run + 1)]
        case Skip(event=event):
            return [] if event in webhook.skipped else [EventSkipped(event)]
        case Remove():
            return [WebhookRemoved()]
        case Tick() if (moment := webhook.former_until) is not None and now >= moment:
            return [FormerSecretEnded(webhook.key - 1)]
        case TakeTest(test, outcome) if webhook.tested < test <= webhook.tests:
            return [EndpointTested(test, outcome)]
    return _turned(command, webhook, now, around)


def _turned(command: Command, webhook: Webhook, now: datetime, around: Surroundings) -> list[Event]:
    """What depends on where it stands. What calling tells too late changes nothing."""
    match webhook.status, command:
        case Status.PENDING, Verify():
            return [VerificationAsked(webhook.asked + 1)]
        case Status.PENDING, TakeVerification(check, None) if check == webhook.asked:
            return [EndpointVerified(check)]
        case Status.PENDING, TakeVerification(check, str(refused)) if check == webhook.asked:
            return [VerificationFailed(check, refused)]
        case Status.PENDING, SendTest() | Enable() | Disable():
            raise Rejected("not-verified", "the endpoint has not agreed to be called: verify it")
        case _, Verify():
            raise Rejected("already-verified", "the endpoint has agreed to be called")
        case _, SendTest():
            return [TrialAsked(webhook.tests + 1)]
        case Status.ACTIVE, Disable():
            return [WebhookDisabled(around.webhook, webhook.owner, "by-hand")]
        case Status.ACTIVE, GiveUp(because, since, run, called) if run == webhook.run:
            if webhook.resumed is not None and called <= webhook.resumed:
                return []
            return [WebhookDisabled(around.webhook, webhook.owner, because, since)]
        case Status.DISABLED, Enable():
            return [WebhookEnabled(now)]
        case Status.DISABLED, Disable():
            raise Rejected("webhook-disabled", "this webhook is disabled: enable it first")
        case Status.ACTIVE, Enable():
            raise Rejected("webhook-active", "this webhook is active: there is nothing to enable")
    return []


def _must_be_in_reach(around: Surroundings) -> None:
    if around.unknown:
        raise Rejected(
            "place-unknown", f"there is no place {around.unknown[0]}", place=around.unknown[0]
        )
    if around.outside:
        place = around.outside[0]
        raise Rejected("place-out-of-reach", f"{place} lies in none of your places", place=place)


def _created(command: Create, now: datetime) -> list[Event]:
    return [
        WebhookCreated(
            command.owner,
            command.host,
            command.types,
            command.places,
            command.categories,
            command.within,
            str(command.mode),
            str(command.signing),
            now,
        ),
        EndpointNamed(command.url),
        SecretGiven(1, command.public_key),
        SecretMade(1, command.secret),
        VerificationAsked(1),
    ]


def _edited(command: Edit, webhook: Webhook, around: Surroundings) -> list[Event]:
    """Other events; with an address also its name in the dossier, and the question whether it
    agrees.
    """
    edited = WebhookEdited(
        webhook.types if command.types is None else command.types,
        webhook.places if command.places is None else command.places,
        webhook.categories if command.categories is None else command.categories,
        webhook.mode if command.mode is None else str(command.mode),
        None if command.url is None else around.host,
    )
    if command.url is not None:
        return [edited, EndpointNamed(command.url), VerificationAsked(webhook.asked + 1)]
    as_it_is = WebhookEdited(webhook.types, webhook.places, webhook.categories, webhook.mode)
    return [] if edited == as_it_is else [edited]


webhook = Aggregate(
    kind="webhook",
    initial=Webhook(),
    decide=decide,
    evolve=evolve,
    events=(
        WebhookCreated,
        WebhookEdited,
        EndpointNamed,
        SecretGiven,
        SecretMade,
        FormerSecretEnded,
        VerificationAsked,
        EndpointVerified,
        VerificationFailed,
        TrialAsked,
        EndpointTested,
        ReplayAsked,
        EventSkipped,
        WebhookDisabled,
        WebhookEnabled,
        WebhookRemoved,
    ),
    due=due,
)
