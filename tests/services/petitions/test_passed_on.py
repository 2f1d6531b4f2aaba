"""What applications of others pass on by Open311: who may file so, what they see of it, and that
nobody gets closer than the neighbourhood or reads how to reach somebody.
"""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from services.petitions.api.sight import masked_address
from tests.services.petitions.city import BANYAN, UNIT, City, city

GATEWAY = {"sub": "gateway", "role": "service"}
ASSIGNEE = {"sub": f"desk-of-{BANYAN}", "role": "neighbourhood-staff", "at": BANYAN}
COLLEAGUE = {"sub": "chen", "role": "grid-worker", "at": BANYAN}
CONTACT = {"name": "林女士", "phone": "138-1234-5678", "email": "lin@example.org"}


@pytest.fixture
async def town() -> AsyncIterator[City]:
    async with city() as made:
        yield made


async def ask(
    town: City, method: str, path: str, *, sub: str, role: str, at: str = "", **rest: Any
) -> httpx.Response:
    token = town.issuer.token(sub, (role,), (at,) if at else ())
    return await town.client.request(
        method, path, headers={"Authorization": f"Bearer {token}"}, **rest
    )


def sent_in(**more: Any) -> dict[str, Any]:
    """The body of what an application passes on."""
    return {
        "kind": "complaint",
        "title": "路灯不亮",
        "text": "三号楼前的路灯不亮",
        "place": UNIT,
        "category": "property",
        "channel": "open311",
        "on_behalf": True,
        "contact": CONTACT,
        "origin": "api-key:0123abcd",
        **more,
    }


async def passed_on(town: City) -> str:
    """Something passed on; its id."""
    made = await ask(town, "POST", "/petitions", **GATEWAY, json=sent_in())
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def test_the_gateway_files_for_somebody_who_is_not_logged_in(town: City) -> None:
    state = await town.state(await passed_on(town))
    assert (state.petitioner, state.channel, state.origin) == (
        None,
        "open311",
        "api-key:0123abcd",
    )


@pytest.mark.parametrize(
    "other",
    [
        {"channel": "web"},
        {"on_behalf": False},
        {"petitioner": "lin"},
        {"kind": "report"},
        {"household": UNIT},
    ],
)
async def test_a_service_files_nothing_else(town: City, other: dict[str, Any]) -> None:
    refused = await ask(town, "POST", "/petitions", **GATEWAY, json=sent_in(**other))
    assert refused.status_code == 403


async def test_no_other_role_files_by_open311(town: City) -> None:
    for role in ("operator", "administrator", "mediator"):
        refused = await ask(town, "POST", "/petitions", sub="x", role=role, json=sent_in())
        assert refused.status_code == 403, role


async def test_whoever_passed_it_on_sees_how_it_stands_and_its_receipt(town: City) -> None:
    id = await passed_on(town)
    shown = (await ask(town, "GET", f"/petitions/{id}", **GATEWAY)).json()
    assert "dossier" not in shown
    assert "assignee" not in shown
    assert shown["can"] == ["comment"]
    receipt, code = shown["receipt"].replace(" ", ""), shown["query_code"]
    followed = await town.get(f"/receipts/{receipt}?code={code}")
    assert followed.status_code == 200
    assert (await ask(town, "GET", f"/petitions/{id}/timeline", **GATEWAY)).status_code == 403


async def test_a_service_sees_nothing_that_came_another_way(town: City) -> None:
    id = await town.file()
    assert (await ask(town, "GET", f"/petitions/{id}", **GATEWAY)).status_code == 404
    said = await ask(town, "POST", f"/petitions/{id}/comment", **GATEWAY, json={"text": "补充"})
    assert said.status_code == 404


async def test_what_is_added_answers_the_question_it_was_returned_with(town: City) -> None:
    id = await passed_on(town)
    asked = {"question": "是哪一盏灯？"}
    done = await ask(town, "POST", f"/petitions/{id}/return", **ASSIGNEE, json=asked)
    assert done.status_code == 200, done.text
    said = {"text": "靠近车棚的那一盏"}
    done = await ask(town, "POST", f"/petitions/{id}/comment", **GATEWAY, json=said)
    assert done.status_code == 200, done.text
    assert (await town.state(id)).status == "taken"


async def test_an_address_is_read_whole_by_whoever_answers(town: City) -> None:
    id = await passed_on(town)

    async def email(caller: dict[str, str]) -> str:
        shown = (await ask(town, "GET", f"/petitions/{id}", **caller)).json()
        (told,) = (e["data"] for e in shown["dossier"] if e["name"] == "PetitionDescribed")
        return str(told["contact"]["email"])

    assert await email(ASSIGNEE) == "lin@example.org"
    assert await email(COLLEAGUE) == "l****@example.org"


def test_what_is_no_address_is_not_shown_at_all() -> None:
    assert masked_address("林女士") == "****"
    assert masked_address("@example.org") == "****@example.org"
