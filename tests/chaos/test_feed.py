"""The feed's service is killed at random moments under load: the feed is complete, in order, the
same for ever, and nothing stands in it twice.
"""

import asyncio
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import httpx
import orjson
import pytest

from services.subscriptions.feed_asking import FED_TYPES
from shared.contracts.envelope import topic
from tests.chaos.load import under_load
from tests.chaos.report import Account
from tests.chaos.witness import Witness, messages_in
from tests.e2e.town import Person, Town

BLOWS = 5
COMMANDS = 40
"""Commands acknowledged between two blows, at least."""
LONGEST_PAUSE = 1.5
"""Seconds; a blow falls at any moment within."""

pytestmark = [pytest.mark.chaos, pytest.mark.alone, pytest.mark.slow, pytest.mark.timeout(300)]


class Reader:
    """A system that follows the feed by long poll and never begins anew, whatever happens to it."""

    def __init__(self, town: Town) -> None:
        self.got: list[Mapping[str, Any]] = []
        self.cut = 0
        self.stopping = False
        self._url = f"{town.url('subscriptions')}/feed"
        self._headers = Person(town, "system-1", ("service",), ()).headers()

    async def follow(self) -> None:
        """Reads until stopped."""
        cursor: str | None = None
        async with httpx.AsyncClient(timeout=20, trust_env=False) as http:
            while not self.stopping:
                asked = {"wait": "2", "limit": "200", **({"after": cursor} if cursor else {})}
                try:
                    answer = await http.get(self._url, params=asked, headers=self._headers)
                except httpx.TransportError:
                    self.cut += 1
                    await asyncio.sleep(0.05)
                    continue
                assert answer.status_code in (200, 503), answer.text
                if answer.status_code == 200:
                    self.got += answer.json()
                    cursor = answer.headers["jinlin-cursor"]

    async def whole(self) -> list[Mapping[str, Any]]:
        """The feed from the start, as it is read now."""
        found: list[Mapping[str, Any]] = []
        asked: dict[str, str] = {"limit": "1000"}
        async with httpx.AsyncClient(timeout=20, trust_env=False) as http:
            while True:
                answer = await http.get(self._url, params=asked, headers=self._headers)
                if not (part := answer.json()):
                    return found
                found += part
                asked["after"] = answer.headers["jinlin-cursor"]


def published(town: Town, witness: Witness) -> dict[str, Any]:
    """Every event that is to be fed, by its id, as the topics hold it."""
    found = {}
    for name in town.services:
        for message in messages_in(town.kafka.bootstrap, topic(name)):
            if message.value not in witness.planted:
                envelope = orjson.loads(message.value)
                if envelope["type"] in FED_TYPES:
                    found[envelope["id"]] = envelope
    return found


def out_of_order(entries: Iterable[Mapping[str, Any]]) -> list[str]:
    """Streams whose events do not stand in their order."""
    places: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for entry in entries:
        stream = f"{entry['source']}/{entry['subject']}"
        places[stream].append((entry["sequence"], int(entry["id"].rpartition("/")[2])))
    return [stream for stream, those in places.items() if those != sorted(those)]


async def test_a_killed_feed_is_complete_and_in_order(
    town: Town, witness: Witness, account: Account
) -> None:
    process = town.services["subscriptions"]
    chance = random.Random(1)
    reader = Reader(town)
    following = asyncio.create_task(reader.follow())
    async with under_load(town) as load:
        for _ in range(BLOWS):
            await load.reach(COMMANDS)
            await asyncio.sleep(chance.random() * LONGEST_PAUSE)
            process.kill()
            account.broke("kill -9 subscriptions")
            process.start()
            await asyncio.to_thread(process.wait_ready)
        await load.reach(COMMANDS)
    account.heard(load.answers, len(load.told))
    await witness.satisfied(load.told)
    must = await asyncio.to_thread(published, town, witness)
    async with asyncio.timeout(60):
        while len(reader.got) < len(must):  # noqa: ASYNC110 - it hears from another process
            await asyncio.sleep(0.1)
    reader.stopping = True
    await following
    assert reader.cut > 0, "it was cut off, and went on"
    assert {entry["id"]: entry for entry in reader.got} == must, "complete, and as published"
    assert len(reader.got) == len(must), "nothing twice"
    assert out_of_order(reader.got) == []
    assert await reader.whole() == reader.got, "whoever reads it again reads the same"
