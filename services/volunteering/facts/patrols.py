"""What is told of the world to the rules of patrols (三重巡防)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from services.volunteering.check_in_codes import secret_in_use
from services.volunteering.domain.patrols.climbing import LEVELS_ASKED, Office
from services.volunteering.domain.patrols.finding import patrol_finding
from services.volunteering.domain.patrols.finding_state import Finding, RecordFinding, Scene
from services.volunteering.domain.patrols.rota import patrol_rota
from services.volunteering.domain.patrols.rota_commands import (
    DrawAgain,
    DrawUp,
    Line,
    Muster,
    PatrolRota,
    PublishRota,
    StandIn,
)
from services.volunteering.domain.patrols.route import (
    LayOut,
    PatrolRoute,
    ReviseRoute,
    Terrain,
    patrol_route,
)
from services.volunteering.domain.patrols.shift import patrol_shift
from services.volunteering.domain.patrols.shift_commands import (
    BeginPatrol,
    Check,
    Join,
    PlanShift,
    Replace,
    TakeOver,
)
from services.volunteering.domain.patrols.shift_state import PatrolShift, Round
from services.volunteering.domain.teams.team_state import Team
from services.volunteering.domain.teams.volunteer import volunteer
from services.volunteering.offices import office
from services.volunteering.sign_codes import code_of
from shared.neighbourhood.place import KnownPlace
from shared.neighbourhood.post import KnownPost
from shared.runtime.aggregate import Aggregate, Command, Tick
from shared.runtime.copies import Copies, Copy, MakeKept
from shared.runtime.deciding import Beside, Facts, Looking

KEPT: tuple[MakeKept, ...] = (partial(Copy, patrol_route),)

Looked = Iterable[tuple[Aggregate[Any], str]]


def facts(copies: Copies) -> Mapping[str, Facts]:
    """By kind."""
    places: Mapping[str, KnownPlace] = copies["place"]
    posts: Mapping[str, KnownPost] = copies["post"]
    teams: Mapping[str, Team] = copies["team"]
    routes: Mapping[str, PatrolRoute] = copies[patrol_route.kind]

    def path_of(code: str) -> tuple[str, ...]:
        known = places.get(code)
        return () if known is None or known.closed else known.path

    def offices(path: tuple[str, ...]) -> tuple[Office, ...]:
        return tuple(Office(level, *office(places, posts, path, level)) for level in LEVELS_ASKED)

    def terrain(id: str, command: Command, state: PatrolRoute, _now: datetime) -> Terrain:
        match command:
            case LayOut(place=place, checkpoints=stops, team=team):
                named = {place, *(stop.place for stop in stops)}
                leads = None if team is None else teams.get(team)
                return Terrain(id, {code: p for code in named if (p := path_of(code))}, leads)
            case ReviseRoute(checkpoints=stops):
                named = {stop.place for stop in stops}
                return Terrain(id, {code: p for code in named if (p := path_of(code))})
        return Terrain(id)

    def muster(
        id: str, command: Command, state: PatrolRota, _now: datetime, beside: Beside
    ) -> Muster:
        match command:
            case DrawUp() | DrawAgain():
                route = routes.get(command.route if isinstance(command, DrawUp) else state.route)
                named = [line.team for line in command.lines]
                if isinstance(command, DrawUp) and command.team is not None:
                    named.append(command.team)
                follows = command.follows
                return Muster(
                    id,
                    route,
                    () if route is None else path_of(route.place),
                    {team: teams[team] for team in named if team in teams},
                    known(members_of(command.lines), beside),
                    None if follows is None else beside(patrol_rota, follows),
                )
            case PublishRota():
                return Muster(id, path=path_of(state.place))
            case StandIn(person=person):
                return Muster(id, volunteers=known([person], beside))
        return Muster(id)

    def known(people: Iterable[str], beside: Beside) -> dict[str, Any]:
        found = ((person, beside(volunteer, person)) for person in people)
        return {person: state for person, state in found if state is not None}

    def around(
        id: str, command: Command, state: PatrolShift, _now: datetime, beside: Beside
    ) -> Round:
        match command:
            case PlanShift(place=place, team=team):
                led = teams[team].leaders if team in teams else ()
                return Round(id, path=path_of(place), leaders=led, team=teams.get(team))
            case BeginPatrol(by=person):
                return Round(id, routes.get(state.route), volunteer=beside(volunteer, person))
            case Join(by=person) | Replace(person=person):
                return Round(id, volunteer=beside(volunteer, person))
            case Check():
                return Round(id, codes=codes(routes.get(state.route)))
            case TakeOver(shift=shift) if shift is not None:
                return Round(id, other=beside(patrol_shift, shift))
            case Tick():
                return Round(id, offices=offices(state.path))
        return Round(id)

    def scene(id: str, command: Command, state: Finding, _now: datetime, beside: Beside) -> Scene:
        match command:
            case RecordFinding(shift=shift, place=place):
                return Scene(id, beside(patrol_shift, shift), path_of(place))
            case Tick():
                return Scene(id, offices=offices(state.path))
        return Scene(id)

    return {
        patrol_route.kind: terrain,
        patrol_rota.kind: Looking(looked_at_by_rota, muster),
        patrol_shift.kind: Looking(looked_at_by_shift, around),
        patrol_finding.kind: Looking(looked_at_by_finding, scene),
    }


def codes(route: PatrolRoute | None) -> dict[int, str]:
    """What stands on the signs of a route now, by the checkpoint's key."""
    if route is None:
        return {}
    return {one.key: code_of(route, one, secret_in_use()) for one in route.checkpoints}


def members_of(lines: Iterable[Line]) -> set[str]:
    """Everybody who is named."""
    return {member for line in lines for member in line.members}


def looked_at_by_rota(_id: str, command: Command) -> Looked:
    """The volunteers who are to patrol, and the rota before."""
    match command:
        case DrawUp(lines=lines, follows=follows) | DrawAgain(lines=lines, follows=follows):
            before = () if follows is None else ((patrol_rota, follows),)
            return (*((volunteer, one) for one in sorted(members_of(lines))), *before)
        case StandIn(person=person):
            return ((volunteer, person),)
    return ()


def looked_at_by_shift(_id: str, command: Command) -> Looked:
    """Who is to patrol, or the shift that takes over."""
    match command:
        case BeginPatrol(by=person) | Join(by=person) | Replace(person=person):
            return ((volunteer, person),)
        case TakeOver(shift=shift) if shift is not None:
            return ((patrol_shift, shift),)
    return ()


def looked_at_by_finding(_id: str, command: Command) -> Looked:
    """The shift in which something was found."""
    match command:
        case RecordFinding(shift=shift):
            return ((patrol_shift, shift),)
    return ()
