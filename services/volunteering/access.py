"""Who may do what here, beyond the policies that every service has."""

from collections.abc import Sequence
from typing import Any

from shared.runtime.identity import Caller
from shared.runtime.policies import Policy, administrator, holder, owner, role, within_place

STAFF = (
    "grid-worker",
    "neighbourhood-staff",
    "area-staff",
    "community-staff",
    "street-staff",
    "district-staff",
)
"""Roles of those who work for the places they are responsible for."""
CONVENORS = ("community-staff", "street-staff", "district-staff")
"""Roles that found teams, and decide where teams cannot."""

staff_there = within_place(*STAFF) | administrator
convenor_there = within_place(*CONVENORS) | administrator
some_staff = role(*STAFF) | administrator

# --- teams and volunteers ------------------------------------------------------------------------


def _is_the_person(caller: Caller, state: Any, command: Any, _path: Sequence[str]) -> bool:
    # Who comes back is asked for by the command: of who was erased the record says nothing.
    named = getattr(command, "volunteer", None) if state is None else state.person
    return named == caller.sub


the_person = Policy("the volunteer", _is_the_person)
"""Whose record it is."""


def _is_the_guardian(caller: Caller, state: Any, _command: Any, _path: Sequence[str]) -> bool:
    return state is not None and state.guardian_confirmed and state.guardian == caller.sub


the_guardian = Policy("the confirmed guardian", _is_the_guardian)
"""Who consents for somebody under age."""


def _belongs(caller: Caller, state: Any, _command: Any, _path: Sequence[str]) -> bool:
    return any(one.person == caller.sub for one in getattr(state, "members", ()))


def _is_asked(caller: Caller, state: Any, _command: Any, _path: Sequence[str]) -> bool:
    sought = getattr(state, "sought", None)
    return sought is not None and sought.person == caller.sub


def _has_applied(caller: Caller, state: Any, _command: Any, _path: Sequence[str]) -> bool:
    return any(one.person == caller.sub for one in getattr(state, "applicants", ()))


the_captain = owner("captain")
its_leaders = holder("leaders")
"""Captain and deputies of a team."""
its_members = Policy("its members", _belongs)
asked_to_lead = Policy("who is asked to lead", _is_asked)
applicants = Policy("who has applied", _has_applied)
