"""If-Match, and what is offered: also for evidence, drafts, names and signatures."""

from typing import Any

import httpx

from tests.services.community.served import Served
from tests.services.mediation.agreements.test_http import clauses, drafted, signs
from tests.services.mediation.quarrel import (
    CHEN,
    LIN,
    MEDIATOR,
    POLICE,
    does,
    quarrel,
    reads,
)
from tests.services.mediation.served import by_convenor, mediation


async def on(at: Served, who: str, path: str, version: int, **rest: Any) -> httpx.Response:
    """A command that rests on a version."""
    token = at.issuer.token(who, ["resident"], [])
    headers = {"Authorization": f"Bearer {token}", "If-Match": f'"{version}"'}
    answer: httpx.Response = await at.client.post(path, headers=headers, **rest)
    return answer


async def seen(at: Served, who: str, path: str) -> tuple[int, set[str]]:
    """Its version, and what is open to somebody."""
    answer = (await reads(at, who, path)).json()
    return answer["version"], set(answer["can"])


async def test_evidence_and_a_first_draft_rest_on_the_dispute() -> None:
    async with mediation() as at:
        id = await quarrel(at)
        version, _ = await seen(at, LIN, f"/disputes/{id}")
        for name, body in (
            ("evidence", {"content": "同一句话".encode()}),
            ("agreements", {"json": {"clauses": clauses(at)}}),
        ):
            path = f"/disputes/{id}/{name}"
            late = await on(at, LIN, path, version - 1, **body)
            assert late.status_code == 412, name
            assert (await on(at, LIN, path, version, **body)).status_code == 201, name


async def test_a_version_a_name_and_a_signature_rest_on_the_agreement() -> None:
    async with mediation() as at:
        new = await drafted(at, await quarrel(at))
        path = f"/agreements/{new}"
        code = (await reads(at, LIN, f"{path}/sign-code")).json()
        signature = {name: code[name] for name in ("number", "digest", "code")}
        for verb, who, said in (
            ("sign", LIN, signature),
            ("draft", MEDIATOR, {"clauses": clauses(at)}),
            ("show-name", CHEN, {"name": "陈先生"}),
        ):
            version, can = await seen(at, who, path)
            assert verb in can
            late = await on(at, who, f"{path}/{verb}", version - 1, json=said)
            assert late.status_code == 412, verb
            done = await on(at, who, f"{path}/{verb}", version, json=said)
            assert done.status_code == 200, done.text
            assert done.headers["etag"] == f'"{version + 1}"'


async def test_what_is_open_is_offered_to_whom_it_is_open() -> None:
    async with mediation() as at:
        id = await quarrel(at)
        beneath = {"evidence", "agreements"}
        for who, open_to in ((LIN, beneath), (MEDIATOR, beneath), (POLICE, {"evidence"})):
            _, can = await seen(at, who, f"/disputes/{id}")
            assert can & beneath == open_to, who
        staff = (await by_convenor(at, "GET", f"/disputes/{id}")).json()["can"]
        assert beneath.isdisjoint(staff)
        new = await drafted(at, id)
        making = {"draft", "show-name", "sign"}
        for who, open_to in ((LIN, making), (MEDIATOR, {"draft"}), (POLICE, set())):
            _, can = await seen(at, who, f"/agreements/{new}")
            assert can & making == open_to, who
        assert await signs(at, LIN, new) == (200, "")
        _, can = await seen(at, LIN, f"/agreements/{new}")
        assert can & making == {"draft", "show-name"}, "a party signs a version once"
        assert (await does(at, LIN, f"/disputes/{id}/withdraw")).status_code == 200
        _, can = await seen(at, LIN, f"/disputes/{id}")
        assert beneath.isdisjoint(can)
