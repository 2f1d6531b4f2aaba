"""What is told of the world to the rules of care plans."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from services.volunteering.care_forms import BY_PURPOSE
from services.volunteering.domain.care.plan import care_plan
from services.volunteering.domain.care.plan_commands import (
    LoseVisitor,
    MakeCarePlan,
    RecordVisit,
    SetVisitors,
)
from services.volunteering.domain.care.plan_state import CarePlan, Scene
from services.volunteering.domain.teams.team_state import Team, TeamStatus
from services.volunteering.domain.teams.volunteer import volunteer
from services.volunteering.offices import office
from shared.contracts.types import Level, PlaceKind
from shared.neighbourhood.place import KnownPlace
from shared.neighbourhood.post import KnownPost
from shared.runtime.aggregate import Aggregate, Command
from shared.runtime.copies import Copies, Copy, MakeKept
from shared.runtime.deciding import Beside, Facts, Looking
from shared.runtime.journal import Stored

CITY_WIDE = frozenset({PlaceKind.DISTRICT, PlaceKind.STREET})
"""Whoever has a post of a community or below it that lies in common with a plan is around there."""


class OpenPlans(Copy[CarePlan]):
    """Of each open plan who is visited and why: nobody has two plans for one purpose."""

    def __init__(self) -> None:
        super().__init__(care_plan)
        self.name = "open-care-plans"
        self.taken: dict[str, tuple[str, str]] = {}

    def _take(self, stored: Stored) -> None:
        if stored.version <= self._versions.get(stored.id, 0):
            return
        self._versions[stored.id] = stored.version
        state = stored.state
        if state["open"] and state["person"] is not None:
            self.taken[stored.id] = (state["person"], state["purpose"])
        else:
            self.taken.pop(stored.id, None)


KEPT: tuple[MakeKept, ...] = (OpenPlans,)


def facts(copies: Copies) -> Mapping[str, Facts]:
    """By kind."""
    places: Mapping[str, KnownPlace] = copies["place"]
    posts: Mapping[str, KnownPost] = copies["post"]
    teams: Mapping[str, Team] = copies["team"]
    open_plans: OpenPlans = copies["open-care-plans"]

    def posted(path: tuple[str, ...], people: Collection[str]) -> frozenset[str]:
        """Who of these people has a post at one of the places of the path, or in its community."""
        if not people:
            return frozenset()
        around = {code for code in path if code in places and places[code].kind not in CITY_WIDE}
        return frozenset(
            person
            for each in posts.values()
            for person in (each.holder, each.responsible)
            if person is not None
            and person in people
            and (
                each.place in path
                or (each.place in places and not around.isdisjoint(places[each.place].path))
            )
        )

    def scene(id: str, command: Command, plan: CarePlan, _now: datetime, beside: Beside) -> Scene:
        place, path, purpose = plan.place, plan.path, plan.purpose
        leaders, taken = None, False
        if isinstance(command, MakeCarePlan):
            place, purpose = command.place, command.purpose
            path = places[place].path if place in places else ()
            taken = (command.person, purpose) in open_plans.taken.values()
            team = None if command.team is None else teams.get(command.team)
            if team is not None and team.status is TeamStatus.ACTIVE:
                leaders = team.leaders
        known = places.get(place)
        people = [person for _, person in looked_at(id, command)]
        found = {person: beside(volunteer, person) for person in people}
        return Scene(
            id,
            None if known is None else known.kind,
            path,
            known is not None and known.closed,
            leaders,
            office(places, posts, path, Level.COMMUNITY).person,
            office(places, posts, path, Level.STREET).person,
            BY_PURPOSE.get(purpose),
            taken,
            {person: state for person, state in found.items() if state is not None},
            posted(path, people),
        )

    return {"care-plan": Looking(looked_at, scene)}


def looked_at(_id: str, command: Command) -> Iterable[tuple[Aggregate[Any], str]]:
    """The volunteers whom a command names as visitors, who has visited, or serves no more."""
    match command:
        case MakeCarePlan(visitor=visitor, deputy=deputy):
            named = [visitor, deputy]
        case SetVisitors(visitor=visitor, deputy=deputy):
            named = [visitor, deputy]
        case RecordVisit(by=person) | LoseVisitor(person=person):
            named = [person]
        case _:
            return ()
    return [(volunteer, person) for person in named if person is not None]
