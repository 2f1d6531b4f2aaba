"""The client on the real feed: the service subscriptions, over HTTP."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn

from deploy.local.processes import free_port
from shared.client import About, Feed, Later, Subscriber
from shared.contracts.petitions import PetitionFiled
from tests.services.community.served import Served, until
from tests.services.subscriptions.feed.happening import (
    OTHER,
    PATH,
    commented,
    filed,
    happens,
    message,
    subscriptions,
)


@asynccontextmanager
async def over_http(at: Served) -> AsyncIterator[str]:
    """The service at an address."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(at.app, port=port, lifespan="off", log_level="error"))
    serving = asyncio.create_task(server._serve())
    try:
        await until(lambda: server.started)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await serving


async def test_what_happens_comes_once_and_goes_on_after_a_restart(tmp_path: Path) -> None:
    filings = [filed(f"p{number}", PATH if number % 2 else OTHER) for number in range(8)]
    heard: list[str] = []

    def hear(url: str, token: str) -> Subscriber:
        source = Feed(url, lambda: token, places=[PATH[1]])
        subscriber = Subscriber(source, tmp_path / "store.db")

        @subscriber.on(PetitionFiled)
        def listen(event: PetitionFiled, about: About, db: sqlite3.Connection) -> None:
            if not heard:
                heard.append("tried")
                raise Later("not yet")
            heard.append(event.petition)

        return subscriber

    async with subscriptions() as at, over_http(at) as url:
        token = at.issuer.token("system-1", ("service",), ())
        for filing in filings[:4]:
            stream = f"petition-{filing.petition}"
            await happens(at, message(filing, stream))
            await happens(at, message(commented(filing.petition), stream, 2))
        for rest, expected in (([], 3), (filings[4:], 5)):
            subscriber = hear(url, token)
            running = asyncio.create_task(asyncio.to_thread(subscriber.run))
            for filing in rest:
                await happens(at, message(filing, f"petition-{filing.petition}"))
            await until(lambda expected=expected: len(heard) == expected, 60)  # type: ignore[misc]
            subscriber.stop()
            await running
            assert subscriber.aside() == []
            subscriber.close()
    assert heard == ["tried", "p1", "p3", "p5", "p7"]
