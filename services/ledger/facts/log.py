"""What is told of the world to the rules of the log: what it signs with."""

from collections.abc import Mapping
from datetime import datetime

from services.ledger.anchoring import Anchoring
from services.ledger.domain.log.log import Log, Signing
from services.ledger.signing import signing_in_use
from shared.runtime.aggregate import Command
from shared.runtime.copies import Copies, MakeKept
from shared.runtime.deciding import Facts

KEPT: tuple[MakeKept, ...] = (Anchoring,)


def facts(copies: Copies) -> Mapping[str, Facts]:
    """By kind."""
    in_use = signing_in_use()

    def signing(_id: str, _command: Command, _state: Log, _now: datetime) -> Signing:
        return in_use

    return {"log": signing}
