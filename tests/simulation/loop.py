"""Time that nobody waits for: an event loop that jumps to the next timer, and clocks upon it.

Nothing here asks the machine for time, sockets or randomness, so a run depends on its seed alone.
"""

import asyncio
import itertools
import random
from asyncio import base_events
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.runtime.clock import id_at

owner: ContextVar[object] = ContextVar("owner", default=None)
"""The simulated process that a task belongs to: it dies with it."""


class NothingWillHappen(Exception):
    """Everybody waits and no timer is set: without outside help this would hang for ever."""


class _Patience:
    """Stands where the loop asks the machine for events: none come, only time passes."""

    def __init__(self, loop: "VirtualLoop") -> None:
        self._loop = loop

    def select(self, timeout: float | None) -> list[Any]:
        if timeout is None:
            raise NothingWillHappen
        self._loop.now += max(timeout, 0.0)
        return []

    def close(self) -> None:
        """Nothing is held."""


class OrderedTask(asyncio.Task[Any]):
    """A task whose place in a set follows from its number, not from its address in memory."""

    number: int
    owner: object

    def __hash__(self) -> int:
        return self.number


class VirtualLoop(base_events.BaseEventLoop):
    """An event loop without an outside world. `now` are its seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.tasks: dict[OrderedTask, None] = {}
        self._numbers = itertools.count(1)
        self._selector = _Patience(self)
        # Sums of floats miss a timer by less than this.
        self._clock_resolution = 1e-6
        self.set_task_factory(self._make_task)  # type: ignore[arg-type]

    def time(self) -> float:
        return self.now

    def _make_task(
        self, loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, Any], **options: Any
    ) -> "asyncio.Task[Any]":
        task = OrderedTask.__new__(OrderedTask)
        task.number = next(self._numbers)  # its hash is asked for while it is being made
        context = options.get("context")
        task.owner = owner.get() if context is None else context.get(owner)
        task.__init__(work, loop=self, **options)  # type: ignore[misc]
        self.tasks[task] = None
        task.add_done_callback(self._forget)
        return task

    def _forget(self, task: "asyncio.Task[Any]") -> None:
        self.tasks.pop(task, None)  # type: ignore[call-overload]

    def tasks_of(self, owned_by: object) -> list[OrderedTask]:
        """The unfinished tasks of a process, in the order they were begun."""
        return [task for task in self.tasks if task.owner is owned_by]

    def _process_events(self, event_list: list[Any]) -> None:
        """None come."""

    def _write_to_self(self) -> None:
        """Nobody else is there to be woken."""


def run(work: Callable[[VirtualLoop], Coroutine[Any, Any, Any]]) -> Any:
    """Runs it on a loop of its own and ends whatever it leaves behind."""
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(work(loop))
    finally:
        loop.run_until_complete(_end(list(loop.tasks)))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


async def _end(tasks: list[OrderedTask]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


class World:
    """The time that all share: the loop's own, and the hours and days skipped between."""

    def __init__(self, loop: VirtualLoop, start: datetime) -> None:
        self._loop = loop
        self._start = start
        self._skipped = timedelta(0)

    def now(self) -> datetime:
        """The time on the wall."""
        moment = self._start + self._skipped + timedelta(seconds=self._loop.time())
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    def skip_to(self, moment: datetime) -> None:
        """Lets the hours pass in which nobody does anything; never back."""
        self._skipped += max(moment - self.now(), timedelta(0))


class VirtualClock:
    """One process's clock: the world's, wrong by `skew`. Its ids come from the seed."""

    def __init__(self, world: World, chance: random.Random, skew: timedelta = timedelta(0)) -> None:
        self._world = world
        self._chance = chance
        self.skew = skew

    def now(self) -> datetime:
        return (self._world.now() + self.skew).astimezone(UTC)

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    def new_id(self) -> str:
        return id_at(self.now(), self._chance.randbytes(10))

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
