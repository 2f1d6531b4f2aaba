"""The place tree as the copies show it: paths, ancestors, and the facts that the rules ask for."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from services.community.domain.place_commands import (
    AdoptPattern,
    ClosePlace,
    HangUnderPart,
    MovePlace,
    RegisterPlace,
    SplitPlace,
)
from services.community.domain.place_state import Above, Around, Duties, Place, Step, parent_at
from services.community.domain.post_commands import EstablishPost
from services.community.domain.post_state import Post, Site, post_id, responsible_at
from services.community.domain.resident import Home, Resident, Standing
from services.community.domain.resident_commands import (
    AskToMove,
    Erase,
    MoveHousehold,
    RegisterAnew,
    RegisterResident,
)
from services.community.domain.rota_commands import Rota
from services.community.patterns import PATTERNS
from shared.contracts.types import PlaceKind
from shared.runtime.aggregate import Command, Tick
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


def lineage_at(places: Places, code: str, moment: datetime) -> list[Place]:
    """The place and all that lay above it at a time, from the district down; none where it was not
    registered yet.
    """
    upwards: list[Place] = []
    here = places.get(code)
    while here is not None and (lay := parent_at(here, moment)) is not None:
        upwards.append(here)
        here = places.get(lay.parent) if lay.parent is not None else None
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


def scopes_below(places: Places, code: str) -> list[str]:
    """The place and all below it but buildings and units: few enough to be asked for by name."""
    return [
        place.code
        for place in places.values()
        if place.kind not in (PlaceKind.BUILDING, PlaceKind.UNIT)
        and code in path_of(places, place.code)
    ]


def units_within(places: Places, code: str) -> list[str]:
    """The units of a place; of a unit, itself."""
    known = places.get(code)
    if known is not None and known.kind is PlaceKind.UNIT:
        return [code]
    return [one for one, _ in below(places, code) if places[one].kind is PlaceKind.UNIT]


def deputised_by(posts: Mapping[str, Post], person: str) -> tuple[str, ...]:
    """The posts in which somebody stands in when the holder is away."""
    return tuple(sorted(id for id, post in posts.items() if post.deputy == person))


def shifts_of(rotas: Mapping[str, Rota], person: str, now: datetime) -> tuple[str, ...]:
    """The rotas in which somebody has a shift that is not over."""
    return tuple(
        sorted(
            id
            for id, rota in rotas.items()
            if any(shift.person == person and shift.end > now for shift in rota.shifts)
        )
    )


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

    def above(parent: str | None, moved: str | None = None) -> Above | None:
        known = places.get(parent) if parent is not None else None
        if known is None:
            return None
        along = below(places, moved) if moved is not None else ()
        return Above(known.kind, path_of(places, known.code), along, known.closed is None)

    def around(id: str, *named: str) -> Around:
        children = (one.code for one in places.values() if one.parent == id and not one.closed)
        return Around(
            path_of(places, id),
            frozenset(children),
            {
                code: (places[code].kind, places[code].closed is None)
                for code in named
                if code in places
            },
        )

    def of_place(
        id: str, command: Command, place: Place, _now: datetime
    ) -> Above | Around | Duties | None:
        match command:
            case RegisterPlace(parent=parent):
                return above(parent)
            case MovePlace(parent=parent):
                return above(parent, moved=id)
            case HangUnderPart(parent=parent):
                # The part was founded a moment ago: what it is stands in the command.
                return Above(place.kind, command.path, below(places, id))
            case ClosePlace(successor=successor):
                return around(id, *filter(None, (successor,)))
            case SplitPlace(into=into):
                return around(id, *(new.code for new in into))
            case AdoptPattern(pattern=str(pattern)):
                return PATTERNS.duties(pattern)
            case Tick() if place.plan is not None and place.plan.step is Step.MOVE:
                return above(place.plan.to, moved=id)
            case Tick() if place.plan is not None:
                return around(id, *filter(None, (place.plan.to,)))
        return None

    def sees_to(place: str, duty: str, now: datetime) -> str | None:
        """Who sees to a vacancy of a lower level: whoever has the same duty, or one of those that
        the patterns name for it.
        """
        posts: Mapping[str, Post] = copies["post"]
        for one in (duty, *PATTERNS.see_to_vacancies):
            held = posts.get(post_id(place, one))
            if held is not None and (person := responsible_at(held, now)) is not None:
                return person
        return None

    def site(_id: str, command: Command, post: Post, now: datetime) -> Site | None:
        code = command.place if isinstance(command, EstablishPost) else post.place
        known = places.get(code)
        if known is None:
            return None
        if not isinstance(command, Tick):
            return Site(known.kind, known.closed is None)
        upwards = [one.code for one in reversed(lineage(places, code)[:-1])]
        above = tuple((one, sees_to(one, post.duty, now)) for one in upwards)
        return Site(known.kind, known.closed is None, above)

    def home(
        id: str, command: Command, _resident: Resident, now: datetime
    ) -> Home | Standing | None:
        match command:
            case (
                RegisterResident(household=household)
                | RegisterAnew(household=household)
                | AskToMove(household=household)
                | MoveHousehold(household=household)
            ) if household in places:
                known = places[household]
                return Home(known.kind, path_of(places, household), known.closed is None)
            case Erase():
                posts = copies["post"]
                return Standing(
                    posts_of(posts, id),
                    deputised_by(posts, id),
                    shifts_of(copies["rota"], id, now),
                )
        return None

    return {"place": of_place, "post": site, "resident": home}
