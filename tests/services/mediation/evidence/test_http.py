"""Evidence over HTTP: filed as it is, open to whom it should be, recorded, closed, forgotten."""

import asyncio
import logging
from collections.abc import AsyncIterator
from hashlib import sha256
from typing import Any

import httpx
import pytest

from services.mediation.api.evidence import receiving
from services.mediation.domain.disputes.dispute import dispute
from services.mediation.domain.evidence import shelf
from services.mediation.domain.evidence.evidence import evidence
from services.mediation.domain.evidence.evidence_state import Status
from services.mediation.scanning import Clamd, Scanning
from shared.contracts import community
from shared.runtime.files import PIECE, sweep
from tests.services.community.served import Served, until
from tests.services.mediation.evidence.daemon import SICK, daemon
from tests.services.mediation.evidence.test_media_types import picture
from tests.services.mediation.quarrel import (
    CHEN,
    LIN,
    MEDIATOR,
    POLICE,
    STRANGER,
    code_of,
    does,
    quarrel,
    reads,
)
from tests.services.mediation.served import by_convenor, mediation, settled, tells

PICTURE = picture("PNG")
NAMED = {"Content-Disposition": "attachment; filename*=UTF-8''%E8%B5%B0%E5%BB%8A.png"}
LARGE = "同一句话。\n".encode() * 40_000
"""Text of more than two pieces."""


async def send(
    at: Served,
    id: str,
    content: Any = PICTURE,
    who: str = LIN,
    headers: dict[str, str] | None = None,
    **asked: str,
) -> httpx.Response:
    token = at.issuer.token(who, ["resident"], [])
    sent = {"Authorization": f"Bearer {token}", "Content-Type": "image/gif", **(headers or {})}
    path = f"/disputes/{id}/evidence"
    return await at.client.post(path, params=asked, content=content, headers=sent)


async def filed(at: Served, id: str, content: Any = PICTURE, who: str = LIN, **asked: str) -> str:
    answer = await send(at, id, content, who, NAMED, **asked)
    assert answer.status_code == 201, answer.text
    new: str = answer.json()["id"]
    return new


async def kept(at: Served) -> int:
    """How many files there are, recorded or not."""
    shelf = at.running.journal.disk._shelf  # type: ignore[attr-defined]
    return len(shelf.pieces)


async def statuses(at: Served, path: str) -> dict[str, int]:
    people = (LIN, CHEN, MEDIATOR, POLICE, STRANGER)
    return {who: (await reads(at, who, path)).status_code for who in people}


async def test_what_comes_is_what_is_given_out_and_named_by_its_content() -> None:
    async with mediation() as at:
        id = await quarrel(at)
        made = await send(at, id, PICTURE, headers=NAMED)
        assert made.status_code == 201
        assert made.json()["digest"] == sha256(PICTURE).hexdigest()
        got = await reads(at, CHEN, f"{made.headers['location']}/content")
        assert got.content == PICTURE
        assert got.headers["content-type"] == "image/png"
        assert got.headers["content-disposition"].endswith("''%E8%B5%B0%E5%BB%8A.png")
        assert got.headers["x-content-type-options"] == "nosniff"
        tag = got.headers["etag"]
        assert tag == f'"{sha256(PICTURE).hexdigest()}"'
        known = {"headers": {"If-None-Match": tag}}
        path = f"{made.headers['location']}/content"
        again = await by_person_with(at, CHEN, path, known["headers"])
        assert again.status_code == 304
        checked = (await reads(at, CHEN, f"{made.headers['location']}/check")).json()
        assert checked["unaltered"] is True


async def by_person_with(
    at: Served, who: str, path: str, headers: dict[str, str]
) -> httpx.Response:
    token = at.issuer.token(who, ["resident"], [])
    return await at.client.get(path, headers={"Authorization": f"Bearer {token}", **headers})


@pytest.mark.parametrize(
    ("asked", "who", "open_to"),
    [
        ({"disclosed": "all"}, LIN, {LIN, CHEN, MEDIATOR, POLICE}),
        ({"disclosed": "sides"}, LIN, {LIN, MEDIATOR, POLICE}),
        ({"disclosed": "sides", "side": "b"}, LIN, {LIN, CHEN, MEDIATOR, POLICE}),
        ({"disclosed": "sides", "side": "b"}, MEDIATOR, {CHEN, MEDIATOR, POLICE}),
        ({"disclosed": "panel"}, CHEN, {CHEN, MEDIATOR, POLICE}),
    ],
)
async def test_others_do_not_know_that_it_is_there(
    asked: dict[str, str], who: str, open_to: set[str]
) -> None:
    async with mediation() as at:
        id = await quarrel(at)
        piece = await filed(at, id, PICTURE, who, **asked)
        for part in ("", "/content", "/check", "/proof-data"):
            found = await statuses(at, f"/evidence/{piece}{part}")
            assert {one for one, status in found.items() if status == 200} == open_to, part
            assert set(found.values()) <= {200, 404}
        for one in (LIN, CHEN, MEDIATOR, POLICE):
            items = (await reads(at, one, f"/disputes/{id}/evidence")).json()["items"]
            assert [item["id"] for item in items] == ([piece] if one in open_to else [])
        assert (await reads(at, STRANGER, f"/disputes/{id}/evidence")).status_code == 404
        assert (await by_convenor(at, "GET", f"/disputes/{id}/evidence")).status_code == 404
        assert (await by_convenor(at, "GET", f"/evidence/{piece}/content")).status_code == 404


async def test_strangers_and_who_organises_file_nothing() -> None:
    async with mediation() as at:
        id = await quarrel(at)
        assert (await send(at, id, who=STRANGER)).status_code == 404
        assert (await send(at, "none", who=LIN)).status_code == 404
        assert (await by_convenor(at, "POST", f"/disputes/{id}/evidence")).status_code == 404
        assert await kept(at) == 0


async def test_it_is_described_widened_and_withdrawn_by_who_filed_it() -> None:
    async with mediation() as at:
        id = await quarrel(at)
        piece = await filed(at, id, disclosed="panel")
        path = f"/evidence/{piece}"
        assert (await does(at, LIN, f"{path}/describe", text="三月二日拍的")).status_code == 200
        assert (await does(at, MEDIATOR, f"{path}/widen", disclosed="all")).status_code == 403
        assert (await does(at, CHEN, f"{path}/widen", disclosed="all")).status_code == 404
        assert (await does(at, LIN, f"{path}/widen", disclosed="all")).status_code == 200
        narrowed = await does(at, LIN, f"{path}/widen", disclosed="panel")
        assert code_of(narrowed) == "evidence-narrowed"
        (item,) = (await reads(at, CHEN, f"/disputes/{id}/evidence")).json()["items"]
        assert (item["name"], item["text"], item["open"]) == ("走廊.png", "三月二日拍的", True)
        withdrawn = await does(at, LIN, f"{path}/withdraw", because="private")
        assert withdrawn.status_code == 200
        found = await statuses(at, f"{path}/content")
        assert found == {LIN: 200, CHEN: 404, MEDIATOR: 200, POLICE: 200, STRANGER: 404}
        (item,) = (await reads(at, CHEN, f"/disputes/{id}/evidence")).json()["items"]
        assert (item["status"], item["name"], item["open"]) == ("withdrawn", None, False)
        assert item["digest"] == sha256(PICTURE).hexdigest()
        shown = (await reads(at, CHEN, path)).json()
        assert "dossier" not in shown
        proof = (await reads(at, CHEN, f"{path}/proof-data")).json()
        assert proof["event"] == f"mediation/evidence-{piece}/1/0"
        assert proof["type"] == "cn.jinlin.mediation.EvidenceFiled.v1"


async def test_every_reading_is_recorded_ones_own_too() -> None:
    async with mediation() as at:
        id = await quarrel(at)
        piece = await filed(at, id)
        for who in (LIN, CHEN):
            for path in ("/content", "/check", ""):
                await reads(at, who, f"/evidence/{piece}{path}")
            await reads(at, who, f"/disputes/{id}/evidence")
        found = await at.running.journal.readings(evidence.stream(piece))
        purposes = ["content of evidence", "check of evidence", "GET /evidence", "list of evidence"]
        assert [(one["reader"], one["purpose"]) for one in found] == [
            (who, purpose) for who in (LIN, CHEN) for purpose in purposes
        ]


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"MZ" + bytes(3000), 415, "evidence-unknown-type"),
        (LARGE + b"\x00", 415, "evidence-unknown-type"),
        (b"", 422, "evidence-empty"),
    ],
)
async def test_what_is_not_taken_is_not_kept(content: bytes, status: int, code: str) -> None:
    async with mediation() as at:
        id = await quarrel(at)
        refused = await send(at, id, content, headers={"Accept-Language": "zh"})
        assert (refused.status_code, code_of(refused)) == (status, code)
        assert await kept(at) == 0


async def test_more_than_is_taken_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "MOST_BYTES", 1024 * 1024)
    async with mediation() as at:
        id = await quarrel(at)
        told_so = await send(at, id, b"x" * (1024 * 1024 + 1))
        assert (told_so.status_code, code_of(told_so)) == (413, "evidence-too-large")
        sent = 0

        async def endless() -> AsyncIterator[bytes]:
            nonlocal sent
            while sent < 64 * 1024 * 1024:
                sent += 65536
                yield b"x" * 65536

        cut = await send(at, id, endless())
        assert (cut.status_code, code_of(cut)) == (413, "evidence-too-large")
        assert await kept(at) == 0
        assert (await send(at, id, b"x" * 1024 * 1024)).status_code == 201


async def test_a_dispute_takes_so_much_and_only_while_it_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shelf, "MOST_OF_A_DISPUTE", 1)
    async with mediation() as at:
        id = await quarrel(at)
        await filed(at, id)
        more = await send(at, id)
        assert (more.status_code, code_of(more)) == (409, "too-much-evidence")
        monkeypatch.setattr(shelf, "MOST_OF_A_DISPUTE", 9)
        assert (await does(at, LIN, f"/disputes/{id}/withdraw", reason="")).status_code == 200
        over = await send(at, id)
        assert (over.status_code, code_of(over)) == (409, "dispute-takes-no-evidence")
        assert await kept(at) == 1


async def test_a_side_that_is_not_there_is_refused_and_nothing_kept() -> None:
    async with mediation() as at:
        id = await quarrel(at)
        refused = await send(at, id, disclosed="sides", side="z")
        assert (refused.status_code, code_of(refused)) == (409, "which-side")
        wrong = await send(at, id, disclosed="nobody")
        assert wrong.json()["errors"][0]["field"] == "disclosed"
        assert await kept(at) == 0


async def test_a_request_that_comes_twice_files_once() -> None:
    async with mediation() as at:
        id = await quarrel(at)
        key = {"Idempotency-Key": "k1"}
        first, second = await send(at, id, headers=key), await send(at, id, headers=key)
        assert first.json() == second.json()
        other = await send(at, id, LARGE, headers=key)
        assert other.status_code == 422
        assert await kept(at) == 1


async def test_a_key_that_cannot_be_used_keeps_nothing() -> None:
    async with mediation() as at:
        id = await quarrel(at)
        refused = await send(at, id, headers={"Idempotency-Key": "k" * 201})
        assert (refused.status_code, code_of(refused)) == (400, "bad-idempotency-key")
        assert await kept(at) == 0


async def test_a_process_takes_so_many_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "AT_ONCE", 1)
    async with mediation() as at:
        id = await quarrel(at)
        begun, go_on = asyncio.Event(), asyncio.Event()

        async def slow() -> AsyncIterator[bytes]:
            yield PICTURE[:50]
            begun.set()
            await go_on.wait()
            yield PICTURE[50:]

        first = asyncio.create_task(send(at, id, slow()))
        await begun.wait()
        second = await send(at, id)
        assert (second.status_code, code_of(second)) == (503, "too-many-uploads")
        go_on.set()
        assert (await first).status_code == 201
        assert (await send(at, id)).status_code == 201


async def test_a_part_of_it_is_given_out() -> None:
    async with mediation() as at:
        id = await quarrel(at)
        path = f"/evidence/{await filed(at, id, LARGE)}/content"
        size = len(LARGE)
        assert size > 2 * PIECE
        for asked, first, last in (
            ("bytes=0-0", 0, 0),
            (f"bytes={PIECE - 1}-{PIECE}", PIECE - 1, PIECE),
            (f"bytes={PIECE}-", PIECE, size - 1),
            ("bytes=-10", size - 10, size - 1),
            (f"bytes=5-{size * 2}", 5, size - 1),
        ):
            got = await by_person_with(at, CHEN, path, {"Range": asked})
            assert got.status_code == 206
            assert got.content == LARGE[first : last + 1]
            assert got.headers["content-range"] == f"bytes {first}-{last}/{size}"
        for asked in ("bytes=9-5", "lines=1-2", "bytes=0-1,5-6", "bytes=-"):
            assert (await by_person_with(at, CHEN, path, {"Range": asked})).status_code == 200
        old = {"Range": "bytes=0-9", "If-Range": '"other"'}
        assert (await by_person_with(at, CHEN, path, old)).content == LARGE
        beyond = await by_person_with(at, CHEN, path, {"Range": f"bytes={size}-"})
        assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}")


async def test_what_a_virus_test_finds_is_refused_and_not_kept() -> None:
    async with mediation() as at, daemon() as there:
        id = await quarrel(at)
        scanning = at.running.copies["scanner"]
        assert isinstance(scanning, Scanning)
        scanning.scanner = Clamd("127.0.0.1", there.port)
        await filed(at, id, LARGE)
        assert there.received == [LARGE]
        refused = await send(at, id, b"a text, and " + SICK, headers={"Accept-Language": "zh"})
        assert (refused.status_code, code_of(refused)) == (422, "evidence-infected")
        assert "Test-Signature" in refused.json()["detail"]
        there.most = 10
        unknown = await send(at, id, LARGE)
        assert (unknown.status_code, code_of(unknown)) == (503, "evidence-not-tested")
        assert unknown.headers["retry-after"]
        scanning.scanner = Clamd("127.0.0.1", 1)
        assert (await send(at, id)).status_code == 503
        assert await kept(at) == 1


async def test_who_breaks_off_leaves_nothing() -> None:
    async with mediation() as at:
        id = await quarrel(at)
        token = at.issuer.token(LIN, ["resident"], [])
        path = f"/disputes/{id}/evidence"
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": "POST",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [(b"authorization", f"Bearer {token}".encode())],
        }
        messages = iter(
            [
                {"type": "http.request", "body": LARGE, "more_body": True},
                {"type": "http.disconnect"},
            ]
        )
        answered: list[Any] = []

        async def receive() -> Any:
            return next(messages)

        async def answer(message: Any) -> None:
            answered.append(message)

        await at.app(scope, receive, answer)
        assert answered[0]["status"] == 499
        assert await kept(at) == 0


async def test_altered_bytes_are_found_and_not_given_out_whole(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with mediation() as at:
        id = await quarrel(at)
        piece = await filed(at, id, LARGE)
        shelf = at.running.journal.disk._shelf  # type: ignore[attr-defined]
        (pieces,) = shelf.pieces.values()
        pieces[1] = bytes([pieces[1][0] ^ 1]) + pieces[1][1:]
        checked = (await reads(at, CHEN, f"/evidence/{piece}/check")).json()
        assert checked["unaltered"] is False
        with caplog.at_level(logging.CRITICAL):
            got = await reads(at, CHEN, f"/evidence/{piece}/content")
        assert len(got.content) < len(LARGE)


async def test_who_leaves_sees_nothing_more() -> None:
    async with mediation() as at:
        id = await quarrel(at)
        piece = await filed(at, id)
        assert (await reads(at, CHEN, f"/evidence/{piece}/content")).status_code == 200
        assert (await does(at, CHEN, f"/disputes/{id}/leave")).status_code == 200
        await settled(at, evidence, piece, lambda one: one.circle.side_of(CHEN) is None)
        assert (await reads(at, CHEN, f"/evidence/{piece}/content")).status_code == 404


async def test_erased_its_bytes_are_gone_within_a_sweep_and_its_digest_stays() -> None:
    async with mediation() as at:
        id = await quarrel(at)
        mine, theirs = await filed(at, id), await filed(at, id, LARGE, CHEN)
        await tells(at, community.ResidentErased(LIN), f"resident-{LIN}")
        state = await settled(at, evidence, mine, lambda one: one.status is Status.FORGOTTEN)
        assert (state.filed_by, state.digest) == (None, sha256(PICTURE).hexdigest())
        for who in (LIN, MEDIATOR):
            assert (await reads(at, who, f"/evidence/{mine}/content")).status_code == 404
        assert await at.running.journal.dossier(evidence.stream(mine)) == []
        journal = at.running.journal
        await sweep(journal.files, journal.dossier, at.running.clock.now())
        assert await kept(at) == 1
        assert (await reads(at, MEDIATOR, f"/evidence/{theirs}/content")).status_code == 200
        proof = (await reads(at, MEDIATOR, f"/evidence/{mine}/proof-data")).json()
        assert proof["digest"] == sha256(PICTURE).hexdigest()


async def test_ones_own_data_has_what_one_filed() -> None:
    async with mediation() as at:
        id = await quarrel(at)
        piece = await filed(at, id)
        await reads(at, CHEN, f"/evidence/{piece}/content")
        things = (await reads(at, LIN, "/my-data")).json()["things"]
        (mine,) = [one for one in things if one["kind"] == "evidence"]
        assert any(one["data"].get("name") == "走廊.png" for one in mine["dossier"])
        assert [one["reader"] for one in mine["read"]] == [CHEN]
        assert "evidence" not in {
            one["kind"] for one in (await reads(at, CHEN, "/my-data")).json()["things"]
        }


async def test_nothing_that_was_shown_is_published() -> None:
    async with mediation() as at:
        id = await quarrel(at)
        secret = "只有我们知道的话"
        piece = await filed(at, id, secret.encode() * 100)
        await does(at, LIN, f"/evidence/{piece}/describe", text=secret)
        await does(at, LIN, f"/evidence/{piece}/withdraw", because="other")
        published = at.topics
        await until(lambda: b"EvidenceWithdrawn" in everything(published))
        assert secret.encode() not in everything(published)
        assert "走廊".encode() not in everything(published)
        assert sha256(secret.encode() * 100).hexdigest().encode() in everything(published)


def everything(topics: Any) -> bytes:
    """All that stands in the topics."""
    return repr(vars(topics)).encode()


async def test_many_at_once_are_kept_apart() -> None:
    async with mediation() as at:
        id = await quarrel(at)
        contents = [f"{n} ".encode() * 30_000 for n in range(8)]
        answers = await asyncio.gather(*(send(at, id, content) for content in contents))
        for content, answer in zip(contents, answers, strict=True):
            got = await reads(at, CHEN, f"/evidence/{answer.json()['id']}/content")
            assert got.content == content
        assert (await at.running.store.get(dispute, id)) is not None
