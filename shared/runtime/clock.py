"""Time, ids and waiting, as one port: real here, virtual in the simulation."""

import asyncio
import os
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Where a service gets the time, fresh ids and its pauses from."""

    def now(self) -> datetime:
        """The time in UTC, cut to milliseconds (what MongoDB keeps)."""
        ...

    def monotonic(self) -> float:
        """Seconds that never run backwards, for measuring durations."""
        ...

    def new_id(self) -> str:
        """A fresh id: 48 bits of milliseconds and 80 random bits in hex.

        Ids sort by time, and those of one clock in the order they were asked for.
        """
        ...

    async def sleep(self, seconds: float) -> None:
        """Waits."""
        ...


class SystemClock:
    """The machine's clock."""

    _last = 0
    """The latest id that it gave, as a number."""

    def now(self) -> datetime:
        moment = datetime.now(UTC)
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    def new_id(self) -> str:
        # Ids of one millisecond count up from the first by random steps (RFC 9562, 6.2, method 2).
        fresh = int(id_at(self.now(), os.urandom(10)), 16)
        step = 1 + int.from_bytes(os.urandom(4))
        self._last = max(fresh, self._last + step)
        return f"{self._last:032x}"

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def id_at(moment: datetime, randomness: bytes) -> str:
    """The id for a moment and ten random bytes."""
    return f"{int(moment.timestamp() * 1000):012x}{randomness.hex()}"
