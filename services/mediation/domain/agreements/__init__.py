"""The rules of agreements (调解协议)."""

from typing import Any

from shared.runtime.aggregate import Aggregate

AGGREGATES: tuple[Aggregate[Any], ...] = ()
