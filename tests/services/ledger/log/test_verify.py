"""A proof is checked offline by a command: it says what it shows, and what it does not."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from services.ledger.verify import main, words
from shared.merkle.ed25519 import new_signer
from tests.architecture.modules import ROOT
from tests.merkle.logs import NAME
from tests.services.ledger.log.proof_files import PLACE, SIZE, WORDS, Sealed, sealed

HEAVY = ("pydantic", "fastapi", "pymongo", "aiokafka", "kafka", "httpx", "structlog", "uvicorn")


@pytest.fixture
def given(tmp_path: Path) -> Sealed:
    return sealed(tmp_path)


def test_a_file_that_was_sealed_is_proved(
    given: Sealed, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(given.file), str(given.proof())]) == 0
    said = capsys.readouterr().out
    assert "已证明" in said
    assert "Proved: not one byte" in said
    assert given.digest in said
    assert f"entry {PLACE + 1} of the log {NAME}" in said
    assert f"a head of {SIZE} entries" in said
    assert given.log.signers[-1].key.fingerprint in said
    assert "Whether" not in said
    assert "no witness known here" in said
    assert "没有证明" in said


def test_with_a_key_and_a_witness_it_shows_more(
    given: Sealed, capsys: pytest.CaptureFixture[str]
) -> None:
    trusted = ["--key", str(given.log.signers[0].key), "--witness", str(given.witness.key)]
    assert main([str(given.file), str(given.proof()), *trusted]) == 0
    said = capsys.readouterr().out
    assert "vouched for by it" in said
    assert "The witness witness.test/one saw the same head" in said
    assert "compare its fingerprint" not in said
    assert "no witness known here" not in said


def test_every_changed_bit_of_the_file_is_found(given: Sealed) -> None:
    proof = str(given.proof())
    for at in range(0, 8 * len(WORDS), 7):
        changed = bytearray(WORDS)
        changed[at // 8] ^= 1 << at % 8
        given.file.write_bytes(bytes(changed))
        assert main([str(given.file), proof]) == 1, at


def test_what_is_not_proved_says_why(given: Sealed, capsys: pytest.CaptureFixture[str]) -> None:
    stranger = new_signer(NAME)
    first, second = given.log.keys
    usurped = {"key": str(stranger.key), "succession": second.succession}
    for why, changes in {
        "another root": {"index": PLACE + 1},
        "not signed by the log's latest key": {"keys": [{"key": str(stranger.key)}]},
        "the head is of another log": {"log": "log.test/other"},
        "in other words than its own": {"keys": [{"key": first.key}, usurped]},
    }.items():
        assert main([str(given.file), str(given.proof(**changes))]) == 1
        said = capsys.readouterr().out
        assert "未证明" in said
        assert why in said
    assert main([str(given.file), str(given.proof()), "--key", str(stranger.key)]) == 1


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "[" * 100_000, '{"format": 1}'])
def test_what_cannot_be_used_is_said(
    given: Sealed, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    proof = given.folder / "other.json"
    proof.write_text(text)
    assert main([str(given.file), str(proof)]) == 2
    assert "无法核验" in capsys.readouterr().out


def test_what_is_missing_is_said(given: Sealed) -> None:
    assert main([str(given.file), str(given.folder / "nothing")]) == 2
    assert main([str(given.folder / "nothing"), str(given.proof())]) == 2
    assert main([str(given.file), str(given.proof()), "--key", "abc"]) == 2
    large = given.folder / "large.json"
    large.write_bytes(b" " * 1_100_000)
    assert main([str(given.file), str(large)]) == 2


def test_both_languages_say_the_same_things() -> None:
    assert words()["zh"].keys() == words()["en"].keys()
    for name, text in words()["en"].items():
        fields = {part.partition("}")[0] for part in text.split("{")[1:]}
        assert {p.partition("}")[0] for p in words()["zh"][name].split("{")[1:]} == fields


def test_it_runs_with_little_and_asks_nobody(given: Sealed) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "services.ledger.verify", given.file, given.proof()],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert "Proved" in done.stdout
    look = "import json, sys, services.ledger.verify; print(json.dumps(list(sys.modules)))"
    loaded = json.loads(
        subprocess.run(
            [sys.executable, "-c", look],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        ).stdout
    )
    assert not {name.partition(".")[0] for name in loaded} & set(HEAVY)
    assert "socket" not in loaded
