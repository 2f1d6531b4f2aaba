"""One request with one Idempotency-Key, five hundred times at once."""

import asyncio
from collections import Counter
from uuid import uuid4

import httpx
import pytest

from tests.chaos.checker import Acknowledged
from tests.chaos.report import Account
from tests.chaos.witness import Witness
from tests.e2e.apps import apps
from tests.e2e.town import Town, filing

TIMES = 500
BUSY = 503

pytestmark = [pytest.mark.chaos, pytest.mark.alone, pytest.mark.slow, pytest.mark.timeout(180)]


async def test_the_same_key_five_hundred_times_at_once_is_one_petition(
    town: Town, witness: Witness, account: Account
) -> None:
    resident = town.resident()
    key = uuid4().hex
    headers = resident.headers({"Idempotency-Key": key})
    url = f"{town.url('petitions')}/petitions"
    heard: Counter[str] = Counter()
    async with apps(TIMES) as all_at_once:

        async def ask(client: httpx.AsyncClient) -> str:
            while True:
                answer = await client.post(url, json=filing(), headers=headers)
                heard[str(answer.status_code)] += 1
                if answer.status_code != BUSY:
                    assert answer.status_code in (200, 201), answer.text
                    return str(answer.json()["id"])
                await asyncio.sleep(int(answer.headers["retry-after"]))

        told = set(await asyncio.gather(*map(ask, all_at_once)))
    account.broke(f"one Idempotency-Key {TIMES} times at once")
    account.heard(heard, TIMES)
    (id,) = told
    commits = town.store("petitions")["commits"]
    assert commits.count_documents({"cause": f"{resident.sub}>{key}"}) == 1
    await witness.satisfied(
        [Acknowledged("petitions", f"petition-{id}", 1, f"{resident.sub}>{key}")]
    )
