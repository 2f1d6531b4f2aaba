"""What a service process keeps in memory beside its store: above all copies of small aggregates.

Whatever is kept is followed from the journal, and facts and queries find it by its name.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, Protocol, TypeVar

import msgspec
import structlog

from shared.runtime.aggregate import Aggregate
from shared.runtime.clock import Clock
from shared.runtime.journal import Journal, PositionLost, Stored, Unavailable

S = TypeVar("S")

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
"""Seconds before a lost copy is loaded again, doubled up to the longest."""

log = structlog.get_logger()


class Kept(Protocol):
    """Something kept in memory, one for each process; no command is decided before it is loaded."""

    name: str

    @property
    def ready(self) -> bool:
        """Whether it is whole and kept fresh now."""
        ...

    async def loaded(self) -> None:
        """Returns once it has been whole."""
        ...

    async def follow(self, journal: Journal, clock: Clock) -> None:
        """Makes it whole and keeps it fresh, for ever; outlasts a store that is away."""
        ...


class Copy(Mapping[str, S], Generic[S]):
    """The present states of all things of one kind, by id: ``copy["350102"]``. Its name is the
    kind.
    """

    def __init__(self, aggregate: Aggregate[S]) -> None:
        self.aggregate = aggregate
        self.name = aggregate.kind
        self._states: dict[str, S] = {}
        self._versions: dict[str, int] = {}
        self._ready = False
        self._loaded = asyncio.Event()

    async def loaded(self) -> None:
        """Returns once it has held everything."""
        await self._loaded.wait()

    @property
    def ready(self) -> bool:
        """Whether it holds everything and is being kept fresh. What it held before trouble stays
        readable.
        """
        return self._ready

    async def follow(self, journal: Journal, clock: Clock) -> None:
        """Loads all and keeps it fresh, for ever; begins again, after a pause, when the store is
        away.
        """
        pause = FIRST_PAUSE
        while True:
            try:
                # Watching begins before all is read: what changes in between is told by one or by
                # both.
                changes = journal.watch(self.aggregate.kind)
                async for stored in journal.all(self.aggregate.kind):
                    self._take(stored)
                self._ready = True
                self._loaded.set()
                pause = FIRST_PAUSE
                async for stored in changes:
                    self._take(stored)
            except (Unavailable, PositionLost) as error:
                log.warning("copy_lost", kind=self.aggregate.kind, reason=str(error)[:200])
            finally:
                self._ready = False
            await clock.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _take(self, stored: Stored) -> None:
        if stored.version > self._versions.get(stored.id, 0):
            self._states[stored.id] = msgspec.convert(stored.state, type(self.aggregate.initial))
            self._versions[stored.id] = stored.version

    def __getitem__(self, id: str) -> S:
        return self._states[id]

    def get(self, id: str, default: Any = None) -> Any:
        """As every mapping's, without its detour over an exception: facts ask for what is missing
        all the time.
        """
        return self._states.get(id, default)

    def __contains__(self, id: object) -> bool:
        return id in self._states

    def __iter__(self) -> Iterator[str]:
        return iter(self._states)

    def __len__(self) -> int:
        return len(self._states)


Copies = Mapping[str, Any]
"""What a service keeps in memory, by name; a copy's name is its kind."""

MakeKept = Callable[[], Kept]
"""Makes a thing to keep, for one process: ``partial(Copy, place)``."""
