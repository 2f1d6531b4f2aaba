"""A town whose servers and services may be killed, and the checker over all of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.issuer import IssuerProcess
from deploy.local.layout import HOST
from deploy.local.processes import free_port
from deploy.local.servers import KafkaServer, MongoServer
from tests.chaos.beyond import Ways
from tests.chaos.report import Account
from tests.chaos.smaller import SmallerTown
from tests.chaos.ways import Way
from tests.chaos.witness import Witness
from tests.e2e.town import Town

OPLOG_MB = 8


@pytest.fixture
def account() -> Account:
    """What the test broke, for the report of the run."""
    return Account()


@pytest.fixture(scope="package")
def ways() -> Iterator[Ways]:
    """Ways to the servers below, on which something may go wrong."""
    mongo, kafka = free_port(), free_port()
    with Way(mongo) as store, Way(kafka) as broker:
        yield Ways(store, broker, mongo, kafka)


@pytest.fixture(scope="package")
def servers(
    tmp_path_factory: pytest.TempPathFactory, ways: Ways
) -> Iterator[tuple[MongoServer, KafkaServer]]:
    """A MongoDB and a Kafka of their own, each of which keeps its directory and port."""
    directory: Path = tmp_path_factory.mktemp("servers")
    # A short oplog, so that a place in it can be made too old in seconds.
    options = ["--oplogSize", str(OPLOG_MB)]
    mongo = MongoServer(directory / "mongod", ways.mongo_port, options=options)
    port, controller = free_port(), free_port()
    # A broker tells its clients where to find it: who comes by the way has to stay on it.
    listeners = (
        f"PLAINTEXT://{HOST}:{port},CONTROLLER://{HOST}:{controller},"
        f"BEYOND://{HOST}:{ways.kafka_port}"
    )
    settings = {
        "listeners": listeners,
        "advertised.listeners": (f"PLAINTEXT://{HOST}:{port},BEYOND://{HOST}:{ways.broker.port}"),
        "listener.security.protocol.map": (
            "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,BEYOND:PLAINTEXT"
        ),
        "inter.broker.listener.name": "PLAINTEXT",
    }
    kafka = KafkaServer(directory / "kafka", port, controller_port=controller, settings=settings)
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
    """A few services with a place tree; what one test broke works again when it ends."""
    mongo, kafka = servers
    with SmallerTown(mongo, kafka, issuer, tmp_path_factory.mktemp("town")) as there:
        yield there


@pytest.fixture(scope="package")
def witness(town: Town) -> Witness:
    """Keeps what clients were told over all tests, and holds the town to it."""
    return Witness(town)
