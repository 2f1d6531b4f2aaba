"""Hot spot (纠纷热点): similar disputes in one place within a short time, told once for a wave.

A stream for each place and kind (``<place>:<kind>``). A wave is over when, at the next dispute,
fewer than `CALM` of those before it lie within the time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.contracts.event import Event
from shared.contracts.mediation.disputes import DisputeKind, HotSpotRaised
from shared.runtime.aggregate import Aggregate, Command, changed

WITHIN = timedelta(days=90)
HOT = 3
"""Disputes of a kind in a place within that time."""
CALM = 2
MOST_KEPT = 50
"""Times that are remembered: the latest."""


@dataclass(frozen=True)
class HotSpot:
    """When disputes were filed lately; `hot` while a wave goes on."""

    times: tuple[datetime, ...] = ()
    hot: bool = False


@dataclass(frozen=True)
class Watch:
    """What the rules are told: the spot's id, and the office that hears of it."""

    spot: str
    office: str = ""
    person: str | None = None


@dataclass(frozen=True, slots=True)
class CountDispute(Command):
    """A dispute of the kind was filed in the place, then."""

    kind: DisputeKind
    place: str
    path: tuple[str, ...]
    filed: datetime


@dataclass(frozen=True, slots=True)
class DisputeCounted(Event):
    """One more, filed then."""

    filed: datetime


@dataclass(frozen=True, slots=True)
class HotSpotCalmed(Event):
    """The wave before is over."""


def decide(command: Command, spot: HotSpot, now: datetime, watch: Watch) -> list[Event]:
    """One more dispute, and perhaps one too many."""
    if not isinstance(command, CountDispute):
        return []
    before = sum(1 for one in spot.times if command.filed - one < WITHIN)
    events: list[Event] = [DisputeCounted(command.filed)]
    hot = spot.hot
    if hot and before < CALM:
        hot = False
        events.append(HotSpotCalmed())
    if not hot and before + 1 >= HOT:
        events.append(
            HotSpotRaised(
                watch.spot,
                command.kind,
                command.place,
                command.path,
                before + 1,
                WITHIN.days,
                watch.office,
                watch.person,
            )
        )
    return events


def evolve(spot: HotSpot, event: Event) -> HotSpot:
    """The spot after the event."""
    match event:
        case DisputeCounted(filed=filed):
            return changed(spot, times=tuple(sorted((*spot.times, filed)))[-MOST_KEPT:])
        case HotSpotCalmed():
            return changed(spot, hot=False)
        case HotSpotRaised():
            return changed(spot, hot=True)
    return spot


hot_spot = Aggregate(
    kind="hot-spot",
    initial=HotSpot(),
    decide=decide,
    evolve=evolve,
    events=(DisputeCounted, HotSpotCalmed, HotSpotRaised),
)
