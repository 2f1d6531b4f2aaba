"""What the places are called, from the district down to the neighbourhood, and where words say that
something is.
"""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.gateway.open311.own_token import OwnToken
from services.gateway.upstream import ServiceAway, Upstreams
from shared.contracts.types import LEVELS
from shared.runtime.clock import Clock

READ_AGAIN = timedelta(minutes=10)
"""How long names are relied on."""
PAGE = "200"
SHORTEST_NAME = 2
"""Characters of a name that is looked for in an address: one alone stands everywhere."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place and the codes above it, the district first, its own last."""

    code: str
    name: str
    path: tuple[str, ...]
    closed: bool


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The places of one moment, by code."""

    places: Mapping[str, Place]

    def address(self, code: str) -> str | None:
        """A place in words, the closest first, as the standard wants it: 安民小区, 军门社区, ..."""
        place = self.places.get(code)
        if place is None:
            return None
        return ", ".join(self.places[one].name for one in reversed(place.path))

    def lies_in(self, code: str, outer: str) -> bool:
        """Whether a place is another one, or lies below it."""
        place = self.places.get(code)
        return place is not None and outer in place.path

    def found_in(self, words: str, within: str) -> str:
        """The closest place within another one of which an address has the name; of several places
        of one name that around which it names more. Where it leaves open which one is meant, the
        closest place around all of these; `within` where it names none.
        """
        named = set(self._named_in(words, within))
        if not named:
            return within
        score = {
            code: (sum(one in named for one in self.places[code].path), self._depth(code))
            for code in named
        }
        best = max(score.values())
        return self._around([code for code in named if score[code] == best])

    def _named_in(self, words: str, within: str) -> Iterator[str]:
        """The open places within another one whose names stand in the words. What is part of a
        longer name (温泉 in 温泉街道) is not a name of its own.
        """
        by_name: dict[str, list[str]] = {}
        for code, place in self.places.items():
            if within in place.path and not place.closed and len(place.name) >= SHORTEST_NAME:
                by_name.setdefault(place.name, []).append(code)
        for name in sorted(by_name, key=len, reverse=True):
            if name in words:
                words = words.replace(name, "\n")
                yield from by_name[name]

    def _depth(self, code: str) -> int:
        return len(self.places[code].path)

    def _around(self, codes: list[str]) -> str:
        """The closest place that all lie in."""
        paths = [self.places[code].path for code in codes]
        shared = [step[0] for step in zip(*paths, strict=False) if len(set(step)) == 1]
        return shared[-1]


class Gazetteers:
    """The gazetteer of now, read from community anew when it is old; once for all who wait."""

    def __init__(self, upstreams: Upstreams, token: OwnToken, clock: Clock) -> None:
        self._upstreams = upstreams
        self._token = token
        self._clock = clock
        self._known: Gazetteer | None = None
        self._read_at: datetime | None = None
        self._reading = asyncio.Lock()

    async def now(self) -> Gazetteer:
        """Raises `ServiceAway`, `IssuerUnavailable` while none was ever read."""
        async with self._reading:
            if self._known is None or self._is_old:
                try:
                    self._known = await self._read()
                    self._read_at = self._clock.now()
                except ServiceAway:
                    # Names hardly ever change: those of before do while community is away.
                    if self._known is None:
                        raise
            return self._known

    @property
    def _is_old(self) -> bool:
        return self._read_at is None or self._clock.now() - self._read_at >= READ_AGAIN

    async def _read(self) -> Gazetteer:
        token = await self._token.get()
        rows: dict[str, tuple[str, str | None, bool]] = {}
        for level in reversed(LEVELS):
            cursor: str | None = None
            while True:
                params = {"kind": level.value, "limit": PAGE}
                if cursor is not None:
                    params["cursor"] = cursor
                answer = await self._upstreams.ask(
                    "community", "GET", "/places", token=token, params=params
                )
                if answer.status != 200:
                    raise ServiceAway("community", f"answered {answer.status}")
                page = answer.json()
                for one in page["items"]:
                    rows[one["code"]] = (one["name"], one["parent"], bool(one["closed"]))
                cursor = page["next"]
                if cursor is None:
                    break
        return Gazetteer(
            {
                code: Place(code, name, tuple(reversed(list(_line(code, rows)))), closed)
                for code, (name, _, closed) in rows.items()
            }
        )


def _line(code: str, rows: Mapping[str, tuple[str, str | None, bool]]) -> Iterator[str]:
    """A code with those above it, as far as they are known."""
    here: str | None = code
    while here is not None and here in rows:
        yield here
        here = rows[here][1]
