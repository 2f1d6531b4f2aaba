"""Real servers for tests, as pytest fixtures.

`mongo`, `kafka` and `issuer` are started when the first test of a session asks for them and are
stopped at its end; under pytest-xdist each worker has its own. A test that kills or pauses a
server takes one for itself from `own_mongo` or `own_kafka`. Every test that asks for MongoDB or
Kafka is marked `servers` by itself.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import pytest
from pymongo import MongoClient

from deploy.local.issuer import IssuerProcess
from deploy.local.processes import Process, free_port
from deploy.local.servers import KafkaServer, MongoServer

SERVER_FIXTURES = {"mongo", "kafka", "database", "own_mongo", "own_kafka", "servers"}

Server = TypeVar("Server", bound=Process)

FORGETS = ("--setParameter", "minSnapshotHistoryWindowInSeconds=0", "--syncdelay", "5")
"""A dropped database's files stay open until no snapshot can need them and a checkpoint was
written: by default minutes, in which the tests' databases reach the machine's limit of open files.
"""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a server, before `-m` chooses; the longest files come first."""
    for item in items:
        if SERVER_FIXTURES.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.servers)
    put_in_order(items)


@pytest.fixture(scope="session")
def mongo() -> Iterator[MongoServer]:
    """A replica set of one that the whole session shares: take a `database` of your own."""
    with _scratch() as directory, MongoServer(directory / "mongod", options=FORGETS) as server:
        yield server.start()


@pytest.fixture(scope="session")
def kafka() -> Iterator[KafkaServer]:
    """A broker that the whole session shares: its topics are seen by every test."""
    with _scratch() as directory, KafkaServer(directory / "kafka") as server:
        yield server.start()


@pytest.fixture(scope="session")
def issuer() -> Iterator[IssuerProcess]:
    """An OIDC issuer in a process of its own: `.url` for services, `.token(...)` for callers."""
    with _scratch() as directory:
        process = IssuerProcess(
            port=free_port(), key_file=directory / "key.json", log=directory / "issuer.log"
        )
        with process:
            yield process.start().wait_ready()


@pytest.fixture
def database(mongo: MongoServer) -> Iterator[str]:
    """The name of a database that nobody used before; dropped after the test."""
    name = f"test_{uuid4().hex[:12]}"
    yield name
    if not mongo.running:
        # One failure that says why, and not one more for every test that comes after it.
        why = f"mongod ended by itself ({mongo.exit_code}):\n{mongo.log_tail()}"
        mongo.start()
        pytest.fail(why)
    with MongoClient[dict[str, Any]](mongo.uri) as client:
        client.drop_database(name)


@pytest.fixture
def own_mongo() -> Iterator[Callable[..., MongoServer]]:
    """`own_mongo(port=..., replica_set=...)` starts a MongoDB that belongs to this test."""
    yield from _own(MongoServer)


@pytest.fixture
def own_kafka() -> Iterator[Callable[..., KafkaServer]]:
    """`own_kafka(port=..., settings=...)` starts a Kafka that belongs to this test."""
    yield from _own(KafkaServer)


def put_in_order(items: list[pytest.Item]) -> None:
    """File by file: first those that live in a town, then those with something slow, then the rest.

    A town takes longer to start than most of them take, and is ended as soon as a file of another
    package follows: so they follow each other. And of workers that take the next file each, none is
    left alone with a long one at the end.
    """
    turn: dict[Path, int] = {}
    for item in items:
        lives_in_town = "town" in getattr(item, "fixturenames", ())
        own = 0 if lives_in_town else 1 if item.get_closest_marker("slow") else 2
        turn[item.path] = min(own, turn.get(item.path, own))
    items.sort(key=lambda item: turn[item.path])


def _own(kind: Callable[..., Server]) -> Iterator[Callable[..., Server]]:
    servers: list[Server] = []
    with _scratch() as scratch:

        def start(directory: Path | None = None, **options: Any) -> Server:
            server = kind(directory or scratch / str(len(servers)), **options)
            servers.append(server)
            server.start()
            return server

        try:
            yield start
        finally:
            for server in servers:
                # Nobody reads its data again, so there is nothing to put in order.
                server.kill()


@contextmanager
def _scratch() -> Iterator[Path]:
    """A directory outside pytest's own, which keeps those of the last runs: these are large."""
    path = Path(tempfile.mkdtemp(prefix="jinlin-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
