"""What is thought of a credential: valid, altered, revoked, expired; whatever byte was changed."""

import json
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.ledger.credentials.checking import Finding, Verdict, check
from services.ledger.credentials.disclosing import Claim, digests, salted
from services.ledger.credentials.issuers import (
    Issuer,
    IssuerKey,
    WrongKeys,
    did_document,
    did_web,
    read_did_document,
)
from services.ledger.credentials.multibase import base64url
from services.ledger.credentials.plain_json import Unreadable, canonical, read_json
from tests.services.ledger.credentials.making import (
    DID,
    INDEX,
    NOW,
    UNTIL,
    VALUES,
    Made,
    public_of,
    with_bit,
)

MADE = Made()
ISSUER = MADE.issuer()


def test_a_credential_alone_shows_nothing() -> None:
    found = check(MADE.credential, ISSUER, NOW)
    assert found == Finding(
        Verdict.VALID,
        "",
        "HoursCredential",
        "did:web:ledger.example",
        "2026-05-03T01:00:00Z",
        "2027-05-03T01:00:00Z",
        {},
        len(VALUES),
        None,
    )


def test_a_presentation_shows_what_was_chosen() -> None:
    found = check(MADE.showing("minutes", "replaces"), ISSUER, NOW, MADE.listed())
    assert found.verdict is Verdict.VALID
    assert (found.shown, found.hidden) == ({"minutes": 120, "replaces": None}, len(VALUES) - 2)
    assert found.status_of == "2026-05-03T01:00:00Z"
    everything = check(MADE.showing(*VALUES), ISSUER, NOW)
    assert (everything.shown, everything.hidden) == (VALUES, 0)


def test_it_is_valid_from_one_moment_to_another() -> None:
    second = timedelta(seconds=1)
    for at, verdict in (
        (NOW - second, Verdict.NOT_YET),
        (NOW, Verdict.VALID),
        (UNTIL - second, Verdict.VALID),
        (UNTIL, Verdict.EXPIRED),
    ):
        assert check(MADE.credential, ISSUER, at).verdict is verdict


# --- altered -------------------------------------------------------------------------------------


def verdict_of(raw: bytes) -> Verdict | None:
    """None for what is no credential any more."""
    try:
        return check(read_json(raw), ISSUER, NOW).verdict
    except Unreadable:
        return None


SHOWN = canonical(MADE.showing("name", "minutes"))


def test_every_changed_byte_is_found() -> None:
    assert verdict_of(SHOWN) is Verdict.VALID
    for at in range(len(SHOWN)):
        for flip in (0x01, 0x20):
            changed = bytearray(SHOWN)
            changed[at] ^= flip
            assert verdict_of(bytes(changed)) is not Verdict.VALID, changed[at - 20 : at + 20]


@given(st.integers(0, len(SHOWN) - 1), st.integers(0, 255))
def test_a_byte_in_the_place_of_another_is_found(at: int, byte: int) -> None:
    assume(SHOWN[at] != byte)
    assert verdict_of(SHOWN[:at] + bytes([byte]) + SHOWN[at + 1 :]) is not Verdict.VALID


@given(st.integers(0, len(SHOWN) - 1), st.integers(1, 40))
def test_what_was_cut_out_is_missed(at: int, length: int) -> None:
    assert verdict_of(SHOWN[:at] + SHOWN[at + length :]) is not Verdict.VALID


def test_another_value_under_the_same_salt_is_not_believed() -> None:
    shown = MADE.showing("minutes")
    shown["disclosures"][0]["value"] = 12_000
    found = check(shown, ISSUER, NOW)
    assert found.verdict is Verdict.ALTERED
    assert "minutes" in found.wrong
    assert (found.shown, found.kind) == ({}, "")


@pytest.mark.parametrize(
    "disclosures",
    [
        [{"salt": "A" * 22, "name": "minutes"}],
        [{"salt": "A" * 22, "name": "minutes", "value": 1, "more": 1}],
        [{"salt": "A", "name": "minutes", "value": 1}],
        [{"salt": "A" * 20, "name": "minutes", "value": 1}],
        [{"salt": 1, "name": "minutes", "value": 1}],
        [{"salt": "A" * 22, "name": "x" * 65, "value": 1}],
        [{"salt": "A" * 22, "name": "minutes", "value": 2**60}],
        ["minutes"],
        [None] * 101,
        MADE.showing("name")["disclosures"] * 2,
    ],
)
def test_claims_that_are_none(disclosures: list[Any]) -> None:
    shown = {**MADE.showing(), "disclosures": disclosures}
    assert check(shown, ISSUER, NOW).verdict is Verdict.ALTERED


@pytest.mark.parametrize(
    "given",
    [
        None,
        [],
        {},
        {"proof": {}},
        {"verifiableCredential": []},
        {"verifiableCredential": [MADE.credential, MADE.credential]},
        {**MADE.showing("name"), "holder": "did:example:somebody-else"},
        {**MADE.showing("name"), "disclosures": {}},
        {**MADE.showing("name"), "type": ["VerifiablePresentation", "More"]},
    ],
)
def test_what_is_neither_a_credential_nor_a_presentation(given: Any) -> None:
    with pytest.raises(Unreadable):
        check(given, ISSUER, NOW)


def test_what_was_signed_without_being_a_credential_is_none() -> None:
    for document in (
        {**MADE.credential, "type": ["Other"]},
        {**MADE.credential, "type": "VerifiableCredential"},
        {**MADE.credential, "@context": ["https://other.example"]},
        {**MADE.credential, "@context": "https://www.w3.org/ns/credentials/v2"},
        {**MADE.credential, "validUntil": "some day"},
        {name: value for name, value in MADE.credential.items() if name != "validFrom"},
        {name: value for name, value in MADE.credential.items() if name != "@context"},
    ):
        unsigned = {name: value for name, value in document.items() if name != "proof"}
        assert check(MADE.sign(unsigned), ISSUER, NOW).verdict is Verdict.ALTERED


# --- keys ----------------------------------------------------------------------------------------


def test_what_another_key_signed_does_not_count() -> None:
    other = Made(Ed25519PrivateKey.generate())
    assert check(other.credential, ISSUER, NOW).verdict is Verdict.UNKNOWN_KEY
    # Nor does it help to name the issuer's key.
    proof = {**other.credential["proof"]}
    proof["verificationMethod"] = MADE.credential["proof"]["verificationMethod"]
    forged = {**other.credential, "proof": proof}
    assert check(forged, ISSUER, NOW).verdict is Verdict.ALTERED


def test_a_key_before_the_present_one_counts_for_what_it_signed_in_its_time() -> None:
    day = timedelta(days=1)
    assert check(MADE.credential, MADE.issuer(expires=NOW + day), NOW).verdict is Verdict.VALID
    late = MADE.issuer(expires=NOW - day)
    assert check(MADE.credential, late, NOW).verdict is Verdict.UNKNOWN_KEY
    given_up = MADE.issuer(revoked=NOW + day)
    assert check(MADE.credential, given_up, NOW).verdict is Verdict.UNKNOWN_KEY


def test_an_issuer_is_known_by_its_document() -> None:
    assert did_web("http://127.0.0.1:8106") == "did:web:127.0.0.1%3A8106"
    key = IssuerKey(public_of(MADE.secret), expires=UNTIL)
    document = json.loads(json.dumps(did_document(DID, [key])))
    assert read_did_document(document) == Issuer(
        DID, {MADE.credential["proof"]["verificationMethod"]: key}
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"id": 1},
        {"verificationMethod": None},
        {"verificationMethod": []},
        {"assertionMethod": []},
        {"assertionMethod": [{}]},
        {"verificationMethod": [{"type": "Multikey"}]},
        {"verificationMethod": ["did:web:x#y"]},
    ],
)
def test_what_is_no_document_of_an_issuer(changes: dict[str, Any]) -> None:
    document = did_document(DID, [IssuerKey(public_of(MADE.secret))])
    with pytest.raises(WrongKeys):
        read_did_document({**document, **changes})
    with pytest.raises(WrongKeys):
        read_did_document([document])


# --- revoked -------------------------------------------------------------------------------------


def test_the_status_list_says_who_was_revoked() -> None:
    revoked = Made(bits=with_bit(INDEX))
    found = check(MADE.credential, ISSUER, NOW, revoked.listed())
    assert found.verdict is Verdict.REVOKED
    for neighbour in (INDEX - 1, INDEX + 1):
        others = Made(bits=with_bit(neighbour))
        assert check(MADE.credential, ISSUER, NOW, others.listed()).verdict is Verdict.VALID
    expired = check(MADE.credential, ISSUER, UNTIL, revoked.listed(UNTIL))
    assert expired.verdict is Verdict.REVOKED


def test_a_list_that_cannot_be_relied_on_leaves_the_status_open() -> None:
    old = MADE.listed(NOW - timedelta(days=2))
    later = MADE.listed(NOW + timedelta(days=2))
    altered = {**MADE.listed(), "validUntil": "2099-01-01T00:00:00Z"}
    other = Made(Ed25519PrivateKey.generate()).listed()
    another = MADE.sign({**_unsigned(MADE.listed()), "id": "https://ledger.example/status-lists/2"})
    short = Made(bits=bytes(100)).listed()
    for listed in (old, later, altered, other, another, short, {}, MADE.credential):
        found = check(MADE.credential, ISSUER, NOW, listed)
        assert (found.verdict, found.status_of) == (Verdict.UNKNOWN_STATUS, None)
        assert found.wrong
    assert check(MADE.credential, ISSUER, UNTIL, old).verdict is Verdict.EXPIRED


def _unsigned(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != "proof"}


# --- hidden --------------------------------------------------------------------------------------


def test_what_is_not_shown_cannot_be_found_by_trying() -> None:
    held = MADE.credential["credentialSubject"]["claimDigests"]
    for hidden in MADE.claims:
        assert hidden.digest in held
        shown = MADE.showing(*(name for name in VALUES if name != hidden.name))
        known = [one["salt"] for one in shown["disclosures"]]
        assert hidden.salt not in canonical(shown).decode()
        # Not even by somebody who knows the claim itself: only its salt is missing.
        for salt in ("", base64url(bytes(16)), *known):
            assert Claim(salt, hidden.name, hidden.value).digest not in held
    assert VALUES["name"] not in canonical(MADE.showing("minutes")).decode()


@settings(max_examples=50)
@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=10),
        st.none() | st.integers(0, 9999) | st.text("王李张", min_size=1, max_size=3),
        min_size=1,
        max_size=8,
    ),
    st.data(),
)
def test_only_what_is_chosen_is_shown(values: dict[str, Any], data: st.DataObject) -> None:
    made = Made(values=values)
    chosen = data.draw(st.sets(st.sampled_from(sorted(values))))
    presented = made.showing(*chosen)
    found = check(read_json(canonical(presented)), ISSUER, NOW)
    assert found.verdict is Verdict.VALID
    assert found.shown == {name: values[name] for name in chosen}
    assert found.hidden == len(values) - len(chosen)
    salts = {claim.salt for claim in made.claims if claim.name not in chosen}
    assert not any(salt in canonical(presented).decode() for salt in salts)


def test_the_same_claims_look_different_in_every_credential() -> None:
    one = digests(salted(VALUES, ["a", "b", "c", "d", "e"]))
    other = digests(salted(VALUES, ["f", "g", "h", "i", "j"]))
    assert not {*one} & {*other}
    for too_few in (["a"], ["a", "a", "b", "c", "d"]):
        with pytest.raises(ValueError, match="salt"):
            salted(VALUES, too_few)
