"""Who may do what here, beyond the policies that every service has."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.neighbourhood.place import KnownPlace
from shared.runtime.copies import Copies
from shared.runtime.identity import Caller
from shared.runtime.policies import Policy, administrator, operator, role, within_place
from shared.runtime.problems import Forbidden, NotFound

APPROVERS = ("community-staff", "street-staff", "district-staff")
"""Roles that approve and stop broadcasts, and write on-call lists, of their places."""
STAFF = ("grid-worker", "neighbourhood-staff", "area-staff", *APPROVERS)
"""Roles of those who work for the places they are responsible for."""

staff_there = within_place(*STAFF)
approver_there = within_place(*APPROVERS)
some_staff = role(*STAFF)


def of_the_platform(roles: Policy) -> Policy:
    """These roles, for what belongs to no place but to the platform."""

    def rule(caller: Caller, state: Any, command: Any, path: Sequence[str]) -> bool:
        thing = command if state is None else state
        return getattr(thing, "place", None) is None and roles.allows(caller, state, command, path)

    return Policy(f"{roles.name} for the platform", rule)


runs_the_platform = of_the_platform(operator | administrator)


def path_of(copies: Copies, code: str | None) -> Sequence[str]:
    """The path of a place; empty for one that nobody knows."""
    known: KnownPlace | None = None if code is None else copies["place"].get(code)
    return () if known is None else known.path


def scopes(caller: Caller, place: str | None, copies: Copies) -> list[str]:
    """The roots of what the caller may look at: their own places, or one below them. Raises
    `Forbidden`, and `NotFound` for a place that nobody knows.
    """
    known: Mapping[str, KnownPlace] = copies["place"]
    if place is None:
        if not caller.places:
            raise Forbidden()
        return sorted(caller.places)
    if place not in known:
        raise NotFound
    if caller.places.isdisjoint(known[place].path):
        raise Forbidden()
    return [place]
