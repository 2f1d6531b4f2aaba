"""What is told of the world to the rules of feed."""

from collections.abc import Mapping

from shared.runtime.copies import Copies, MakeKept
from shared.runtime.deciding import Facts

KEPT: tuple[MakeKept, ...] = ()


def facts(copies: Copies) -> Mapping[str, Facts]:
    """By kind."""
    return {}
