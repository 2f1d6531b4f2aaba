"""Nobody hears of, or acts on, what is said about them or a body of theirs, whatever their token
says: as a member, by a post that the body fills, or by the token's own organisation.
"""

from collections.abc import AsyncIterator

import httpx
import pytest

from services.petitions.domain.commands import HandUp
from shared.contracts.types import PetitionKind
from shared.neighbourhood.member import LearnMembership, member
from shared.neighbourhood.post import LearnHolder, post
from tests.services.petitions.city import BANYAN, DISTRICT, NORTH, City, city

BODY = "o-banyan-property"
MEMBER, POST_HOLDER, OFFICER, OTHER = "mo", "po", "huo", "he"
PARTIAL = (MEMBER, POST_HOLDER, OFFICER)


@pytest.fixture
async def town() -> AsyncIterator[City]:
    async with city() as made:
        store, copies = made.running.store, made.running.copies
        await store.do(member, MEMBER, LearnMembership(BODY), actor="community")
        held = LearnHolder(BANYAN, "property-company", POST_HOLDER, BODY)
        await store.do(post, f"{BANYAN}:property-company", held, actor="community")
        while not copies["post"].filled_for(POST_HOLDER) or MEMBER not in copies["member"]:
            await made.clock.sleep(0.01)
        yield made


async def ask(
    town: City, who: str, role: str, method: str, path: str, **body: object
) -> httpx.Response:
    org = BODY if who == OFFICER else None
    token = town.issuer.token(who, (role,), (DISTRICT,), org=org)
    headers = {"Authorization": f"Bearer {token}"}
    sent = body if method == "POST" else None
    return await town.client.request(method, path, headers=headers, json=sent)


async def report(town: City) -> str:
    """A report about the body that a community handed up: the quarterly list has it."""
    id = await town.file(kind=PetitionKind.REPORT, complained_of=BODY)
    for _ in range(2):
        by = (await town.state(id)).assignee
        await town.do(id, HandUp(by=by or "officer", reason="无权处理"))
    return id


async def lists(town: City, who: str, id: str) -> dict[str, bool]:
    """In which lists the petition is shown to them."""
    filed = (await town.state(id)).filed_at
    quarter = f"{filed.year}Q{(filed.month + 2) // 3}"
    asked = ("/petitions", "/petitions/export", f"/consultations/list?quarter={quarter}")
    answers = [await ask(town, who, "district-staff", "GET", path) for path in asked]
    assert [answer.status_code for answer in answers] == [200] * 3
    return {path: id in answer.text for path, answer in zip(asked, answers, strict=True)}


@pytest.mark.parametrize("who", PARTIAL)
async def test_no_list_shows_it_to_the_body(town: City, who: str) -> None:
    id = await report(town)
    assert not any((await lists(town, who, id)).values())


async def test_every_list_shows_it_to_others(town: City) -> None:
    id = await report(town)
    assert all((await lists(town, OTHER, id)).values())


@pytest.mark.parametrize("who", PARTIAL)
@pytest.mark.parametrize("role", ["district-staff", "intake"])
async def test_it_is_not_there_for_the_body_whatever_the_role(
    town: City, who: str, role: str
) -> None:
    id = await report(town)
    for path in ("", "/timeline", "/attachments"):
        assert (await ask(town, who, role, "GET", f"/petitions/{id}{path}")).status_code == 404
        assert (await ask(town, OTHER, role, "GET", f"/petitions/{id}{path}")).status_code == 200
    for verb, body in (
        ("close", {"reason": "查无实据"}),
        ("follow-up", {"reached": False}),
        ("comment", {"text": "没有这回事"}),
        ("release", {"title": "举报", "question": "问", "answer": "答"}),
    ):
        refused = await ask(town, who, role, "POST", f"/petitions/{id}/{verb}", **body)
        assert refused.status_code == 404, verb


@pytest.mark.parametrize("who", PARTIAL)
async def test_who_reports_is_told_to_no_desk_of_the_body(town: City, who: str) -> None:
    id = await report(town)
    assert (await ask(town, who, "intake", "GET", f"/petitions/{id}")).status_code == 404
    desk = (await ask(town, OTHER, "intake", "GET", f"/petitions/{id}")).json()
    assert desk["petitioner"] == "lin"


async def test_an_employee_follows_their_own_report(town: City) -> None:
    id = await town.file(complained_of=BODY)
    await town.running.store.do(member, "lin", LearnMembership(BODY), actor="community")
    while "lin" not in town.running.copies["member"]:
        await town.clock.sleep(0.01)
    seen = await ask(town, "lin", "resident", "GET", f"/petitions/{id}")
    assert seen.status_code == 200
    said = await ask(town, "lin", "resident", "POST", f"/petitions/{id}/comment", text="还有照片")
    assert said.status_code == 200
    refused = await ask(town, "lin", "district-staff", "POST", f"/petitions/{id}/take")
    assert refused.status_code == 403


async def test_a_post_that_the_body_fills_is_passed_over_by_the_ladder(town: City) -> None:
    held = LearnHolder(BANYAN, "petitions", POST_HOLDER, BODY)
    await town.running.store.do(post, f"{BANYAN}:petitions", held, actor="community")
    while town.running.copies["post"][f"{BANYAN}:petitions"].holder != POST_HOLDER:
        await town.clock.sleep(0.01)
    assert (await town.state(await town.file())).assignee == POST_HOLDER
    about = await town.state(await town.file(complained_of=BODY))
    assert (about.at, about.assignee) == (NORTH, f"desk-of-{NORTH}")
