"""The log at work, from events to proofs over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from services.ledger.domain.log.tile import WIDTH
from services.ledger.page import PAGE
from shared.merkle.ed25519 import verify
from shared.merkle.entries import entry_in
from shared.merkle.notes import head_in, key_in, note_in
from shared.merkle.proofs import check
from shared.merkle.tree import frontier_of, root_of, verify_consistency
from tests.services.community.served import Served, until
from tests.services.ledger.log.sealing import (
    digest_of,
    get,
    issued,
    ledger,
    message,
    size,
    tell,
    withdrawn,
)

MANY = 3 * WIDTH + 41


@pytest.fixture
async def at() -> AsyncIterator[Served]:
    async with ledger() as at:
        yield at


async def signed(at: Served, of: int) -> dict[str, Any]:
    """Waits for the head of so many entries."""
    async with asyncio.timeout(20):
        while True:
            answer = await at.client.get("/heads/latest")
            if answer.status_code == 200 and answer.json()["size"] >= of:
                head: dict[str, Any] = answer.json()
                return head
            await asyncio.sleep(0.02)


async def test_what_has_a_digest_is_sealed_and_proved(at: Served) -> None:
    await tell(at, range(MANY))
    head = await signed(at, MANY)
    assert head["size"] == MANY
    keys = (await get(at, "/keys"))["keys"]
    assert [line["succession"] for line in keys] == [None]
    for number in (0, 1, WIDTH - 1, WIDTH, MANY // 2, MANY - 1):
        proof = await get(at, "/proof", digest=digest_of(number))
        shown = check(proof, digest_of(number), verify, [key_in(keys[0]["key"])])
        assert shown.head == head_in(note_in(head["head"]).body)
        assert shown.entry.source == f"volunteering/certificate-{number}/1/0"
        assert shown.trusted
        assert proof["also"] == []
        assert (await get(at, f"/entries/{shown.index}"))["digest"] == digest_of(number)


async def test_everybody_can_reckon_the_heads_from_the_entries(at: Served) -> None:
    await tell(at, range(MANY))
    head = await signed(at, MANY)
    found: list[dict[str, Any]] = []
    following: int | None = 0
    while following is not None:
        page = await get(at, "/entries", **{"from": following, "limit": 100})
        found += page["items"]
        following = page["next"]
    assert [one["index"] for one in found] == list(range(MANY))
    assert sorted(one["digest"] for one in found) == sorted(map(digest_of, range(MANY)))
    assert root_of(frontier_of([entry_in(one).hash for one in found])).hex() == head["root"]


async def test_heads_follow_on_each_other(at: Served) -> None:
    for end in (1, 5, 300):
        await tell(at, range(await size(at), end))
        await signed(at, end)
    heads = (await get(at, "/heads"))["items"]
    assert [one["size"] for one in heads][-1] == 300
    roots = [bytes.fromhex(one["root"]) for one in heads]
    for (one, root), (other, new_root) in zip(
        zip(heads, roots, strict=True), zip(heads[1:], roots[1:], strict=False), strict=False
    ):
        told = await get(at, "/consistency", **{"from": one["size"], "to": other["size"]})
        proof = [bytes.fromhex(each) for each in told["consistency"]]
        verify_consistency(one["size"], other["size"], proof, root, new_root)
    assert await get(at, "/heads/300") == heads[-1]
    first = await get(at, "/heads", limit=1)
    assert first["items"] == heads[:1]
    assert first["next"] == heads[0]["size"]


async def test_what_was_withdrawn_is_another_entry_that_the_proof_names(at: Served) -> None:
    await at.running.bus.publish(
        [
            message(issued(7), "certificate-7", 1),
            message(withdrawn(7), "certificate-7", 2),
        ]
    )
    await signed(at, 2)
    proof = await get(at, "/proof", digest=digest_of(7).upper())
    assert proof["entry"]["kind"] == "certificate"
    assert [(one["index"], one["kind"]) for one in proof["also"]] == [(1, "withdrawal")]
    other = await get(at, "/proof", digest=digest_of(7), kind="withdrawal")
    assert check(other, digest_of(7), verify).index == 1


async def test_an_event_that_comes_again_is_not_sealed_again(at: Served) -> None:
    for _ in range(3):
        await tell(at, range(10))
    await signed(at, 10)
    await tell(at, range(9, 12))
    await signed(at, 12)
    assert await size(at) == 12


async def test_what_is_no_digest_is_put_aside_and_holds_nothing_up(at: Served) -> None:
    await at.running.bus.publish(
        [
            message(replace(issued(1), digest="no digest"), "certificate-1"),
            message(issued(2), "certificate-2"),
        ]
    )
    assert (await signed(at, 1))["size"] == 1
    await until(lambda: len(at.topics.messages("ledger.dlq.v1")) == 1, 20)
    assert await size(at) == 1


async def test_what_is_not_there_is_not_shown(at: Served) -> None:
    for path, status in {
        "/heads/latest": 404,
        "/heads/1": 404,
        "/heads/0": 422,
        "/entries/0": 404,
        "/entries/-1": 422,
        f"/proof?digest={digest_of(1)}": 404,
        "/proof?digest=abc": 422,
        "/proof": 422,
        "/consistency?from=0&to=1": 404,
        "/consistency?from=2&to=1": 422,
        "/entries?limit=100000": 422,
    }.items():
        answer = await at.client.get(path)
        assert answer.status_code == status, path
    assert await get(at, "/entries") == {"items": [], "next": None}
    assert await get(at, "/heads") == {"items": [], "next": None}
    assert await get(at, "/keys") == {"keys": []}


async def test_the_page_may_run_its_own_script_and_nothing_besides(at: Served) -> None:
    answer = await at.client.get("/verify")
    assert answer.text == PAGE
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'sha256-" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
