"""subscriptions at work in memory, calling: what a test creates, changes and waits for."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from services.subscriptions.api import webhooks as api
from services.subscriptions.calling.calling import Calling
from services.subscriptions.domain.webhooks.webhook import webhook
from services.subscriptions.domain.webhooks.webhook_state import Status, Webhook
from shared.runtime.addresses import LOCAL
from shared.runtime.bus import Outgoing
from tests.services.community.served import Served
from tests.services.subscriptions.feed.happening import (
    commented,
    envelope,
    happens,
    message,
    subscriptions,
)
from tests.services.subscriptions.webhooks.receiver import Receiver

OWNER = "system-1"


@dataclass
class Here:
    """The service, and calling beside it."""

    at: Served
    calling: Calling
    task: asyncio.Task[None]
    sequences: dict[str, int]

    async def ask(self, method: str, path: str, sub: str = OWNER, **rest: Any) -> Any:
        """A request of a system, which has to succeed."""
        answer = await self.at.ask(method, path, sub, "service", **rest)
        assert answer.status_code < 300, answer.text
        return answer.json()

    async def create(self, receiver: Receiver, **wanted: Any) -> str:
        """A webhook to that receiver, which is told its secret; its id. Of petitions, unless asked
        for otherwise.
        """
        asked = {"url": receiver.url, "types": ["cn.jinlin.petitions.*"], **wanted}
        told = await self.ask("POST", "/webhooks", json=asked)
        receiver.secrets.append(told.get("secret") or told["public_key"])
        return str(told["id"])

    async def created(self, receiver: Receiver, **wanted: Any) -> str:
        """The same, once it has agreed."""
        id = await self.create(receiver, **wanted)
        await self.has(id, lambda state: state.status is Status.ACTIVE)
        return id

    async def does(self, id: str, verb: str, **body: Any) -> Any:
        """A verb."""
        return await self.ask("POST", f"/webhooks/{id}/{verb}", json=body)

    async def state(self, id: str) -> Webhook:
        """As it is now."""
        known = await self.at.running.store.get(webhook, id)
        assert known is not None
        return known.state

    async def has(self, id: str, reached: Callable[[Webhook], bool]) -> Webhook:
        """Waits until a webhook has come so far."""
        return await within(lambda: self._state_if(id, reached), f"{id} as it should be")

    async def _state_if(self, id: str, reached: Callable[[Webhook], bool]) -> Webhook | None:
        state = await self.state(id)
        return state if reached(state) else None

    async def happens(self, *streams: str) -> list[str]:
        """A petition of each of these streams is commented on, in this order; the events' ids."""
        messages = [self.event(stream) for stream in streams]
        await happens(self.at, *messages)
        return [envelope(each)["id"] for each in messages]

    def event(self, stream: str) -> Outgoing:
        """The next event of a stream."""
        self.sequences[stream] = self.sequences.get(stream, 0) + 1
        return message(commented(stream), stream, self.sequences[stream])

    async def stop_calling(self) -> None:
        """As the process does when it ends."""
        await self.calling.stop()
        await self.task

    def call_anew(self, **options: Any) -> None:
        """Another process takes over."""
        running = self.at.running
        self.calling = make(running.store, running.copies, **options)
        self.task = asyncio.create_task(self.calling.run())


def make(store: Any, copies: Any, **options: Any) -> Calling:
    """Calling, on one's own machine."""
    options.setdefault("allowed", LOCAL)
    options.setdefault("randomness", random.Random(7))
    return Calling(store, copies, **options)


@asynccontextmanager
async def calling(**options: Any) -> AsyncIterator[Here]:
    """The service at work, and calling."""
    before = api.allowed_here
    api.allowed_here = lambda: LOCAL  # type: ignore[assignment]
    try:
        async with subscriptions() as at:
            first = make(at.running.store, at.running.copies, **options)
            here = Here(at, first, asyncio.create_task(first.run()), {})
            try:
                yield here
            finally:
                await here.stop_calling()
    finally:
        api.allowed_here = before


async def within(look: Callable[[], Awaitable[Any] | Any], what: str, seconds: float = 10) -> Any:
    """Waits until a look finds something."""
    try:
        async with asyncio.timeout(seconds):
            while True:
                found = look()
                if isinstance(found, Awaitable):
                    found = await found
                if found:
                    return found
                await asyncio.sleep(0.01)
    except TimeoutError:
        raise AssertionError(f"not within {seconds} s: {what}") from None
