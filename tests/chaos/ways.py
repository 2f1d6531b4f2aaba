"""The ways between services and their servers, which a test may cut, silence or slow down."""

import asyncio
import threading
from collections.abc import Coroutine
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from deploy.local.layout import HOST
from deploy.local.processes import free_port

CHUNK = 65_536


class Way:
    """Passes TCP connections on to a server, in a thread with a loop of its own."""

    def __init__(self, target: int) -> None:
        """`target` is the server's port; `port` is the one that clients are given."""
        self.port = free_port()
        self._target = target
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._open: set[asyncio.StreamWriter] = set()
        self._passes = asyncio.Event()
        self._cut = False
        self._delay = 0.0

    def cut(self) -> None:
        """Breaks every connection and takes no new one, as when a host is gone."""
        self._run(self._break())

    def silence(self) -> None:
        """Lets nothing pass and tells nobody, as a switch that drops packets."""
        self._run(self._hold())

    def slow(self, seconds: float) -> None:
        """Holds each piece of data for so long, in both directions."""
        self._delay = seconds

    def mend(self) -> None:
        """All passes again. What stood still meanwhile arrives."""
        self._run(self._let_pass())

    def __enter__(self) -> Self:
        self._thread.start()
        self._run(self._listen())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=30)

    async def _listen(self) -> None:
        self._passes.set()
        self._server = await asyncio.start_server(self._connected, HOST, self.port)

    async def _break(self) -> None:
        self._cut = True
        for writer in list(self._open):
            writer.transport.abort()

    async def _hold(self) -> None:
        self._passes.clear()

    async def _let_pass(self) -> None:
        self._cut, self._delay = False, 0.0
        self._passes.set()

    async def _end(self) -> None:
        self._server.close()
        await self._break()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _connected(
        self, from_client: asyncio.StreamReader, to_client: asyncio.StreamWriter
    ) -> None:
        self._open.add(to_client)
        try:
            if self._cut:
                to_client.transport.abort()
                return
            try:
                from_server, to_server = await asyncio.open_connection(HOST, self._target)
            except OSError:  # the server is away: the client sees its connection closed
                return
            self._open.add(to_server)
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._pass_on(from_client, to_server))
                    group.create_task(self._pass_on(from_server, to_client))
            finally:
                self._open.discard(to_server)
                to_server.close()
        finally:
            self._open.discard(to_client)
            to_client.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(CHUNK):
                await self._passes.wait()
                if self._delay:
                    await asyncio.sleep(self._delay)
                writer.write(data)
                await writer.drain()
        writer.close()
