"""Who may decide over a petition because of where they stand: at its level or above."""

from collections.abc import Sequence
from typing import Any

from services.petitions.domain.ladder import rank
from shared.contracts.types import Level
from shared.runtime.identity import Caller
from shared.runtime.policies import Policy, within_place

LEVEL_OF_ROLE = {
    "grid-worker": Level.NEIGHBOURHOOD,
    "neighbourhood-staff": Level.NEIGHBOURHOOD,
    "area-staff": Level.AREA,
    "community-staff": Level.COMMUNITY,
    "street-staff": Level.STREET,
    "district-staff": Level.DISTRICT,
}
STAFF = tuple(LEVEL_OF_ROLE)
"""Who answers petitions, from the grid to the district; each for the places in their token."""


def _not_below(caller: Caller, state: Any, _command: Any, _path: Sequence[str]) -> bool:
    levels = (LEVEL_OF_ROLE[role] for role in caller.roles & LEVEL_OF_ROLE.keys())
    return any(rank(level) >= rank(state.level) for level in levels)


staff_there = within_place(*STAFF)
staff_from_its_level_up = within_place(*STAFF) & Policy("of its level or above", _not_below)
"""Whether the level is high enough, and by which duty, is the domain's to say."""
