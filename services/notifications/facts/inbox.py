"""What the rules of messages are told of the world."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.notifications.channels.provided import ways_in_use
from services.notifications.domain.addressee import Addressee
from services.notifications.domain.delivering import Attempt
from services.notifications.domain.message import (
    NOTHING_SPECIAL,
    Circumstances,
    Message,
    Post,
)
from services.notifications.domain.ways import Plan
from services.notifications.facts.planning import Plans
from shared.runtime.aggregate import Aggregate, Command
from shared.runtime.copies import Copies
from shared.runtime.deciding import Beside, Facts, Looking


def facts(copies: Copies) -> Mapping[str, Facts]:
    """Of a message: whether its recipient's inbox is closed or nobody is told of its kind; and how
    they want to be told: when it is posted, and again when it is about to be sent. Ways that the
    installation does not have are left out; where it has none, nobody's preferences are looked at.
    """
    addressees: Mapping[str, Addressee] = copies["addressee"]
    plans = Plans(copies)
    there_are = ways_in_use()

    def at(_id: str, command: Command) -> Iterable[tuple[Aggregate[Any], str]]:
        match command:
            case Post(recipient=recipient, kind=kind) if there_are:
                return plans.looks_at(recipient, kind)
            case Attempt(recipient=recipient):
                return plans.looks_at(recipient)
        return ()

    def circumstances(
        _id: str, command: Command, message: Message, now: datetime, beside: Beside
    ) -> Circumstances:
        match command:
            case Post(recipient=recipient, kind=kind, params=params, about=about):
                closed = (found := addressees.get(recipient)) is not None and found.closed
                if closed or plans.is_off(kind):
                    return Circumstances(closed=True)
                if not there_are:
                    return NOTHING_SPECIAL
                plan = plans.plan(recipient, kind, params, about, now, beside)
            case Attempt():
                told = (message.recipient, message.kind, message.params, message.about)
                plan = plans.plan(*told, now, beside)
            case _:
                return NOTHING_SPECIAL
        return Circumstances(plan=_with_ways_of(plan, there_are)) if plan.ways else NOTHING_SPECIAL

    return {"message": Looking(at, circumstances)}


def _with_ways_of(plan: Plan, there_are: frozenset[str]) -> Plan:
    if there_are.issuperset(plan.ways):
        return plan
    return replace(plan, ways=tuple(way for way in plan.ways if way in there_are))
