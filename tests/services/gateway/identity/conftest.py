"""What the tests of signing in may ask for."""

from collections.abc import AsyncIterator

import pytest

from tests.services.gateway.identity.house import Browser, House
from tests.services.gateway.identity.house import house as built


@pytest.fixture
async def house(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    async with built(monkeypatch) as one:
        yield one


@pytest.fixture
async def two_doors(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    """Two processes on one store."""
    async with built(monkeypatch, processes=2) as one:
        yield one


@pytest.fixture
def browser(house: House) -> Browser:
    return house.browser()
