"""What the rules are told of the world, a module per chapter."""

from collections.abc import Mapping

from services.ledger.facts import credentials, log
from shared.runtime.copies import Copies, MakeKept
from shared.runtime.deciding import Facts

KEPT: tuple[MakeKept, ...] = (*log.KEPT, *credentials.KEPT)
"""What each process keeps in memory: what the rules ask for, and queries."""


def facts(copies: Copies) -> Mapping[str, Facts]:
    """Everything that the rules ask for, by kind."""
    return {**log.facts(copies), **credentials.facts(copies)}
