"""The town that all end-to-end tests share: nothing in it is killed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.issuer import IssuerProcess
from deploy.local.servers import KafkaServer, MongoServer
from tests.e2e.inhabited import inhabit
from tests.e2e.town import Town


@pytest.fixture(scope="package")
def town(
    mongo: MongoServer, issuer: IssuerProcess, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    """Three services with a place tree, on a Kafka of their own: topics have fixed names."""
    directory: Path = tmp_path_factory.mktemp("town")
    kafka = KafkaServer(directory / "kafka")
    try:
        with Town(mongo, kafka.start(), issuer, directory) as there:
            yield there
    finally:
        kafka.kill()


@pytest.fixture(scope="package")
def lived_in(town: Town) -> Town:
    """The town with things of most kinds in it."""
    inhabit(town)
    return town
