"""What the rules are told of the world, a module per chapter."""

from collections.abc import Mapping
from functools import partial

from services.subscriptions.facts import feed, webhooks
from shared.neighbourhood.place import place
from shared.runtime.copies import Copies, Copy, MakeKept
from shared.runtime.deciding import Facts

KEPT: tuple[MakeKept, ...] = (partial(Copy, place), *feed.KEPT, *webhooks.KEPT)
"""What each process keeps in memory: what the rules ask for, and queries."""


def facts(copies: Copies) -> Mapping[str, Facts]:
    """Everything that the rules ask for, by kind."""
    return {**feed.facts(copies), **webhooks.facts(copies)}
