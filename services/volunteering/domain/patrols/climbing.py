"""How an alarm climbs: who answers for the patrol is told at once, then the community's office, and
at last the street's.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.contracts.types import Level

LEVELS_ASKED = (Level.COMMUNITY, Level.STREET)
"""Whose offices an alarm climbs to, one after the other."""
AT_ONCE = (timedelta(hours=1), timedelta(days=1))
"""After so long on each of them, where somebody may be in trouble or a place unwatched."""
IN_TIME = (timedelta(days=4), timedelta(days=11))
"""The same for what hurts nobody meanwhile."""


@dataclass(frozen=True, slots=True)
class Office:
    """An office that is asked: its place, and who does the duty there; nobody while it is
    vacant.
    """

    level: Level
    place: str
    person: str | None = None


@dataclass(frozen=True)
class Climb:
    """An alarm since then, and the offices that were told of it, the latest last."""

    since: datetime
    told: tuple[Office, ...] = ()


def climbs_at(climb: Climb, pace: tuple[timedelta, ...]) -> datetime | None:
    """When the next office is told; None once all were."""
    if len(climb.told) >= len(pace):
        return None
    return climb.since + pace[len(climb.told)]


def next_office(climb: Climb, offices: tuple[Office, ...]) -> Office:
    """The office that is told next. Where no place is known, one that nobody does the duty of."""
    level = LEVELS_ASKED[len(climb.told)]
    return next((one for one in offices if one.level is level), Office(level, ""))
