"""What the rules of community are told of the world: the tree's part, and that of the register."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from services.community import rostering, tree
from services.community.domain.alliance import (
    AdmitOrganisation,
    Alliance,
    FoundAlliance,
    Known,
    alliance,
)
from services.community.domain.check_in import TOO_SMALL, CheckIn, CheckInState, Scene
from services.community.domain.organisation import (
    Ground,
    Organisation,
    RegisterOrganisation,
    Serve,
    organisation,
)
from services.community.domain.place import place
from services.community.domain.post import post
from services.community.domain.promise import MakePromise, Promise, Ring
from services.community.domain.rota import rota
from services.community.domain.visit import Door, PlanVisit, Visit
from services.community.tree import Places, lineage, path_of
from shared.runtime.aggregate import Command
from shared.runtime.copies import Copies, Copy, MakeKept
from shared.runtime.deciding import Facts

KEPT: tuple[MakeKept, ...] = (
    partial(Copy, place),
    partial(Copy, post),
    partial(Copy, organisation),
    partial(Copy, alliance),
    partial(Copy, rota),
)
"""What each process keeps in memory: what the rules ask for, and queries."""


def facts(copies: Copies) -> Mapping[str, Facts]:
    """Everything that the rules ask for, by kind."""
    places: Places = copies["place"]
    organisations: Mapping[str, Organisation] = copies["organisation"]
    alliances: Mapping[str, Alliance] = copies["alliance"]

    def exists(id: str) -> bool:
        return id in organisations and not organisations[id].closed

    def ground(_id: str, command: Command, _body: Organisation, _now: datetime) -> Ground:
        match command:
            case RegisterOrganisation(home=home, serves=serves):
                named = (home, *serves)
            case Serve(places=served):
                named = served
            case _:
                named = ()
        return Ground(tuple(code for code in named if code not in places))

    def known(id: str, command: Command, _alliance: Alliance, _now: datetime) -> Known:
        match command:
            case FoundAlliance(place=place, chair=chair, members=members):
                missing = tuple(one for one in (chair, *members) if not exists(one))
                return Known(id, place in places, missing)
            case AdmitOrganisation(organisation=one):
                return Known(id, missing=() if exists(one) else (one,))
        return Known(id)

    def ring(id: str, command: Command, promise: Promise, _now: datetime) -> Ring:
        which = command.alliance if isinstance(command, MakePromise) else promise.alliance
        found = alliances.get(which)
        if found is None or found.dissolved:
            return Ring(id)
        return Ring(id, found.place, found.chair, found.members)

    def scene(_id: str, command: Command, _state: CheckInState, _now: datetime) -> Scene | None:
        if not isinstance(command, CheckIn) or command.place not in places:
            return None
        kind = places[command.place].kind
        if command.org is None or not exists(command.org):
            return Scene(kind, known=False)
        seat = path_of(places, organisations[command.org].home)
        return Scene(kind, seated_here=command.place in seat)

    def door(id: str, command: Command, _visit: Visit, _now: datetime) -> Door:
        if not isinstance(command, PlanVisit):
            return Door(id)
        line = lineage(places, command.household)
        if not line:
            return Door(id)
        around = [place.code for place in line if place.kind not in TOO_SMALL]
        return Door(id, line[-1].kind, around[-1])

    return {
        **tree.facts(copies),
        "organisation": ground,
        "alliance": known,
        "promise": ring,
        "check-in": scene,
        "visit": door,
        "rota": rostering.facts(copies),
    }
