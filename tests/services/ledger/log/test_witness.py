"""A witness signs what follows on what it saw, and nothing else: of two trees it signs one."""

import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.ledger.witness import PATH, Answer, Witness, server
from shared.merkle.ed25519 import new_signer, verify
from shared.merkle.notes import base64, head_in, key_in, note_in
from tests.architecture.modules import ROOT
from tests.merkle.logs import NAME, SECONDS, SmallLog, an_entry

SIZE, MORE = 9, 14


def request(log: SmallLog, old: int, size: int, **changed: Any) -> str:
    """What is sent to a witness that saw the head of `old`."""
    proof = changed["proof"] if "proof" in changed else log.consistency(old, size) if old else []
    head = changed.get("head", log.head(size))
    return f"old {old}\n" + "".join(f"{base64(each)}\n" for each in proof) + f"\n{head}"


@pytest.fixture
def log() -> SmallLog:
    return SmallLog.of(MORE)


@pytest.fixture
def witness(log: SmallLog, tmp_path: Path) -> Witness:
    return a_witness(log, tmp_path)


SIGNER = new_signer("witness.test/one")


def a_witness(log: SmallLog, folder: Path) -> Witness:
    keys = [each.key for each in log.signers]
    return Witness(SIGNER, keys, folder / "seen", now=lambda: SECONDS + 3)


def test_what_follows_is_signed(log: SmallLog, witness: Witness, tmp_path: Path) -> None:
    answer = witness.add(request(log, 0, 4))
    note = note_in(log.head(4) + answer.text)
    assert answer.status == 200
    assert note.signed_by(SIGNER.key, verify) == SECONDS + 3
    assert witness.add(request(log, 4, SIZE)).status == 200
    assert witness.add(request(log, SIZE, SIZE)).status == 200
    again = a_witness(log, tmp_path)
    assert again.add(request(log, SIZE, MORE)).status == 200, "it remembers over a restart"


def test_whoever_does_not_know_what_it_saw_is_told(log: SmallLog, witness: Witness) -> None:
    witness.add(request(log, 0, SIZE))
    told = Answer(409, f"{SIZE}\n", "text/x.tlog.size")
    assert witness.add(request(log, 0, MORE)) == told
    assert witness.add(request(log, 4, MORE)) == told
    assert witness.add(request(log, 4, 5)) == told


ATTACKS = {
    "altered": lambda e: [*e[:3], an_entry(99), *e[4:]],
    "removed": lambda e: [*e[:3], *e[4:], an_entry(99)],
    "reordered": lambda e: [*e[:3], e[4], e[3], *e[5:]],
    "forked": lambda e: [*e[:6], *(an_entry(number) for number in range(200, 208))],
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_another_tree_is_never_signed(log: SmallLog, witness: Witness, attack: str) -> None:
    other = SmallLog(ATTACKS[attack](log.entries), log.signers)
    assert witness.add(request(log, 0, SIZE)).status == 200
    for size in range(SIZE, MORE + 1):
        for proof in (other.consistency(SIZE, size), log.consistency(SIZE, size), []):
            answer = witness.add(request(other, SIZE, size, proof=proof))
            assert answer.status in (409, 422), (size, answer)
    assert witness.add(request(log, SIZE, MORE)).status == 200, "the true one goes on"


def test_of_a_split_view_one_side_is_signed(log: SmallLog, witness: Witness) -> None:
    """The log shows one tree to some and another to others: whoever asks for the witness's
    signature sees that theirs has none.
    """
    other = SmallLog([*log.entries[:-1], an_entry(99)], log.signers)
    signed = [witness.add(request(tree, 0, MORE)).status for tree in (log, other)]
    assert signed == [200, 409]
    assert head_in(log.head().partition("\n\n")[0] + "\n").size == MORE


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", 400),
        ("old 1", 400),
        ("old x\n\na\n1\nb\n", 400),
        ("old 01\n\n", 400),
        ("old 0\n" + "AAAA\n" * 64 + "\n", 400),
    ],
)
def test_what_is_no_request_is_refused(witness: Witness, text: str, status: int) -> None:
    assert witness.add(text).status == status


def test_only_known_logs_are_watched(log: SmallLog, witness: Witness) -> None:
    stranger = SmallLog.of(3)
    assert witness.add(request(stranger, 0, 3)).status == 403
    foreign = SmallLog(log.entries[:3], [new_signer("log.test/other")])
    moved = foreign.head().replace(NAME, "log.test/other")
    assert witness.add(request(foreign, 0, 3, head=moved)).status == 404
    assert witness.add(request(log, 5, 3, proof=[])).status == 400
    forged = log.head(3).replace("\n3\n", "\n4\n")
    assert witness.add(request(log, 0, 4, head=forged)).status == 400
    assert witness.add(request(log, 0, 4, proof=[bytes(32)])).status == 422


def test_of_many_at_once_each_follows_on_the_one_before(log: SmallLog, witness: Witness) -> None:
    witness.add(request(log, 0, 4))
    answers: list[int] = []
    ready = threading.Barrier(8)

    def ask() -> None:
        ready.wait()
        answers.append(witness.add(request(log, 4, SIZE)).status)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, *[409] * 7]


def test_it_answers_over_http(log: SmallLog, witness: Witness) -> None:
    serving = server(witness, "127.0.0.1", 0)
    thread = threading.Thread(target=serving.serve_forever)
    thread.start()
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{serving.server_port}") as client:
            answer = client.post(PATH, content=request(log, 0, 4).encode())
            assert answer.status_code == 200
            assert answer.text.startswith("— witness.test/one ")
            told = client.post(PATH, content=request(log, 0, 4).encode())
            assert told.headers["content-type"] == "text/x.tlog.size"
            assert client.post("/other", content=b"").status_code == 404
            assert client.post(PATH, content=b"\xff").status_code == 400
            assert client.post(PATH, content=b"x" * 70_000).status_code == 413
    finally:
        serving.shutdown()
        thread.join()
        serving.server_close()


def test_it_runs_as_a_program_and_keeps_its_key(log: SmallLog, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "services.ledger.witness", "--folder", tmp_path / "w"]
    command += ["--log", str(log.signers[0].key), "--port", str(port)]
    keys = []
    for size in (4, SIZE):
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            keys.append(key_in(process.stdout.readline()))
            address = process.stdout.readline().strip()
            old = 0 if size == 4 else 4
            answer = httpx.post(address + PATH, content=request(log, old, size).encode())
            assert answer.status_code == 200, answer.text
        finally:
            process.terminate()
            process.communicate(timeout=20)
    assert keys[0] == keys[1]
    refused = subprocess.run(
        [*command[:-4], "--log", "no-key"], cwd=ROOT, capture_output=True, check=False, timeout=60
    )
    assert refused.returncode == 2
