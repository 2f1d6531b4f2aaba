"""What queries know of the city besides petitions: its places, and the taxonomy."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from services.petitions.facts import LEVEL_OF
from services.petitions.rules import rules_in_use
from services.petitions.statistics import Line
from services.petitions.taxonomy import Taxonomy
from shared.contracts.types import PlaceKind
from shared.neighbourhood.place import KnownPlace
from shared.runtime.copies import Copies
from shared.runtime.problems import Invalid


def taxonomy(copies: Copies) -> Taxonomy:
    """What petitions are about, as shipped and as changed since."""
    return Taxonomy(rules_in_use().categories, copies["category"])


def category_line(copies: Copies, now: datetime) -> Line:
    """The line of a category's codes from the first level down."""
    known = taxonomy(copies).known

    def line(code: str) -> Sequence[str]:
        found = known(code, now)
        return () if found is None else found.path

    return line


def place_line(copies: Copies) -> Line:
    """The line of a place's codes from the district down."""

    def line(code: str) -> Sequence[str]:
        found: KnownPlace | None = copies["place"].get(code)
        return () if found is None else found.path

    return line


def categories_below(copies: Copies, code: str | None, now: datetime) -> tuple[str, ...]:
    """A category with all below it; none where none is asked for. Raises `Invalid`."""
    if code is None:
        return ()
    line = category_line(copies, now)
    below = tuple(one for one in taxonomy(copies).codes() if code in line(one))
    if not below:
        raise Invalid("category", "is none of the taxonomy")
    return below


def is_level(copies: Copies, code: str) -> bool:
    """Whether the place is one that answers petitions: a neighbourhood, or above it."""
    found: KnownPlace | None = copies["place"].get(code)
    return found is not None and found.kind in LEVEL_OF


def public_path(copies: Copies, path: Sequence[str]) -> tuple[str, ...]:
    """The part of a path that everybody may know: no closer than the neighbourhood."""
    inmost = max((n for n, code in enumerate(path) if is_level(copies, code)), default=0)
    return tuple(path[: inmost + 1])


def community_around(copies: Copies, path: Sequence[str]) -> str:
    """The community that a path leads through, or where it ends above one."""
    places: Mapping[str, KnownPlace] = copies["place"]
    inside = (PlaceKind.DISTRICT, PlaceKind.STREET, PlaceKind.COMMUNITY)
    around = [code for code in path if code in places and places[code].kind in inside]
    return around[-1] if around else path[0]


def public_place(copies: Copies, path: Sequence[str]) -> str:
    """Where everybody may know it to be."""
    return public_path(copies, path)[-1]
