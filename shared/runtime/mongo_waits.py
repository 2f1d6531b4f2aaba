"""How PyMongo's asynchronous client waits, where its own way was found wrong or dear.

`install` puts these in the place of the driver's functions, for the whole process. What they take
and give is what the driver expects of its own; the version is pinned in requirements.lock.
"""

import asyncio
import time
from typing import Any

from pymongo import _csot
from pymongo._asyncio_lock import Condition
from pymongo.asynchronous import pool, topology
from pymongo.asynchronous.pool import AsyncConnection
from pymongo.common import MAX_MESSAGE_SIZE
from pymongo.errors import ProtocolError, _OperationCancelled
from pymongo.message import _UNPACK_REPLY
from pymongo.network_layer import PyMongoProtocol

LOOK_SECONDS = 0.5
"""How often who waits for an answer looks whether the driver has given its connection up."""


def install() -> None:
    """Has the driver wait like this. Clients that are there already do, too. Raises `ImportError`
    where the driver has no such functions: it is another version than this was written for.
    """
    for part, name, ours in (
        (topology, "_async_cond_wait", _told_within),
        (pool, "_async_cond_wait", _told_within),
        (pool, "async_sendall", _send),
        (pool, "async_receive_message", _receive),
    ):
        if name not in vars(part):
            raise ImportError(f"{part.__name__} has no {name}: is the pinned driver installed?")
        vars(part)[name] = ours


async def _told_within(condition: Condition, timeout: float | None) -> bool:
    """Waits to be notified, holding the condition's lock again whatever happened; False where
    `timeout` seconds passed first.

    The driver's own waits in a task of its own (`asyncio.wait_for` of Python 3.11). Who is
    cancelled while that task takes the lock again leaves without it, the task takes it and is gone:
    the lock of the topology or of the pool is nobody's, and no call of the process gets through any
    more. It was met where many waited for a server that was away and were cancelled at the turn of
    a half second.
    """
    try:
        async with asyncio.timeout(timeout):
            return await condition.wait()
    except TimeoutError:
        return False


async def _send(protocol: PyMongoProtocol, message: bytes) -> None:
    """Hands a message over to be sent; waits for nobody.

    The driver's own does that in a task with a time limit, and a task begins in the next turn of
    the loop only.
    """
    await protocol.write(message)


async def _receive(
    connection: AsyncConnection,
    request_id: int | None,
    max_message_size: int = MAX_MESSAGE_SIZE,
) -> Any:
    """The answer to a command. Raises `TimeoutError` and what the driver's own raises, and ends the
    connection with it.

    The driver's own makes two tasks for each answer, one that reads and one that looks whether the
    connection was given up, and waits for one to come and the other to go: a quarter of what a
    command costs in all, and turns of a loop that others keep busy.
    """
    limit = _LookingAfter(connection)
    try:
        data, operation = await connection.conn.get_conn.read(request_id, max_message_size)
    finally:
        limit.leave()
    if operation not in _UNPACK_REPLY:
        raise ProtocolError(f"an answer of the unknown kind {operation!r}")
    return _UNPACK_REPLY[operation](data)


class _LookingAfter:
    """Ends a connection whose answer is late, or that the driver has given up."""

    __slots__ = ("_connection", "_deadline", "_loop", "_next")

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._loop = asyncio.get_running_loop()
        self._deadline = _deadline_of(connection)
        self._look_again()

    def leave(self) -> None:
        self._next.cancel()

    def _look_again(self) -> None:
        left = LOOK_SECONDS
        if self._deadline is not None:
            left = min(left, max(0.0, self._deadline - time.monotonic()))
        self._next = self._loop.call_later(left, self._look)

    def _look(self) -> None:
        late = self._deadline is not None and time.monotonic() >= self._deadline
        if self._connection.cancel_context.cancelled:
            self._connection.conn.get_conn.close(_OperationCancelled("operation cancelled"))
        elif late:
            self._connection.conn.get_conn.close(TimeoutError("timed out"))
        else:
            self._look_again()


def _deadline_of(connection: AsyncConnection) -> float | None:
    """When an answer is late, by the monotonic clock: the time that who asks has set for all of it
    (`pymongo.timeout`), or else the client's for each answer.
    """
    if _csot.get_timeout():
        return _csot.get_deadline()
    seconds = connection.conn.gettimeout
    return time.monotonic() + seconds if seconds else None
