"""Who may do what here, beyond the policies that every service has.

What is said in mediation is between those who are in it: no administrator has any part in it.
"""

from collections.abc import Sequence
from typing import Any

from services.mediation.domain.circle import circle_of
from shared.runtime.identity import Caller
from shared.runtime.policies import Policy, holder, owner, role, within_place

STAFF = (
    "grid-worker",
    "neighbourhood-staff",
    "area-staff",
    "community-staff",
    "street-staff",
    "district-staff",
)
"""Roles of those who work for the places they are responsible for."""
CONVENORS = ("community-staff", "street-staff")
"""Roles that open and organise mediation; they do not read what was said."""

staff_there = within_place(*STAFF)
convenor_there = within_place(*CONVENORS)
some_convenor = role(*CONVENORS)
some_staff = role(*STAFF)

# --- disputes ------------------------------------------------------------------------------------


def _speaks(caller: Caller, state: Any, _command: Any, _path: Sequence[str]) -> bool:
    return state is not None and caller.sub in state.speakers()


def _is_in_it(caller: Caller, state: Any, _command: Any, _path: Sequence[str]) -> bool:
    return state is not None and caller.sub in state.people


def _acts_for_a_party(caller: Caller, state: Any, _command: Any, _path: Sequence[str]) -> bool:
    return caller.org is not None and any(
        one.organisation == caller.org for one in getattr(state, "parties", ())
    )


def _sits_on_the_panel(caller: Caller, state: Any, _command: Any, _path: Sequence[str]) -> bool:
    return state is not None and caller.sub in state.panel


def _takes_part(caller: Caller, state: Any, _command: Any, _path: Sequence[str]) -> bool:
    return state is not None and circle_of(state).has(caller.sub)


def _drafts(caller: Caller, state: Any, _command: Any, _path: Sequence[str]) -> bool:
    if state is None:
        return False
    circle = circle_of(state)
    return caller.sub == circle.mediator or circle.side_of(caller.sub) is not None


takes_part = Policy("who takes part in the dispute", _takes_part)
"""Speaks for a party that has agreed, mediates, or sits on the panel."""
drafts = Policy("the mediator, and who speaks for a party that takes part", _drafts)
speaks = Policy("who speaks for a party", _speaks)
"""Of a party that has neither declined nor left."""
is_in_it = Policy("who is or was in it", _is_in_it)
acts_for_a_party = Policy("who acts for an organisation in it", _acts_for_a_party)
the_mediator = owner("mediator")
the_filer = owner("filed_by")
on_the_panel = Policy("who sits on the panel", _sits_on_the_panel)
"""Of the dispute's state, as it has learnt of its panel."""
was_alerted = holder("alerted")
"""Who was told of a risk: the police of the place, and the office."""
