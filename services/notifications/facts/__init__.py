"""What the rules are told of the world, a module per chapter."""

from collections.abc import Mapping
from functools import partial

from services.notifications.domain.addressee import addressee
from services.notifications.facts import inbox, preferences
from shared.neighbourhood.place import place
from shared.runtime.copies import Copies, Copy, MakeKept
from shared.runtime.deciding import Facts

KEPT: tuple[MakeKept, ...] = (partial(Copy, place), partial(Copy, addressee), *preferences.KEPT)
"""What each process keeps in memory: what the rules ask for, and queries."""


def facts(copies: Copies) -> Mapping[str, Facts]:
    """Everything that the rules ask for, by kind."""
    return {**inbox.facts(copies), **preferences.facts(copies)}
