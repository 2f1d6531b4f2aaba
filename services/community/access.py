"""Who may do what here, beyond the policies that every service has."""

from collections.abc import Sequence
from typing import Any

from shared.runtime.identity import Caller
from shared.runtime.policies import Policy, administrator, role, within_place

REGISTRARS = ("area-staff", "community-staff", "grid-worker", "neighbourhood-staff")
"""Roles that keep the register of residents."""

register_keeper = role(*REGISTRARS) | administrator
"""Who keeps the register of some place."""

registrar = within_place(*REGISTRARS) | administrator
"""Who keeps the register of the residents that live in a place."""


def _asks_there(caller: Caller, state: Any, _command: Any, _path: Sequence[str]) -> bool:
    asked = getattr(state, "asked", None)
    staff = bool(caller.roles & frozenset(REGISTRARS))
    return asked is not None and staff and not caller.places.isdisjoint(asked.path)


asked_registrar = (
    Policy("who keeps the register where they ask to live", _asks_there) | administrator
)
"""Who confirms that somebody lives where they say."""


def _holds_it(caller: Caller, state: Any, _command: Any, _path: Sequence[str]) -> bool:
    term = getattr(state, "term", None)
    return term is not None and term.holder == caller.sub


the_holder = Policy("the holder", _holds_it)
"""Who has the post now."""
