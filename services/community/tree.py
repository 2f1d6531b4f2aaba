"""The place tree as the copies show it: paths, ancestors, and the facts that the rules ask for."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from services.community.domain.place import Above, MovePlace, Place, RegisterPlace
from services.community.domain.post import EstablishPost, Post, Site
from services.community.domain.resident import (
    AskToMove,
    Erase,
    Home,
    MoveHousehold,
    RegisterAnew,
    RegisterResident,
    Resident,
    Standing,
)
from shared.runtime.aggregate import Command
from shared.runtime.copies import Copies
from shared.runtime.deciding import Facts

Places = Mapping[str, Place]


def lineage(places: Places, code: str) -> list[Place]:
    """The place and all above it, from the district down, as far as parents are known.

    Kinds grow strictly on the way up, so the walk ends.
    """
    upwards: list[Place] = []
    here = places.get(code)
    while here is not None:
        upwards.append(here)
        here = places.get(here.parent) if here.parent is not None else None
    return upwards[::-1]


def path_of(places: Places, code: str) -> tuple[str, ...]:
    """The codes from the district down to the place."""
    return tuple(place.code for place in lineage(places, code))


def below(places: Places, code: str) -> tuple[tuple[str, str], ...]:
    """Code and parent of all places below this one, parents before their children."""
    children: defaultdict[str, list[str]] = defaultdict(list)
    for place in places.values():
        if place.parent is not None:
            children[place.parent].append(place.code)
    found: list[tuple[str, str]] = []
    parents = [code]
    for parent in parents:  # grows while it is walked
        found += [(child, parent) for child in children[parent]]
        parents += children[parent]
    return tuple(found)


def posts_of(posts: Mapping[str, Post], person: str) -> tuple[str, ...]:
    """The posts that somebody holds now or will hold."""
    return tuple(
        sorted(
            id
            for id, post in posts.items()
            if any(term is not None and term.holder == person for term in (post.term, post.ahead))
        )
    )


def facts(copies: Copies) -> Mapping[str, Facts]:
    """What the rules of place, post and resident know of the tree."""
    places: Places = copies["place"]

    def above(id: str, command: Command, _place: Place, _now: datetime) -> Above | None:
        match command:
            case RegisterPlace(parent=str(parent)) if parent in places:
                return Above(places[parent].kind, path_of(places, parent))
            case MovePlace(parent=parent) if parent in places:
                return Above(places[parent].kind, path_of(places, parent), below(places, id))
        return None

    def site(_id: str, command: Command, post: Post, _now: datetime) -> Site | None:
        code = command.place if isinstance(command, EstablishPost) else post.place
        return Site(places[code].kind) if code in places else None

    def home(
        id: str, command: Command, _resident: Resident, _now: datetime
    ) -> Home | Standing | None:
        match command:
            case (
                RegisterResident(household=household)
                | RegisterAnew(household=household)
                | AskToMove(household=household)
                | MoveHousehold(household=household)
            ) if household in places:
                return Home(places[household].kind, path_of(places, household))
            case Erase():
                return Standing(posts_of(copies["post"], id))
        return None

    return {"place": above, "post": site, "resident": home}
