"""Who may do what here, beyond the policies that every service has."""

from collections.abc import Iterable
from typing import Any

from shared.runtime.identity import Caller
from shared.runtime.policies import Policy, administrator, role

REGISTRARS = ("area-staff", "community-staff", "grid-worker", "neighbourhood-staff")
"""Roles that keep the register of residents."""

registrar = role(*REGISTRARS) | administrator
"""Who enters residents into the register."""


def looks_after(caller: Caller, path: Iterable[str]) -> bool:
    """Whether the caller keeps the register of a place with this path."""
    if administrator.allows(caller, None, None):
        return True
    return bool(caller.roles & frozenset(REGISTRARS)) and not caller.places.isdisjoint(path)


def _holds_it(caller: Caller, state: Any, _command: Any) -> bool:
    term = getattr(state, "term", None)
    return term is not None and term.holder == caller.sub


the_holder = Policy("the holder", _holds_it)
"""Who has the post now."""
