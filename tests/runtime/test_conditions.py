"""Verbs that become another command, and what begins beneath a thing: who may, If-Match, keys."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import pytest
from starlette.responses import Response

from shared.contracts.types import Word
from shared.runtime.aggregate import Command, Rejected
from shared.runtime.api import Beneath, Sent, Verb
from shared.runtime.endpoints import outcome_answer
from shared.runtime.policies import administrator, holder, role
from tests.runtime.lamp import Break, Install, Repair, lamp, lamps_api
from tests.runtime.lamp_service import World, world


@dataclass(frozen=True, slots=True)
class Report(Command):
    """Say that it is dark, in words that are made better before they are kept."""

    by: str
    words: Word


@dataclass
class Dictionary:
    """What makes the words better. `meanwhile` is done before, each time: others are faster."""

    meanwhile: list[Command] = field(default_factory=list)
    asked: int = 0

    async def becomes(self, sent: Sent, asked: Report) -> Break:
        """The words, and on which version they were said."""
        self.asked += 1
        if asked.words == "bad":
            raise Rejected("bad-word", "say it otherwise")
        if self.meanwhile:
            await sent.store.do(lamp, sent.id, self.meanwhile.pop(), actor="other")
        return Break(f"{asked.words} on {sent.version}", asked.by)


async def begins(sent: Sent, asked: Install | None) -> Response:
    """Another lamp at the same post."""
    new = sent.store.clock.new_id()
    command = Install("p1", "k9", 60, sent.caller.sub)
    outcome = await sent.store.do(
        lamp,
        new,
        command,
        actor=sent.caller.sub,
        cause=sent.cause,
        fingerprint=sent.fingerprint,
    )
    told = {"on": sent.version, "repeated": sent.repeated}
    return outcome_answer(outcome, 201, {"location": f"/lamps/{outcome.id}"}, told)


@pytest.fixture
def dictionary() -> Dictionary:
    return Dictionary()


@pytest.fixture
async def at(dictionary: Dictionary) -> AsyncIterator[World]:
    verbs = {
        **lamps_api.verbs,
        "break": Verb(Report, may=role("resident"), becomes=dictionary.becomes),
    }
    beneath = {"twins": Beneath(begins, may=holder("keeper"), see=holder("keeper") | administrator)}

    def taken(state: Any, caller: Any) -> Any:
        return (*(lamps_api.open(state, caller) or ()), "twins")

    async with world(api=replace(lamps_api, verbs=verbs, beneath=beneath, open=taken)) as made:
        yield made


async def dark(at: World, id: str, words: str = "dark", **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer: httpx.Response = await at.ask(
        "POST", f"/lamps/{id}/break", json={"words": words}, headers=named
    )
    return answer


async def words_of(at: World, id: str) -> list[str]:
    entries = await at.running.journal.dossier(lamp.stream(id))
    return [entry.data["words"] for entry in entries]


async def test_what_is_asked_becomes_what_is_decided(at: World) -> None:
    id = (await at.install()).json()["id"]
    assert (await dark(at, id)).json() == {"id": id, "version": 2}
    assert await words_of(at, id) == ["dark on 1"]


async def test_it_is_made_anew_where_it_was_overtaken(at: World, dictionary: Dictionary) -> None:
    id = (await at.install()).json()["id"]
    dictionary.meanwhile = [Repair("k1"), Break("first", "u2")]
    answer = await dark(at, id)
    assert answer.status_code == 200, answer.text
    assert dictionary.asked == 3
    assert (await words_of(at, id))[-1] == "dark on 3"


async def test_who_names_a_version_hears_that_it_was_overtaken(
    at: World, dictionary: Dictionary
) -> None:
    id = (await at.install()).json()["id"]
    assert (await dark(at, id, If_Match='"7"')).status_code == 412
    assert dictionary.asked == 0
    dictionary.meanwhile = [Break("first", "u2")]
    assert (await dark(at, id, If_Match='"1"')).status_code == 412
    assert dictionary.asked == 1


async def test_who_may_not_is_refused_before_anything_is_made(
    at: World, dictionary: Dictionary
) -> None:
    id = (await at.install()).json()["id"]
    path, said = f"/lamps/{id}/break", {"words": "bad"}
    assert (await at.ask("POST", path, roles=("administrator",), json=said)).status_code == 403
    assert (await at.ask("POST", path, roles=("intake",), json=said)).status_code == 404
    assert (await at.ask("POST", "/lamps/none/break", json=said)).status_code == 404
    assert dictionary.asked == 0
    assert (await dark(at, id, "bad")).status_code == 409


async def test_a_repeated_key_is_answered_without_making_it_again(
    at: World, dictionary: Dictionary
) -> None:
    id = (await at.install()).json()["id"]
    first = await dark(at, id, Idempotency_Key="k")
    again = await dark(at, id, Idempotency_Key="k", If_Match='"1"')
    assert (again.status_code, again.json(), dictionary.asked) == (200, first.json(), 1)
    other = await dark(at, id, "otherwise", Idempotency_Key="k")
    assert (other.status_code, dictionary.asked) == (422, 1)


async def test_what_begins_beneath_is_for_whom_the_row_names_and_rests_on_a_version(
    at: World,
) -> None:
    id = (await at.install()).json()["id"]
    path = f"/lamps/{id}/twins"

    async def twin(sub: str, *roles: str, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer: httpx.Response = await at.ask("POST", path, sub=sub, roles=roles, headers=named)
        return answer

    assert (await twin("u1", "resident")).status_code == 404
    assert (await twin("a1", "administrator")).status_code == 403
    assert (await twin("k1", If_Match='"2"')).status_code == 412
    made = await twin("k1", If_Match='"1"', Idempotency_Key="k")
    assert (made.status_code, made.json()["on"]) == (201, 1)
    assert made.headers["location"] == f"/lamps/{made.json()['id']}"
    await dark(at, id)
    again = await twin("k1", If_Match='"1"', Idempotency_Key="k")
    assert (again.status_code, again.json()["id"]) == (201, made.json()["id"])
    assert again.json()["repeated"] is True


async def test_what_may_begin_is_offered_to_whom_it_is_open(at: World) -> None:
    id = (await at.install()).json()["id"]
    keeper = (await at.ask("GET", f"/lamps/{id}", sub="k1")).json()["can"]
    other = (await at.ask("GET", f"/lamps/{id}", sub="u1")).json()["can"]
    assert ("twins" in keeper, "twins" in other) == (True, False)
