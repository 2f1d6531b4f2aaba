"""Residents and staff who never stop: each petition's whole life, again and again, over HTTP.

They keep what they were told. A patient client repeats a command with the same Idempotency-Key
after a cut connection or a 503, until it hears what became of it; an impatient one lets it be.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import cycle
from typing import Any
from uuid import uuid4

import httpx

from tests.chaos.checker import Acknowledged, Refused, Told, Unacknowledged
from tests.e2e.town import AT_ONCE, HOME, Person, Town, filing

CLIENTS = 8
IMPATIENT = 2
"""So many of the clients do not repeat a command."""
PAUSE = 0.05
"""Seconds before a command is repeated."""
BREATH = 0.25
"""Seconds between two commands of a client: enough load, and little enough to check it all."""
PLANTED = ("林默涵", "13905910042", "三楼李奶奶")
"""What stands in every petition and may stand nowhere else than in its dossier."""


class Load:
    """Clients at work on petitions."""

    def __init__(self, town: Town, addresses: Sequence[str], breath: float) -> None:
        """`addresses` are those of petitions' processes, each asked in turn; where there are none,
        the town's present one is asked. `breath` is in seconds.
        """
        self.told: list[Told] = []
        self.answers: Counter[str] = Counter()
        """By status code; cut connections as ``cut``."""
        self.unforeseen: list[str] = []
        """Answers that no fault excuses."""
        self.acknowledged = 0
        self._town = town
        self._addresses = cycle(addresses)
        self._asks_the_town = not addresses
        self._breath = breath
        self._stopping = False
        self._http = httpx.AsyncClient(timeout=10, trust_env=False, limits=AT_ONCE)

    async def reach(self, more: int, within: float = 60) -> None:
        """Returns when so many more commands have been acknowledged."""
        goal = self.acknowledged + more
        async with asyncio.timeout(within):
            while self.acknowledged < goal:
                assert not self.unforeseen, self.unforeseen[:3]
                await asyncio.sleep(0.02)

    async def hears(self, answer: str, within: float = 30) -> None:
        """Returns when somebody gets this answer."""
        before = self.answers[answer]
        async with asyncio.timeout(within):
            while True:
                if self.answers[answer] > before:
                    return
                await asyncio.sleep(0.02)

    async def stop(self) -> None:
        """Lets the clients finish the command at hand."""
        self._stopping = True

    async def client(self, patient: bool) -> None:
        """One petition's life after the other, until stopped."""
        resident, worker = self._town.resident(), self._town.holder(HOME)
        while not self._stopping:
            await self._life(resident, worker, patient)

    async def _life(self, resident: Person, worker: Person, patient: bool) -> None:
        contact = {"name": PLANTED[0], "phone": PLANTED[1]}
        body = filing(text=f"{PLANTED[2]}家门口堆着杂物。", contact=contact)
        filed = await self._do(resident, "/petitions", body, patient)
        if filed is None:
            return
        path = f"/petitions/{filed['id']}"
        steps: tuple[tuple[Person, str, dict[str, Any]], ...] = (
            (worker, "take", {}),
            (resident, "comment", {"text": f"{PLANTED[2]}又摔了一跤。"}),
            (worker, "answer", {"done": "已经清走。", "done_by": "物业", "finished": True}),
            (resident, "rate", {"stars": 4}),
        )
        for person, verb, given in steps:
            await asyncio.sleep(self._breath)
            if self._stopping or await self._do(person, f"{path}/{verb}", given, patient) is None:
                return

    async def _do(
        self, person: Person, path: str, body: dict[str, Any], patient: bool
    ) -> dict[str, Any] | None:
        key = uuid4().hex
        cause = f"{person.sub}>{key}"
        headers = person.headers({"Idempotency-Key": key})
        while True:
            url = self._address() + path
            try:
                answer = await self._http.post(url, json=body, headers=headers)
            except httpx.TransportError:
                self.answers["cut"] += 1
            else:
                self.answers[str(answer.status_code)] += 1
                match answer.status_code:
                    case 200 | 201:
                        outcome: dict[str, Any] = answer.json()
                        stream = f"petition-{outcome['id']}"
                        self.told.append(
                            Acknowledged("petitions", stream, outcome["version"], cause)
                        )
                        self.acknowledged += 1
                        return outcome
                    case 503:
                        assert "retry-after" in answer.headers
                    case status:
                        self.unforeseen.append(f"{status} {path}: {answer.text}")
                        self.told.append(Refused("petitions", cause))
                        return None
            if self._stopping or not patient:
                self.told.append(Unacknowledged("petitions", cause))
                return None
            await asyncio.sleep(PAUSE)

    def _address(self) -> str:
        # Which process serves may change meanwhile.
        return self._town.url("petitions") if self._asks_the_town else next(self._addresses)

    async def close(self) -> None:
        """Lets go of connections."""
        await self._http.aclose()


@asynccontextmanager
async def under_load(
    town: Town,
    addresses: Sequence[str] = (),
    *,
    clients: int = CLIENTS,
    breath: float = BREATH,
) -> AsyncIterator[Load]:
    """Clients at work while the block runs; afterwards nothing of theirs is under way.

    They ask the town's own petitions, unless other `addresses` are given.
    """
    load = Load(town, addresses, breath)
    try:
        async with asyncio.TaskGroup() as group:
            for n in range(clients):
                group.create_task(load.client(patient=n >= IMPATIENT))
            await load.reach(30)
            yield load
            await load.stop()
    finally:
        await load.close()
    assert not load.unforeseen, load.unforeseen[:3]
