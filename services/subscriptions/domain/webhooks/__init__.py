"""Webhooks: other systems are called with the events that they subscribed to."""

from typing import Any

from services.subscriptions.domain.webhooks.delivery_log import delivery_log
from services.subscriptions.domain.webhooks.webhook import webhook
from shared.runtime.aggregate import Aggregate

AGGREGATES: tuple[Aggregate[Any], ...] = (webhook, delivery_log)
