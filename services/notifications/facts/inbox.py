"""What the rules of messages are told of the world."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

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
from services.notifications.facts.broadcasts import while_it_is_told
from services.notifications.facts.plans import plans
from shared.runtime.aggregate import Command
from shared.runtime.copies import Copies
from shared.runtime.deciding import Facts


def facts(copies: Copies) -> Mapping[str, Facts]:
    """Of a message: whether its recipient's inbox is closed, and how they want to be told: when it
    is posted, and again when it is about to be sent. Ways that the installation does not have are
    left out.
    """
    addressees: Mapping[str, Addressee] = copies["addressee"]
    plan_for = plans(copies)
    there_are = ways_in_use()
    fitted = while_it_is_told(copies)

    def circumstances(_id: str, command: Command, message: Message, now: datetime) -> Circumstances:
        match command:
            case Post(recipient=recipient, kind=kind, about=about):
                closed = (found := addressees.get(recipient)) is not None and found.closed
            case Attempt():
                recipient, kind, about, closed = (
                    message.recipient,
                    message.kind,
                    message.about,
                    False,
                )
            case _:
                return NOTHING_SPECIAL
        plan = fitted(plan_for(recipient, kind, about, now), kind, about)
        if closed or plan.ways:
            return Circumstances(closed, _with_ways_of(plan, there_are))
        return NOTHING_SPECIAL

    return {"message": circumstances}


def _with_ways_of(plan: Plan, there_are: frozenset[str]) -> Plan:
    if there_are.issuperset(plan.ways):
        return plan
    return replace(plan, ways=tuple(way for way in plan.ways if way in there_are))
