"""Rivals on three processes of the service: one wish is claimed once, and what is left of a
resource is promised once; everybody hears the truth.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.e2e.replicas import replicas
from tests.e2e.town import COMMUNITY, HOME, Person, Town
from tests.e2e.waiting import until

RIVALS = 20
NEEDS, UNITS = 12, 3
REPLICAS = 3

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def urls(town: Town) -> Iterator[list[str]]:
    with replicas(town, "volunteering", REPLICAS) as there:
        yield there


def made(person: Person, path: str, body: dict[str, Any]) -> str:
    """The id of what was created, once the service knows the place."""

    def create() -> str | None:
        answer = person.post("volunteering", path, body)
        return str(answer.json()["id"]) if answer.status_code == 201 else None

    return until(create, f"{path} takes it") or ""


async def all_at_once(
    urls: list[str], asked: list[tuple[Person, str, dict[str, Any]]]
) -> list[tuple[int, str]]:
    """Status and problem of each, sent at once over the processes in turn."""
    async with httpx.AsyncClient(timeout=60, trust_env=False) as client:

        async def one(n: int, who: Person, path: str, body: dict[str, Any]) -> tuple[int, str]:
            at = f"{urls[n % len(urls)]}{path}"
            answer = await client.post(at, json=body, headers=who.headers())
            return answer.status_code, str(answer.json().get("type", ""))

        return await asyncio.gather(*(one(n, *each) for n, each in enumerate(asked)))


def test_one_wish_is_claimed_by_one_of_many(town: Town, urls: list[str]) -> None:
    rivals = [town.resident(f"wish-rival-{n}") for n in range(RIVALS)]
    for one in rivals:
        serves = {"volunteer": one.sub, "place": HOME, "birth_year": 1980, "name": "某人"}
        made(one, "/volunteers", serves)
    post = {"kind": "repair", "place": HOME, "title": "换灯泡", "text": "厨房的灯坏了。"}
    id = made(town.resident("wish-owner"), "/wishes", post)
    wording = {"title": "换一只灯泡", "text": "带一把梯子。"}
    shown = town.staff("community-staff", COMMUNITY).post(
        "volunteering", f"/wishes/{id}/word", wording
    )
    assert shown.status_code == 200, shown.text

    answers = asyncio.run(all_at_once(urls, [(one, f"/wishes/{id}/claim", {}) for one in rivals]))

    assert Counter(status for status, _ in answers) == {200: 1, 409: RIVALS - 1}
    refusals = {problem.rpartition(":")[2] for status, problem in answers if status == 409}
    assert refusals == {"wish-taken"}
    winner = rivals[[status for status, _ in answers].index(200)].sub
    kept = town.store("volunteering")["commits"].find({"stream": f"wish-{id}"})
    events = [event for commit in kept for event in commit["events"]]
    claimed = [event["d"]["volunteer"] for event in events if event["n"] == "WishClaimed"]
    assert claimed == [winner]


def test_the_last_units_of_a_resource_are_promised_once(town: Town, urls: list[str]) -> None:
    desk = town.staff("community-staff", COMMUNITY)
    clerk = town.resident("resource-clerk")
    clerk.token = town.issuer.token(clerk.sub, (), (), "o-school")
    begin = datetime.now(UTC)
    when = {"begin": begin.isoformat(), "until": (begin + timedelta(days=20)).isoformat()}
    what = {"kind": "venue", "title": "教室", "text": "", "measure": "place", **when}
    resource = made(clerk, "/resources", {**what, "place": COMMUNITY, "quantity": UNITS})
    needs = [made(desk, "/needs", {**what, "place": HOME, "quantity": 1}) for _ in range(NEEDS)]
    body = {"resource": resource, "quantity": 1}

    asked = [(desk, f"/needs/{need}/ask-resource", body) for need in needs]
    answers = asyncio.run(all_at_once(urls, asked))

    assert {status for status, _ in answers} == {200}

    def heard() -> list[dict[str, Any]]:
        states = [desk.get("volunteering", f"/needs/{need}").json() for need in needs]
        done = all(one["met"] or not one["resources"] for one in states)
        return states if done else []

    states = until(heard, "every need has heard")
    met = {need for need, one in zip(needs, states, strict=True) if one["met"]}
    assert len(met) == UNITS
    offered = clerk.get("volunteering", f"/resources/{resource}").json()
    assert {one["need"] for one in offered["promised"]} == met
    assert offered["left"] == 0
    messages = town.store("notifications")["state_message"]
    told = {"s.recipient": desk.sub, "s.kind": "need-left-out"}
    until(lambda: messages.count_documents(told) == NEEDS - UNITS, "who stated the others is told")
