"""Messages that are to go out, with plans and addresses that a test gives."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from services.notifications.channels.channel import Channel
from services.notifications.courier import Courier
from services.notifications.domain.delivery import Delivery
from services.notifications.domain.message import (
    Circumstances,
    Message,
    Post,
    message,
    message_id,
)
from services.notifications.domain.ways import INBOX_ONLY, Plan, Way
from services.notifications.views import KINDS
from shared.contracts.event import Event, Personal
from shared.runtime.aggregate import Aggregate, Command
from shared.runtime.clock import SystemClock
from shared.runtime.journal import Journal, Kind
from shared.runtime.memory_journal import MemoryJournal
from shared.runtime.store import Store
from shared.runtime.ticker import Ticker

FAST = dict.fromkeys(Way, 1_000.0)


class AheadClock(SystemClock):
    """The machine's clock, set ahead by as much as a test wants."""

    ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self.ahead


@dataclass(frozen=True, slots=True)
class PhoneGiven(Personal):
    number: str


@dataclass(frozen=True, slots=True)
class EmailGiven(Personal):
    address: str


@dataclass(frozen=True, slots=True)
class PushGiven(Personal):
    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True, slots=True)
class RobotGiven(Personal):
    kind: str
    url: str
    secret: str


@dataclass(frozen=True, slots=True)
class Give(Command):
    address: Any


@dataclass(frozen=True, slots=True)
class Had:
    """That there is an address; it stands in the dossier."""


def _given(command: Any, _state: Had, _now: datetime) -> list[Event]:
    return [command.address] if isinstance(command, Give) else []


GIVEN = (PhoneGiven, EmailGiven, PushGiven, RobotGiven)
preferences, group_robot = (
    Aggregate(kind, Had(), _given, lambda state, _event: state, GIVEN)
    for kind in ("preferences", "group-robot")
)


@dataclass
class PostOffice:
    """A store of messages; `plan` is what is planned for whoever is in no `plans`."""

    journal: Journal
    clock: AheadClock
    plan: Plan = INBOX_ONLY
    plans: dict[str, Plan] = field(default_factory=dict)
    posted: int = 0

    def __post_init__(self) -> None:
        self.store = self.another_store()

    def another_store(self) -> Store:
        """As another process has one."""
        kinds = (message, preferences, group_robot)
        return Store("notifications", self.journal, self.clock, kinds, {"message": self._facts})

    def _facts(self, _id: str, command: Command, state: Message, _now: datetime) -> Circumstances:
        person = command.recipient if isinstance(command, Post) else state.recipient
        return Circumstances(plan=self.plans.get(person, self.plan))

    async def give(self, person: str, address: Personal) -> None:
        """The person's address; a robot's is its group's."""
        kind = group_robot if isinstance(address, RobotGiven) else preferences
        await self.store.do(kind, person, Give(address), actor=person)

    async def post(self, person: str, about: str = "petition-p1", plan: Plan | None = None) -> str:
        """A message to a person; its id."""
        self.posted += 1
        if plan is not None:
            self.plans[person] = plan
        event = f"petitions/{about}/{self.posted}/0"
        id = message_id(event, person, "petition-taken")
        told = Post(person, "petition-taken", {"petition": about, "level": "area"}, about, event)
        await self.store.do(message, id, told, actor="test")
        return id

    async def message(self, id: str) -> Message:
        """As it stands."""
        found = await self.store.get(message, id)
        assert found is not None
        return found.state

    async def delivery(self, id: str) -> Delivery:
        """As it stands."""
        delivery = (await self.message(id)).delivery
        assert delivery is not None
        return delivery

    async def until(self, id: str, reached: Callable[[Delivery], bool]) -> Delivery:
        """Waits until its delivery has come so far."""
        async with asyncio.timeout(15):
            while not reached(found := await self.delivery(id)):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        return found

    async def tick(self) -> None:
        """What is due is done."""
        ticker = Ticker(self.store, self.store.journal, [message], self.clock)
        await ticker.look()

    def courier(
        self, *channels: Channel, rates: Mapping[Way, float] = FAST, store: Store | None = None
    ) -> Courier:
        """A courier as a process has one."""
        by_way = {channel.way: channel for channel in channels}
        copies = {"place": {}, "kind-rule": {}}
        return Courier(store or self.store, copies, by_way, rates, random.Random(1))


@asynccontextmanager
async def post_office(journal: Journal | None = None) -> AsyncIterator[PostOffice]:
    """It, over a journal in memory unless another is given."""
    clock = AheadClock()
    office = PostOffice(journal or MemoryJournal(clock), clock)
    await office.store.journal.prepare((*KINDS, Kind("preferences"), Kind("group-robot")))
    yield office
    await office.store.drain()


@asynccontextmanager
async def working(*couriers: Courier) -> AsyncIterator[None]:
    """Couriers at work until the context ends; then they finish what they have in hand."""
    tasks = [asyncio.create_task(each.run()) for each in couriers]
    try:
        yield
    finally:
        await asyncio.gather(*(each.stop() for each in couriers))
        await asyncio.gather(*tasks)
