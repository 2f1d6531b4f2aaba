"""How the driver waits: for its locks, and for the answers of a server."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import suppress
from types import SimpleNamespace
from typing import Any, cast

import bson
import pymongo
import pytest
from pymongo import AsyncMongoClient
from pymongo._asyncio_lock import Condition, Lock
from pymongo.asynchronous import pool, topology
from pymongo.asynchronous.pool import AsyncConnection
from pymongo.errors import ProtocolError, _OperationCancelled
from pymongo.network_layer import AsyncNetworkingInterface, PyMongoProtocol

from deploy.local.servers import MongoServer
from shared.runtime import mongo_waits
from shared.runtime.mongo_driver import options_for

OP_MSG = 2013


async def turns() -> None:
    """Whoever can go on has done so."""
    for _ in range(10):
        await asyncio.sleep(0)


@pytest.mark.parametrize("part", [topology, pool], ids=["topology", "pool"])
@pytest.mark.parametrize("cancellations", [1, 2, 3])
async def test_who_is_cancelled_while_waiting_leaves_the_drivers_lock_free(
    part: object, cancellations: int
) -> None:
    lock = Lock()
    condition = Condition(lock)

    async def waits() -> None:
        async with lock:
            await part._async_cond_wait(condition, 60)  # type: ignore[attr-defined]

    waiting = asyncio.create_task(waits())
    await turns()
    assert condition._waiters
    async with lock:  # so that the one who is cancelled cannot take it again at once
        for _ in range(cancellations):
            waiting.cancel()
            await turns()
        assert not waiting.done(), "it left without the lock"
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await turns()
    assert not lock.locked()


@pytest.mark.parametrize("part", [topology, pool], ids=["topology", "pool"])
async def test_whose_time_is_over_holds_the_lock_again(part: object) -> None:
    lock = Lock()
    condition = Condition(lock)
    async with lock:
        assert not await part._async_cond_wait(condition, 0.01)  # type: ignore[attr-defined]
        assert lock.locked()
    assert not lock.locked()


class Silent:
    """A server that says only what it is told to, and the driver's connection to it."""

    def __init__(self, seconds: float | None) -> None:
        self.seconds = seconds
        self.met = asyncio.Event()
        self.heard = asyncio.Event()
        self.gone = asyncio.Event()
        self.cancel_context = SimpleNamespace(cancelled=False)

    async def __aenter__(self) -> "Silent":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        transport, protocol = await asyncio.get_running_loop().create_connection(
            lambda: PyMongoProtocol(timeout=self.seconds), "127.0.0.1", port
        )
        self.protocol = protocol
        self.conn = AsyncNetworkingInterface((transport, protocol))
        async with asyncio.timeout(10):
            await self.met.wait()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.protocol.close()
        self._server.close()
        async with asyncio.timeout(10):
            await self.gone.wait()
            await self.conn.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self.met.set()
        with suppress(ConnectionError):
            while await reader.read(1024):
                self.heard.set()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
        self.gone.set()

    def answers(self, request: int, says: dict[str, Any], kind: int = OP_MSG) -> None:
        body = struct.pack("<IB", 0, 0) + bson.encode(says)
        self._writer.write(struct.pack("<iiii", 16 + len(body), 1, request, kind) + body)

    async def receives(self, request: int) -> Any:
        return await pool.async_receive_message(cast(AsyncConnection, self), request)

    async def asked(self) -> "asyncio.Task[Any]":
        """The driver, waiting for the answer to its request 7."""
        await pool.async_sendall(self.protocol, b"a request")
        waiting = asyncio.create_task(self.receives(7))
        async with asyncio.timeout(10):
            await self.heard.wait()
        return waiting


@pytest.fixture
async def silent() -> AsyncIterator[Silent]:
    async with Silent(seconds=60) as server:
        yield server


async def test_an_answer_is_read_and_takes_no_task_of_its_own(silent: Silent) -> None:
    before = asyncio.all_tasks()
    waiting = await silent.asked()
    assert asyncio.all_tasks() - before == {waiting}
    silent.answers(7, {"ok": 1.0, "word": "近邻"})
    async with asyncio.timeout(10):
        answer = await waiting
    assert answer.unpack_response() == [{"ok": 1.0, "word": "近邻"}]
    assert not silent.conn.is_closing()


@pytest.mark.parametrize("limit", ["of the client", "of who asks"])
async def test_a_late_answer_ends_the_connection(limit: str) -> None:
    async with Silent(seconds=0.05 if limit == "of the client" else 60) as silent:
        with pymongo.timeout(0.05 if limit == "of who asks" else None):
            waiting = await silent.asked()
        async with asyncio.timeout(10):
            with pytest.raises(TimeoutError, match="timed out"):
                await waiting
            await silent.gone.wait()


async def test_without_a_limit_an_answer_may_take_its_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mongo_waits, "LOOK_SECONDS", 0.001)
    async with Silent(seconds=None) as silent:
        waiting = await silent.asked()
        await asyncio.sleep(0.05)  # many looks
        assert not waiting.done()
        silent.answers(7, {"ok": 1.0})
        async with asyncio.timeout(10):
            await waiting


async def test_a_connection_that_the_driver_gives_up_is_not_waited_for(
    silent: Silent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mongo_waits, "LOOK_SECONDS", 0.01)
    waiting = await silent.asked()
    silent.cancel_context.cancelled = True
    async with asyncio.timeout(10):
        with pytest.raises(_OperationCancelled):
            await waiting
        await silent.gone.wait()


async def test_whose_asker_has_gone_gives_nobody_the_answer(silent: Silent) -> None:
    waiting = await silent.asked()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    silent.answers(7, {"ok": 1.0})
    async with asyncio.timeout(10):
        await silent.gone.wait()
    with pytest.raises(OSError, match="closed"):
        await silent.receives(8)


async def test_what_is_no_answer_is_said(silent: Silent) -> None:
    waiting = await silent.asked()
    silent.answers(7, {"ok": 1.0}, kind=2004)
    async with asyncio.timeout(10):
        with pytest.raises(ProtocolError, match="2004"):
            await waiting


async def test_a_command_to_a_real_server_takes_no_task_of_its_own(mongo: MongoServer) -> None:
    loop = asyncio.get_running_loop()
    me = asyncio.current_task()
    made: list[str] = []

    def note(loop: Any, work: Any, **how: Any) -> asyncio.Task[Any]:
        if asyncio.current_task() is me:
            made.append(work.__qualname__)
        return asyncio.Task(work, loop=loop, **how)

    async with AsyncMongoClient[dict[str, Any]](mongo.uri, **options_for(mongo.uri)) as client:
        await client.admin.command("ping")  # opens the connection
        loop.set_task_factory(note)
        try:
            await client.admin.command("ping")
        finally:
            loop.set_task_factory(None)
    assert made == []


def test_a_driver_without_these_functions_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(pool, "async_receive_message")
    with pytest.raises(ImportError, match="pool has no async_receive_message"):
        mongo_waits.install()
