"""A request's body on its way in: not too large, and not for ever."""

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive

from shared.runtime.problems import Problem

PAUSE_SECONDS = 15.0
"""Seconds between two parts of a body, at most."""
SLOWEST = 1_024
"""Bytes a second that a body comes with on the whole, at least: a phone at the edge of the network
has ten times as much."""

_CLOSE = {"Connection": "close"}


class Incoming:
    """Reads a body part by part."""

    def __init__(self, receive: Receive, most: int) -> None:
        """`most` bytes are taken."""
        self._receive = receive
        self._most = most
        self._size = 0
        self._began: float | None = None
        self.complete = False

    async def part(self) -> bytes:
        """The next part, empty ones left out but for the last. Raises `Problem` 413 and 408, and
        ``ClientDisconnect``.
        """
        return bytes((await self.message())["body"])

    async def message(self) -> Message:
        """The same as the server tells it."""
        now = asyncio.get_running_loop().time
        if self._began is None:
            self._began = now()
        try:
            async with asyncio.timeout(PAUSE_SECONDS):
                message = await self._receive()
        except TimeoutError:
            raise Problem(408, "too-slow", headers=_CLOSE) from None
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        message.setdefault("body", b"")
        self._size += len(message["body"])
        if self._size > self._most:
            raise too_large(self._most)
        self.complete = not message.get("more_body", False)
        waited = now() - self._began
        if not self.complete and waited > PAUSE_SECONDS and self._size < waited * SLOWEST:
            raise Problem(408, "too-slow", headers=_CLOSE)
        return message

    async def parts(self) -> AsyncIterator[bytes]:
        """All parts that are still to come."""
        while not self.complete:
            if part := await self.part():
                yield part


def too_large(most: int) -> Problem:
    """The refusal of a body that is longer than `most` bytes. What of it is still to come is not
    read, so the connection ends.
    """
    return Problem(413, "too-large", headers=_CLOSE, most=most)
