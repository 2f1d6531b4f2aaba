"""The rules of mediators (和事佬) and 4+X panels."""

from typing import Any

from shared.runtime.aggregate import Aggregate

AGGREGATES: tuple[Aggregate[Any], ...] = ()
