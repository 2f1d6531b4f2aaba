"""Suspension, consultation and whistles over HTTP, each caller with their own token."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from services.petitions.api.consultations import bounds
from services.petitions.main import service
from shared.contracts.types import OrganisationKind, PlaceKind
from shared.neighbourhood.organisation import LearnOrganisation, organisation
from shared.neighbourhood.place import LearnPlace, place
from shared.neighbourhood.post import LearnHolder, post
from shared.runtime.clock import SystemClock
from shared.runtime.memory_bus import MemoryBus, MemoryTopics
from shared.runtime.memory_journal import MemoryJournal
from shared.runtime.running import Running
from tests.identity import Issuer
from tests.runtime.applications import application

PLACES = (
    ("mawei", PlaceKind.DISTRICT),
    ("luoxing", PlaceKind.STREET),
    ("xingang", PlaceKind.COMMUNITY),
    ("banyan", PlaceKind.NEIGHBOURHOOD),
)
PATH = tuple(code for code, _ in PLACES)
POSTS = (
    ("xingang", "petitions", "secretary"),
    ("luoxing", "petitions", "officer"),
    ("banyan", "property-company", "manager"),
    ("xingang", "party-secretary", "secretary"),
)
SECRETARY = {"sub": "secretary", "role": "community-staff", "at": "xingang"}
OFFICER = {"sub": "officer", "role": "street-staff", "at": "luoxing"}
MANAGER = {"sub": "manager", "role": "neighbourhood-staff", "at": "banyan"}
RESIDENT = {"sub": "resident-1", "role": "resident", "at": "banyan"}
STRANGER = {"sub": "resident-2", "role": "resident", "at": "banyan"}
WATER = {"sub": "water-1", "role": "department-officer", "at": "nowhere", "org": "water-works"}
ROADS = {"sub": "roads-1", "role": "department-officer", "at": "nowhere", "org": "roads-office"}
POWER = {"sub": "power-1", "role": "department-officer", "at": "nowhere", "org": "power-company"}


@dataclass
class City:
    """The service at work, and callers of it."""

    running: Running
    issuer: Issuer
    client: httpx.AsyncClient

    async def ask(
        self, method: str, path: str, who: dict[str, str], **body: Any
    ) -> tuple[int, dict[str, Any]]:
        """The status and body of the answer; a POST sends `body`, a GET asks with it."""
        token = self.issuer.token(who["sub"], (who["role"],), (who["at"],), org=who.get("org"))
        sent: dict[str, Any] = {"json": body} if method == "POST" else {"params": body}
        headers = {"Authorization": f"Bearer {token}"}
        answer = await self.client.request(method, path, headers=headers, **sent)
        return answer.status_code, answer.json()

    async def do(self, path: str, who: dict[str, str], **body: Any) -> dict[str, Any]:
        """A POST that works."""
        status, answer = await self.ask("POST", path, who, **body)
        assert status in (200, 201), answer
        return answer

    async def see(self, path: str, who: dict[str, str], **asked: Any) -> dict[str, Any]:
        """A GET that works."""
        status, answer = await self.ask("GET", path, who, **asked)
        assert status == 200, answer
        return answer

    async def file(self) -> str:
        """A petition that the community's secretary has."""
        filed = await self.do(
            "/petitions",
            RESIDENT,
            kind="complaint",
            title="下水道堵塞",
            text="25号楼下水管道堵塞、污水外溢。",
            place="banyan",
            category="other",
        )
        return f"/petitions/{filed['id']}"


@pytest.fixture
async def city() -> AsyncIterator[City]:
    async with at_work() as made:
        yield made


@asynccontextmanager
async def at_work() -> AsyncIterator[City]:
    """The service in memory, with places, posts and nobody's petitions."""
    clock, issuer = SystemClock(), Issuer()
    journal = MemoryJournal(clock)
    running = service.assemble(journal, MemoryBus(MemoryTopics(), clock), clock)
    with application(service, running, issuer.verifier()) as app:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://service.test") as client:
            await running.start()
            try:
                for n, (code, kind) in enumerate(PLACES):
                    known = LearnPlace(kind, code, PATH[: n + 1])
                    await running.store.do(place, code, known, actor="community")
                for code, duty, holder in POSTS:
                    held = LearnHolder(code, duty, holder)
                    await running.store.do(post, f"{code}:{duty}", held, actor="community")
                for who in (WATER, ROADS, POWER):
                    learn = LearnOrganisation(OrganisationKind.DEPARTMENT)
                    await running.store.do(organisation, who["org"], learn, actor="community")
                async with asyncio.timeout(10):
                    while not known_to(running):  # noqa: ASYNC110 - no bell rings
                        await asyncio.sleep(0.005)
                yield City(running, issuer, client)
            finally:
                await running.stop()


def known_to(running: Running) -> bool:
    """Whether the copies have arrived."""
    kept = running.copies
    there = len(kept["post"]), len(kept["place"]), len(kept["organisation"])
    return there == (len(POSTS), len(PLACES), 3)


async def test_a_level_above_suspends_and_resumes(city: City) -> None:
    petition = await city.file()
    until = (datetime.now(UTC) + timedelta(days=20)).isoformat()
    asked = {"reason": "season", "until": until, "words": "雨季过后开挖"}
    before = (await city.see(petition, RESIDENT))["answer_by"]
    assert before is not None
    for who, status in ((STRANGER, 404), (RESIDENT, 403), (MANAGER, 403), (SECRETARY, 409)):
        assert (await city.ask("POST", f"{petition}/suspend", who, **asked))[0] == status
    assert "suspend" in (await city.see(petition, OFFICER))["can"]
    await city.do(f"{petition}/suspend", OFFICER, **asked)
    shown = await city.see(petition, RESIDENT)
    assert (shown["status"], shown["answer_by"]) == ("suspended", None)
    assert shown["suspended"]["reason"] == "season"
    listed = await city.see("/petitions", SECRETARY, status="suspended")
    assert [f"/petitions/{item['id']}" for item in listed["items"]] == [petition]
    await city.do(f"{petition}/resume", OFFICER)
    again = await city.see(petition, RESIDENT)
    assert (again["status"], again["suspended"]) == ("assigned", None)
    assert again["answer_by"] is not None


async def test_departments_are_called_accept_deliver_and_the_lead_answers(city: City) -> None:
    petition = await city.file()
    assert (await city.ask("GET", petition, WATER))[0] == 404
    departments = [WATER["org"], ROADS["org"]]
    call = {"departments": departments, "lead": WATER["org"], "question": "谁来改造？"}
    assert (await city.ask("POST", f"{petition}/consult", MANAGER, **call))[0] == 403
    typo = {**call, "departments": [WATER["org"], "raods-office"]}
    status, refused = await city.ask("POST", f"{petition}/consult", SECRETARY, **typo)
    assert (status, refused["type"]) == (409, "urn:jinlin:problem:unknown-department")
    await city.do(f"{petition}/consult", SECRETARY, **call)
    assert (await city.ask("GET", petition, POWER))[0] == 404
    assert (await city.ask("GET", "/consultations", RESIDENT))[0] == 403
    owed = await city.see("/consultations", WATER, org="mine", state="open")
    assert [item["title"] for item in owed["items"]] == ["下水道堵塞"]
    assert owed["items"][0]["consultation"]["lead"] == WATER["org"]
    assert (await city.see("/consultations", POWER))["items"] == []
    seen = await city.see(petition, WATER)
    assert {"accept-part", "refuse-part", "minute"} <= set(seen["can"])
    assert any(entry["name"] == "QuestionPut" for entry in seen["dossier"])
    forged = {"org": ROADS["org"]}
    assert (await city.ask("POST", f"{petition}/accept-part", WATER, **forged))[0] == 422
    await city.do(f"{petition}/accept-part", WATER)
    await city.do(f"{petition}/refuse-part", ROADS, reason="不是市政道路")
    await city.do(f"{petition}/deliver-part", WATER, text="主管网需要改造")
    answer = {"done": "主管网已改造，污水不再外溢", "done_by": "自来水公司", "finished": True}
    status, refused = await city.ask("POST", f"{petition}/answer", WATER, **answer)
    assert status == 409
    assert ROADS["org"] in refused["detail"]
    ruled_out = {"department": ROADS["org"], "reason": "不需要"}
    await city.do(f"{petition}/rule-out", SECRETARY, **ruled_out)
    assert (await city.ask("GET", petition, ROADS))[0] == 404, "no longer called"
    await city.do(f"{petition}/minute", SECRETARY, text="本周完工")
    await city.do(f"{petition}/answer", WATER, **answer)
    assert (await city.see("/consultations", WATER))["items"] == []
    over = await city.see("/consultations", WATER, state="concluded")
    assert [item["status"] for item in over["items"]] == ["answered"]


async def test_the_quarterly_list_has_what_a_community_handed_up(city: City) -> None:
    first, second, third = [await city.file() for _ in range(3)]
    for petition in (first, second):
        await city.do(f"{petition}/hand-up", SECRETARY, reason="要动主管网")
    await city.do(f"{second}/withdraw", RESIDENT)
    now = datetime.now(UTC) + timedelta(hours=8)
    quarter = f"{now.year}Q{(now.month + 2) // 3}"
    asked: dict[str, Any] = {"quarter": quarter, "place": "xingang", "limit": 1}
    ids, cursor = [], None
    while True:
        page = await city.see(
            "/consultations/list", OFFICER, **asked, **({"cursor": cursor} if cursor else {})
        )
        ids += [f"/petitions/{item['id']}" for item in page["items"]]
        if (cursor := page["next"]) is None:
            break
    assert ids == [first, second], "what is open first, then what has ended since"
    assert third not in ids
    before = await city.see("/consultations/list", OFFICER, quarter=f"{now.year - 1}Q4")
    assert before["items"] == []
    wrong = await city.ask("GET", "/consultations/list", OFFICER, quarter="2026Q5")
    assert wrong[0] == 422
    assert (await city.ask("GET", "/consultations/list", RESIDENT, quarter=quarter))[0] == 403


def test_a_quarter_begins_by_the_citys_clock() -> None:
    assert bounds("2026Q4") == (
        datetime(2026, 9, 30, 16, tzinfo=UTC),
        datetime(2026, 12, 31, 16, tzinfo=UTC),
    )
    assert bounds("2026Q1")[1] == bounds("2026Q2")[0]


async def test_a_whistle_goes_from_rung_to_rung_and_is_rated(city: City) -> None:
    blown = await city.do(
        "/whistles", RESIDENT, place="banyan", category="parking", title="消防通道", text="被堵了"
    )
    whistle = f"/whistles/{blown['id']}"
    assert (await city.ask("GET", whistle, STRANGER))[0] == 404
    mine = await city.see("/whistles/mine", RESIDENT)
    assert [item["title"] for item in mine["items"]] == ["消防通道"]
    assert (await city.see("/whistles/called", MANAGER))["items"][0]["duty"] == "property-company"
    assert len((await city.see("/whistles", SECRETARY, place="banyan"))["items"]) == 1
    assert (await city.see(whistle, MANAGER))["can"] == ["report", "whistle-up"]
    assert (await city.ask("POST", f"{whistle}/accept", MANAGER, stars=5))[0] == 403
    await city.do(f"{whistle}/report", MANAGER, text="已贴单")
    await city.do(f"{whistle}/refuse", RESIDENT, reason="车还在")
    climbed = await city.see(whistle, RESIDENT)
    assert (climbed["called"], climbed["duty"]) == ("secretary", "party-secretary")
    await city.do(f"{whistle}/report", SECRETARY, text="已拖走")
    await city.do(f"{whistle}/accept", RESIDENT, stars=5, word="好")
    closed = await city.see(whistle, RESIDENT)
    assert (closed["status"], closed["outcome"], closed["stars"]) == ("closed", "rated", 5)
    assert (await city.see("/whistles", SECRETARY))["items"] == []
    kept = await city.see("/whistles", SECRETARY, status="closed")
    assert len(kept["items"]) == 1
