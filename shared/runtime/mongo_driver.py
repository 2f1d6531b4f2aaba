"""PyMongo's own asynchronous client and Motor, told apart in this one place; and their errors.

Motor's objects have the methods of PyMongo's, so everybody else sees PyMongo's types.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal, Protocol, cast

from anyio import CancelScope
from pymongo import AsyncMongoClient
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.command_cursor import AsyncCommandCursor
from pymongo.errors import (
    BulkWriteError,
    ConfigurationError,
    ConnectionFailure,
    ExecutionTimeout,
    InvalidURI,
    OperationFailure,
    PyMongoError,
    WaitQueueTimeoutError,
    WriteConcernError,
)
from pymongo.uri_parser import parse_uri
from pymongo.write_concern import WriteConcern

from shared.runtime import mongo_waits
from shared.runtime.journal import Doc, Unavailable

DriverName = Literal["pymongo", "motor"]

DURABLE = WriteConcern(w="majority", j=True, wtimeout=8_000)
"""What was promised survives the loss of a node; 8 s without a majority is `Unavailable`."""

SELECTION_TIMEOUT_MS = 3_000
HEARTBEAT_MS = 2_000
"""Less than the selection timeout: whoever waits for a server notices that it is back."""
SOCKET_TIMEOUT_MS = 10_000
"""Longer than anything a server is asked to wait for, so that only a hanging one exceeds it."""

WRITE_CONFLICT = 112
DUPLICATE_KEY = 11000
ACCESS_DENIED = frozenset({13, 18, 8000})
UNAVAILABLE = frozenset(
    {
        6,  # HostUnreachable
        7,  # HostNotFound
        43,  # CursorNotFound: the server it lived on was restarted
        50,  # MaxTimeMSExpired
        64,  # WriteConcernFailed
        89,  # NetworkTimeout
        91,  # ShutdownInProgress
        100,  # UnsatisfiableWriteConcern
        134,  # ReadConcernMajorityNotAvailableYet
        189,  # PrimarySteppedDown
        237,  # CursorKilled
        262,  # ExceededTimeLimit
        290,  # TransactionExceededLifetimeLimitSeconds
        9001,  # SocketException
        10058,  # NotPrimary, as old servers say it
        10107,  # NotWritablePrimary
        11600,  # InterruptedAtShutdown
        11602,  # InterruptedDueToReplStateChange
        13435,  # NotPrimaryNoSecondaryOk
        13436,  # NotPrimaryOrSecondary
        14031,  # OutOfDiskSpace
    }
)


mongo_waits.install()


class NotAReplicaSet(Exception):
    """The MongoDB has no transactions and no change streams: a plain server, or never initiated."""


class AccessDenied(Exception):
    """MongoDB does not accept the user or the password, or gives the user too few rights."""


class Driver(Protocol):
    """What the two clients do differently."""

    def client(self, uri: str, **options: Any) -> AsyncMongoClient[Doc]:
        """A client, for the running event loop only."""
        ...

    async def start_session(self, client: AsyncMongoClient[Doc]) -> AsyncClientSession:
        """A session; end it with `end_session`."""
        ...

    async def start_transaction(self, session: AsyncClientSession) -> None:
        """Begins a durable transaction in the session."""
        ...

    async def aggregate(
        self,
        collection: AsyncCollection[Doc],
        pipeline: Sequence[Mapping[str, Any]],
        **options: Any,
    ) -> AsyncCommandCursor[Doc]:
        """Starts an aggregation."""
        ...

    async def close(self, client: AsyncMongoClient[Doc]) -> None:
        """Lets go of the client's connections."""
        ...


class PyMongoDriver:
    """PyMongo's asynchronous client."""

    def client(self, uri: str, **options: Any) -> AsyncMongoClient[Doc]:
        return AsyncMongoClient(uri, **options)

    async def start_session(self, client: AsyncMongoClient[Doc]) -> AsyncClientSession:
        return client.start_session()

    async def start_transaction(self, session: AsyncClientSession) -> None:
        await session.start_transaction(write_concern=DURABLE)

    async def aggregate(
        self,
        collection: AsyncCollection[Doc],
        pipeline: Sequence[Mapping[str, Any]],
        **options: Any,
    ) -> AsyncCommandCursor[Doc]:
        return await collection.aggregate(pipeline, **options)

    async def close(self, client: AsyncMongoClient[Doc]) -> None:
        await client.close()


class MotorDriver:
    """Motor: PyMongo's blocking client on threads."""

    def client(self, uri: str, **options: Any) -> AsyncMongoClient[Doc]:
        # Memory that only a process needs which is told to use it.
        from motor.motor_asyncio import AsyncIOMotorClient

        return cast(AsyncMongoClient[Doc], AsyncIOMotorClient(uri, **options))

    async def start_session(self, client: AsyncMongoClient[Doc]) -> AsyncClientSession:
        session: AsyncClientSession = await cast(Any, client).start_session()
        return session

    async def start_transaction(self, session: AsyncClientSession) -> None:
        cast(Any, session).start_transaction(write_concern=DURABLE)

    async def aggregate(
        self,
        collection: AsyncCollection[Doc],
        pipeline: Sequence[Mapping[str, Any]],
        **options: Any,
    ) -> AsyncCommandCursor[Doc]:
        cursor: AsyncCommandCursor[Doc] = cast(Any, collection).aggregate(pipeline, **options)
        return cursor

    async def close(self, client: AsyncMongoClient[Doc]) -> None:
        cast(Any, client).close()


DRIVERS: Mapping[DriverName, Driver] = {"pymongo": PyMongoDriver(), "motor": MotorDriver()}

_OPTIONS: Mapping[str, Any] = {
    "serverSelectionTimeoutMS": SELECTION_TIMEOUT_MS,
    "heartbeatFrequencyMS": HEARTBEAT_MS,
    "connectTimeoutMS": SELECTION_TIMEOUT_MS,
    "waitQueueTimeoutMS": SELECTION_TIMEOUT_MS,
    "socketTimeoutMS": SOCKET_TIMEOUT_MS,
    "tz_aware": True,
    "appname": "jinlin",
}


def options_for(uri: str) -> dict[str, Any]:
    """The client's options; what the address itself sets has precedence."""
    chosen = {name.lower() for name in parse_uri(uri)["options"]}
    return {name: value for name, value in _OPTIONS.items() if name.lower() not in chosen}


def hosts_in(uri: str) -> str:
    """The hosts of a MongoDB address, for messages: never its user and password.

    Raises ValueError when it is no MongoDB address.
    """
    try:
        parsed = parse_uri(uri)
    except (InvalidURI, ConfigurationError, ValueError) as error:
        # The error's own text may repeat the address, and with it the password.
        raise ValueError(
            f"not a MongoDB address (mongodb://host:port/?replicaSet=name): {type(error).__name__}"
        ) from None
    return ",".join(f"{host}:{port}" if port else host for host, port in parsed["nodelist"])


@contextmanager
def reaching(hosts: str) -> Iterator[None]:
    """Raises `Unavailable` or `AccessDenied` for what the driver says in its own errors.

    A request whose sender has gone ends only after the call: a web framework's scope cancels what
    waits in it again and again, and so the driver's pool would be left locked for everybody.

    A cancellation that meets an answer is lost inside the driver (its `asyncio.wait_for` of Python
    3.11 returns what came, https://github.com/python/cpython/issues/86296): it is raised here, or a
    task that asks again and again would never end.
    """
    task = asyncio.current_task()
    cancelled_before = 0 if task is None else task.cancelling()
    try:
        with CancelScope(shield=True):
            yield
        if task is not None and task.cancelling() > cancelled_before:
            raise asyncio.CancelledError
    except PyMongoError as error:
        code = error.code if isinstance(error, OperationFailure) else None
        what = type(error).__name__ + (f", code {code}" if code else "")
        if is_unavailable(error):
            raise Unavailable(f"MongoDB at {hosts} cannot be used now ({what})") from error
        if code in ACCESS_DENIED:
            raise AccessDenied(
                f"MongoDB at {hosts} refuses the user or its rights ({what})"
            ) from error
        raise


def is_unavailable(error: PyMongoError) -> bool:
    """Whether the error says that the server, not the request, is the trouble."""
    if isinstance(
        error, ConnectionFailure | WriteConcernError | ExecutionTimeout | WaitQueueTimeoutError
    ):
        return True
    return bool(codes_of(error) & UNAVAILABLE) or error.has_error_label("RetryableWriteError")


def is_conflict(error: PyMongoError) -> bool:
    """Whether somebody else wrote, or is writing, the same documents."""
    return bool(codes_of(error) & {DUPLICATE_KEY, WRITE_CONFLICT})


def codes_of(error: PyMongoError) -> set[int]:
    """The server's error codes in a driver's error."""
    codes = set()
    if isinstance(error, OperationFailure) and error.code is not None:
        codes.add(error.code)
    if isinstance(error, BulkWriteError):
        codes.update(each.get("code", 0) for each in error.details.get("writeErrors", ()))
        codes.update(each.get("code", 0) for each in error.details.get("writeConcernErrors", ()))
    return codes
