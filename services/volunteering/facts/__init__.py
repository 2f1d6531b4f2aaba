"""What the rules are told of the world, a module per chapter."""

from collections.abc import Mapping
from functools import partial

from services.volunteering.facts import (
    activities,
    bank,
    care,
    hours,
    lists,
    orders,
    patrols,
    series,
    teams,
    wishes,
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
    *teams.KEPT,
    *activities.KEPT,
    *series.KEPT,
    *hours.KEPT,
    *wishes.KEPT,
    *lists.KEPT,
    *orders.KEPT,
    *patrols.KEPT,
    *care.KEPT,
    *bank.KEPT,
)
"""What each process keeps in memory: what the rules ask for, and queries."""


def facts(copies: Copies) -> Mapping[str, Facts]:
    """Everything that the rules ask for, by kind."""
    return {
        **teams.facts(copies),
        **activities.facts(copies),
        **series.facts(copies),
        **hours.facts(copies),
        **wishes.facts(copies),
        **lists.facts(copies),
        **orders.facts(copies),
        **patrols.facts(copies),
        **care.facts(copies),
        **bank.facts(copies),
    }
