"""Who may do what here, beyond the policies that every service has."""

from collections.abc import Sequence
from typing import Any

from shared.runtime.identity import Caller
from shared.runtime.policies import Policy, administrator, operator, role, within_place

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
