"""Who is told what becomes of other systems' subscriptions."""

from services.notifications.domain.telling import Telling, to
from shared.contracts import subscriptions
from shared.contracts.event import Event

TELLS_NOBODY: frozenset[type[Event]] = frozenset()


def tellings(event: Event) -> list[Telling | None]:
    """Who must know of the event."""
    match event:
        case subscriptions.WebhookDisabled(because="by-hand"):
            return []  # somebody did it, and sees it
        case subscriptions.WebhookDisabled(because="gone") as e:
            return [to(e.owner, "webhook-gone", webhook=e.webhook)]
        case subscriptions.WebhookDisabled() as e:
            return [to(e.owner, "webhook-unreachable", webhook=e.webhook, since=e.since)]
    return []
