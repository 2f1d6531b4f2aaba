"""The feed: every public event of all services, in one order, for ever."""

from typing import Any

from services.subscriptions.domain.feed.case import case
from services.subscriptions.domain.feed.feed import feed
from shared.runtime.aggregate import Aggregate

AGGREGATES: tuple[Aggregate[Any], ...] = (feed, case)
