"""The rules of the log: it grows, its heads are signed, and what proofs need is kept in tiles."""

from typing import Any

from services.ledger.domain.log.head import head
from services.ledger.domain.log.log import log
from services.ledger.domain.log.tile import tile
from shared.runtime.aggregate import Aggregate

AGGREGATES: tuple[Aggregate[Any], ...] = (log, tile, head)
