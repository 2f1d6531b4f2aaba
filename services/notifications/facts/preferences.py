"""What the rules of preferences, and of kinds, are told of the world."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from services.notifications.contact_codes import is_code, secret_in_use
from services.notifications.domain.addressee import Addressee
from services.notifications.domain.group_robot import group_robot
from services.notifications.domain.kind_rule import ChangeWords, KindChange, RuleFacts, kind_rule
from services.notifications.domain.preferences.address_commands import ConfirmAddress
from services.notifications.domain.preferences.preferences import preferences
from services.notifications.domain.preferences.state import Preferences, Surroundings
from services.notifications.domain.ways import Way
from services.notifications.kinds import kinds_in_use
from services.notifications.trying import fault_in
from shared.runtime.aggregate import Command
from shared.runtime.copies import Copies, Copy, MakeKept
from shared.runtime.deciding import Facts
from shared.runtime.tries import Locked, Tries


class AddressTries(Tries):
    """Codes for addresses that somebody tried in vain, by person and way."""

    name = "address-tries"


KEPT: tuple[MakeKept, ...] = (
    AddressTries,
    partial(Copy, kind_rule),
    partial(Copy, group_robot),
)


def facts(copies: Copies) -> Mapping[str, Facts]:
    """By kind."""
    addressees: Mapping[str, Addressee] = copies["addressee"]
    tries: AddressTries = copies[AddressTries.name]

    def around(id: str, command: Command, known: Preferences, now: datetime) -> Surroundings:
        if isinstance(command, ConfirmAddress):
            return tried(tries, known, command, now)
        found = addressees.get(id)
        return Surroundings(closed=found is not None and found.closed)

    return {preferences.kind: around, kind_rule.kind: rule_facts}


def tried(tries: Tries, known: Preferences, command: ConfirmAddress, now: datetime) -> Surroundings:
    """Whether a code fits; a wrong one counts. Where none was sent, nothing is tried."""
    way = Way(command.way)
    address = known.addresses.get(way)
    if address is None or address.code_until is None:
        return Surroundings()
    key = f"{known.person}>{way.value}"
    try:
        tries.one_more(key, now)
    except Locked as locked:
        return Surroundings(locked_for=-(-locked.seconds // 60))
    fits = is_code(command.code, known.person, way.value, address.turn, secret_in_use())
    if fits:
        tries.clear(key)
    return Surroundings(fits=fits)


def rule_facts(kind: str, command: Command, _change: KindChange, _now: datetime) -> RuleFacts:
    """The kind as it is shipped, and what is wrong with words that are given for it."""
    shipped = kinds_in_use().rules.get(kind)
    fault = None
    if shipped is not None and isinstance(command, ChangeWords):
        fault = fault_in(kind, command.words)
    return RuleFacts(shipped, fault)
