"""Callers who leave before their answer has come to its end, or never read it."""

import asyncio
from types import TracebackType
from typing import Self

from starlette.types import Message, Receive, Send

FIRST_LOOK_SECONDS = 1.0
"""Seconds for which nobody looks: most answers are whole by then."""
LOOK_SECONDS = 5.0
"""Seconds between two looks at whether anything is read."""
UNREAD_SECONDS = 30.0
"""Seconds for which a caller may leave an answer unread."""


class Leaving:
    """Cancels the task that it is entered in when the caller has left.

    The block ends quietly then, and `left` says so; any other cancellation goes on. `begun` says
    whether anything of the answer was sent.
    """

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._sending: float | None = None
        self._looking: asyncio.Task[None] | asyncio.TimerHandle | None = None
        self._over = False
        self.begun = False
        self.left = False

    async def __aenter__(self) -> Self:
        task = asyncio.current_task()
        assert task is not None
        self._task = task
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        self._over = True
        if self._looking is not None:
            self._looking.cancel()
        if not self.left:
            return False
        if kind is None:
            # It had come to its end, and is to be cancelled nevertheless at the next turn.
            try:
                await asyncio.sleep(0)
            except asyncio.CancelledError:
                kind = asyncio.CancelledError
        self._task.uncancel()
        return kind is asyncio.CancelledError

    def begin(self) -> None:
        """From now on the caller is watched: its body is read, and nothing more is to come."""
        if self._looking is None and not self._over:
            loop = asyncio.get_running_loop()
            self._looking = loop.call_later(FIRST_LOOK_SECONDS, self._look)

    async def send(self, message: Message) -> None:
        """Sends, and remembers since when it is not taken."""
        self.begun = True
        self._sending = asyncio.get_running_loop().time()
        await self._send(message)
        self._sending = None

    def _look(self) -> None:
        self._looking = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        now = asyncio.get_running_loop().time
        receiving = asyncio.ensure_future(self._receive())
        try:
            while True:
                await asyncio.wait((receiving,), timeout=LOOK_SECONDS)
                unread = self._sending is not None and now() - self._sending > UNREAD_SECONDS
                if receiving.done() and receiving.result()["type"] != "http.disconnect":
                    receiving = asyncio.ensure_future(self._receive())
                elif receiving.done() or unread:
                    self.left = True
                    self._task.cancel()
                    return
        finally:
            receiving.cancel()
