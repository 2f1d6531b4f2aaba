"""The rules of subscriptions, a folder per chapter."""

from typing import Any

from services.subscriptions.domain import feed, webhooks
from shared.runtime.aggregate import Aggregate

AGGREGATES: tuple[Aggregate[Any], ...] = (*feed.AGGREGATES, *webhooks.AGGREGATES)
