"""Activity (志愿活动): draft > open > full > running > done, or called off.

The whole life is one aggregate, so that a place is never given to two, whoever asks which process.
The rules are told in chapters, one module each: COMMANDS and EVENTS, `decide` and `evolve`, and
`due` with `time_passed` where they have a time of their own.
"""

from collections.abc import Callable
from datetime import datetime
from types import ModuleType
from typing import Any

from services.volunteering.domain.activities import (
    changing,
    duties,
    hours,
    places,
    planning,
    presence,
)
from services.volunteering.domain.activities.places import offered
from services.volunteering.domain.activities.recorded import ActivityResized
from services.volunteering.domain.activities.state import Activity, Surroundings, with_people
from shared.contracts.event import Event, Personal
from shared.contracts.volunteering.activities import (
    ActivityMoved,
    ActivityOfferEnded,
    ActivityPlaceGivenUp,
)
from shared.runtime.aggregate import Aggregate, Command, Tick

CHAPTERS: tuple[ModuleType, ...] = (planning, changing, places, presence, hours, duties)
CLOCKS: tuple[ModuleType, ...] = (places, planning, changing, presence, hours)
"""Who is asked first when a time has passed."""
FREES_PLACES: frozenset[type[Event]] = frozenset(
    {ActivityOfferEnded, ActivityPlaceGivenUp, ActivityResized, ActivityMoved}
)
"""After these, somebody who waits may be next."""

_DECIDE: dict[type[Command], Callable[..., list[Event]]] = {
    command: chapter.decide for chapter in CHAPTERS for command in chapter.COMMANDS
}
_EVOLVE: dict[type[Event], Callable[[Activity, Any], Activity]] = {
    event: chapter.evolve for chapter in CHAPTERS for event in chapter.EVENTS
}


def decide(command: Command, activity: Activity, now: datetime, facts: Surroundings) -> list[Event]:
    """What follows from the command. Raises `Rejected`."""
    if isinstance(command, Tick):
        events: list[Event] = next(
            (e for clock in CLOCKS if (e := clock.time_passed(activity, now, facts))), []
        )
    else:
        events = _DECIDE[type(command)](command, activity, now, facts)
    if FREES_PLACES.isdisjoint(map(type, events)):
        return events
    for event in events:
        if not isinstance(event, Personal):
            activity = evolve(activity, event)
    return [*events, *offered(activity, now)]


def evolve(activity: Activity, event: Event) -> Activity:
    """The activity after the event."""
    return with_people(activity, _EVOLVE[type(event)](activity, event))


def due(activity: Activity) -> datetime | None:
    """When it next wants attention: the earliest of what its chapters wait for."""
    moments = [clock.due(activity) for clock in CLOCKS]
    return min((moment for moment in moments if moment is not None), default=None)


activity: Aggregate[Activity] = Aggregate(
    kind="activity",
    initial=Activity(),
    decide=decide,
    evolve=evolve,
    events=tuple(event for chapter in CHAPTERS for event in chapter.EVENTS),
    due=due,
)
