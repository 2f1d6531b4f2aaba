"""Keys are made by a command, read from a setting, and refused in words that do not quote them."""

import pytest

from services.ledger.keys import main
from services.ledger.signing import SECRET, signers_in, signing_with
from shared.merkle.ed25519 import new_signer, signer_in
from shared.merkle.notes import Malformed, key_in
from tests.services.ledger.log.sealing import NAME


def test_a_key_is_made_and_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["new", NAME]) == 0
    said = capsys.readouterr()
    signer = signer_in(said.out)
    assert key_in(said.err.splitlines()[0]) == signer.key
    monkeypatch.setenv(f"JINLIN_{SECRET}", said.out)
    assert main(["show"]) == 0
    shown = capsys.readouterr().out
    assert shown == f"{signer.key}\n{signer.key.fingerprint}\n"
    assert said.out.strip() not in shown


def test_what_is_no_key_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["new", "with a space"]) == 2
    secret = new_signer(NAME).secret
    for text in (secret[:-5] + "AAAA=", "x" * 60, ""):
        monkeypatch.setenv(f"JINLIN_{SECRET}", text)
        assert main(["show"]) == 2
        said = capsys.readouterr()
        assert not text or text not in said.out + said.err


def test_the_last_key_signs_and_the_others_vouch() -> None:
    old, new = new_signer(NAME), new_signer(NAME)
    signing = signing_with(signers_in(f"\n{old.secret}\n\n{new.secret}\n"))
    assert (signing.origin, signing.key) == (NAME, str(new.key))
    assert signing.vouch(str(old.key), "body\n", 5) == old.sign("body\n", 5)
    assert signing.vouch(str(new.key), "body\n", 5) is None
    assert signing.vouch("another", "body\n", 5) is None
    other = new_signer("log.test/other")
    for wrong in ("", f"{old.secret}\n{other.secret}"):
        with pytest.raises(Malformed):
            signers_in(wrong)
