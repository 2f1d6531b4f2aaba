"""What each process of the door keeps in memory, and what rules are told of it."""

from collections.abc import Mapping
from functools import partial

from services.gateway.domain.sessions import ended_sessions
from shared.runtime.copies import Copies, Copy, MakeKept
from shared.runtime.deciding import Facts

KEPT: tuple[MakeKept, ...] = (partial(Copy, ended_sessions),)


def facts(_copies: Copies) -> Mapping[str, Facts]:
    """By kind, what gives `decide` its knowledge of the world."""
    return {}
