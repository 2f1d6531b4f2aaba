"""A city with a door."""

from collections.abc import AsyncIterator

import pytest

from tests.services.gateway.city import Door, door


@pytest.fixture
async def at() -> AsyncIterator[Door]:
    async with door() as made:
        yield made
