"""The places that pages name and let people pick: the city's tree, read now and then."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request

from services.gateway.doorway import doorway_of
from services.gateway.pages.asking import Missing, Refusal, ask
from services.gateway.upstream import ServiceAway

FRESH = timedelta(minutes=1)
"""For so long the tree is taken as it was read."""
DEPTHS = (8, 4, 3, 2, 1)
"""Levels that are asked for, fewer where there are too many places in them."""
MOST_FOUND = 20
"""Places that a search shows."""
PICKED = frozenset({"district", "street", "community", "area", "neighbourhood", "grid", "building"})
"""Kinds that are offered: a household is nobody's to look for."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place as pages show it; `path` has the codes from the district down to itself."""

    code: str
    kind: str
    name: str
    path: tuple[str, ...]


@dataclass(slots=True)
class Places:
    """The places that are known. Those above a place are known with it."""

    by_code: dict[str, Place] = field(default_factory=dict)
    below: dict[str, list[str]] = field(default_factory=dict)
    read_at: datetime | None = None

    def name(self, code: str | None) -> str:
        """What a place is called; its code where it is not known."""
        found = self.by_code.get(code or "")
        return (code or "") if found is None else found.name

    def line(self, code: str | None) -> list[Place]:
        """A place with all above it, from the district down; nothing for one that is not known."""
        found = self.by_code.get(code or "")
        if found is None:
            return []
        return [self.by_code[one] for one in found.path if one in self.by_code]

    def full_name(self, code: str | None, levels: int = 3) -> str:
        """Its name with some of those above it: ``军门社区 朱紫坊小区``."""
        line = self.line(code)[-levels:]
        return " ".join(one.name for one in line) if line else self.name(code)

    def children(self, code: str | None) -> list[Place]:
        """What lies right below a place; the districts for None."""
        found = (self.by_code[one] for one in self.below.get(code or "", ()))
        return [one for one in found if one.kind in PICKED]

    def search(self, words: str) -> list[Place]:
        """Places with these words in their names, the ones that begin with them first."""
        sought = words.strip().casefold()
        if not sought:
            return []
        found = [one for one in self.by_code.values() if sought in one.name.casefold()]
        found = [one for one in found if one.kind in PICKED]
        found.sort(key=lambda one: (not one.name.casefold().startswith(sought), len(one.path)))
        return found[:MOST_FOUND]

    def take(self, tree: Mapping[str, Any]) -> None:
        """Adds a district with what lies below it."""
        for place, above in _walk(tree, ()):
            self.by_code[place.code] = place
            self.below.setdefault(above, []).append(place.code)


async def places_of(request: Request) -> Places:
    """The places, as they were within the last minute. Raises `ServiceAway`, `SignInFirst`."""
    state, now = request.app.state, doorway_of(request).clock.now()
    known: Places | None = getattr(state, "known_places", None)
    if known is not None and known.read_at is not None and now - known.read_at < FRESH:
        return known
    try:
        places = await _read(request, now)
    except ServiceAway:
        if known is None:
            raise
        return known
    state.known_places = places
    return places


def known_places(request: Request) -> Places:
    """Those that are known, for who is not signed in: community tells nobody else."""
    known: Places | None = getattr(request.app.state, "known_places", None)
    return Places() if known is None else known


async def _read(request: Request, now: datetime) -> Places:
    places = Places(read_at=now)
    districts = await ask(
        request, "community", "/places", params={"kind": "district", "limit": "200"}
    )
    for district in districts["items"]:
        if district["closed"] is None:
            tree = await _tree(request, district["code"])
            if tree is not None:
                places.take(tree)
    return places


async def _tree(request: Request, root: str) -> Mapping[str, Any] | None:
    for depth in DEPTHS:
        try:
            found = await ask(
                request, "community", "/places/tree", params={"root": root, "depth": str(depth)}
            )
        except Refusal:
            continue
        except Missing:
            return None
        tree: Mapping[str, Any] = found["tree"]
        return tree
    return None


def _walk(tree: Mapping[str, Any], above: tuple[str, ...]) -> Iterator[tuple[Place, str]]:
    path = (*above, tree["code"])
    yield Place(tree["code"], tree["kind"], tree["name"], path), above[-1] if above else ""
    for child in tree.get("places", ()):
        yield from _walk(child, path)
