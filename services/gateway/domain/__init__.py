"""The rules of what all replicas of the door must know, a module per aggregate."""

from typing import Any

from services.gateway.domain.api_key import api_key
from shared.runtime.aggregate import Aggregate

AGGREGATES: tuple[Aggregate[Any], ...] = (api_key,)
