"""Who may decide over a petition because of where they stand: at its level or above."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.petitions.domain.ladder import rank
from shared.contracts.types import Level, PetitionKind
from shared.neighbourhood.place import KnownPlace
from shared.runtime.identity import Caller
from shared.runtime.policies import Policy, holder, owner, role, within_place
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


# --- of petitions ---------------------------------------------------------------------------------

petitioner = owner("petitioner")


def is_partial(state: Any, caller: Caller) -> bool:
    """Whether it is about the caller, or a body of theirs."""
    about = getattr(state, "complained_of", None)
    return about is not None and about in not_to_hear(caller)


def not_to_hear(caller: Caller) -> frozenset[str]:
    """The caller and their bodies: what is said about one of these they do not hear."""
    own = (caller.sub,) if caller.org is None else (caller.sub, caller.org)
    return caller.bodies.union(own)


impartial = Policy(
    "nobody it is about", lambda caller, state, _command, _path: not is_partial(state, caller)
)
"""Who is complained of, and their body, do not hear of it here."""
assignee = holder("assignee") & impartial
staff = staff_there & impartial
staff_above = staff_from_its_level_up & impartial
department = department_called & impartial
concerned = petitioner | assignee | staff
clerk = role("intake") & impartial
"""The hotline desk: it files for callers, and tells them what became of it."""
with_departments = concerned | department
at_work_on_it = with_departments | clerk
"""Its petitioner, and all who have to do with the answer."""


def _has_voice(field: str) -> Policy:
    def rule(caller: Caller, state: Any, _command: Any, _path: Sequence[str]) -> bool:
        voices = getattr(state, "voices", None)
        return voices is not None and caller.sub in getattr(voices, field)

    return Policy(f"its {field}", rule)


signer = _has_voice("signers") & impartial
supporter = _has_voice("supporters") & impartial
caller_back = clerk | staff
"""Who calls petitioners about their answers."""


OPEN311 = "open311"
"""The channel of what applications of others pass on."""


def _passes_on(caller: Caller, state: Any, command: Any, _path: Sequence[str]) -> bool:
    if "service" not in caller.roles:
        return False
    if state is not None:
        return bool(state.channel == OPEN311 and state.petitioner is None)
    return (
        command is not None
        and command.channel == OPEN311
        and command.on_behalf
        and command.petitioner is None
        and command.household is None
        and command.kind is not PetitionKind.REPORT
    )


passing_on = Policy("service, by Open311 for who is not logged in", _passes_on)
"""The gateway, with what an application sends in. It files no reports: whoever reports somebody
does so where nobody is in between.
"""
neighbour = role("resident")
open_matter = Policy(
    "everybody but for a report",
    lambda _caller, state, _command, _path: (
        state is not None and state.kind is not PetitionKind.REPORT
    ),
)
