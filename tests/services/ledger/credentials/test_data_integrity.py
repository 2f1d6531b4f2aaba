"""eddsa-jcs-2022 against its specification's test vectors, step by step, and what must not pass.

Source of the vectors: W3C Data Integrity EdDSA Cryptosuites v1.0, appendix B.3 "Representation:
eddsa-jcs-2022" (https://www.w3.org/TR/vc-di-eddsa/#representation-eddsa-jcs-2022), as in
https://github.com/w3c/vc-di-eddsa at abb673eb9df673e24a8eaf939337de74759b5f8d: TestVectors/
keyPair.json, unsigned.json and eddsa-jcs-2022/.
"""

import copy
from hashlib import sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from services.ledger.credentials.data_integrity import (
    hash_data,
    proof_configuration,
    signed,
    verified,
)
from services.ledger.credentials.multibase import (
    WrongBase,
    base58,
    base64url,
    from_base58,
    from_base64url,
    from_multikey,
    multikey,
)
from services.ledger.credentials.plain_json import Unreadable, canonical, read_json

PUBLIC = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
SECRET = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"
SECRET_PREFIX = b"\x80\x26"
CONTEXT = ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"]
METHOD = f"did:key:{PUBLIC}#{PUBLIC}"
CREATED = "2023-02-24T23:36:38Z"
UNSIGNED: dict[str, Any] = {
    "@context": CONTEXT,
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {
        "id": "did:example:abcdefgh",
        "alumniOf": "The School of Examples",
    },
}
CANONICAL_DOCUMENT = (
    '{"@context":["https://www.w3.org/ns/credentials/v2",'
    '"https://www.w3.org/ns/credentials/examples/v2"],'
    '"credentialSubject":{"alumniOf":"The School of Examples","id":"did:example:abcdefgh"},'
    '"description":"A minimum viable example of an Alumni Credential.",'
    '"id":"urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",'
    '"issuer":"https://vc.example/issuers/5678","name":"Alumni Credential",'
    '"type":["VerifiableCredential","AlumniCredential"],"validFrom":"2023-01-01T00:00:00Z"}'
)
DOCUMENT_HASH = "59b7cb6251b8991add1ce0bc83107e3db9dbbab5bd2c28f687db1a03abc92f19"
PROOF_CONFIGURATION = {
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-jcs-2022",
    "created": CREATED,
    "verificationMethod": METHOD,
    "proofPurpose": "assertionMethod",
    "@context": CONTEXT,
}
CANONICAL_CONFIGURATION = (
    '{"@context":["https://www.w3.org/ns/credentials/v2",'
    '"https://www.w3.org/ns/credentials/examples/v2"],"created":"2023-02-24T23:36:38Z",'
    '"cryptosuite":"eddsa-jcs-2022","proofPurpose":"assertionMethod",'
    '"type":"DataIntegrityProof","verificationMethod":'
    '"did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2'
    '#z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"}'
)
CONFIGURATION_HASH = "66ab154f5c2890a140cb8388a22a160454f80575f6eae09e5a097cabe539a1db"
COMBINED_HASH = (
    "66ab154f5c2890a140cb8388a22a160454f80575f6eae09e5a097cabe539a1db"
    "59b7cb6251b8991add1ce0bc83107e3db9dbbab5bd2c28f687db1a03abc92f19"
)
SIGNATURE = (
    "407cd12654b33d718ecbb99179a1506daaa849450bf3fc523cce3e1c96f8b803"
    "51da3f253d725c6f00b07c9e5448d50b3ef78012b9ab54255116d069c6dd2808"
)
PROOF_VALUE = (
    "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX"
)
SIGNED = {**UNSIGNED, "proof": {**PROOF_CONFIGURATION, "proofValue": PROOF_VALUE}}


def key() -> Ed25519PrivateKey:
    secret = from_base58(SECRET)
    assert secret.startswith(SECRET_PREFIX)
    return Ed25519PrivateKey.from_private_bytes(secret.removeprefix(SECRET_PREFIX))


def test_the_key_pair_of_the_vector() -> None:
    public = key().public_key().public_bytes_raw()
    assert multikey(public) == PUBLIC
    assert from_multikey(PUBLIC) == public


def test_every_step_of_the_vector() -> None:
    assert canonical(UNSIGNED).decode() == CANONICAL_DOCUMENT
    assert sha256(canonical(UNSIGNED)).hexdigest() == DOCUMENT_HASH
    configuration = proof_configuration(PROOF_CONFIGURATION)
    assert configuration.decode() == CANONICAL_CONFIGURATION
    assert sha256(configuration).hexdigest() == CONFIGURATION_HASH
    data = hash_data(UNSIGNED, configuration)
    assert data.hex() == COMBINED_HASH
    signature = key().sign(data)
    assert signature.hex() == SIGNATURE
    assert base58(signature) == PROOF_VALUE
    assert from_base58(PROOF_VALUE) == signature


def test_the_whole_of_the_vector() -> None:
    assert signed(UNSIGNED, key().sign, METHOD, CREATED) == SIGNED
    assert verified(SIGNED, from_multikey(PUBLIC)) == UNSIGNED


# --- what must not pass --------------------------------------------------------------------------


def changed(*path: str, to: Any) -> dict[str, Any]:
    made = copy.deepcopy(SIGNED)
    inner: Any = made
    for name in path[:-1]:
        inner = inner[name]
    if to is None:
        del inner[path[-1]]
    else:
        inner[path[-1]] = to
    return made


@pytest.mark.parametrize(
    "altered",
    [
        changed("name", to="Another Credential"),
        changed("name", to=None),
        changed("more", to=1),
        changed("credentialSubject", "alumniOf", to="Another School"),
        changed("proof", "created", to="2023-02-24T23:36:39Z"),
        changed("proof", "created", to="yesterday"),
        changed("proof", "created", to=None),
        changed("proof", "proofPurpose", to="authentication"),
        changed("proof", "cryptosuite", to="eddsa-rdfc-2022"),
        changed("proof", "type", to="Ed25519Signature2020"),
        changed("proof", "@context", to=CONTEXT[:1]),
        changed("proof", "@context", to=[*CONTEXT, "https://more.example"]),
        changed("proof", "@context", to=None),
        changed("proof", "more", to=1),
        changed("proof", "proofValue", to=PROOF_VALUE[:-1]),
        changed("proof", "proofValue", to="u" + PROOF_VALUE[1:]),
        changed("proof", "proofValue", to=None),
        changed("proof", "proofValue", to=7),
        changed("@context", to=CONTEXT[:1]),
        changed("@context", to=CONTEXT[::-1]),
        changed("proof", to=None),
        changed("proof", to=[SIGNED["proof"]]),
    ],
)
def test_what_was_changed_is_not_verified(altered: dict[str, Any]) -> None:
    assert verified(altered, from_multikey(PUBLIC)) is None


def test_another_key_did_not_sign_it() -> None:
    assert verified(SIGNED, Ed25519PrivateKey.generate().public_key().public_bytes_raw()) is None


def test_what_was_added_to_the_context_is_not_in_what_was_signed() -> None:
    more = changed("@context", to=[*CONTEXT, "https://more.example"])
    assert verified(more, from_multikey(PUBLIC)) == UNSIGNED


@given(st.binary(max_size=80))
def test_base58_comes_back(data: bytes) -> None:
    assert from_base58(base58(data)) == data


@given(st.binary(max_size=80))
def test_base64url_comes_back(data: bytes) -> None:
    assert from_base64url(base64url(data)) == data


@pytest.mark.parametrize("text", ["", "u1", "z0", "zO", "z" + "1" * 200, "z漢"])
def test_what_is_no_base58(text: str) -> None:
    with pytest.raises(WrongBase):
        from_base58(text)


@pytest.mark.parametrize("text", ["A", "AB", "AA==", "A+/A", "漢字"])
def test_what_is_no_base64url(text: str) -> None:
    with pytest.raises(WrongBase):
        from_base64url(text)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"\xff",
        b'{"a":1,"a":2}',
        b'{"a":{"b":1,"b":1}}',
        b"[NaN]",
        b"[-Infinity]",
        b"[" + b"9" * 400 + b"]",
        b"[" * 30 + b"]" * 30,
        b"[" * 100_000,
        b"{} {}",
    ],
)
def test_what_has_two_meanings_or_none_is_not_read(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        read_json(raw)


@pytest.mark.parametrize("value", [2**53, float("nan"), "\ud800", object(), {1: 2}])
def test_what_has_no_canonical_form(value: Any) -> None:
    with pytest.raises(Unreadable):
        canonical(value)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)


@settings(max_examples=50)
@given(JSON)
def test_what_is_signed_is_verified_after_it_was_sent(value: Any) -> None:
    sent = read_json(canonical(signed({"a": value}, key().sign, METHOD, CREATED)))
    assert verified(sent, from_multikey(PUBLIC)) == read_json(canonical({"a": value}))
