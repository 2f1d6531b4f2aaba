"""Fifty volunteers accept one order at once, on three processes of the service: one has it, all
others hear that it is taken.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.e2e.apps import apps
from tests.e2e.replicas import replicas
from tests.e2e.town import COMMUNITY, HOME, Town
from tests.e2e.waiting import until
from tests.services.volunteering.orders.windows import window

RIVALS = 50
REPLICAS = 3
SKILL = "rivals-of-one-order"
"""No other test's volunteers have it: nobody else is found."""
SERVICE = "rivals-service"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def urls(town: Town) -> Iterator[list[str]]:
    with replicas(town, "volunteering", REPLICAS) as there:
        yield there


@pytest.fixture(scope="module")
def volunteers(town: Town, urls: list[str]) -> list[str]:
    """Fifty who can do it, and a service that asks for what they can."""
    people = [f"rival-{n:02}" for n in range(RIVALS)]
    defined = town.administrator().post(
        "volunteering",
        "/services",
        {"code": SERVICE, "zh": "试验", "en": "Trial", "minutes": 30, "skill": SKILL},
    )
    assert defined.status_code == 201, defined.text
    for person in people:
        body = {
            "volunteer": person,
            "place": HOME,
            "birth_year": 1980,
            "name": "某人",
            "skills": [SKILL],
        }

        def enrolled(person: str = person, body: object = body) -> bool:
            answer = town.resident(person).post("volunteering", "/volunteers", body)
            # The place is known to the rules a moment after the service has heard of it.
            return answer.status_code == 201

        until(enrolled, f"{person} is a volunteer")
    return people


@pytest.mark.parametrize("attempt", range(3))
def test_one_of_fifty_has_it_and_the_others_hear_that_it_is_taken(
    town: Town, urls: list[str], volunteers: list[str], attempt: int
) -> None:
    host = town.resident(f"host-of-one-order-{attempt}")
    wanted = window()
    body = {"service": SERVICE, "place": HOME, "times": [wanted]}

    def placed() -> str:
        # Each process learns of the new service by itself.
        answer = host.post("volunteering", "/orders", body)
        return str(answer.json()["id"]) if answer.status_code == 201 else ""

    id = until(placed, "the order is placed")
    staff = town.staff("community-staff", COMMUNITY)
    searched = staff.get("volunteering", f"/orders/{id}/candidates")
    assert searched.status_code == 200, searched.text
    until(
        lambda: staff.get("volunteering", f"/orders/{id}/candidates").json()["items"],
        "the matching has weighed candidates",
    )
    shown = staff.get("volunteering", f"/orders/{id}").json()
    asked = {one["volunteer"] for one in shown["offers"]}
    rest = [person for person in volunteers if person not in asked]
    sent = staff.post("volunteering", f"/orders/{id}/dispatch", {"to": rest})
    assert sent.status_code == 200, sent.text

    answers, seconds = asyncio.run(accept_all(town, urls, id, volunteers))

    statuses = Counter(status for status, _ in answers.values())
    assert statuses == {200: 1, 409: RIVALS - 1}, statuses
    refusals = Counter(kind for status, kind in answers.values() if status == 409)
    assert [kind.rpartition(":")[2] for kind in refusals] == ["order-taken"]
    (winner,) = [person for person, (status, _) in answers.items() if status == 200]
    print(f"{RIVALS} accepted at once on {REPLICAS} processes: {seconds * 1000:.0f} ms")

    kept = town.store("volunteering")["commits"].find({"stream": f"order-{id}"})
    events = [event for commit in kept for event in commit["events"]]
    accepted = [event["d"] for event in events if event["n"] == "OrderAccepted"]
    assert [one["volunteer"] for one in accepted] == [winner]
    assert set(accepted[0]["passed_over"]) == set(volunteers) - {winner}
    for person in (winner, *volunteers[:3]):
        seen = town.resident(person).get("volunteering", f"/orders/{id}").json()
        assert seen["status"] == "accepted"
        assert seen["volunteer"] == (winner if person == winner else None)
    everybody_is_told(town, id, winner, volunteers)
    given = town.resident(winner).post(
        "volunteering", f"/orders/{id}/propose-time", {"begin": wanted["begin"]}
    )
    assert given.status_code == 200, given.text
    cancelled = host.post("volunteering", f"/orders/{id}/cancel")
    assert cancelled.status_code == 200, cancelled.text


def everybody_is_told(town: Town, id: str, winner: str, volunteers: list[str]) -> None:
    """Who was not fast enough has a message that says so, once; who was has none."""
    messages = town.store("notifications")["state_message"]
    taken = {"s.about": f"order-{id}", "s.kind": "order-taken"}
    until(lambda: messages.count_documents(taken) == RIVALS - 1, "all others are told, once each")
    told = {one["s"]["recipient"] for one in messages.find(taken)}
    assert told == set(volunteers) - {winner}


async def accept_all(
    town: Town, urls: list[str], id: str, volunteers: list[str]
) -> tuple[dict[str, tuple[int, str]], float]:
    """Status and kind of problem of each, all sent at once over the processes in turn; how long it
    took.
    """
    headers = {person: town.resident(person).headers() for person in volunteers}
    async with apps(len(volunteers)) as app:

        async def accept(n: int, person: str) -> tuple[int, str]:
            answer = await app[n].post(
                f"{urls[n % len(urls)]}/orders/{id}/accept", json={}, headers=headers[person]
            )
            return answer.status_code, str(answer.json().get("type", ""))

        began = time.perf_counter()
        answers = await asyncio.gather(*(accept(n, one) for n, one in enumerate(volunteers)))
        return dict(zip(volunteers, answers, strict=True)), time.perf_counter() - began
