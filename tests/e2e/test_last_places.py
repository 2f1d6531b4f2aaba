"""500 people at once for the last 20 places, asked of three processes of the service."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.e2e.apps import apps
from tests.e2e.replicas import replicas
from tests.e2e.town import COMMUNITY, HOME, Town
from tests.e2e.waiting import until

PLACES, PEOPLE, REPLICAS = 20, 500, 3
TWICE = 10
"""Every so manieth asks two processes at the same time."""
BUSY = 503
ASK_AGAIN = 0.1
"""Seconds, of who heard that the service is busy; apps wait as long as they are told to."""

pytestmark = [pytest.mark.alone, pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def addresses(town: Town) -> Iterator[list[str]]:
    """Three processes of volunteering on one store: the town's own and two more."""
    with replicas(town, "volunteering", REPLICAS) as urls:
        yield urls


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
    busy: Counter[int] = Counter()
    async with apps(PEOPLE) as app:

        async def ask(n: int, address: str, path: str, body: dict[str, Any]) -> httpx.Response:
            """As apps do: who hears that the service is busy asks again, with the same key."""
            headers = people[n].headers({"Idempotency-Key": f"{address}{path}"})
            while True:
                answer = await app[n].post(address + path, json=body, headers=headers)
                if answer.status_code != BUSY:
                    return answer
                busy[n] += 1
                assert int(answer.headers["Retry-After"]) > 0
                await asyncio.sleep(ASK_AGAIN)

        async def register(n: int) -> int:
            body = {"volunteer": people[n].sub, "place": HOME, "birth_year": 1980, "name": "邻居"}
            return (await ask(n, addresses[n % REPLICAS], "/volunteers", body)).status_code

        assert Counter(await asyncio.gather(*map(register, range(PEOPLE)))) == {201: PEOPLE}
        asked = [(n, addresses[n % REPLICAS]) for n in range(PEOPLE)]
        asked += [(n, addresses[(n + 1) % REPLICAS]) for n in range(0, PEOPLE, TWICE)]
        path = f"/activities/{id}/sign-up"
        answers = await asyncio.gather(*(ask(n, address, path, {}) for n, address in asked))
    print(f"{len(asked)} asked, {busy.total()} times again")

    # Everybody is answered: once with what they have; who asked twice hears that they have it.
    assert Counter(one.status_code for one in answers) == {200: PEOPLE, 409: PEOPLE // TWICE}
    heard = {
        people[n].sub: answer.json()["you"]
        for (n, _), answer in zip(asked, answers, strict=True)
        if answer.status_code == 200
    }
    assert len(heard) == PEOPLE
    for answer in answers:
        if answer.status_code == 409:
            code = answer.json()["type"].rpartition(":")[2]
            assert code in ("already-signed-up", "already-waiting")

    # The commits are the truth: in their order people came.
    came = signed_up(town, id)
    assert len(came) == len(set(came)) == PEOPLE
    with_place, waiting = came[:PLACES], came[PLACES:]
    assert [who for who in came if heard[who]["place"] == "helper"] == with_place
    for number, who in enumerate(waiting, start=1):
        assert heard[who]["waiting"] == {"role": "helper", "number": number}
        assert heard[who]["place"] is None
    assert listed(town, id) == (with_place, [], waiting)

    await the_next_in_line_have_their_turn(town, addresses, id, with_place, waiting)


async def the_next_in_line_have_their_turn(
    town: Town, addresses: list[str], id: str, with_place: list[str], waiting: list[str]
) -> None:
    """Two withdraw at once, on two processes: the first two who wait are held their places and told
    so, and one of them does not want it.
    """
    first, second, third, *others = waiting
    async with httpx.AsyncClient(timeout=60, trust_env=False) as client:

        async def does(who: str, verb: str, n: int) -> None:
            url = f"{addresses[n]}/activities/{id}/{verb}"
            headers = town.resident(who).headers({"Idempotency-Key": verb})
            answer = await client.post(url, json={}, headers=headers)
            assert answer.status_code == 200, answer.text

        async def sees(who: str, n: int) -> dict[str, Any]:
            headers = town.resident(who).headers()
            answer = await client.get(f"{addresses[n]}/activities/{id}", headers=headers)
            you: dict[str, Any] = answer.json()["you"]
            return you

        gone = (with_place[3], with_place[PLACES - 1])
        await asyncio.gather(*(does(who, "withdraw", n) for n, who in enumerate(gone, start=1)))
        staying = [who for who in with_place if who not in gone]
        assert listed(town, id) == (staying, [first, second], [third, *others])
        for n in range(REPLICAS):
            for who in (first, second):
                assert (await sees(who, n))["offer"]["role"] == "helper"
            assert (await sees(third, n))["waiting"] == {"role": "helper", "number": 1}
        await asyncio.to_thread(offers_are_told, town, id, {first, second})

        await does(first, "decline-offer", 2)
        assert listed(town, id) == (staying, [second, third], others)
        await does(second, "accept-offer", 0)
        await does(third, "accept-offer", 1)
        assert listed(town, id) == ([*staying, second, third], [], others)
        await asyncio.to_thread(offers_are_told, town, id, {first, second, third})


def signed_up(town: Town, id: str) -> list[str]:
    """Who signed up, in the order of the commits."""
    commits = town.store("volunteering")["commits"].find({"stream": f"activity-{id}"})
    return [
        event["d"]["volunteer"]
        for commit in commits.sort("v", 1)
        for event in commit["events"]
        if event["n"] in ("VolunteerSignedUp", "VolunteerPutOnWaitingList")
    ]


def listed(town: Town, id: str) -> tuple[list[str], list[str], list[str]]:
    """Who has a place, for whom one is held and who waits, as staff are shown it."""
    staff = town.staff("community-staff", COMMUNITY)
    shown = staff.get("volunteering", f"/activities/{id}/people").json()
    places, offers, waiting = (
        [one["person"] for one in shown[part]] for part in ("places", "offers", "waiting")
    )
    return places, offers, waiting


def offers_are_told(town: Town, id: str, people: set[str]) -> None:
    """These have one message each that a place is held for them, and nobody else has."""
    messages = town.store("notifications")["state_message"]
    offers = {"s.about": f"activity-{id}", "s.kind": "activity-offer"}

    def told() -> Counter[str]:
        return Counter(one["s"]["recipient"] for one in messages.find(offers))

    once = Counter(dict.fromkeys(people, 1))
    until(lambda: told() == once, "the next in line are told, each once")
    for who in people:
        inbox = town.resident(who).inbox()
        assert [one["kind"] for one in inbox].count("activity-offer") == 1
