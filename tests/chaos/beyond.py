"""Services moved behind ways on which something may go wrong, and back."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from deploy.local.layout import HOST
from deploy.local.processes import WebProcess, free_port, service
from tests.chaos.ways import Way
from tests.e2e.town import ALL_READY_WITHIN, Town


@dataclass(frozen=True)
class Ways:
    """The way to the store and the way to the broker, and the ports at which these listen."""

    store: Way
    broker: Way
    mongo_port: int
    kafka_port: int

    def settings(self) -> dict[str, str]:
        """Those of a service that lives behind them. It must not ask the replica set where its
        members are: it would go there straight.
        """
        return {
            "JINLIN_MONGO_URI": f"mongodb://{HOST}:{self.store.port}/?directConnection=true",
            "JINLIN_KAFKA_BOOTSTRAP": f"{HOST}:{self.broker.port}",
        }

    def mend(self) -> None:
        """All passes again."""
        self.store.mend()
        self.broker.mend()


@asynccontextmanager
async def moved(town: Town, name: str, ways: Ways) -> AsyncIterator[WebProcess]:
    """The town's process of a service, behind the ways while the block runs."""
    process = town.services[name]
    before = process.env
    await asyncio.to_thread(process.stop)
    process.env = {**before, **ways.settings()}
    try:
        await asyncio.to_thread(process.start().wait_ready, ALL_READY_WITHIN)
        yield process
    finally:
        ways.mend()
        await asyncio.to_thread(process.stop)
        process.env = before
        await asyncio.to_thread(process.start().wait_ready, ALL_READY_WITHIN)


@contextmanager
def another(town: Town, name: str) -> Iterator[WebProcess]:
    """One more process of a service."""
    port = free_port()
    log = town.directory / f"{name}-{port}.log"
    process = service(name, port=port, log=log, env=town.settings(name))
    try:
        yield process.start().wait_ready(ALL_READY_WITHIN)
    finally:
        process.kill()
