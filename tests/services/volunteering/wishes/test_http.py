"""Wishes over HTTP: from the owner's words to thanks, who sees what, and rivals for one wish."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from services.volunteering.domain.wishes.wish import wish
from services.volunteering.domain.wishes.wish_commands import BecomePetition
from shared.neighbourhood.home import LearnHome, home
from tests.services.community.served import Served
from tests.services.volunteering.served import (
    COMMUNITY,
    NEIGHBOURHOOD,
    OTHER_COMMUNITY,
    enrol,
    found,
    told,
    volunteering,
)

WORDS = {"title": "换一只灯泡", "text": "厨房的灯坏了，我够不着，电话13800138000。"}
CONTACT = {"name": "某人", "phone": "13800138000", "address": "3栋502"}
SHOWN = {"title": "为老人换一只灯泡", "text": "需要一把梯子。"}


async def ask(at: Served, method: str, path: str, sub: str, **rest: Any) -> Any:
    return await at.ask(method, path, sub, "resident", **rest)


async def staff(at: Served, method: str, path: str, sub: str = "desk", **rest: Any) -> Any:
    places = (COMMUNITY,)
    return await at.ask(method, path, sub, "community-staff", places=places, **rest)


async def posted(at: Served, owner: str = "elder", **rest: Any) -> str:
    body = {"kind": "repair", "place": NEIGHBOURHOOD, **WORDS, "contact": CONTACT, **rest}
    answer = await ask(at, "POST", "/wishes", owner, json=body)
    assert answer.status_code == 201, answer.text
    id: str = answer.json()["id"]
    return id


async def opened(at: Served, owner: str = "elder", **rest: Any) -> str:
    id = await posted(at, owner)
    answer = await staff(at, "POST", f"/wishes/{id}/word", json={**SHOWN, **rest})
    assert answer.status_code == 200, answer.text
    return id


async def claimed(at: Served, id: str, by: str, **rest: Any) -> int:
    answer = await ask(at, "POST", f"/wishes/{id}/claim", by, json=rest)
    status: int = answer.status_code
    return status


async def test_a_wish_from_its_owners_words_to_thanks() -> None:
    async with volunteering() as at:
        await enrol(at, "helper")
        id = await posted(at)
        assert (await staff(at, "GET", f"/wishes/{id}")).json()["hints"] == ["phone"]
        refused = await staff(at, "POST", f"/wishes/{id}/word", json=WORDS)
        assert refused.status_code == 409
        assert refused.json()["type"].endswith("wording-personal")
        assert (await at.client.get(f"/public/wishes/{id}")).status_code == 404
        await staff(at, "POST", f"/wishes/{id}/word", json=SHOWN)
        public = (await at.client.get("/public/wishes", params={"place": COMMUNITY})).json()
        (item,) = public["items"]
        assert (item["id"], item["title"], item["text"]) == (id, SHOWN["title"], SHOWN["text"])
        assert "elder" not in str(public)
        assert "13800138000" not in str(public)
        assert (await ask(at, "GET", f"/wishes/{id}", "helper")).status_code == 404
        assert await claimed(at, id, "helper") == 200
        mine = (await ask(at, "GET", f"/wishes/{id}", "helper")).json()
        told_now = {one["name"]: one["data"] for one in mine["dossier"]}
        assert told_now["WishTold"]["contact"]["phone"] == "13800138000"


async def test_hours_and_thanks_are_the_owners_to_give() -> None:
    async with volunteering() as at:
        await enrol(at, "helper")
        id = await opened(at)
        assert await claimed(at, id, "helper") == 200
        await granted(at, id)
        own = await ask(at, "POST", f"/wishes/{id}/confirm", "helper", json={})
        assert own.status_code == 403
        thanks = {"stars": 5, "thanks": "谢谢小伙子"}
        over = await ask(at, "POST", f"/wishes/{id}/confirm", "elder", json=thanks)
        assert over.status_code == 200, over.text
        mine = (await ask(at, "GET", f"/wishes/{id}", "helper")).json()
        assert (mine["status"], mine["granted"]["confirmed"]) == ("fulfilled", {"helper": 30})
        told_now = {one["name"]: one["data"] for one in mine["dossier"]}
        assert told_now["WishThanked"] == {"text": "谢谢小伙子"}
        assert told_now["WishTold"] == {}
        counted = (await at.client.get("/public/wishes/counts", params={"place": COMMUNITY})).json()
        assert (counted["open"], counted["fulfilled"]) == (0, 1)
        data = (await ask(at, "GET", "/my-data", "elder")).json()
        assert any("13800138000" in str(one) for one in data["things"])


async def granted(at: Served, id: str) -> None:
    """The helper has claimed it; two hours later it is granted, with half an hour of service."""
    clock = at.running.clock
    now = clock.now()
    setattr(clock, "now", lambda: now + timedelta(hours=2))  # noqa: B010 - a clock that runs ahead
    grant = {
        "begun": (now + timedelta(hours=1)).isoformat(),
        "ended": (now + timedelta(hours=2)).isoformat(),
        "served": [{"volunteer": "helper", "minutes": 30}],
    }
    answer = await ask(at, "POST", f"/wishes/{id}/grant", "helper", json=grant)
    assert answer.status_code == 200, answer.text


async def test_one_wish_and_two_rivals() -> None:
    async with volunteering() as at:
        rivals = [f"rival-{n}" for n in range(8)]
        await enrol(at, *rivals)
        id = await opened(at)
        statuses = await asyncio.gather(*(claimed(at, id, one) for one in rivals))
        assert sorted(statuses) == [200] + [409] * 7
        snapshot = await at.running.store.get(wish, id)
        assert snapshot is not None
        assert snapshot.state.claim is not None
        assert snapshot.state.claim.volunteer == rivals[statuses.index(200)]


async def test_a_household_does_not_grant_its_own_wish() -> None:
    async with volunteering() as at:
        await enrol(at, "grandson")
        for person in ("elder", "grandson"):
            await told(at, home, person, LearnHome("n1-b3-u502"))
        id = await opened(at)
        answer = await ask(at, "POST", f"/wishes/{id}/claim", "grandson", json={})
        assert answer.json()["type"].endswith("own-household")
        timeline = await staff(at, "GET", f"/wishes/{id}/timeline")
        assert "n1-b3-u502" not in timeline.text
        assert "n1-b3-u502" in (await ask(at, "GET", f"/wishes/{id}/timeline", "elder")).text


async def test_a_team_claims_and_its_leaders_answer_for_it() -> None:
    async with volunteering() as at:
        await enrol(at, "captain", "member")
        team = await found(at, "captain", ["member"])
        id = await opened(at)
        assert await claimed(at, id, "member", team=team) == 409
        assert await claimed(at, id, "captain", team=team) == 200
        mine = (await ask(at, "GET", "/wishes/claimed", "captain")).json()["items"]
        assert [one["id"] for one in mine] == [id]


async def test_staff_see_their_places_only() -> None:
    async with volunteering() as at:
        id = await posted(at)
        queue = (await staff(at, "GET", "/wishes")).json()["items"]
        assert [(one["id"], one["title"]) for one in queue] == [(id, WORDS["title"])]
        there = await at.ask(
            "GET", f"/wishes/{id}", "far", "community-staff", places=(OTHER_COMMUNITY,)
        )
        assert there.status_code == 404
        elsewhere = await at.ask("GET", "/wishes", "far", "grid-worker", places=(OTHER_COMMUNITY,))
        assert elsewhere.json()["items"] == []
        beyond = {"place": NEIGHBOURHOOD}
        refused = await at.ask(
            "GET", "/wishes", "far", "grid-worker", places=(OTHER_COMMUNITY,), params=beyond
        )
        assert refused.status_code == 403


async def test_a_grid_worker_posts_for_an_elder_without_an_account() -> None:
    async with volunteering() as at:
        consent = {"how": "spoken", "given": datetime.now(UTC).isoformat()}
        body = {
            "kind": "company",
            "place": NEIGHBOURHOOD,
            "title": "有人下棋",
            "text": "每周一盘。",
            "on_behalf": True,
            "consent": consent,
        }
        as_resident = await ask(at, "POST", "/wishes", "worker", json=body)
        assert as_resident.status_code == 403
        made = await at.ask(
            "POST", "/wishes", "worker", "grid-worker", places=(NEIGHBOURHOOD,), json=body
        )
        assert made.status_code == 201, made.text
        id = made.json()["id"]
        seen = (await ask(at, "GET", "/wishes/posted", "worker")).json()["items"]
        assert [(one["id"], one["owner"]) for one in seen] == [(id, None)]


async def test_a_wish_becomes_the_petition_of_its_owner() -> None:
    async with volunteering() as at:
        id = await opened(at)
        referred = await staff(at, "POST", f"/wishes/{id}/refer", json={"reason": "归物业"})
        assert referred.status_code == 200
        await told(at, wish, id, BecomePetition("p1", "elder"))
        seen = (await ask(at, "GET", f"/wishes/{id}", "elder")).json()
        assert (seen["status"], seen["petition"]) == ("petition", "p1")
