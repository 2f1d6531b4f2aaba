"""Teams over HTTP."""

from collections.abc import AsyncIterator

import pytest

from tests.services.community.served import Served
from tests.services.volunteering.served import enrol, found, volunteering


@pytest.fixture
async def at() -> AsyncIterator[Served]:
    async with volunteering() as made:
        yield made


async def test_members_apply_and_are_accepted(at: Served) -> None:
    await enrol(at, "chen", "li")
    id = await found(at, "chen", ["li"])
    mine = (await at.ask("GET", "/teams/mine", "li", "resident")).json()
    assert [one["id"] for one in mine["items"]] == [id]
