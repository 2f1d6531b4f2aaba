"""The public events of **subscriptions**: what becomes of other systems' subscriptions."""

from shared.contracts.subscriptions.webhooks import WebhookDisabled

__all__ = ["WebhookDisabled"]
