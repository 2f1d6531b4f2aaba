"""The town with its door, and browsers in which staff are signed in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from deploy.local.issuer import IssuerProcess
from deploy.local.servers import KafkaServer, MongoServer
from tests.e2e.town import Town
from tests.web.staff.desks import CHROMIUM, Desks


@pytest.fixture(scope="package")
def town(
    mongo: MongoServer, issuer: IssuerProcess, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    """The services and the gateway, which browsers know by its own address."""
    directory: Path = tmp_path_factory.mktemp("town")
    with KafkaServer(directory / "kafka") as kafka:
        there = Town(mongo, kafka.start(), issuer, directory)
        door = there.services["gateway"]
        door.env = {**door.env, "JINLIN_PUBLIC_URL": f"http://localhost:{door.port}"}
        with there:
            yield there


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """A browser of one's own for each context."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def desks(chromium: Browser, town: Town) -> Iterator[Desks]:
    """Opens desks; closes them, and fails where one of them met an error or left the machine."""
    found = Desks(chromium, town)
    yield found
    found.close()
