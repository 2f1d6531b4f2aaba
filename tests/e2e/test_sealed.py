"""A certificate of hours is sealed, proved and checked offline; the whole log fits."""

import json
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from services.ledger.audit import main as audit
from services.ledger.verify import main as verify
from tests.e2e.certified import certified
from tests.e2e.town import Town
from tests.e2e.waiting import until


def test_a_certificate_is_proved_offline(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    person = town.resident("resident-with-proof")
    certificate = certified(town, person, "sealed")
    document = person.get("volunteering", f"/certificates/{certificate}/document").content
    digest = sha256(document).hexdigest()
    answers: list[httpx.Response] = []

    def is_proved() -> bool:
        answers.append(town.http.get(f"{town.url('ledger')}/proof?digest={digest}"))
        return answers[-1].status_code == 200

    until(is_proved, "the ledger has sealed it and signed for it")
    file, proof = tmp_path / "certificate.json", tmp_path / "proof.json"
    file.write_bytes(document)
    proof.write_bytes(answers[-1].content)
    told = json.loads(answers[-1].content)
    assert told["entry"]["kind"] == "certificate"
    assert told["entry"]["source"] == f"volunteering/certificate-{certificate}/1/0"
    keys = town.http.get(f"{town.url('ledger')}/keys").json()["keys"]
    assert verify([str(file), str(proof), "--key", keys[0]["key"]]) == 0
    assert digest in capsys.readouterr().out
    file.write_bytes(document.replace(b"60", b"61", 1))
    assert verify([str(file), str(proof)]) == 1
    assert audit([town.url("ledger"), "--key", keys[0]["key"]]) == 0
    assert "everything fits" in capsys.readouterr().out
