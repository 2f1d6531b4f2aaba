"""Patrol route (巡防路线): the checkpoints of a place in the order in which a patrol passes them.

A route is revised while patrols are on their way: each goes to its end as it began. At every
checkpoint hangs a sign with a code; a new sign makes the code of the old one worthless.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from services.volunteering.domain.activities.outline import Meeting
from services.volunteering.domain.patrols.duty import (
    OrganisersPassed,
    PassOn,
    passed_on,
    together,
    without,
)
from services.volunteering.domain.teams.team_state import Team, TeamStatus
from shared.contracts.event import Event
from shared.contracts.types import Id, PlaceCode, Title, at_most, between
from shared.contracts.volunteering.patrol_rotas import (
    PatrolRouteClosed,
    PatrolRouteLaidOut,
    PatrolRouteRevised,
)
from shared.runtime.aggregate import Aggregate, Command, Rejected, changed

MOST_CHECKPOINTS = 40
LONGEST_SHIFT = 720
"""Minutes."""


class RouteStatus(StrEnum):
    """How a route stands."""

    NONE = "none"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Stop:
    """A checkpoint as it is asked for: `minutes` after the shift has begun somebody has to have
    been there. With a `spot`, standing near it tells that one is there. `key` names a checkpoint
    that the route has already and that keeps its sign; None stands for a new one.
    """

    name: Title
    place: PlaceCode
    minutes: Annotated[int, between(1, LONGEST_SHIFT)]
    spot: Meeting | None = None
    key: Annotated[int, between(0, 10_000)] | None = None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A checkpoint of a route. `key` stays with it in all versions, `turn` counts its signs."""

    key: int
    name: str
    place: str
    minutes: int
    spot: Meeting | None = None
    turn: int = 0


@dataclass(frozen=True)
class PatrolRoute:
    """A route of a place; `team` is the one whose leaders laid it out, if leaders did."""

    status: RouteStatus = RouteStatus.NONE
    route: str = ""
    place: str = ""
    path: tuple[str, ...] = ()
    name: str = ""
    team: str | None = None
    keeper: str | None = None
    organisers: tuple[str, ...] = ()
    version: int = 0
    checkpoints: tuple[Checkpoint, ...] = ()
    next_key: int = 0


@dataclass(frozen=True, slots=True)
class Terrain:
    """What the rules are told: the route's id, the paths of the places that are named (of those
    that are known and not closed), and the team named.
    """

    route: str
    paths: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    team: Team | None = None


# --- commands ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LayOut(Command):
    """There is a new route in a place; as a leader of `team` where one is named."""

    by: Id
    place: PlaceCode
    name: Title
    checkpoints: Annotated[tuple[Stop, ...], at_most(MOST_CHECKPOINTS)]
    team: Id | None = None


@dataclass(frozen=True, slots=True)
class ReviseRoute(Command):
    """The route is this from now on."""

    verb = "revise"
    by: Id
    name: Title
    checkpoints: Annotated[tuple[Stop, ...], at_most(MOST_CHECKPOINTS)]


@dataclass(frozen=True, slots=True)
class RenewSign(Command):
    """A sign is gone, or its code has got about: the checkpoint gets another."""

    by: Id
    key: Annotated[int, between(0, 10_000)]


@dataclass(frozen=True, slots=True)
class CloseRoute(Command):
    """Nobody is to go this way any more."""

    verb = "close"
    by: Id


@dataclass(frozen=True, slots=True)
class ForgetRouteKeeper(Command):
    """Somebody was erased."""

    person: str


@dataclass(frozen=True, slots=True)
class RouteDrawn(Event):
    """The route as it is from now on. `next_key` is for the next new checkpoint."""

    name: str
    checkpoints: tuple[Checkpoint, ...]
    next_key: int


@dataclass(frozen=True, slots=True)
class RouteKept(Event):
    """Who answers for it."""

    team: str | None
    keeper: str
    organisers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignRenewed(Event):
    """The code of the checkpoint's sign is another one."""

    key: int


def decide(command: Command, route: PatrolRoute, now: datetime, terrain: Terrain) -> list[Event]:
    """What follows from a command."""
    match route.status, command:
        case _, PassOn() if route.team is not None:
            return passed_on(route, command)
        case _, PassOn():
            return []
        case _, ForgetRouteKeeper(person=person):
            return without(route, person)
        case RouteStatus.NONE, LayOut():
            return laid_out(command, terrain)
        case RouteStatus.NONE, _:
            raise Rejected("unknown-route", "no such route was laid out")
        case _, LayOut():
            raise Rejected("route-exists", "there is such a route: revise it")
        case RouteStatus.CLOSED, _:
            raise Rejected("route-closed", "the route is closed; lay out another one")
        case _, ReviseRoute():
            drawn = drawn_as(route, route.place, command.name, command.checkpoints, terrain)
            revised = PatrolRouteRevised(
                route.route, route.place, route.version + 1, len(drawn.checkpoints)
            )
            return [revised, drawn]
        case _, RenewSign(key=key):
            if all(one.key != key for one in route.checkpoints):
                raise Rejected("unknown-checkpoint", f"the route has no checkpoint {key}", key=key)
            return [SignRenewed(key)]
        case _, CloseRoute():
            return [PatrolRouteClosed(route.route, route.place)]
    raise AssertionError(command)


def laid_out(command: LayOut, terrain: Terrain) -> list[Event]:
    """A route of a place; where a team is named, one of its leaders lays it out."""
    path = terrain.paths.get(command.place)
    if path is None:
        raise Rejected(
            "unknown-place", f"no place {command.place} is registered", place=command.place
        )
    leaders: tuple[str, ...] = ()
    if command.team is not None:
        leaders = led_there(terrain.team, command.by, path).leaders
    drawn = drawn_as(PatrolRoute(), command.place, command.name, command.checkpoints, terrain)
    return [
        PatrolRouteLaidOut(terrain.route, command.place, path, len(drawn.checkpoints)),
        RouteKept(command.team, command.by, together(*leaders, command.by)),
        drawn,
    ]


def led_there(team: Team | None, by: str, path: tuple[str, ...]) -> Team:
    """The team, if it is at work, this person leads it, and it serves where the path leads. Raises
    `Rejected`.
    """
    if team is None or team.status is not TeamStatus.ACTIVE:
        raise Rejected("team-not-active", "there is no such team at work")
    if by not in team.leaders:
        raise Rejected("not-a-leader", "the captain or a deputy plans what a team does")
    if team.place not in path:
        raise Rejected("not-its-place", "the team serves elsewhere", place=path[-1])
    return team


def drawn_as(
    route: PatrolRoute, place: str, name: str, asked: tuple[Stop, ...], terrain: Terrain
) -> RouteDrawn:
    """The checkpoints asked for: in the route's place, in order of time."""
    if not asked:
        raise Rejected("no-checkpoints", "a route has at least one checkpoint")
    if [stop.minutes for stop in asked] != sorted(stop.minutes for stop in asked):
        raise Rejected("checkpoints-out-of-order", "a later checkpoint has no earlier time")
    for stop in asked:
        if place not in terrain.paths.get(stop.place, ()):
            raise Rejected(
                "checkpoint-elsewhere",
                f"{stop.place} is no open place within {place}",
                place=stop.place,
                within=place,
            )
    had = {one.key: one for one in route.checkpoints}
    kept = [stop.key for stop in asked if stop.key is not None]
    if len(set(kept)) < len(kept) or not had.keys() >= set(kept):
        raise Rejected("unknown-checkpoint-key", "name each checkpoint that stays once, by its key")
    key, drawn = route.next_key, []
    for stop in asked:
        if stop.key is None:
            drawn.append(Checkpoint(key, stop.name, stop.place, stop.minutes, stop.spot))
            key += 1
        else:
            turn = had[stop.key].turn
            drawn.append(Checkpoint(stop.key, stop.name, stop.place, stop.minutes, stop.spot, turn))
    return RouteDrawn(name, tuple(drawn), key)


def evolve(route: PatrolRoute, event: Event) -> PatrolRoute:
    """The route after an event."""
    match event:
        case PatrolRouteLaidOut(route=id, place=place, path=path):
            open = RouteStatus.OPEN
            return changed(route, status=open, route=id, place=place, path=path, version=1)
        case RouteKept(team=team, keeper=keeper, organisers=organisers):
            return changed(route, team=team, keeper=keeper, organisers=organisers)
        case RouteDrawn(name=name, checkpoints=checkpoints, next_key=key):
            return changed(route, name=name, checkpoints=checkpoints, next_key=key)
        case PatrolRouteRevised(number=number):
            return changed(route, version=number)
        case SignRenewed(key=key):
            renewed = tuple(
                replace(one, turn=one.turn + 1) if one.key == key else one
                for one in route.checkpoints
            )
            return changed(route, checkpoints=renewed)
        case PatrolRouteClosed():
            return changed(route, status=RouteStatus.CLOSED)
        case OrganisersPassed(organisers=organisers, keeper=keeper):
            return changed(route, organisers=organisers, keeper=keeper)
    return route


def open_verbs(route: PatrolRoute) -> tuple[str, ...]:
    """The verbs that this route knows now."""
    return ("revise", "renew-sign", "close") if route.status is RouteStatus.OPEN else ()


patrol_route = Aggregate(
    kind="patrol-route",
    initial=PatrolRoute(),
    decide=decide,
    evolve=evolve,
    events=(
        PatrolRouteLaidOut,
        PatrolRouteRevised,
        PatrolRouteClosed,
        RouteKept,
        RouteDrawn,
        SignRenewed,
        OrganisersPassed,
    ),
)
