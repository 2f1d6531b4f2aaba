"""Several voices over HTTP: who reads what they sign, who speaks for all, and who is forgotten."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from services.petitions.domain.petition import petition
from services.petitions.domain.state import Status
from shared.contracts import community
from shared.contracts.types import PlaceKind
from shared.neighbourhood.place import LearnPlace, place
from shared.neighbourhood.post import LearnHolder, post
from tests.services.petitions.city import BANYAN, DISTRICT, LAKE, NORTH, SOUTH, STREET, City, city
from tests.services.petitions.test_together_http import CLERK, Community, ask, until

HOMES = {
    "lin": f"{BANYAN}-1-1",
    "wang": f"{BANYAN}-1-2",
    "zhao": f"{BANYAN}-1-3",
    "qian": f"{LAKE}-1-1",
}
"""Who lives where; Qian in the other community."""
PHONE = "13912345678"
JOINT = {
    "kind": "complaint",
    "title": "单元门口要一条坡道",
    "text": "台阶太高，轮椅出不了门",
    "place": BANYAN,
    "category": "property",
    "household": HOMES["lin"],
    "contact": {"phone": PHONE},
}


@pytest.fixture
async def town() -> AsyncIterator[City]:
    async with city() as made:
        told = Community(made)
        for who, unit in HOMES.items():
            around = (DISTRICT, STREET, NORTH, BANYAN)
            if unit.startswith(LAKE):
                around = (DISTRICT, STREET, SOUTH, LAKE)
            learn = LearnPlace(PlaceKind.UNIT, unit, (*around, unit))
            await made.running.store.do(place, unit, learn, actor="test")
            await told.tells(community.ResidentRegistered(who, unit), f"resident-{who}")

        async def known() -> bool:
            homes = await made.running.store.journal.load("home", list(HOMES))
            return len(homes) == len(HOMES) and all(
                unit in made.running.copies["place"] for unit in HOMES.values()
            )

        await until(known)
        yield made


async def by(town: City, who: str, method: str, path: str, **rest: Any) -> httpx.Response:
    return await ask(town, method, path, sub=who, role="resident", **rest)


async def does(town: City, who: str, path: str, **body: Any) -> dict[str, Any]:
    done = await by(town, who, "POST", path, json=body)
    assert done.status_code in (200, 201), done.text
    outcome: dict[str, Any] = done.json()
    return outcome


async def refused(town: City, who: str, path: str, **body: Any) -> str:
    answer = await by(town, who, "POST", path, json=body)
    assert answer.status_code == 409, answer.text
    return str(answer.json()["type"]).rpartition(":")[2]


async def joint(town: City, *signers: str) -> str:
    """Lin's joint petition, signed by others; its id."""
    id = str((await does(town, "lin", "/petitions", **JOINT))["id"])
    for who in signers:
        await does(town, who, f"/petitions/{id}/sign", household=HOMES[who])
    return id


async def test_neighbours_read_what_they_sign_before_they_sign_it(town: City) -> None:
    id = await joint(town)
    read = await by(town, "wang", "GET", f"/petitions/{id}/to-sign")
    assert read.status_code == 200
    assert (read.json()["title"], read.json()["text"]) == (JOINT["title"], JOINT["text"])
    assert PHONE not in read.text
    (reading,) = await town.running.store.journal.readings(petition.stream(id))
    assert (reading["reader"], reading["purpose"]) == ("wang", "signing")
    alone = await town.file()
    for who, which in (("qian", id), ("nobody", id), ("wang", alone)):
        hidden = await by(town, who, "GET", f"/petitions/{which}/to-sign")
        assert hidden.status_code == 404, (who, hidden.text)


async def test_who_signed_reads_what_they_signed_and_the_answer(town: City) -> None:
    id = await joint(town, "wang")
    await does(town, "lin", f"/petitions/{id}/comment", text="请先打我电话")
    await town.answer(id)
    seen = await by(town, "wang", "GET", f"/petitions/{id}")
    assert seen.status_code == 200
    entries = {entry["name"]: entry["data"] for entry in seen.json()["dossier"]}
    assert entries.keys() == {"PetitionDescribed", "AnswerWritten"}
    assert entries["PetitionDescribed"]["text"] == JOINT["text"]
    assert PHONE not in seen.text
    assert (await by(town, "wang", "GET", f"/petitions/{id}/timeline")).status_code == 403
    rate = await by(town, "wang", "POST", f"/petitions/{id}/rate", json={"stars": 5})
    assert rate.status_code == 403
    mine = (await by(town, "wang", "GET", "/petitions/mine?voice=signed")).json()["items"]
    assert [(one["id"], one["title"]) for one in mine] == [(id, JOINT["title"])]
    assert (await by(town, "wang", "GET", "/petitions/mine")).json()["items"] == []


async def test_who_supports_it_sees_how_it_stands_and_not_whose_it_is(town: City) -> None:
    id = await town.file(text="三号楼 502 的林家")
    await does(town, "zhao", f"/petitions/{id}/support")
    await town.answer(id)
    seen = await by(town, "zhao", "GET", f"/petitions/{id}")
    assert seen.status_code == 200
    assert (seen.json()["status"], seen.json()["supporters"]) == ("answered", 1)
    assert not {"place", "path", "petitioner", "dossier"} & seen.json().keys()
    assert "lin" not in seen.json().values()
    listed = await by(town, "zhao", "GET", "/petitions/mine?voice=supported")
    assert [(one["id"], one["title"]) for one in listed.json()["items"]] == [(id, None)]
    await town.release(id)
    listed = await by(town, "zhao", "GET", "/petitions/mine?voice=supported")
    assert [one["title"] for one in listed.json()["items"]] == ["路灯"]


async def test_nobody_signs_for_a_household_that_is_not_theirs(town: City) -> None:
    id = await joint(town)
    sign = f"/petitions/{id}/sign"
    assert await refused(town, "wang", sign, household=HOMES["zhao"]) == "other-household"
    assert await refused(town, "nobody", sign, household=HOMES["zhao"]) == "no-household"
    await does(town, "zhao", sign, household=HOMES["zhao"])
    filed = {**JOINT, "household": HOMES["zhao"]}
    assert await refused(town, "wang", "/petitions", **filed) == "other-household"


async def test_who_moved_out_signs_no_more(town: City) -> None:
    id = await joint(town)
    moved = community.ResidentMovedOut("wang", HOMES["wang"])
    await Community(town, told=50).tells(moved, "resident-wang")

    async def gone() -> bool:
        stored = await town.running.store.journal.load("home", ["wang"])
        return stored["wang"].state["household"] is None

    await until(gone)
    code = await refused(town, "wang", f"/petitions/{id}/sign", household=HOMES["wang"])
    assert code == "no-household"


async def test_the_spokesperson_passes_it_on_without_their_telephone(town: City) -> None:
    id = await joint(town, "wang")
    assert PHONE in (await by(town, "lin", "GET", f"/petitions/{id}")).text
    await does(town, "lin", f"/petitions/{id}/pass-on", to="wang")
    seen = await by(town, "wang", "GET", f"/petitions/{id}")
    assert "rate" not in seen.json()["can"]
    assert "withdraw" in seen.json()["can"]
    assert PHONE not in seen.text
    assert PHONE not in (await ask(town, "GET", f"/petitions/{id}", **CLERK)).text
    former = await by(town, "lin", "GET", f"/petitions/{id}")
    assert former.status_code == 200
    assert "withdraw" not in former.json()["can"]


async def test_a_joint_petition_outlives_its_spokesperson(town: City) -> None:
    id = await joint(town, "wang", "zhao")
    await does(town, "lin", f"/petitions/{id}/comment", text="留痕评论")
    until_when = (await town.state(id)).answer_by
    await Community(town, told=50).tells(community.ResidentErased("lin"), "resident-lin")

    async def passed_on() -> bool:
        return (await town.state(id)).petitioner == "wang"

    await until(passed_on)
    state = await town.state(id)
    assert (state.status, state.answer_by) == (Status.ASSIGNED, until_when)
    assert state.voices is not None
    assert state.voices.signers == ("wang", "zhao")
    entries = await town.running.store.journal.dossier(petition.stream(id))
    assert [entry.name for entry in entries] == ["PetitionDescribed"]
    assert (entries[0].data["text"], entries[0].data["contact"]) == (JOINT["text"], None)
    await town.answer(id)
    await does(town, "wang", f"/petitions/{id}/rate", stars=5)


async def test_an_erased_neighbour_is_struck_from_what_they_signed_and_supported(
    town: City,
) -> None:
    signed, supported = await joint(town, "wang"), await town.file()
    await does(town, "wang", f"/petitions/{supported}/support")
    await Community(town, told=50).tells(community.ResidentErased("wang"), "resident-wang")

    async def struck() -> bool:
        states = [await town.state(id) for id in (signed, supported)]
        return all(state.informed == () for state in states)

    await until(struck)
    assert (await town.state(signed)).petitioner == "lin"


async def test_all_that_somebody_has_a_voice_in_is_among_their_own_data(town: City) -> None:
    learn = LearnHolder(BANYAN, "property-company", "company")
    await town.running.store.do(post, f"{BANYAN}:property-company", learn, actor="test")
    posts = town.running.copies["post"]

    async def known() -> bool:
        return f"{BANYAN}:property-company" in posts

    await until(known)
    own, signed, supported = await town.file(), await joint(town, "wang"), await town.file()
    await does(town, "wang", f"/petitions/{supported}/support")
    passed_on = await joint(town, "wang")
    await does(town, "lin", f"/petitions/{passed_on}/pass-on", to="wang")
    words = {"title": "电梯", "text": "电梯又停了", "place": BANYAN, "category": "property"}
    whistled = (await does(town, "wang", "/whistles", **words))["id"]

    async def held(who: str) -> list[dict[str, Any]]:
        answer = await by(town, who, "GET", "/my-data")
        assert answer.status_code == 200, answer.text
        return list(answer.json()["things"])

    wang = await held("wang")
    states = [(one["id"], one["state"]) for one in wang]
    signatures = {id: state["signed_for"] for id, state in states if "signed_for" in state}
    assert signatures == dict.fromkeys((signed, passed_on), HOMES["wang"])
    assert [id for id, state in states if state.get("supports")] == [supported]
    (whistle,) = [one for one in wang if one["kind"] == "whistle"]
    assert whistle["id"] == whistled
    assert "电梯又停了" in str(whistle["dossier"])
    lin = await held("lin")
    assert {one["id"] for one in lin if "dossier" in one} == {own, signed, supported}
    assert [one["id"] for one in lin if one["state"].get("spoke_for_it")] == [passed_on]
    assert await held("zhao") == []
