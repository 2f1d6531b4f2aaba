"""What each process of the door keeps in memory, and what rules are told of it."""

from collections.abc import Mapping

from services.gateway.facts import api_keys
from shared.runtime.copies import Copies, MakeKept
from shared.runtime.deciding import Facts

KEPT: tuple[MakeKept, ...] = (*api_keys.KEPT,)


def facts(_copies: Copies) -> Mapping[str, Facts]:
    """By kind, what gives `decide` its knowledge of the world."""
    return {}
