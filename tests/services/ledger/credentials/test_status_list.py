"""Bitstring Status List: the specification's own example, round trips, and what is refused."""

import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.ledger.credentials.multibase import base64url
from services.ledger.credentials.status_list import (
    ENTRIES,
    MOST_BYTES,
    WrongList,
    decoded,
    encoded,
    entry,
    is_revoked,
    is_set,
    unsigned_list,
)
from tests.services.ledger.credentials.making import BASE, DID, INDEX, NOW, with_bit

EMPTY = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"
"""``encodedList`` of the example BitstringStatusListCredential in W3C Bitstring Status List v1.0,
https://www.w3.org/TR/vc-bitstring-status-list/#example-example-bitstringstatuslistcredential
(https://github.com/w3c/vc-bitstring-status-list at 74fcae11e5b389aa44d1b7d3f84ee079eaa169a4)."""


def test_the_example_of_the_specification_is_read() -> None:
    assert decoded(EMPTY) == bytes(ENTRIES // 8)


def test_an_empty_list_is_small_and_the_same_every_time() -> None:
    assert encoded(bytes(ENTRIES // 8)) == encoded(bytes(ENTRIES // 8))
    assert len(encoded(bytes(ENTRIES // 8))) < 200


@settings(max_examples=25)
@given(st.sets(st.integers(0, ENTRIES - 1), max_size=300))
def test_what_was_set_is_set_after_it_was_sent_and_nothing_else(indexes: set[int]) -> None:
    bits = bytearray(ENTRIES // 8)
    for index in indexes:
        bits[index // 8] |= 0x80 >> index % 8
    sent = decoded(encoded(bytes(bits)))
    assert sent == bytes(bits)
    assert all(is_set(sent, index) for index in indexes)
    assert sum(byte.bit_count() for byte in sent) == len(indexes)


def test_the_first_entry_is_the_leftmost_bit() -> None:
    assert is_set(b"\x80", 0)
    assert not is_set(b"\x80", 1)
    assert is_set(b"\x01", 7)
    for index in (-1, 8):
        with pytest.raises(WrongList):
            is_set(b"\x01", index)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        EMPTY[1:],
        "z" + EMPTY[1:],
        EMPTY[:-8],
        EMPTY + "AAAA",
        "u" + base64url(b"no gzip"),
        encoded(bytes(ENTRIES // 8 - 1)),
        encoded(bytes(MOST_BYTES + 1)),
        "u" + base64url(gzip.compress(bytes(200 * MOST_BYTES))),
    ],
)
def test_what_is_no_list(text: object) -> None:
    with pytest.raises(WrongList):
        decoded(text)


def test_a_list_is_asked_by_a_credential_that_names_it() -> None:
    status = entry(BASE, 1, INDEX)
    listed = unsigned_list(BASE, DID, 1, with_bit(INDEX), NOW)
    assert is_revoked(status, listed)
    assert not is_revoked(entry(BASE, 1, INDEX + 1), listed)
    both = {**listed["credentialSubject"], "statusPurpose": ["suspension", "revocation"]}
    assert is_revoked(status, {**listed, "credentialSubject": both})


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "Other"},
        {"statusPurpose": "suspension"},
        {"statusListIndex": 7},
        {"statusListIndex": "-1"},
        {"statusListIndex": "٣"},
        {"statusListIndex": "9" * 5_000},
        {"statusListIndex": str(ENTRIES)},
        {"statusListCredential": "https://other.example"},
        {"statusSize": 2},
    ],
)
def test_an_entry_of_another_kind_is_not_looked_up(changes: dict[str, object]) -> None:
    listed = unsigned_list(BASE, DID, 1, with_bit(INDEX), NOW)
    with pytest.raises(WrongList):
        is_revoked({**entry(BASE, 1, INDEX), **changes}, listed)


@pytest.mark.parametrize(
    "changes",
    [
        {"type": ["VerifiableCredential"]},
        {"credentialSubject": None},
        {"credentialSubject": {}},
        {"credentialSubject": {"type": "BitstringStatusList", "statusPurpose": "suspension"}},
        {"credentialSubject": {"type": "BitstringStatusList", "statusPurpose": "revocation"}},
    ],
)
def test_a_list_of_another_kind_is_not_asked(changes: dict[str, object]) -> None:
    listed = unsigned_list(BASE, DID, 1, with_bit(INDEX), NOW)
    with pytest.raises(WrongList):
        is_revoked(entry(BASE, 1, INDEX), {**listed, **changes})
