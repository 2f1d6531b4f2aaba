"""What is told of the world to the rules of broadcasts and of the roll."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from services.notifications.domain.broadcast import broadcast
from services.notifications.domain.broadcast_commands import (
    DraftBroadcast,
    ReviseBroadcast,
)
from services.notifications.domain.broadcast_state import Broadcast, Status, Surroundings
from services.notifications.domain.gathering import Gathering, gathering
from services.notifications.domain.roll import EnterHome, EnterPost, Entry
from services.notifications.domain.ways import INBOX_ONLY, Plan
from services.notifications.own_words import OWN_WORDS
from shared.contracts.notifications.broadcasts import Group
from shared.neighbourhood.place import KnownPlace, place
from shared.runtime.aggregate import Aggregate, Command
from shared.runtime.copies import Copies, Copy, MakeKept
from shared.runtime.deciding import Beside, Facts, Looking

KEPT: tuple[MakeKept, ...] = (partial(Copy, gathering), partial(Copy, broadcast))
"""Broadcasts for their words: some thousand characters each."""


def facts(copies: Copies) -> Mapping[str, Facts]:
    """By kind."""
    places: Mapping[str, KnownPlace] = copies["place"]
    gatherings: Mapping[str, Gathering] = copies["gathering"]

    def path_to(code: str) -> tuple[str, ...]:
        known = places.get(code)
        return () if known is None or known.closed else known.path

    def of_there(command: DraftBroadcast | ReviseBroadcast, code: str) -> bool:
        if command.group not in (Group.ORGANISATION, Group.TEAM):
            return True
        known = gatherings.get(f"{command.group.value}:{command.of}")
        return known is not None and any(code in path_to(one) for one in known.places)

    def around(id: str, command: Command, state: Broadcast, _now: datetime) -> Surroundings:
        match command:
            case DraftBroadcast(place=code):
                return Surroundings(id, path_to(code), of_there(command, code))
            case ReviseBroadcast():
                return Surroundings(id, path_to(state.place), of_there(command, state.place))
        return Surroundings(id)

    return {"broadcast": around, "roll": Looking(_looked_at, _path)}


def while_it_is_told(copies: Copies) -> Callable[[Plan, str, str], Plan]:
    """Fits the plan of a message of that kind about that stream to the broadcast that it is of, if
    it is of one: nothing goes out after the broadcast's time, nor once it was stopped.
    """
    broadcasts: Mapping[str, Broadcast] = copies["broadcast"]

    def fitted(plan: Plan, kind: str, about: str) -> Plan:
        if kind not in OWN_WORDS or not plan.ways:
            return plan
        it = broadcasts.get(about.removeprefix("broadcast-"))
        if it is None or it.until is None:
            return plan
        if it.status is Status.STOPPED:
            return INBOX_ONLY
        return replace(plan, expires=min(it.until, plan.expires or it.until))

    return fitted


def _looked_at(_id: str, command: Command) -> Iterable[tuple[Aggregate[Any], str]]:
    """The place itself and not its copy: a place that was learnt just before is in the store, and
    whoever learns it later finds the entry there.
    """
    match command:
        case EnterHome(household):
            return ((place, household),)
        case EnterPost(place=code):
            return ((place, code),)
    return ()


def _path(
    id: str, command: Command, _entry: Entry, _now: datetime, beside: Beside
) -> tuple[str, ...]:
    for aggregate, code in _looked_at(id, command):
        known = beside(aggregate, code)
        return () if known is None else known.path
    return ()
