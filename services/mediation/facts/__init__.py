"""What the rules are told of the world, a module per chapter."""

from collections.abc import Mapping
from functools import partial

from services.mediation.facts import (
    agreements,
    disputes,
    evidence,
    panels,
    sessions,
)
from shared.neighbourhood.member import member
from shared.neighbourhood.place import place
from shared.neighbourhood.post import post
from shared.runtime.copies import Copies, Copy, MakeKept
from shared.runtime.deciding import Facts

KEPT: tuple[MakeKept, ...] = (
    partial(Copy, place),
    partial(Copy, post),
    partial(Copy, member),
    *disputes.KEPT,
    *panels.KEPT,
    *sessions.KEPT,
    *evidence.KEPT,
    *agreements.KEPT,
)
"""What each process keeps in memory: what the rules ask for, and queries."""


def facts(copies: Copies) -> Mapping[str, Facts]:
    """Everything that the rules ask for, by kind."""
    return {
        **disputes.facts(copies),
        **panels.facts(copies),
        **sessions.facts(copies),
        **evidence.facts(copies),
        **agreements.facts(copies),
    }
