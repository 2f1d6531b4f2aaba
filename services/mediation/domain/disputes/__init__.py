"""The rules of disputes (纠纷)."""

from typing import Any

from shared.runtime.aggregate import Aggregate

AGGREGATES: tuple[Aggregate[Any], ...] = ()
