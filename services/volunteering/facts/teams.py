"""What is told of the world to the rules of teams and volunteers."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from services.volunteering.domain.teams.team import team
from services.volunteering.domain.teams.team_commands import (
    Accept,
    Apply,
    FoundTeam,
    Ground,
    MoveTeam,
    Seat,
)
from services.volunteering.domain.teams.team_state import Team
from services.volunteering.domain.teams.volunteer import volunteer
from services.volunteering.domain.teams.volunteer_commands import (
    MoveVolunteer,
    RegisterVolunteer,
    Setting,
)
from services.volunteering.domain.teams.volunteer_state import Volunteer
from services.volunteering.offices import office
from services.volunteering.trainings import LASTING
from shared.contracts.types import Level
from shared.neighbourhood.place import KnownPlace
from shared.neighbourhood.post import KnownPost
from shared.runtime.aggregate import Aggregate, Command
from shared.runtime.copies import Copies, Copy, MakeKept
from shared.runtime.deciding import Beside, Facts, Looking

KEPT: tuple[MakeKept, ...] = (partial(Copy, team),)

CALLED = (Level.COMMUNITY, Level.STREET, Level.DISTRICT)
"""Whose office is called when nobody leads a team, the first one first."""


def facts(copies: Copies) -> Mapping[str, Facts]:
    """By kind."""
    places: Mapping[str, KnownPlace] = copies["place"]
    posts: Mapping[str, KnownPost] = copies["post"]

    def setting(id: str, command: Command, _state: Volunteer, _now: datetime) -> Setting:
        match command:
            case RegisterVolunteer(place=place) | MoveVolunteer(place=place):
                return Setting(id, open_path(places, place), LASTING)
        return Setting(id, trainings=LASTING)

    def ground(id: str, command: Command, state: Team, _now: datetime, beside: Beside) -> Ground:
        match command:
            case FoundTeam(place=place) | MoveTeam(place=place):
                path = open_path(places, place)
            case _:
                path = state.path
        seen = [beside(volunteer, person) for _, person in looked_at(id, command)]
        return Ground(id, path, seen[0] if seen else None, called(places, posts, path), LASTING)

    return {"volunteer": setting, "team": Looking(looked_at, ground)}


def looked_at(_id: str, command: Command) -> Iterable[tuple[Aggregate[Any], str]]:
    """The volunteer whom a command to a team is about, where it rests on what they are fit for."""
    match command:
        case FoundTeam(captain=person) | Apply(by=person) | Accept(volunteer=person):
            return ((volunteer, person),)
    return ()


def called(
    places: Mapping[str, KnownPlace], posts: Mapping[str, KnownPost], path: tuple[str, ...]
) -> tuple[Seat, ...]:
    """The offices above a team's place, the nearest first."""
    seats = (office(places, posts, path, level) for level in CALLED)
    return tuple(dict.fromkeys(Seat(*seat) for seat in seats))


def open_path(places: Mapping[str, KnownPlace], code: str) -> tuple[str, ...]:
    """The path of a place that has not ended; empty for one that has, or that nobody knows."""
    known = places.get(code)
    return known.path if known is not None and not known.closed else ()
