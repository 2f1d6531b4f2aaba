"""What is told of the world to the rules of the three lists (资源 需求 项目 三张清单)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from services.volunteering.domain.lists.checked_in import checked_in
from services.volunteering.domain.lists.need import need
from services.volunteering.domain.lists.need_commands import StateNeed
from services.volunteering.domain.lists.need_state import Ground, Need
from services.volunteering.domain.lists.project_commands import DoTask, PlanProject
from services.volunteering.domain.lists.project_state import Project, Scene
from services.volunteering.domain.lists.resource import OfferResource
from services.volunteering.domain.lists.resource_state import Resource, Site
from services.volunteering.domain.teams.volunteer import volunteer
from services.volunteering.offices import office
from shared.contracts.types import Level
from shared.neighbourhood.place import KnownPlace
from shared.runtime.aggregate import Aggregate, Command, Tick
from shared.runtime.copies import Copies, MakeKept
from shared.runtime.deciding import Beside, Facts, Looking

KEPT: tuple[MakeKept, ...] = ()


def facts(copies: Copies) -> Mapping[str, Facts]:
    """By kind."""
    places: Mapping[str, KnownPlace] = copies["place"]

    def path(code: str) -> tuple[str, ...]:
        known = places.get(code)
        return known.path if known is not None and not known.closed else ()

    def site(id: str, command: Command, _state: Resource, _now: datetime, beside: Beside) -> Site:
        if not isinstance(command, OfferResource):
            return Site(id)
        named = command.checkin
        member = None if named is None else beside(checked_in, named)
        return Site(id, path(command.place), member)

    def ground(id: str, command: Command, _state: Need, _now: datetime) -> Ground:
        return Ground(id, path(command.place) if isinstance(command, StateNeed) else ())

    def scene(id: str, command: Command, state: Project, _now: datetime, beside: Beside) -> Scene:
        match command:
            case PlanProject(place=code, needs=needs):
                return Scene(id, path(code), {one: beside(need, one) for one in needs})
            case DoTask(by=by):
                return Scene(id, volunteer=beside(volunteer, by))
            case Tick():
                asked = office(places, copies["post"], state.path, Level.COMMUNITY)
                return Scene(id, office=asked.place, person=asked.person)
        return Scene(id)

    return {
        "resource": Looking(_checked_in, site),
        "need": ground,
        "project": Looking(_named, scene),
    }


def _checked_in(_id: str, command: Command) -> Iterable[tuple[Aggregate[Any], str]]:
    """The check-in of somebody who offers something themselves."""
    if isinstance(command, OfferResource) and command.checkin is not None:
        return ((checked_in, command.checkin),)
    return ()


def _named(_id: str, command: Command) -> Iterable[tuple[Aggregate[Any], str]]:
    """The needs of a project; the record of who has done a task."""
    match command:
        case PlanProject(needs=needs):
            return [(need, one) for one in needs]
        case DoTask(by=by):
            return ((volunteer, by),)
    return ()
