"""One change stream for all kinds of states that begin to be watched together.

The server looks at everything that is written to it for each stream by itself: twenty streams over
kinds that hardly ever change were measured to double its work for every transaction. A process
begins to watch all that it keeps in memory in one turn of its loop, and that is one stream.
"""

import asyncio
import weakref
from collections.abc import AsyncGenerator, Callable

from shared.runtime.documents import stored_of
from shared.runtime.journal import Stored
from shared.runtime.mongo_changes import Changes

COLLECTION = "state_"
"""Before the name of a kind: where its states are."""

OpenChanges = Callable[[list[str]], Changes]
"""A change stream over these collections, not opened yet."""


class Watches:
    """The watches over states of one journal."""

    def __init__(self, changes_of: OpenChanges) -> None:
        self._changes_of = changes_of
        self._joining: _Together | None = None
        self._under_way: set[_Together] = set()

    def begin(self, kind: str) -> AsyncGenerator[Stored, None]:
        """Begins to watch at the call. What it raises is raised by the first look."""
        if self._joining is None or not self._joining.may_be_joined:
            self._joining = _Together(self._changes_of)
            self._under_way.add(self._joining)
            self._joining.pump.add_done_callback(self._ended)
        listener = _Listener(kind)
        self._joining.listeners.add(listener)
        return _heard(self._joining, listener)

    async def opened(self, kind: str) -> list[Changes]:
        """Returns when all that begin to watch the kind do watch, or have failed to; those that
        do.
        """
        concerned = [
            together
            for together in self._under_way
            if any(listener.kind == kind for listener in together.listeners)
        ]
        for together in concerned:
            await together.is_open.wait()
        return [together.changes for together in concerned if together.changes is not None]

    def close(self) -> None:
        """Ends all of them."""
        for together in self._under_way:
            together.pump.cancel()

    def _ended(self, pump: asyncio.Task[None]) -> None:
        self._under_way = {each for each in self._under_way if each.pump is not pump}


class _Listener:
    """Who watches a kind, and what they have not looked at yet."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.heard: asyncio.Queue[Stored | Exception] = asyncio.Queue()


class _Together:
    """Those that share one change stream."""

    def __init__(self, changes_of: OpenChanges) -> None:
        self.changes: Changes | None = None
        self.is_open = asyncio.Event()
        self.may_be_joined = True
        # Who never looks is forgotten: nothing runs at the end of a generator that never began.
        self.listeners = weakref.WeakSet[_Listener]()
        self.pump = asyncio.create_task(self._run(changes_of))
        # Not at the end of what it runs: cancelled at once, it never begins to.
        self.pump.add_done_callback(lambda _: self.is_open.set())

    def leave(self, listener: _Listener) -> None:
        """The last one ends it."""
        self.listeners.discard(listener)
        if not self.listeners:
            self.may_be_joined = False
            self.pump.cancel()

    async def _run(self, changes_of: OpenChanges) -> None:
        await asyncio.sleep(0)  # whoever begins in this turn of the loop comes along
        self.may_be_joined = False
        changes = changes_of(sorted({f"{COLLECTION}{each.kind}" for each in self.listeners}))
        try:
            await changes.open(["insert", "replace", "update"])
            self.changes = changes
            self.is_open.set()
            while self.listeners:
                for collection, document in await changes.next():
                    self._tell(collection.removeprefix(COLLECTION), stored_of(document))
        except Exception as error:
            for listener in self.listeners:
                listener.heard.put_nowait(error)
        finally:
            await changes.close()

    def _tell(self, kind: str, stored: Stored) -> None:
        for listener in self.listeners:
            if listener.kind == kind:
                listener.heard.put_nowait(stored)


async def _heard(together: _Together, listener: _Listener) -> AsyncGenerator[Stored, None]:
    try:
        while True:
            heard = await listener.heard.get()
            if isinstance(heard, Exception):
                raise heard
            yield heard
    finally:
        together.leave(listener)
