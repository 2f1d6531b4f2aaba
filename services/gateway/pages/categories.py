"""What petitions are about, as pages name it: the tree of categories, read now and then."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request

from services.gateway.doorway import doorway_of
from services.gateway.identity import session_of
from services.gateway.pages.asking import ask
from services.gateway.pages.languages import Tongue
from services.gateway.pages.rendering import language_of
from services.gateway.upstream import ServiceAway

FRESH = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Category:
    """A category by its name in one language; `path` has the codes from the first level down."""

    code: str
    name: str
    path: tuple[str, ...]
    kinds: frozenset[str]


@dataclass(slots=True)
class Categories:
    """All of them in one language, in the order of the tree."""

    by_code: dict[str, Category] = field(default_factory=dict)
    read_at: datetime | None = None

    def name(self, code: str | None) -> str:
        """What a category is called; its code where it is not known."""
        found = self.by_code.get(code or "")
        return (code or "") if found is None else found.name

    def full_name(self, code: str | None) -> str:
        """With those above it: ``物业服务 › 房屋设施维修``."""
        found = self.by_code.get(code or "")
        if found is None:
            return code or ""
        return " › ".join(self.by_code[one].name for one in found.path if one in self.by_code)

    def groups(self, kind: str | None = None) -> list[tuple[Category, list[Category]]]:
        """Those of the first level that take a kind of petition, each with those of the second."""
        fitting = [
            one for one in self.by_code.values() if not one.kinds or kind in (None, *one.kinds)
        ]
        return [
            (one, [two for two in fitting if two.path[:-1] == one.path])
            for one in fitting
            if len(one.path) == 1
        ]


async def categories_of(request: Request) -> Categories:
    """The categories in the page's language, as they were within the last minute; for who is not
    signed in those that are known. Raises `ServiceAway`, `SignInFirst`.
    """
    tongue = await language_of(request)
    known = _known(request).get(tongue)
    if await session_of(request) is None:
        return known or Categories()
    now = doorway_of(request).clock.now()
    if known is not None and known.read_at is not None and now - known.read_at < FRESH:
        return known
    try:
        found = await ask(request, "petitions", "/categories")
    except ServiceAway:
        if known is None:
            raise
        return known
    read = Categories({one.code: one for one in _flat(found["items"])}, now)
    _known(request)[tongue] = read
    return read


def _known(request: Request) -> dict[Tongue, Categories]:
    state = request.app.state
    if not hasattr(state, "known_categories"):
        state.known_categories = {}
    known: dict[Tongue, Categories] = state.known_categories
    return known


def _flat(items: Sequence[Mapping[str, Any]]) -> Iterator[Category]:
    for item in items:
        yield Category(item["code"], item["name"], tuple(item["path"]), frozenset(item["kinds"]))
        yield from _flat(item["parts"])
