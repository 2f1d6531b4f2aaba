"""Candidates and hot topics over HTTP: what residents are asked, and what clerks are shown."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from services.petitions.domain.commands import Answer
from services.petitions.domain.hot_topic import ID, Begin, hotlist
from services.petitions.domain.petition import petition
from services.petitions.domain.publication import Release, WithdrawRelease
from services.petitions.main import service
from services.petitions.recent import RecentPetitions
from shared.contracts.types import PlaceKind
from shared.neighbourhood.place import LearnPlace, place
from shared.runtime.clock import SystemClock, id_at
from shared.runtime.memory_bus import MemoryBus, MemoryTopics
from shared.runtime.memory_journal import MemoryJournal
from shared.runtime.running import Running
from tests.identity import Issuer
from tests.runtime.lamp_service import settings

LIFT = "三号楼电梯坏了一个多星期，老人上下楼很不方便，物业说等配件一直没有修。"
LIFT_AGAIN = "物業說等配件，三號樓電梯一直沒有修，壞了一個多星期了，老人上下樓不方便。"
WATER = "昨天下午开始全楼停水，没有任何通知，到今天早上还没有恢复供水。"

PLACES = (
    ("mawei", PlaceKind.DISTRICT),
    ("luoxing", PlaceKind.STREET),
    ("xingang", PlaceKind.COMMUNITY),
    ("banyan", PlaceKind.NEIGHBOURHOOD),
    ("banyan-25", PlaceKind.BUILDING),
)
PATH = tuple(code for code, _ in PLACES)


class Quick(SystemClock):
    """A clock that can be put forward, and with short pauses."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.ahead

    def new_id(self) -> str:
        return id_at(self.now(), super().new_id()[:10].encode())

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(min(seconds, 0.01))


@dataclass
class City:
    """The service at work, and callers of it."""

    running: Running
    clock: Quick
    issuer: Issuer
    client: httpx.AsyncClient

    async def ask(
        self, method: str, path: str, sub: str, role: str, at: str = "xingang", **rest: Any
    ) -> httpx.Response:
        token = self.issuer.token(sub, (role,), (at,))
        headers = {"Authorization": f"Bearer {token}"}
        return await self.client.request(method, path, headers=headers, **rest)

    async def file(self, text: str, sub: str = "resident-1", **rest: Any) -> str:
        """Files a petition and waits until it is compared with others."""
        body = {
            "kind": "complaint",
            "title": "电梯",
            "text": text,
            "place": "banyan-25",
            "category": "property",
            **rest,
        }
        answer = await self.ask("POST", "/petitions", sub, "resident", json=body)
        assert answer.status_code == 201, answer.text
        self.clock.ahead += timedelta(seconds=40)
        return str(answer.json()["id"])

    async def draft(self, text: str, sub: str = "resident-2", **rest: Any) -> httpx.Response:
        """Asks whether it was filed before."""
        body = {"title": "电梯", "text": text, "place": "banyan", "category": "property", **rest}
        return await self.ask("POST", "/petitions/candidates", sub, "resident", json=body)

    @property
    def recent(self) -> RecentPetitions:
        """What this process keeps."""
        kept: RecentPetitions = self.running.copies[RecentPetitions.name]
        return kept

    async def until(self, condition: Callable[[], Awaitable[bool]]) -> None:
        """Returns when it holds; the test's time limit ends a wait in vain."""
        while not await condition():  # noqa: ASYNC110 - no bell rings
            await asyncio.sleep(0.01)

    async def compared(self, *ids: str) -> None:
        """Returns when these are compared with others."""

        async def are() -> bool:
            return all(id in self.recent.table for id in ids)

        await self.until(are)


@asynccontextmanager
async def _city() -> AsyncIterator[City]:
    clock, issuer = Quick(), Issuer()
    running = service.assemble(MemoryJournal(clock), MemoryBus(MemoryTopics(), clock), clock)
    app = service.app(settings(), running, issuer.verifier())
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://city.test") as client:
        await running.start()
        try:
            for n, (code, kind) in enumerate(PLACES):
                learn = LearnPlace(kind=kind, name=code, path=PATH[: n + 1])
                await running.store.do(place, code, learn, actor="test")
            while len(running.copies["place"]) < len(PLACES):  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.01)
            yield City(running, clock, issuer, client)
        finally:
            await running.stop()


@pytest.fixture
async def city() -> AsyncIterator[City]:
    async with _city() as city:
        yield city


async def test_a_resident_is_shown_the_public_part_of_what_others_filed(city: City) -> None:
    lift, water = await city.file(LIFT), await city.file(WATER)
    await city.compared(lift, water)
    answer = await city.draft(LIFT_AGAIN)
    assert answer.status_code == 200, answer.text
    [found] = answer.json()["items"]
    assert found.pop("score") >= 0.4
    assert found == {
        "id": lift,
        "why": ["similar-words", "same-neighbourhood", "same-category"],
        "category": "property",
        "place": "banyan",
        "days": 0,
        "status": "unassigned",
        "supporters": 0,
    }
    assert answer.json()["complete"] is True
    assert await city.running.journal.readings(f"petition-{lift}") == []


async def test_their_own_petition_is_shown_with_its_title(city: City) -> None:
    lift = await city.file(LIFT)
    await city.compared(lift)
    [found] = (await city.draft(LIFT_AGAIN, sub="resident-1")).json()["items"]
    assert found["title"] == "电梯"
    assert await city.running.journal.readings(f"petition-{lift}") == []


async def test_a_clerk_is_shown_titles_and_that_is_recorded(city: City) -> None:
    lift, again = await city.file(LIFT), await city.file(LIFT_AGAIN)
    await city.compared(lift, again)
    path = f"/petitions/{again}/candidates"
    answer = await city.ask("GET", path, "clerk-1", "community-staff")
    assert answer.status_code == 200, answer.text
    assert [(item["id"], item["title"]) for item in answer.json()["items"]] == [(lift, "电梯")]
    for id in (lift, again):
        [reading] = await city.running.journal.readings(f"petition-{id}")
        assert (reading["reader"], reading["purpose"]) == ("clerk-1", "duplicates")


async def test_clerks_of_elsewhere_and_residents_learn_nothing(city: City) -> None:
    lift = await city.file(LIFT)
    path = f"/petitions/{lift}/candidates"
    elsewhere = await city.ask("GET", path, "clerk-2", "community-staff", at="other")
    assert elsewhere.status_code == 404
    assert (await city.ask("GET", path, "resident-1", "resident")).status_code == 403
    missing = await city.ask("GET", "/petitions/none/candidates", "clerk-1", "community-staff")
    assert missing.status_code == 404


async def test_an_unknown_place_is_refused(city: City) -> None:
    answer = await city.draft(LIFT, place="nowhere")
    assert answer.status_code == 409
    assert answer.json()["type"].endswith("unknown-place")


async def test_it_is_looked_for_no_farther_than_asked(city: City) -> None:
    lift = await city.file(LIFT, place="xingang")
    await city.compared(lift)
    [found] = (await city.draft(LIFT)).json()["items"]
    assert found["why"] == ["similar-words", "same-community", "same-category"]
    assert (await city.draft(LIFT, within="neighbourhood")).json()["items"] == []


async def test_what_was_withdrawn_since_is_not_shown(city: City) -> None:
    lift = await city.file(LIFT)
    await city.compared(lift)
    withdrawn = await city.ask(
        "POST", f"/petitions/{lift}/withdraw", "resident-1", "resident", json={}
    )
    assert withdrawn.status_code == 200, withdrawn.text
    assert (await city.draft(LIFT)).json()["items"] == []


async def test_while_not_all_are_read_the_answer_says_so(city: City) -> None:
    city.recent.complete = False
    assert (await city.draft(LIFT)).json()["complete"] is False


async def test_a_hot_topic_is_raised_and_shown_to_staff_of_the_place(city: City) -> None:
    ids = [await city.file(f"{n}{WATER}") for n in range(6)]
    await city.compared(*ids)
    city.clock.ahead += timedelta(minutes=11)

    async def raised() -> bool:
        found = await city.running.store.get(hotlist, ID)
        return found is not None and bool(found.state.topics)

    await city.until(raised)
    answer = await city.ask("GET", "/hot-topics", "clerk-1", "community-staff")
    [topic] = answer.json()["items"]
    assert (topic["topic"], topic["count"]) == ("banyan:property", 6)
    assert set(topic["petitions"]) == set(ids)
    here = await city.ask("GET", "/hot-topics?place=banyan", "clerk-1", "community-staff")
    assert len(here.json()["items"]) == 1
    beyond = await city.ask("GET", "/hot-topics?place=luoxing", "clerk-1", "community-staff")
    assert beyond.status_code == 403
    other = await city.ask("GET", "/hot-topics", "clerk-2", "community-staff", at="other")
    assert other.json()["items"] == []
    assert (await city.ask("GET", "/hot-topics", "r1", "resident")).status_code == 403


async def test_the_hotlist_begins_by_itself_once(city: City) -> None:
    async def begun() -> bool:
        return await city.running.store.get(hotlist, ID) is not None

    await city.until(begun)
    await city.running.store.do(hotlist, ID, Begin(), actor="test")
    verbs = [commit.verb for commit in await city.running.journal.history(f"hotlist-{ID}")]
    assert verbs.count("begin") == 1


async def test_a_resident_is_shown_the_title_that_is_out_for_everybody(city: City) -> None:
    lift = await city.file(LIFT)
    await city.compared(lift)
    done = Answer(by="clerk", done="已更换曳引机，现场试运行正常", done_by="物业", finished=True)
    out = Release(by="clerk", title="电梯停用", question="电梯坏了", answer="已更换曳引机")
    back = WithdrawRelease(by="clerk", reason="措辞有误")
    titles = []
    for command in (done, out, back):
        await city.running.store.do(petition, lift, command, actor="clerk")
        (found,) = (await city.draft(LIFT_AGAIN)).json()["items"]
        titles.append(found.get("title"))
    assert titles == [None, "电梯停用", None]
    assert await city.running.store.journal.readings(petition.stream(lift)) == []
