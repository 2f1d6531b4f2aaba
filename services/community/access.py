"""Who may do what here, beyond the policies that every service has."""

from collections.abc import Sequence
from typing import Any

from shared.runtime.identity import Caller
from shared.runtime.policies import Policy, administrator, owner, role, within_place

REGISTRARS = ("area-staff", "community-staff", "grid-worker", "neighbourhood-staff")
"""Roles that keep the register of residents."""

within_their_places = within_place(*REGISTRARS)
"""Who looks after the households of a place: no administrator does."""

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


def _keeps_it(caller: Caller, state: Any, _command: Any, _path: Sequence[str]) -> bool:
    return state is not None and state.keeper == caller.sub


the_keeper = Policy("the keeper", _keeps_it)
"""Who drew the rota up."""

the_holder = Policy("the holder", _holds_it)
"""Who has the post now."""


def acting_for(field: str) -> Policy:
    """The caller's token says that they act for the organisation in this field of the state."""

    def rule(caller: Caller, state: Any, _command: Any, _path: Sequence[str]) -> bool:
        return caller.org is not None and caller.org == getattr(state, field, None)

    return Policy(f"who acts for the {field}", rule)


def _acts(caller: Caller, _state: Any, _command: Any, _path: Sequence[str]) -> bool:
    return caller.org is not None


for_an_organisation = Policy("who acts for an organisation", _acts)
"""The caller's token names an organisation."""


def _acts_for_a_member(caller: Caller, state: Any, _command: Any, _path: Sequence[str]) -> bool:
    return caller.org is not None and caller.org in getattr(state, "members", ())


for_a_member = Policy("who acts for one of the members", _acts_for_a_member)
"""Of an alliance."""


def _heads(caller: Caller, state: Any, _command: Any, _path: Sequence[str]) -> bool:
    members = getattr(state, "members", ())
    return any(member.person == caller.sub and member.role == "head" for member in members)


its_head = Policy("its head", _heads)
"""A person at the head of an organisation."""


def _belongs(caller: Caller, state: Any, _command: Any, _path: Sequence[str]) -> bool:
    return any(member.person == caller.sub for member in getattr(state, "members", ()))


its_member = Policy("its members", _belongs)
"""A person who belongs to an organisation."""

COMMUNITY_STAFF = ("community-staff", "street-staff", "district-staff")
"""Roles that bring organisations together."""

convenor = within_place(*COMMUNITY_STAFF) | administrator
"""Who registers organisations and founds alliances of a place."""

keeps_it = owner("keeper")
"""Who is to make a visit."""
