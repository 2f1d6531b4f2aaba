"""A small city with the petitions service at work in memory, over HTTP, at any time of the past."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from services.petitions.domain.commands import Answer, ConfirmSolved, File, Rate
from services.petitions.domain.petition import petition
from services.petitions.domain.publication import Release
from services.petitions.domain.state import Petition, Status
from services.petitions.main import service
from shared.contracts.types import PetitionKind, PlaceKind
from shared.neighbourhood.place import LearnPlace, place
from shared.neighbourhood.post import LearnHolder, post
from shared.runtime.aggregate import Command
from shared.runtime.clock import SystemClock
from shared.runtime.memory_bus import MemoryBus, MemoryTopics
from shared.runtime.memory_journal import MemoryJournal
from shared.runtime.running import Running
from tests.identity import Issuer
from tests.runtime.applications import application

DISTRICT, STREET, NORTH, SOUTH = "350105", "350105-lx", "350105-lx-n", "350105-lx-s"
BANYAN, LOTUS, LAKE = "350105-lx-n-1", "350105-lx-n-2", "350105-lx-s-1"
UNIT = "350105-lx-n-1-3-2"
PLACES = (
    (DISTRICT, PlaceKind.DISTRICT, ()),
    (STREET, PlaceKind.STREET, (DISTRICT,)),
    (NORTH, PlaceKind.COMMUNITY, (DISTRICT, STREET)),
    (SOUTH, PlaceKind.COMMUNITY, (DISTRICT, STREET)),
    (BANYAN, PlaceKind.NEIGHBOURHOOD, (DISTRICT, STREET, NORTH)),
    (LOTUS, PlaceKind.NEIGHBOURHOOD, (DISTRICT, STREET, NORTH)),
    (LAKE, PlaceKind.NEIGHBOURHOOD, (DISTRICT, STREET, SOUTH)),
    (UNIT, PlaceKind.UNIT, (DISTRICT, STREET, NORTH, BANYAN)),
)
CATEGORIES = ("property", "property-lifts", "sanitation", "labour", "other")


class Calendar(SystemClock):
    """A clock that can be put to another day."""

    def __init__(self) -> None:
        super().__init__()
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.ahead

    def put(self, day: datetime) -> None:
        """From now on it is this moment."""
        self.ahead = day - super().now()


@dataclass
class City:
    """The service, the time, and ways to do and to ask."""

    running: Running
    clock: Calendar
    issuer: Issuer
    client: httpx.AsyncClient

    async def get(
        self, path: str, *roles: str, places: tuple[str, ...] = (), **rest: Any
    ) -> httpx.Response:
        """A question, with a token unless no role is given."""
        return await self.send("GET", path, *roles, places=places, **rest)

    async def send(
        self, method: str, path: str, *roles: str, places: tuple[str, ...] = (), **rest: Any
    ) -> httpx.Response:
        headers = dict(rest.pop("headers", {}))
        if roles:
            headers["Authorization"] = f"Bearer {self.issuer.token('clerk', roles, places)}"
        return await self.client.request(method, path, headers=headers, **rest)

    async def do(self, id: str, command: Command) -> None:
        """Does something with a petition."""
        await self.running.store.do(petition, id, command, actor="someone")

    async def state(self, id: str) -> Petition:
        """How a petition stands."""
        snapshot = await self.running.store.get(petition, id)
        assert snapshot is not None
        return snapshot.state

    async def file(self, at: str = BANYAN, category: str = "property", **more: Any) -> str:
        """A petition of a resident; its id."""
        given = {"kind": PetitionKind.COMPLAINT, "title": "路灯不亮", "text": "三号楼前的路灯不亮"}
        command = File(by="lin", place=at, category=category, **{**given, **more})
        self.clock.ahead += timedelta(milliseconds=2)  # ids of one moment are in no order
        id = self.clock.new_id()
        await self.do(id, command)
        return id

    async def answer(self, id: str) -> None:
        """By whoever has it."""
        by = (await self.state(id)).assignee or "officer"
        await self.do(
            id, Answer(by=by, done="已更换灯泡，现场查看正常", done_by="物业", finished=True)
        )

    async def release(self, id: str, answer: str = "已更换灯泡") -> None:
        """Shows it to everybody."""
        await self.do(id, Release(by="clerk", title="路灯", question="路灯不亮", answer=answer))

    async def wait(self, id: str) -> None:
        """Until the next thing that time brings about."""
        due = petition.due(await self.state(id))
        assert due is not None
        self.clock.put(due + timedelta(milliseconds=5))
        await self.running.store.tick(petition, id, due)

    async def live(self, months: int = 4, many: int = 120, seed: int = 1) -> list[str]:
        """Petitions of all sorts over some months of 2025: late ones, judged ones, open ones."""
        chance = random.Random(seed)
        ids = []
        for n in range(many):
            self.clock.put(datetime(2025, 1 + n * months // many, 1 + n % 28, n % 24, tzinfo=UTC))
            kind = chance.choice(list(PetitionKind))
            id = await self.file(
                chance.choice((BANYAN, LOTUS, LAKE, UNIT)),
                chance.choice(CATEGORIES),
                kind=kind,
                channel=chance.choice(("web", "hotline")),
            )
            ids.append(id)
            for _ in range(chance.choice((0, 0, 1, 3, 9))):
                await self.wait(id)
            while chance.random() < 0.8:
                if (await self.state(id)).status is Status.REVIEW:
                    break
                await self.answer(id)
                if kind is PetitionKind.REPORT or (word := chance.random()) < 0.2:
                    break
                if word < 0.4:
                    await self.do(id, ConfirmSolved(by="lin"))
                    break
                await self.do(id, Rate(by="lin", stars=chance.randint(1, 5)))
                if (await self.state(id)).status is Status.CLOSED:
                    break
        self.clock.put(datetime(2025, 1 + months, 1, 4, tzinfo=UTC))
        return ids


@asynccontextmanager
async def city() -> AsyncIterator[City]:
    """The service with its places and posts, stopped at the end."""
    clock, topics, issuer = Calendar(), MemoryTopics(), Issuer()
    running = service.assemble(MemoryJournal(clock), MemoryBus(topics, clock), clock)
    with application(service, running, issuer.verifier()) as app:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://petitions.test"
        ) as client:
            await running.start()
            await running.ticker.stop()  # time passes only where a test says so
            try:
                made = City(running, clock, issuer, client)
                await _settle(made)
                yield made
            finally:
                await running.stop()


async def _settle(made: City) -> None:
    store = made.running.store
    for code, kind, above in PLACES:
        learn = LearnPlace(kind, code, (*above, code))
        await store.do(place, code, learn, actor="test")
    for where in (BANYAN, NORTH, STREET, DISTRICT):
        held = LearnHolder(where, "petitions", f"desk-of-{where}")
        await store.do(post, f"{where}:petitions", held, actor="test")
    copies = made.running.copies
    while len(copies["place"]) < len(PLACES) or len(copies["post"]) < 4:
        await made.clock.sleep(0.01)
