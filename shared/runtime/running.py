"""A service's parts at work, without HTTP: in a process of its own, or many side by side in the
simulation.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import structlog

from shared.runtime.aggregate import Aggregate, Command
from shared.runtime.bus import Bus
from shared.runtime.clock import Clock
from shared.runtime.copies import Copies, Kept, MakeKept
from shared.runtime.deciding import Facts
from shared.runtime.files import keep_swept
from shared.runtime.journal import Journal, Kind, Unavailable
from shared.runtime.outcome import Busy
from shared.runtime.reactions import Reactions
from shared.runtime.relay import Relay
from shared.runtime.store import Store
from shared.runtime.subscriber import Subscriber
from shared.runtime.tallied import Count
from shared.runtime.ticker import Ticker

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 5.0
"""Seconds between two tries to reach a store that is not there yet."""
RESTART_PAUSE = 1.0
"""Seconds before a part that failed by a defect is started again."""
STOP_WITHIN = 10.0
"""Seconds that one part has to stop."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class First:
    """A command that every process sends when it starts, and that is carried out once for all time:
    how a thing comes into being that nobody asks for, such as a list there is one of.
    """

    aggregate: Aggregate[Any]
    id: str
    command: Command


MakeFacts = Callable[[Copies], Mapping[str, Facts]]
"""Makes, from the service's copies, by kind what gives `decide` its facts."""


class Outward(Protocol):
    """Work that reaches beyond store and bus: sends what states want sent, and tells them how it
    went. It may be cut off at any point, and several processes may do it at once.
    """

    @property
    def name(self) -> str:
        """What logs call it."""
        ...

    async def run(self) -> None:
        """Works until `stop` is called."""
        ...

    async def stop(self) -> None:
        """Finishes what is at hand; returns when that is done."""
        ...


MakeOutward = Callable[[Store, Copies], Outward]
"""Makes such work of a process from its store and its copies."""


class Running:
    """Store, copies, ticker, relay and subscriber of one service process."""

    def __init__(
        self,
        service: str,
        *,
        journal: Journal,
        bus: Bus,
        clock: Clock,
        aggregates: Sequence[Aggregate[Any]],
        copies: Sequence[MakeKept] = (),
        facts: MakeFacts | None = None,
        first: Sequence[First] = (),
        reactions: Reactions | None = None,
        kinds: Sequence[Kind] = (),
        provision: Callable[[], Awaitable[object]] | None = None,
        randomness: random.Random | None = None,
        outward: Sequence[MakeOutward] = (),
        counts: Sequence[Count] = (),
        requests_only: bool = False,
    ) -> None:
        """`provision` makes the topics, before anything is published or received. `randomness` is
        what pauses are drawn from. `outward` is done besides; `counts` are made for /metrics.

        With `requests_only` other processes of the service publish, react, keep deadlines and reach
        outward; this one has its loop for requests.
        """
        self.service = service
        self.journal = journal
        self.bus = bus
        self.clock = clock
        self.kept = tuple(make() for make in copies)
        self.copies: Copies = {kept.name: kept for kept in self.kept}
        self.store = Store(
            service, journal, clock, aggregates, facts(self.copies) if facts else None
        )
        self.ticker = Ticker(self.store, journal, aggregates, clock, counts)
        # A fresh id each time: a restarted process is another holder of the lease.
        self.relay = Relay(service, journal, bus, clock, f"{service}-{clock.new_id()}")
        self.subscriber = Subscriber(
            service, bus, reactions or Reactions(), clock, self.store.do_for, randomness
        )
        self.letters = bus.letters(service)
        reaching_out = () if requests_only else outward
        self.outward = tuple(make(self.store, self.copies) for make in reaching_out)
        self.requests_only = requests_only
        self._first = tuple(first)
        self._kinds = kinds
        self._provision = provision
        self._tasks: list[asyncio.Task[None]] = []
        self._ending = False
        self.connected = False
        """Whether topics, producer and subscriptions have been set up."""

    async def start(self) -> None:
        """Starts everything; waits, and says so, while the store or the broker is not there."""
        await self.open()
        await self.connect()

    async def open(self) -> None:
        """The half that needs the store: when it returns, commands are taken.

        Raises what waiting does not cure (`shared.runtime.mongo_driver.NotAReplicaSet`,
        `AccessDenied`).
        """
        await self._prepare()
        for kept in self.kept:
            self._run(f"copy {kept.name}", self._following(kept))
        # Facts come from the copies: no command is decided before they are whole.
        for kept in self.kept:
            await kept.loaded()
        self._run("first commands", self._do_first)
        if not self.requests_only:
            self._run("ticker", self.ticker.run)
            self._run("files", self._sweeping)

    async def connect(self) -> None:
        """The half that needs the broker: relay and subscriber. Commands are taken without it."""
        if self.requests_only:
            return
        if self._provision is not None:
            await self._provision()
        await self.bus.start()
        self._run("relay", self.relay.run)
        await self.subscriber.start()
        for work in self.outward:
            self._run(work.name, work.run)
        self.connected = True

    async def stop(self) -> None:
        """Lets every part finish what it has at hand: subscriber, ticker, what reaches outward,
        store, relay, then the connections.
        """
        for part, stop in (
            ("subscriber", self.subscriber.stop),
            ("ticker", self.ticker.stop),
            *((work.name, work.stop) for work in self.outward),
            ("store", self.store.drain),
            ("relay", self.relay.stop),
        ):
            await self._within(part, stop())
        self.kill()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._within("bus", self.bus.stop())
        await self._within("journal", self.journal.close())

    def kill(self) -> None:
        """Ends every part at once, whatever it is doing: as a crash does."""
        self._ending = True
        for task in self._tasks:
            task.cancel()

    async def _prepare(self) -> None:
        await self._patiently(partial(self.journal.prepare, self._kinds))

    async def _patiently(self, work: Callable[[], Awaitable[object]]) -> None:
        """Does what needs the store, as soon as that is there."""
        pause = FIRST_PAUSE
        while True:
            try:
                await work()
                return
            except (Unavailable, Busy) as error:
                log.warning("waiting_for_store", reason=str(error)[:200], seconds=pause)
            await self.clock.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _do_first(self) -> None:
        for first in self._first:
            stream = first.aggregate.stream(first.id)
            await self._patiently(
                partial(
                    self.store.do,
                    first.aggregate,
                    first.id,
                    first.command,
                    actor=f"service:{self.service}",
                    cause=f"first>{stream}",
                )
            )

    async def _sweeping(self) -> None:
        await keep_swept(self.journal.files, self.journal.dossier, self.clock)

    def _following(self, kept: Kept) -> Callable[[], Coroutine[Any, Any, None]]:
        return lambda: kept.follow(self.journal, self.clock)

    def _run(self, part: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._tasks.append(asyncio.create_task(self._keep(part, work)))

    async def _keep(self, part: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Runs a part until it ends by itself; one that failed by a defect is started again. A
        driver may turn its cancellation into an error of its own: then it ends as well.
        """
        while True:
            try:
                await work()
                return
            except Exception as error:
                if self._ending:
                    return
                log.error("part_failed", part=part, seconds=RESTART_PAUSE, exc_info=error)
            await self.clock.sleep(RESTART_PAUSE)

    async def _within(self, part: str, stopping: Coroutine[Any, Any, None]) -> None:
        try:
            async with asyncio.timeout(STOP_WITHIN):
                await stopping
        except TimeoutError:
            log.warning("part_did_not_stop", part=part, seconds=STOP_WITHIN)
        except Exception as error:
            log.warning("part_failed", part=part, exc_info=error)
