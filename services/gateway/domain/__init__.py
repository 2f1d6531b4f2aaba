"""The rules of what all replicas of the door must know, a module per aggregate."""

from typing import Any

from shared.runtime.aggregate import Aggregate

AGGREGATES: tuple[Aggregate[Any], ...] = ()
