"""Who signs: the log's key and those before it, an address with a path, keys that were given up."""

from datetime import UTC, datetime, timedelta

import pytest

from services.ledger import issuing
from services.ledger.credentials.checking import Verdict, check
from services.ledger.credentials.data_integrity import verified
from services.ledger.credentials.disclosing import shown
from services.ledger.credentials.issuers import WrongKeys, did_web
from services.ledger.credentials.multibase import WrongBase, base64url, multikey
from services.ledger.credentials.plain_json import read_json
from services.ledger.credentials.status_list import ENTRIES
from services.ledger.domain.credentials.credential_state import Draft
from services.ledger.domain.log.log import Log
from services.ledger.issuing import OVERLAP, Signatory, given_up_in, issuing_in_use
from shared.merkle.ed25519 import Signer, new_signer
from shared.merkle.notes import KeyLine, Note, succession_body

NAME = "ledger.example/city"
NOW = datetime(2026, 5, 3, 1, 0, tzinfo=UTC)
OLD, NEW = new_signer(NAME), new_signer(NAME)
FOLLOWED = NOW + timedelta(days=30)


def with_key(signer: Signer, given_up: dict[bytes, datetime] | None = None) -> Signatory:
    return Signatory(f"https://{NAME}", signer.key.public, signer.private.sign, given_up or {})


def succeeded() -> Log:
    """A log whose key was followed by another."""
    body = succession_body(NAME, str(NEW.key))
    vouched = Note(body, (OLD.sign(body, int(FOLLOWED.timestamp())),))
    return Log(keys=(KeyLine(str(OLD.key)), KeyLine(str(NEW.key), str(vouched))))


def written(by: Signatory, since: datetime = NOW) -> dict[str, object]:
    salts = (base64url(bytes([1]) * 16), base64url(bytes([2]) * 16))
    until = since + timedelta(days=365)
    draft = Draft("HoursCredential", {"minutes": 120}, salts, "CODE", 1, 7, since, until)
    made = by.write(draft)
    credential = read_json(made.credential.encode())
    held = credential["credentialSubject"]["claimDigests"]
    assert shown(held, read_json(made.disclosures.encode())) == {"minutes": 120}
    assert isinstance(credential, dict)
    return credential


def test_the_issuer_is_where_the_ledger_is() -> None:
    issuer = with_key(OLD)
    assert issuer.did == "did:web:ledger.example:city"
    assert did_web("https://ledger.example") == "did:web:ledger.example"
    credential = written(issuer)
    assert credential["id"] == "https://ledger.example/city/public/credentials/CODE"
    assert verified(credential, OLD.key.public) is not None


def test_before_the_log_has_signed_anything_the_present_key_is_the_issuers() -> None:
    issuer = with_key(OLD)
    assert check(written(issuer), issuer.issuer(Log()), NOW).verdict is Verdict.VALID


def test_what_the_former_key_signed_counts_after_another_one_followed() -> None:
    former, present, log = with_key(OLD), with_key(NEW), succeeded()
    known = present.issuer(log)
    assert [key.public for key in known.keys.values()] == [NEW.key.public, OLD.key.public]
    assert check(written(former), known, FOLLOWED).verdict is Verdict.VALID
    assert check(written(present), known, FOLLOWED).verdict is Verdict.VALID
    # Processes are not all restarted at once; but later on nobody signs with it.
    in_time, late = FOLLOWED + OVERLAP, FOLLOWED + OVERLAP + timedelta(seconds=1)
    assert check(written(former, in_time), known, in_time).verdict is Verdict.VALID
    assert check(written(former, late), known, late).verdict is Verdict.UNKNOWN_KEY


def test_what_a_key_signed_that_was_given_up_counts_no_more() -> None:
    present = with_key(NEW, {OLD.key.public: FOLLOWED})
    document = present.did_document(succeeded())
    former = document["verificationMethod"][1]
    assert former["revoked"] == "2026-06-02T01:00:00Z"
    assert check(written(with_key(OLD)), present.issuer(succeeded()), NOW).verdict is (
        Verdict.UNKNOWN_KEY
    )


def test_keys_that_were_given_up_are_read_from_a_setting() -> None:
    one, other = multikey(OLD.key.public), multikey(NEW.key.public)
    text = f"{one}=2026-06-02T01:00:00Z, {other}=2026-07-02T01:00:00+08:00"
    assert given_up_in(text) == {
        OLD.key.public: FOLLOWED,
        NEW.key.public: datetime(2026, 7, 1, 17, 0, tzinfo=UTC),
    }
    assert given_up_in("") == {}
    for wrong in (one, f"{one}=yesterday", "z6Mk=2026-06-02T01:00:00Z", f"{one}=2026-06-02"):
        with pytest.raises((WrongBase, WrongKeys)):
            given_up_in(wrong)


def test_wrong_settings_end_the_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fresh = issuing_in_use.__wrapped__
    monkeypatch.setenv(issuing.GIVEN_UP, "z6Mk")
    with pytest.raises(SystemExit):
        fresh()
    assert issuing.GIVEN_UP in capsys.readouterr().err
    monkeypatch.setenv("JINLIN_LEDGER_KEY", "no key at all, but long enough to be one")
    with pytest.raises(SystemExit):
        fresh()
    assert "JINLIN_LEDGER_KEY is wrong" in capsys.readouterr().err
    monkeypatch.delenv("JINLIN_LEDGER_KEY")
    with pytest.raises(SystemExit):
        fresh()


def test_a_status_list_is_the_same_for_some_minutes() -> None:
    issuer, bits = with_key(OLD), bytes(ENTRIES // 8)
    first = issuer.status_list(1, bits, NOW)
    assert issuer.status_list(1, bits, NOW + timedelta(minutes=4, seconds=59)) == first
    later = issuer.status_list(1, bits, NOW + timedelta(minutes=5))
    assert later["validFrom"] == "2026-05-03T01:05:00Z"
    assert issuer.status_list(1, b"\x80" + bits[1:], NOW) != first
