"""The rules of the ledger, a folder per chapter."""

from typing import Any

from services.ledger.domain import credentials, log
from shared.runtime.aggregate import Aggregate

AGGREGATES: tuple[Aggregate[Any], ...] = (*log.AGGREGATES, *credentials.AGGREGATES)
