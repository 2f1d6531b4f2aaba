"""500 people at once for the last 20 places, asked of three processes of the service."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.local.processes import free_port, service
from tests.e2e.town import COMMUNITY, HOME, Town
from tests.e2e.waiting import until

PLACES, PEOPLE, REPLICAS = 20, 500, 3
TWICE = 10
"""Every so manieth asks two processes at the same time."""
BUSY = 503

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def addresses(town: Town, tmp_path: Path) -> Iterator[list[str]]:
    """Three processes of volunteering on one store: the town's own and two more."""
    with ExitStack() as stack:
        more = [
            stack.enter_context(
                service(
                    "volunteering",
                    port=free_port(),
                    log=tmp_path / f"volunteering-{n}.log",
                    env=town.settings("volunteering"),
                )
            )
            for n in range(2, REPLICAS + 1)
        ]
        for process in more:
            process.start()
        for process in more:
            process.wait_ready()
        yield [town.url("volunteering"), *(process.url for process in more)]


def opened(town: Town) -> str:
    """An activity with so many places; its id."""
    convenor = town.staff("community-staff", COMMUNITY)
    begin = datetime.now(UTC) + timedelta(days=7)
    body = {
        "place": HOME,
        "outline": {
            "title": "端午包粽子",
            "theme": "festival",
            "roles": [{"code": "helper", "number": PLACES}],
        },
        "begin": begin.isoformat(),
        "end": (begin + timedelta(hours=2)).isoformat(),
    }

    def planned() -> str:
        answer = convenor.post("volunteering", "/activities", body)
        # The places are known a moment after the town has them.
        return str(answer.json()["id"]) if answer.status_code == 201 else ""

    id = until(planned, "the place is known to volunteering")
    assert convenor.post("volunteering", f"/activities/{id}/open").status_code == 200
    return id


async def test_the_last_places_are_given_once_and_the_line_keeps_its_order(
    town: Town, addresses: list[str]
) -> None:
    id = opened(town)
    people = [town.resident(f"neighbour-{n}") for n in range(PEOPLE)]
    limits = httpx.Limits(max_connections=PEOPLE)
    async with httpx.AsyncClient(timeout=60, trust_env=False, limits=limits) as client:

        async def ask(n: int, address: str, path: str, body: dict[str, Any]) -> httpx.Response:
            headers = people[n].headers()
            return await client.post(address + path, json=body, headers=headers)

        async def register(n: int) -> int:
            body = {"volunteer": people[n].sub, "place": HOME, "birth_year": 1980, "name": "邻居"}
            return (await ask(n, addresses[n % REPLICAS], "/volunteers", body)).status_code

        assert Counter(await asyncio.gather(*map(register, range(PEOPLE)))) == {201: PEOPLE}
        asked = [(n, addresses[n % REPLICAS]) for n in range(PEOPLE)]
        asked += [(n, addresses[(n + 1) % REPLICAS]) for n in range(0, PEOPLE, TWICE)]
        path = f"/activities/{id}/sign-up"
        answers = await asyncio.gather(*(ask(n, address, path, {}) for n, address in asked))
    print(Counter(answer.status_code for answer in answers))

    heard = {
        people[n].sub: answer.json()["you"]
        for (n, _), answer in zip(asked, answers, strict=True)
        if answer.status_code == 200
    }
    refused = [answer for answer in answers if answer.status_code != 200]
    # Who did not get in was told why: twice by the same person, or too many at that moment.
    for answer in refused:
        assert answer.status_code in (409, BUSY), answer.text
        if answer.status_code == 409:
            assert answer.json()["type"].rpartition(":")[2] in (
                "already-signed-up",
                "already-waiting",
            )
    assert len(heard) + len(refused) == len(answers), "nobody got in twice"
    assert len(heard) >= PEOPLE - sum(answer.status_code == BUSY for answer in refused)

    # The commits are the truth: in their order people came.
    commits = town.store("volunteering")["commits"].find({"stream": f"activity-{id}"})
    came = [
        event["d"]["volunteer"]
        for commit in commits.sort("v", 1)
        for event in commit["events"]
        if event["n"] in ("VolunteerSignedUp", "VolunteerPutOnWaitingList")
    ]
    assert len(came) == len(set(came)) == len(heard)
    with_place, waiting = came[:PLACES], came[PLACES:]
    assert [who for who in came if heard[who]["place"] == "helper"] == with_place
    for number, who in enumerate(waiting, start=1):
        assert heard[who]["waiting"] == {"role": "helper", "number": number}
        assert heard[who]["place"] is None

    shown = town.staff("community-staff", COMMUNITY).get("volunteering", f"/activities/{id}/people")
    listed = shown.json()
    assert [one["person"] for one in listed["places"]] == with_place
    assert [one["person"] for one in listed["waiting"]] == waiting
