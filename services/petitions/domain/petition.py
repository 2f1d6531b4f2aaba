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

from services.petitions.domain import (
    adoption,
    answering,
    attachments,
    by_receipt,
    climbing,
    consultation,
    filing,
    mediation,
    merging,
    promises,
    publication,
    reporting,
    state,
    succession,
    suspension,
    voices,
    working,
)
from services.petitions.domain.commands import File
from services.petitions.domain.figures import COUNTED, counted
from services.petitions.domain.ladder import Surroundings
from services.petitions.domain.state import Petition, Status
from services.petitions.domain.verbs import check
from shared.contracts.event import Event
from shared.runtime.aggregate import Aggregate, Command, Tick, changed

CHAPTERS: tuple[ModuleType, ...] = (
    filing,
    adoption,
    reporting,
    climbing,
    working,
    attachments,
    answering,
    by_receipt,
    promises,
    suspension,
    mediation,
    consultation,
    voices,
    merging,
    succession,
    publication,
)
CLOCKS: tuple[ModuleType, ...] = (climbing, suspension, consultation, promises)
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
    about = command.complained_of if isinstance(command, File) else petition.complained_of
    facts = reporting.impartial(facts, about)
    if isinstance(command, Tick):
        events = time_passed(petition, now, facts)
        return [*events, *consultation.follows(petition, events, now, facts)]
    check(command, petition)
    reporting.check_impartial(command, petition, facts)
    ended: list[Event] = []
    if petition.status is Status.SUSPENDED and isinstance(command, suspension.ENDED_BY):
        ended = suspension.resume(petition, "done", now, facts)
        for event in ended:
            petition = evolve(petition, event)
    events = _DECIDE[type(command)](command, petition, now, facts)
    return [*ended, *events, *consultation.follows(petition, events, now, facts)]


def evolve(petition: Petition, event: Event) -> Petition:
    """The petition after the event."""
    after = _EVOLVE[type(event)](petition, event)
    if type(event) not in COUNTED:
        return after
    figures = counted(after.figures, event)
    return after if figures is after.figures else changed(after, figures=figures)


def time_passed(petition: Petition, now: datetime, facts: Surroundings) -> list[Event]:
    """What one due time leads to, if it has come. After a late one, `due` names the next at once.

    A due time counts once: what falls due at the same moment happens together.
    """
    at = first = due(petition)
    events: list[Event] = []
    while at is not None and first is not None and at <= min(first, now):
        step: list[Event] = next(
            (e for clock in CLOCKS if (e := clock.time_passed(petition, now, facts))), []
        )
        if not step:
            break
        events += step
        for event in step:
            petition = evolve(petition, event)
        at = due(petition)
    return events


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
