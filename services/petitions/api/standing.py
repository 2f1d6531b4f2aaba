"""Who may decide over a petition because of where they stand: at its level or above."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.petitions.domain.ladder import rank
from shared.contracts.types import Level
from shared.neighbourhood.place import KnownPlace
from shared.runtime.identity import Caller
from shared.runtime.policies import Policy, within_place
from shared.runtime.problems import Forbidden

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


def places_of(caller: Caller, place: str | None, known: Mapping[str, KnownPlace]) -> list[str]:
    """The roots of what the caller may look at: their own places, or one below them. Raises
    `Forbidden`.
    """
    if not caller.places:
        raise Forbidden()
    if place is None:
        return sorted(caller.places)
    there = known.get(place)
    if there is None or caller.places.isdisjoint(there.path):
        raise Forbidden()
    return [place]


def _called(caller: Caller, state: Any, _command: Any, _path: Sequence[str]) -> bool:
    consultation = getattr(state, "consultation", None)
    return consultation is not None and consultation.called(caller.org)


department_called = Policy("an officer of a department called", _called)
for_an_organisation = Policy(
    "who acts for an organisation",
    lambda caller, _state, _command, _path: caller.org is not None,
)
