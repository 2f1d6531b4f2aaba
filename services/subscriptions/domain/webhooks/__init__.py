"""Webhooks: other systems are called with the events that they subscribed to."""

from typing import Any

from shared.runtime.aggregate import Aggregate

AGGREGATES: tuple[Aggregate[Any], ...] = ()
