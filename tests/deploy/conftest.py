"""The watched town that tests of dashboards, figures and spans share: nothing in it is killed."""

from collections.abc import Iterator

import pytest

from deploy.local.install import find_prometheus
from deploy.local.issuer import IssuerProcess
from deploy.local.servers import MongoServer
from tests.deploy.watched import Watched, watched_town


@pytest.fixture(scope="package")
def watched(
    mongo: MongoServer, issuer: IssuerProcess, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Watched]:
    """A town with traffic, Prometheus and a receiver of spans."""
    if find_prometheus() is None:
        pytest.skip("there is no Prometheus: Debian's package has it (`make install`)")
    with watched_town(mongo, issuer, tmp_path_factory.mktemp("watched")) as there:
        yield there
