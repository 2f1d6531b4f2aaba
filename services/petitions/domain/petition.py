"""Petition (诉求): raised by a resident, answered in time by the lowest level that can, and judged.

The clock stops for one thing only: an answer. Assigning, returning, commenting leave it alone; a
deadline that passes takes the petition one level higher by itself.

The rules are told in chapters, one module each. A chapter has its COMMANDS and EVENTS, and
``decide``; where its events change more than `state.evolve` tells, its own ``evolve``. Chapters
with a time of their own stand in CLOCKS too, with ``due`` and ``time_passed``.
"""

from collections.abc import Callable
from datetime import datetime
from types import ModuleType
from typing import Any

from services.petitions.domain import answering, climbing, filing, state, working
from services.petitions.domain.ladder import Surroundings
from services.petitions.domain.state import Petition
from services.petitions.domain.verbs import check
from shared.contracts.event import Event
from shared.runtime.aggregate import Aggregate, Command, Tick

CHAPTERS: tuple[ModuleType, ...] = (
    filing,
    climbing,
    working,
    answering,
)
CLOCKS: tuple[ModuleType, ...] = (climbing,)
"""Who is asked first when a time has passed."""

_DECIDE: dict[type[Command], Callable[..., list[Event]]] = {
    command: chapter.decide for chapter in CHAPTERS for command in chapter.COMMANDS
}
_EVOLVE: dict[type[Event], Callable[[Petition, Any], Petition]] = {
    event: getattr(chapter, "evolve", state.evolve)
    for chapter in CHAPTERS
    for event in chapter.EVENTS
}


def decide(command: Command, petition: Petition, now: datetime, facts: Surroundings) -> list[Event]:
    """What follows from the command. Raises `Rejected`."""
    if isinstance(command, Tick):
        return time_passed(petition, now, facts)
    check(command, petition)
    return _DECIDE[type(command)](command, petition, now, facts)


def evolve(petition: Petition, event: Event) -> Petition:
    """The petition after the event."""
    return _EVOLVE[type(event)](petition, event)


def time_passed(petition: Petition, now: datetime, facts: Surroundings) -> list[Event]:
    """The one step that is due now, if any. After a late one, `due` names the next at once."""
    for clock in CLOCKS:
        if events := clock.time_passed(petition, now, facts):
            found: list[Event] = events
            return found
    return []


def due(petition: Petition) -> datetime | None:
    """When it next wants attention: the earliest of what its chapters wait for."""
    moments = [clock.due(petition) for clock in CLOCKS]
    return min((moment for moment in moments if moment is not None), default=None)


petition: Aggregate[Petition] = Aggregate(
    kind="petition",
    initial=Petition(),
    decide=decide,
    evolve=evolve,
    events=tuple(event for chapter in CHAPTERS for event in chapter.EVENTS),
    due=due,
)
