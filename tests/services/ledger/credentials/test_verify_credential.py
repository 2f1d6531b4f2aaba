"""The command that checks a credential offline, and what it says."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from services.ledger.credentials.checking import Finding, Verdict, check
from services.ledger.credentials.issuers import IssuerKey, did_document
from services.ledger.credentials.plain_json import canonical
from services.ledger.credentials.words import LANGUAGES, said
from services.ledger.verify_credential import LARGEST, main
from tests.architecture.modules import ROOT
from tests.services.ledger.credentials.making import (
    DID,
    INDEX,
    NOW,
    SECRET,
    Made,
    public_of,
    with_bit,
)

MADE = Made()
AT = "2026-05-03T01:00:00Z"


@pytest.fixture
def put(tmp_path: Path) -> Any:
    def put(name: str, content: Any) -> str:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else canonical(content))
        return str(path)

    return put


@pytest.fixture
def issuer(put: Any) -> str:
    written: str = put("did.json", did_document(DID, [IssuerKey(public_of(SECRET))]))
    return written


def test_it_runs_alone(put: Any, issuer: str) -> None:
    shown = put("shown.json", MADE.showing("name", "minutes"))
    listed = put("list.json", MADE.listed())
    asked = [shown, "--issuer", issuer, "--status-list", listed, "--at", AT]
    command = [sys.executable, "-I", "-c", "import sys; sys.path.insert(0, sys.argv.pop(1))\n"]
    command[-1] += (
        "from services.ledger.verify_credential import main; code = main(sys.argv[1:])\n"
        "heavy = {'fastapi', 'pymongo', 'aiokafka', 'pydantic', 'httpx', 'socket'}\n"
        "assert not heavy & sys.modules.keys(), heavy & sys.modules.keys()\n"
        "sys.exit(code)"
    )
    run = subprocess.run([*command, str(ROOT), *asked], capture_output=True, timeout=60)
    assert run.returncode == 0, run.stderr.decode()
    text = run.stdout.decode()
    assert text.startswith("有效")
    assert "Valid: signed by its issuer" in text
    assert '- 出示的内容与签发时一致——name："王小明"' in text
    assert "3 more claims, which its holder chose not to show" in text


@pytest.mark.parametrize(
    ("made", "at", "code", "words"),
    [
        (MADE, AT, 0, "Valid"),
        (MADE, "2027-05-03T09:00:00+08:00", 1, "Expired: it was valid until 2027-05-03T01:00:00Z"),
        (MADE, "2026-05-03T00:59:00Z", 1, "Not valid yet"),
        (MADE, "yesterday", 2, "a time that is none"),
    ],
)
def test_it_says_what_it_found(
    made: Made, at: str, code: int, words: str, put: Any, issuer: str, capsys: Any
) -> None:
    assert main([put("c.json", made.credential), "--issuer", issuer, "--at", at]) == code
    told = capsys.readouterr()
    assert words in told.out + told.err


def test_it_says_that_it_was_revoked(put: Any, issuer: str, capsys: Any) -> None:
    revoked = Made(bits=with_bit(INDEX))
    listed = put("list.json", revoked.listed())
    shown = put("shown.json", revoked.credential)
    assert main([shown, "--issuer", issuer, "--status-list", listed, "--at", AT]) == 1
    told = capsys.readouterr().out
    assert "已撤销" in told
    assert "Revoked" in told


def test_it_finds_what_was_altered(put: Any, issuer: str, capsys: Any) -> None:
    altered = {**MADE.credential, "validUntil": "2099-01-01T00:00:00Z"}
    assert main([put("c.json", altered), "--issuer", issuer, "--at", AT]) == 1
    assert "Altered" in capsys.readouterr().out
    somebody = did_document(DID, [IssuerKey(bytes(32))])
    other = put("other.json", somebody)
    assert main([put("c.json", MADE.credential), "--issuer", other, "--at", AT]) == 1
    assert "Unknown issuer" in capsys.readouterr().out


@pytest.mark.parametrize("content", [b"", b"{", b"{}", b"[]", b'{"a":1,"a":1}', b" " * LARGEST])
def test_what_cannot_be_used(content: bytes, put: Any, issuer: str, capsys: Any) -> None:
    wrong = put("wrong.json", content + b" ")
    right = put("c.json", MADE.credential)
    assert main([wrong, "--issuer", issuer]) == 2
    assert main([right, "--issuer", wrong]) == 2
    assert main([right, "--issuer", "/nowhere/did.json"]) == 2
    assert "It cannot be checked" in capsys.readouterr().err
    if content != b"{}":
        assert main([right, "--issuer", issuer, "--status-list", wrong]) == 2


def test_everything_that_can_be_found_has_words() -> None:
    for verdict in Verdict:
        found = Finding(verdict, "why", "Kind", DID, AT, AT, {"name": "王小明"}, 3, AT)
        told = said(found)
        assert told.keys() == {*LANGUAGES}
        assert all(told[language][0] for language in LANGUAGES)
        assert all("{" not in sentence for each in told.values() for sentence in each)


def test_of_what_is_not_genuine_nothing_is_told_but_that() -> None:
    altered = {**MADE.showing("name"), "disclosures": [{"salt": "", "name": "n", "value": "王"}]}
    found = check(altered, MADE.issuer(), NOW)
    assert found.verdict is Verdict.ALTERED
    assert [len(each) for each in said(found).values()] == [1, 1]
    assert "王" not in json.dumps(said(found), ensure_ascii=False)
