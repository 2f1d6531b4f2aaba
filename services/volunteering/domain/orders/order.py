"""Order (点单 派单 接单): a resident orders a service, volunteers are asked, the first who accepts
has it, both sides confirm that it was done and rate each other.

The rules are told in chapters, one module each: COMMANDS and EVENTS, ``decide`` and ``evolve``.
Chapters with a time of their own stand in CLOCKS too, with ``due`` and ``time_passed``. Who has the
order is this one state's to say: it is never given to two.
"""

from collections.abc import Callable
from datetime import datetime
from types import ModuleType
from typing import Any

from services.volunteering.domain.orders import (
    agreeing,
    climbing,
    dispatching,
    ending,
    placing,
    seeking,
    serving,
)
from services.volunteering.domain.orders.state import Order, Scene
from services.volunteering.domain.orders.verbs import check
from shared.contracts.event import Event, Personal
from shared.runtime.aggregate import Aggregate, Command, Tick

CHAPTERS: tuple[ModuleType, ...] = (
    placing,
    seeking,
    dispatching,
    climbing,
    agreeing,
    serving,
    ending,
)
CLOCKS: tuple[ModuleType, ...] = (ending, dispatching, seeking, climbing, agreeing, serving)
"""Who is asked first when a time has passed."""

_DECIDE: dict[type[Command], Callable[..., list[Event]]] = {
    command: chapter.decide for chapter in CHAPTERS for command in chapter.COMMANDS
}
_EVOLVE: dict[type[Event], Callable[[Order, Any], Order]] = {
    event: chapter.evolve for chapter in CHAPTERS for event in chapter.EVENTS
}


def decide(command: Command, order: Order, now: datetime, facts: Scene) -> list[Event]:
    """What follows from the command. Raises `Rejected`."""
    if isinstance(command, Tick):
        return time_passed(order, now, facts)
    check(command, order)
    return _DECIDE[type(command)](command, order, now, facts)


def evolve(order: Order, event: Event) -> Order:
    """The order after the event."""
    return _EVOLVE[type(event)](order, event)


def time_passed(order: Order, now: datetime, facts: Scene) -> list[Event]:
    """All that has fallen due by now, one after the other."""
    events: list[Event] = []
    while (at := due(order)) is not None and at <= now:
        step: list[Event] = next(
            (found for clock in CLOCKS if (found := clock.time_passed(order, now, facts))), []
        )
        if not step:
            break
        events += step
        for event in step:
            if not isinstance(event, Personal):
                order = evolve(order, event)
    return events


def due(order: Order) -> datetime | None:
    """When it next wants attention: the earliest of what its chapters wait for."""
    moments = [clock.due(order) for clock in CLOCKS]
    return min((moment for moment in moments if moment is not None), default=None)


order: Aggregate[Order] = Aggregate(
    kind="order",
    initial=Order(),
    decide=decide,
    evolve=evolve,
    events=tuple(event for chapter in CHAPTERS for event in chapter.EVENTS),
    due=due,
)
