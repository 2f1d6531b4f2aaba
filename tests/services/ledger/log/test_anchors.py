"""Heads are kept where the ledger cannot change them; what contradicts them is found."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from services.ledger.anchoring import Anchoring
from services.ledger.anchors import (
    Anchors,
    AnchorSettings,
    Contradicted,
    WitnessAt,
    anchor,
    anchored,
    anchors_of,
)
from services.ledger.audit import Audited, Reader, audit
from services.ledger.audit import main as audit_command
from services.ledger.domain.log.head import KeptHead, head
from services.ledger.domain.log.tile import tile
from services.ledger.signing import signing_in_use
from services.ledger.witness import Witness, server
from shared.merkle.ed25519 import new_signer, verify
from shared.merkle.entries import entry_in
from shared.merkle.notes import Head, Malformed, Note, head_in, key_in, note_in
from shared.merkle.proofs import check
from shared.merkle.tree import BadProof, frontier_of, root_of
from shared.runtime.journal import Stored
from tests.merkle.logs import SmallLog
from tests.services.community.served import Served, until
from tests.services.ledger.log.sealing import digest_of, get, ledger, tell

COUNT = 300


def kept(log: SmallLog, size: int) -> KeptHead:
    note = log.head(size)
    return KeptHead(size, head_in(note_in(note).body).root.hex(), note)


# --- the file ------------------------------------------------------------------------------------


def test_each_head_is_a_line(tmp_path: Path) -> None:
    log, file = SmallLog.of(9), tmp_path / "deep" / "anchors.jsonl"
    assert list(anchored(file)) == []
    for size in (3, 3, 5, 9, 9):
        anchor(file, kept(log, size))
    assert [head_in(note.body).size for note in anchored(file)] == [3, 5, 9]
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [line["size"] for line in lines] == [3, 5, 9]
    assert lines[0]["root"] == kept(log, 3).root


def test_a_line_that_was_torn_is_written_again(tmp_path: Path) -> None:
    log, file = SmallLog.of(9), tmp_path / "anchors.jsonl"
    anchor(file, kept(log, 3))
    whole = file.read_bytes()
    for torn in (b"{", whole[:-1], "{中".encode()[:-1]):
        file.write_bytes(whole + torn)
        assert [head_in(note.body).size for note in anchored(file)] == [3]
        anchor(file, kept(log, 5))
        assert [head_in(note.body).size for note in anchored(file)] == [3, 5]
        file.write_bytes(whole)


def test_what_contradicts_the_file_is_not_written(tmp_path: Path) -> None:
    log, file = SmallLog.of(9), tmp_path / "anchors.jsonl"
    anchor(file, kept(log, 5))
    other = SmallLog(log.entries[::-1], log.signers)
    with pytest.raises(Contradicted, match="two roots"):
        anchor(file, kept(other, 5))
    with pytest.raises(Contradicted, match="a head of 5 is anchored"):
        anchor(file, kept(log, 4))
    file.write_text("nothing\n")
    with pytest.raises(Malformed):
        anchor(file, kept(log, 9))


def test_settings_name_file_and_witnesses() -> None:
    key = new_signer("witness.test/one").key
    said = anchors_of(AnchorSettings(ledger_witnesses=f"\n{key} http://127.0.0.1:1/\n"))
    assert said == Anchors(None, (WitnessAt(key, "http://127.0.0.1:1"),))
    for wrong in (f"{key}", f"{key} ftp://x", "abc http://x"):
        with pytest.raises(Malformed):
            anchors_of(AnchorSettings(ledger_witnesses=wrong))


# --- the service ---------------------------------------------------------------------------------


@pytest.fixture
async def at() -> AsyncIterator[Served]:
    async with ledger() as at:
        await tell(at, range(COUNT))
        await signed(at, COUNT)
        yield at


async def signed(at: Served, of: int) -> None:
    async with asyncio.timeout(30):
        while True:
            answer = await at.client.get("/heads/latest")
            if answer.status_code == 200 and answer.json()["size"] >= of:
                return
            await asyncio.sleep(0.02)


SIGNER = new_signer("witness.test/one")


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[WitnessAt]:
    """A witness that runs."""
    watching = Witness(SIGNER, [key_in(signing_in_use().key)], tmp_path / "seen")
    serving = server(watching, "127.0.0.1", 0)
    thread = threading.Thread(target=serving.serve_forever)
    thread.start()
    yield WitnessAt(SIGNER.key, f"http://127.0.0.1:{serving.server_port}")
    serving.shutdown()
    thread.join()
    serving.server_close()


async def anchor_now(at: Served, anchors: Anchors, anchoring: Anchoring | None = None) -> Anchoring:
    anchoring = anchoring or Anchoring(anchors)
    async with httpx.AsyncClient() as client:
        await anchoring.look(at.running.store, client, anchors)
    return anchoring


async def test_heads_go_to_the_file_and_are_witnessed(
    at: Served, witness: WitnessAt, tmp_path: Path
) -> None:
    anchors = Anchors(tmp_path / "anchors.jsonl", (witness,))
    anchoring = await anchor_now(at, anchors)
    proof = await get(at, "/proof", digest=digest_of(7))
    shown = check(proof, digest_of(7), verify, witnesses=[witness.key])
    assert [name for name, _ in shown.witnessed] == ["witness.test/one"]
    await tell(at, range(COUNT, COUNT + 20))
    await signed(at, COUNT + 20)
    await anchor_now(at, anchors, anchoring)
    assert [head_in(n.body).size for n in anchored(tmp_path / "anchors.jsonl")][-1] == COUNT + 20
    # A process that begins anew is told by the witness what that saw.
    await tell(at, range(COUNT + 20, COUNT + 30))
    await signed(at, COUNT + 30)
    await anchor_now(at, anchors)
    head = await get(at, "/heads/latest")
    assert note_in(head["head"]).signed_by(witness.key, verify) is not None


async def test_a_witness_that_is_away_holds_nothing_up(at: Served, tmp_path: Path) -> None:
    away = WitnessAt(SIGNER.key, "http://127.0.0.1:1")
    await anchor_now(at, Anchors(tmp_path / "anchors.jsonl", (away,)))
    assert len(list(anchored(tmp_path / "anchors.jsonl"))) == 1
    assert note_in((await get(at, "/heads/latest"))["head"]).signed_by(SIGNER.key, verify) is None


async def test_a_signature_of_somebody_else_is_not_taken(at: Served, witness: WitnessAt) -> None:
    pretended = WitnessAt(new_signer("witness.test/two").key, witness.url)
    await anchor_now(at, Anchors(None, (pretended,)))
    head = await get(at, "/heads/latest")
    assert len(note_in(head["head"]).signatures) == 1


async def test_by_itself_it_takes_each_head_there(at: Served, tmp_path: Path) -> None:
    file = tmp_path / "anchors.jsonl"
    anchoring = Anchoring(Anchors(file, ()))
    journal, clock = at.running.journal, at.running.clock
    following = asyncio.create_task(anchoring.follow(journal, clock))
    async with asyncio.timeout(20):
        await until(lambda: bool(list(anchored(file))))
    following.cancel()
    assert await asyncio.wait_for(Anchoring(Anchors(None, ())).follow(journal, clock), 5) is None


# --- attacks: what the audit finds ---------------------------------------------------------------


async def audited(at: Served, file: Path | None = None, **more: Any) -> Audited:
    """The audit, of the service as everybody sees it."""
    return await asyncio.to_thread(audit, reader_of(at), file, **more)


def reader_of(at: Served) -> Reader:
    loop = asyncio.get_running_loop()

    class Bridge(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            asked = at.client.get(request.url.raw_path.decode())
            answer = asyncio.run_coroutine_threadsafe(asked, loop).result(30)
            return httpx.Response(answer.status_code, content=answer.content)

    return Reader(httpx.Client(base_url="http://ledger.test", transport=Bridge()))


async def test_a_log_as_it_was_fits(at: Served, witness: WitnessAt, tmp_path: Path) -> None:
    file = tmp_path / "anchors.jsonl"
    await anchor_now(at, Anchors(file, (witness,)))
    found = await audited(at, file, witnesses=[SIGNER.key], trusted=[key_in(signing_in_use().key)])
    assert found.findings == []
    assert (found.entries, found.anchors, found.cosignatures) == (COUNT, 1, 1)
    assert found.heads >= 1
    stranger = await audited(at, file, trusted=[SIGNER.key])
    assert stranger.findings == ["the log's keys are none of those that are trusted"]


Change = Callable[[list[Any]], list[Any]]
ATTACKS: dict[str, Change] = {
    "altered": lambda e: [*e[:3], replace(e[3], digest="f" * 64), *e[4:]],
    "its kind altered": lambda e: [*e[:3], replace(e[3], kind="other"), *e[4:]],
    "its time altered": lambda e: [*e[:3], replace(e[3], time=e[3].time[:-2] + "1Z"), *e[4:]],
    "removed": lambda e: [*e[:3], *e[4:]],
    "reordered": lambda e: [*e[:3], e[4], e[3], *e[5:]],
    "inserted": lambda e: [*e[:3], replace(e[3], source="x"), *e[3:]],
}


async def tampered(at: Served, id: str, change: Change) -> None:
    """Somebody with the store in their hands changes a tile."""
    journal = at.running.journal
    stored = (await journal.load(tile.kind, [id]))[id]
    state = at.running.store.read(tile, stored)
    changed = replace(state, entries=tuple(change(list(state.entries))[:256]))
    await journal.put_state(
        tile.kind,
        Stored(id, stored.version, stored.at, _plain(changed)),
    )


def _plain(state: Any) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(state)
    return plain


@pytest.mark.parametrize("attack", ATTACKS)
async def test_whatever_is_changed_in_the_store_is_found(at: Served, attack: str) -> None:
    before = await get(at, "/proof", digest=digest_of(9))
    victim = (await get(at, "/entries/3"))["digest"]
    await tampered(at, "0-0", ATTACKS[attack])
    found = await audited(at)
    wrong = "the log has 255" if attack == "removed" else "altered, moved or exchanged"
    assert any(wrong in each for each in found.findings), found
    # A proof of what is served now leads nowhere; one given out before is as good as ever.
    check(before, digest_of(9), verify)
    answer = await at.client.get("/proof", params={"digest": victim})
    if attack in ("altered", "removed") and answer.status_code == 404:
        return
    with pytest.raises(BadProof):
        check(answer.json(), victim, verify)


async def test_a_shortened_log_is_found(at: Served, tmp_path: Path) -> None:
    file = tmp_path / "anchors.jsonl"
    await anchor_now(at, Anchors(file, ()))
    await tampered(at, "0-1", lambda e: e[:20])
    found = await audited(at, file)
    assert any("the log has 276 entries" in each for each in found.findings)


async def test_a_fork_that_the_key_signed_is_found_by_the_anchor(
    at: Served, witness: WitnessAt, tmp_path: Path
) -> None:
    """Whoever has store and key can write another tree and sign for it: inside, all of it fits."""
    file = tmp_path / "anchors.jsonl"
    anchors = Anchors(file, (witness,))
    await anchor_now(at, anchors)
    journal, store = at.running.journal, at.running.store
    await tampered(at, "0-0", ATTACKS["altered"])
    pages = [await get(at, "/entries", **{"from": at_, "limit": 256}) for at_ in (0, 256)]
    leaves = [entry_in(one).hash for page in pages for one in page["items"]]
    for stored in [each async for each in journal.all(head.kind)]:
        size = store.read(head, stored).size
        forged = Head(signing_in_use().origin, size, root_of(frontier_of(leaves[:size])))
        note = Note(forged.body, (signing_in_use().sign(forged.body, 1_900_000_000),))
        state = KeptHead(size, forged.root.hex(), str(note))
        await journal.put_state(
            head.kind, Stored(stored.id, stored.version, stored.at, _plain(state))
        )
    assert (await audited(at)).findings == [], "who has only the ledger's word cannot know"
    found = await audited(at, file)
    assert any(f"the head of {COUNT} in the anchor file" in each for each in found.findings)
    before = file.read_bytes()
    await anchor_now(at, anchors)
    assert file.read_bytes() == before, "the fork is not anchored"
    await anchor_now(at, Anchors(None, (witness,)))
    served_head = note_in((await get(at, "/heads/latest"))["head"])
    assert served_head.signed_by(witness.key, verify) is None, "nor witnessed"


def test_the_command_says_when_it_cannot_read(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JINLIN_LEDGER_ANCHOR_FILE", raising=False)
    assert audit_command(["http://127.0.0.1:1"]) == 2
    assert "could not be read" in capsys.readouterr().err
    assert audit_command(["http://127.0.0.1:1", "--key", "x"]) == 2
