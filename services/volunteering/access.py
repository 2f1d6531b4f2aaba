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


the_captain = owner("captain")
its_leaders = holder("leaders")
"""Captain and deputies of a team."""
its_members = Policy("its members", _belongs)

# --- points bank ---------------------------------------------------------------------------------

its_keepers = holder("keepers")
"""Who may spend from an account: the person, or a team's leaders."""


def _for_themselves(caller: Caller, _state: Any, command: Any, _path: Sequence[str]) -> bool:
    return command is None or command.person in (None, caller.sub)


for_themselves = Policy("whoever it is for", _for_themselves)
"""Who opens an account of their own."""


def _acts_for_the_shop(caller: Caller, state: Any, command: Any, _path: Sequence[str]) -> bool:
    shop = getattr(command if state is None else state, "shop", None)
    return caller.org is not None and caller.org == shop


acts_for_the_shop = Policy("who acts for the shop", _acts_for_the_shop)
"""The caller's token names the organisation that a reward or a till is of."""


def _acts(caller: Caller, _state: Any, _command: Any, _path: Sequence[str]) -> bool:
    return caller.org is not None


for_a_shop = Policy("who acts for an organisation", _acts)
"""Whose token names one; whether it is a shop, the rules say."""
counter = acts_for_the_shop | convenor_there
"""Who hands rewards over."""

# --- care plans ----------------------------------------------------------------------------------


def _is_called(caller: Caller, state: Any, _command: Any, _path: Sequence[str]) -> bool:
    return any(caller.sub in one.called for one in getattr(state, "alarms", ()))


called_by_an_alarm = Policy("who is called by an alarm", _is_called)
"""As long as the alarm is open."""
the_cared_for = owner("person")
cares = owner("visitor") | owner("deputy")
organises_care = holder("organisers")
watches_health = owner("health_contact")
care_staff = within_place(*STAFF)
"""Who works where the plan lies: no administrator has to do with who is cared for."""
reads_care = the_cared_for | cares | watches_health | called_by_an_alarm | within_place(*CONVENORS)
"""Who may read what visits found. Those who organise them need not."""

# --- activities ----------------------------------------------------------------------------------

organises = holder("organisers")
"""Who answers for an activity."""


def _for_a_team(_caller: Caller, _state: Any, command: Any, _path: Sequence[str]) -> bool:
    return command is not None and command.team is not None


for_their_team = Policy("who leads the team that it is for", _for_a_team)
"""Whether they do, the rules say."""


def _has_been_opened(_caller: Caller, state: Any, _command: Any, _path: Sequence[str]) -> bool:
    return state is not None and state.status != "draft"


but_drafts = Policy("everybody but for a draft", _has_been_opened)


def _has_a_place(caller: Caller, state: Any, _command: Any, _path: Sequence[str]) -> bool:
    return state is not None and caller.sub in state.places.people


has_a_place = Policy("who has a place", _has_a_place)

# --- patrols -------------------------------------------------------------------------------------

patrols = holder("crew")
"""Who is to patrol in a shift, or patrolled when something was found."""
found_it = owner("finder")


def _on_the_rota(caller: Caller, state: Any, _command: Any, _path: Sequence[str]) -> bool:
    return any(caller.sub in line.members for line in getattr(state, "lines", ()))


def _was_on_patrol(caller: Caller, state: Any, _command: Any, _path: Sequence[str]) -> bool:
    return any(one.person == caller.sub for one in getattr(state, "presence", ()))


on_the_rota = Policy("who is on the rota", _on_the_rota)
was_on_patrol = Policy("who was on patrol", _was_on_patrol)

# --- orders --------------------------------------------------------------------------------------


def _for_oneself(caller: Caller, _state: Any, command: Any, _path: Sequence[str]) -> bool:
    return "resident" in caller.roles and not (command is not None and command.on_behalf)


def _hosts(caller: Caller, state: Any, _command: Any, _path: Sequence[str]) -> bool:
    return state is not None and state.hosts(caller.sub)


def _dispatches(caller: Caller, state: Any, _command: Any, _path: Sequence[str]) -> bool:
    body = getattr(state, "organisation", None)
    return caller.org is not None and caller.org == body


orders_for_oneself = Policy("resident for themselves", _for_oneself)
the_host = Policy("the resident, or who placed it for them", _hosts)
the_taker = owner("volunteer")
"""Who has the order."""
was_asked = holder("asked")
"""Who is or was asked to take it."""
the_dispatcher = Policy("who acts for the organisation that dispatches it", _dispatches)
staff_of_the_place = within_place(*STAFF)
"""Who may know how to reach a resident: no administrator has to."""
