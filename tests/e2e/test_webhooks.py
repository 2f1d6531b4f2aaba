"""Webhooks on real servers: what happens in the town is called out, verified, told of when it
ends.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.e2e.town import COMMUNITY, FAR, HOME, Person, Town
from tests.services.subscriptions.webhooks.calling_here import within
from tests.services.subscriptions.webhooks.receiver import Receiver, Reply, receiver

PATIENCE = 30.0


@pytest.fixture
async def other() -> AsyncIterator[Receiver]:
    async with receiver() as there:
        yield there


def system(town: Town, sub: str, *places: str) -> Person:
    """Another system of the city."""
    return Person(town, sub, ("service",), places)


async def asked(person: Person, method: str, path: str, **rest: Any) -> Any:
    """A request that has to succeed; the receiver goes on meanwhile."""
    url = person.town.url("subscriptions") + path
    answer = await asyncio.to_thread(
        person.town.http.request, method, url, headers=person.headers(), **rest
    )
    assert answer.status_code < 300, answer.text
    return answer.json()


async def created(person: Person, to: Receiver, **wanted: Any) -> str:
    """A webhook that has agreed."""
    told = await asked(person, "POST", "/webhooks", json={"url": to.url, **wanted})
    to.secrets.append(told["secret"])
    id = str(told["id"])

    async def active() -> bool:
        return bool((await asked(person, "GET", f"/webhooks/{id}"))["status"] == "active")

    await within(active, "it agrees", PATIENCE)
    return id


async def test_a_petition_is_called_out_to_those_whose_place_it_lies_in(
    town: Town, other: Receiver
) -> None:
    filed = ["cn.jinlin.petitions.PetitionFiled.v1"]
    async with receiver() as far:
        await created(system(town, "system-near", COMMUNITY), other, types=filed)
        await created(system(town, "system-far", FAR), far, types=filed)
        resident = await asyncio.to_thread(town.resident)
        near = await asyncio.to_thread(lambda: resident.file(place=HOME))
        away = await asyncio.to_thread(lambda: resident.file(place=FAR))
        await within(
            lambda: near in petitions(other) and away in petitions(far), "both are called", PATIENCE
        )
        assert away not in petitions(other)
        assert near not in petitions(far)
        assert other.refused == far.refused == []


def petitions(called: Receiver) -> set[str]:
    """Those of which it has heard."""
    return {one.event["data"]["petition"] for one in called.taken}


async def test_one_that_is_gone_is_told_of_to_its_owner(town: Town, other: Receiver) -> None:
    owner = system(town, "system-gone")
    other.answer = lambda _received: Reply(410)
    id = await created(owner, other, types=["cn.jinlin.petitions.*"])
    resident = await asyncio.to_thread(town.resident)
    await asyncio.to_thread(resident.file)

    async def told() -> Any:
        inbox = await asyncio.to_thread(owner.inbox)
        return [one for one in inbox if one["kind"] == "webhook-gone"]

    (message,) = await within(told, "its owner is told", PATIENCE)
    assert id in str(message)
    shown = await asked(owner, "GET", f"/webhooks/{id}")
    assert (shown["status"], shown["because"]) == ("disabled", "gone")
