"""notifications at work in memory, with a small place tree, people who live and work there, and a
clock that can be put forward.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
import msgspec

from services.notifications.domain.roll import Entry, roll
from services.notifications.main import service
from shared.contracts import community
from shared.contracts.envelope import Envelope, topic, type_of
from shared.contracts.event import Event, emitting_service
from shared.contracts.types import PlaceKind
from shared.runtime.bus import Outgoing
from shared.runtime.clock import SystemClock
from shared.runtime.memory_bus import MemoryBus, MemoryTopics
from shared.runtime.memory_journal import MemoryJournal
from tests.identity import Issuer
from tests.runtime.applications import application
from tests.services.community.served import Served, until

DISTRICT, STREET, COMMUNITY, OTHER = "d1", "s1", "c1", "c2"
UNITS = ("u1", "u2")
"""The first is in the one community, the second in the other."""
PLACES: dict[str, tuple[PlaceKind, tuple[str, ...]]] = {
    DISTRICT: (PlaceKind.DISTRICT, (DISTRICT,)),
    STREET: (PlaceKind.STREET, (DISTRICT, STREET)),
    COMMUNITY: (PlaceKind.COMMUNITY, (DISTRICT, STREET, COMMUNITY)),
    OTHER: (PlaceKind.COMMUNITY, (DISTRICT, STREET, OTHER)),
    UNITS[0]: (PlaceKind.UNIT, (DISTRICT, STREET, COMMUNITY, UNITS[0])),
    UNITS[1]: (PlaceKind.UNIT, (DISTRICT, STREET, OTHER, UNITS[1])),
}
WRITER, CHIEF = "writer", "chief"
"""Staff of the street: one writes, the other approves."""


class Clock(SystemClock):
    """The system's, put forward by hand."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self._ahead

    def put_forward(self, by: timedelta) -> None:
        self._ahead += by


@dataclass
class Neighbours(Served):
    """The service, and what can be told to it."""

    clock: Clock
    told: int = 0

    async def hears(self, *events: Event, stream: str = "") -> None:
        """Other services' events, as they arrive."""
        for event in events:
            self.told += 1
            emitter = emitting_service(type(event))
            assert emitter is not None, "only public events arrive"
            subject = stream or f"told-{self.told}"
            envelope = Envelope(
                id=f"{emitter}/{subject}/{self.told}/0",
                type=type_of(type(event)),
                source=f"/jinlin/{emitter}",
                subject=subject,
                time=self.clock.now(),
                data=msgspec.to_builtins(event),
                sequence=self.told,
                correlationid="told",
            )
            out = Outgoing(topic(emitter), subject, envelope.to_bytes())
            await self.running.bus.publish([out])

    async def knows(self, person: str, what: Callable[[Entry], bool]) -> None:
        """Waits until the roll says so of somebody."""
        async with asyncio.timeout(10):
            while True:
                found = await self.running.store.get(roll, person)
                if found is not None and what(found.state):
                    return
                await asyncio.sleep(0.005)

    async def until(self, reached: Callable[[], bool]) -> None:
        """Waits for a condition."""
        await until(reached)

    async def move_in(self, unit: str, *persons: str) -> None:
        """They live there from now on."""
        for person in persons:
            await self.hears(community.ResidentRegistered(person, unit), stream=f"r-{person}")
        for person in persons:
            await self.knows(person, lambda entry: entry.household == unit)

    async def get(self, path: str, sub: str, role: str, *places: str) -> Any:
        """What is answered."""
        answer = await self.ask("GET", path, sub, role, places=places)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, body: Any, sub: str, role: str, *places: str) -> httpx.Response:
        """A request with a body."""
        return await self.ask("POST", path, sub, role, places=places, json=body)

    async def inbox(self, sub: str, language: str = "zh-CN") -> list[dict[str, Any]]:
        """Somebody's messages."""
        answer = await self.ask(
            "GET", "/inbox?limit=200", sub, "resident", headers={"Accept-Language": language}
        )
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def told_of(self, sub: str, kind: str, language: str = "zh-CN") -> dict[str, Any]:
        """The message of that kind, once somebody has it."""
        async with asyncio.timeout(10):
            while True:
                found = [one for one in await self.inbox(sub, language) if one["kind"] == kind]
                if found:
                    return found[0]
                await asyncio.sleep(0.01)


@asynccontextmanager
async def neighbours() -> AsyncIterator[Neighbours]:
    """The service, once it knows the places."""
    clock, topics, issuer = Clock(), MemoryTopics(), Issuer()
    running = service.assemble(MemoryJournal(clock), MemoryBus(topics, clock), clock)
    with application(service, running, issuer.verifier()) as app:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://service.test") as client:
            await running.start()
            at = Neighbours(app, running, topics, issuer, client, clock)
            try:
                for code, (kind, path) in PLACES.items():
                    await at.hears(community.PlaceRegistered(code, kind, f"{code}的名字", path))
                places = running.copies["place"]
                await until(lambda: len(places) == len(PLACES))
                yield at
            finally:
                await running.stop()
