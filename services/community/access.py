"""Who may do what here, beyond the policies that every service has."""

from typing import Any

from services.community.copies import places
from services.community.tree import path_of
from shared.runtime.identity import Caller
from shared.runtime.policies import Policy, administrator

REGISTRARS = frozenset({"grid-worker", "neighbourhood-staff", "area-staff", "community-staff"})
"""Roles that keep the register of residents, each in their own places."""


def _keeps_the_register_there(caller: Caller, state: Any, command: Any) -> bool:
    """A registered resident belongs to the place they live in, not to that of the command."""
    household = getattr(state, "household", "") or getattr(command, "household", "")
    return bool(caller.roles & REGISTRARS) and not caller.places.isdisjoint(
        path_of(places, household)
    )


def _holds_it(caller: Caller, state: Any, _command: Any) -> bool:
    term = getattr(state, "term", None)
    return term is not None and term.holder == caller.sub


registrar = (
    Policy(
        f"{' or '.join(sorted(REGISTRARS))} within their places",
        _keeps_the_register_there,
    )
    | administrator
)
"""Staff of a place that the household lies in."""

the_holder = Policy("holder", _holds_it)
"""Who has the post now."""
