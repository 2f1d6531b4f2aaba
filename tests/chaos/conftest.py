"""A town whose servers and services may be killed, and the checker over all of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.issuer import IssuerProcess
from deploy.local.servers import KafkaServer, MongoServer
from tests.chaos.witness import Witness
from tests.e2e.town import Town

OPLOG_MB = 8


@pytest.fixture(scope="package")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[MongoServer, KafkaServer]]:
    """A MongoDB and a Kafka of their own, each of which keeps its directory and port."""
    directory: Path = tmp_path_factory.mktemp("servers")
    # A short oplog, so that a place in it can be made too old in seconds.
    mongo = MongoServer(directory / "mongod", options=["--oplogSize", str(OPLOG_MB)])
    kafka = KafkaServer(directory / "kafka")
    try:
        yield mongo.start(), kafka.start()
    finally:
        kafka.kill()
        mongo.kill()


@pytest.fixture(scope="package")
def town(
    servers: tuple[MongoServer, KafkaServer],
    issuer: IssuerProcess,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Town]:
    """Three services with a place tree; what one test broke works again when it ends."""
    mongo, kafka = servers
    with Town(mongo, kafka, issuer, tmp_path_factory.mktemp("town")) as there:
        yield there


@pytest.fixture(scope="package")
def witness(town: Town) -> Witness:
    """Keeps what clients were told over all tests, and holds the town to it."""
    return Witness(town)
