"""The courier (投递员): what a process of notifications does beyond store and bus. It brings
messages to people, with a desk for each way that the installation has.
"""

import asyncio
import random
from collections.abc import Mapping

import structlog

from services.notifications.addresses import Addresses
from services.notifications.channels.channel import Channel
from services.notifications.channels.provided import channels_in_use, rates_in_use, ways_in_use
from services.notifications.desk import Desk
from services.notifications.domain.ways import Way
from shared.runtime import metrics
from shared.runtime.copies import Copies
from shared.runtime.running import MakeOutward
from shared.runtime.store import Store

log = structlog.get_logger()


class Courier:
    """The desks of one process."""

    name = "courier"

    def __init__(
        self,
        store: Store,
        copies: Copies,
        channels: Mapping[Way, Channel],
        rates: Mapping[Way, float],
        randomness: random.Random,
    ) -> None:
        holder = f"courier-{store.clock.new_id()}"
        addresses = Addresses(store)
        self.desks = tuple(
            Desk(channel, rates[way], store, copies, addresses, holder, randomness)
            for way, channel in channels.items()
        )
        self._stopped = asyncio.Event()
        self._stopped.set()

    async def run(self) -> None:
        """Works until `stop` is called."""
        self._stopped.clear()
        try:
            async with asyncio.TaskGroup() as working:
                for desk in self.desks:
                    working.create_task(desk.run())
        finally:
            self._stopped.set()

    async def stop(self) -> None:
        """Finishes the letters that are under way."""
        for desk in self.desks:
            desk.stop()
        await self._stopped.wait()


def courier(store: Store, copies: Copies) -> Courier:
    """The courier of a process, with the channels of its settings."""
    there_are = ways_in_use()
    for way in Way:
        metrics.WAY_AVAILABLE.labels(store.service, way.value).set(way in there_are)
    missing = sorted(way.value for way in set(Way) - there_are)
    log.info("ways_available", parts=sorted(way.value for way in there_are), state=missing)
    jitter = random.Random()  # noqa: S311  moments, no secrets
    return Courier(store, copies, channels_in_use(), rates_in_use(), jitter)


OUTWARD: tuple[MakeOutward, ...] = (courier,)
