"""The apps that many people ask with at once."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx

PATIENCE = 60.0
"""Seconds that an app waits for an answer."""


@asynccontextmanager
async def apps(count: int) -> AsyncIterator[list[httpx.AsyncClient]]:
    """An app for each of so many people.

    One client for all of them looks through all its connections whenever one is wanted, and gives
    an idle one to all who want it, of whom one has it and the others look again. With 500 people
    that took over a minute: longer than a server keeps an idle connection, so that one was closed
    with a request on its way.
    """
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(
                httpx.AsyncClient(timeout=PATIENCE, trust_env=False, verify=False)
            )
            for _ in range(count)
        ]
