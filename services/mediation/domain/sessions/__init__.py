"""The rules of sessions (调解会)."""

from typing import Any

from shared.runtime.aggregate import Aggregate

AGGREGATES: tuple[Aggregate[Any], ...] = ()
