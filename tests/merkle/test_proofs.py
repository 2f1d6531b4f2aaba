"""A proof shows that an entry is in the log, and no changed bit of it does."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from shared.merkle.ed25519 import new_signer, verify
from shared.merkle.entries import Entry, checked, entry_in
from shared.merkle.notes import Malformed
from shared.merkle.proofs import check
from shared.merkle.tree import BadProof
from tests.merkle.logs import NAME, SECONDS, SmallLog, an_entry

SIZE = 11


def test_a_leaf_is_the_json_that_rfc_8785_writes() -> None:
    one = an_entry(7)
    assert (
        one.leaf
        == json.dumps(
            {"digest": one.digest, "kind": one.kind, "source": one.source, "time": one.time},
            sort_keys=True,
            separators=(",", ":"),
        ).encode()
    )


def test_every_entry_is_proved() -> None:
    log = SmallLog.of(SIZE)
    for index in range(SIZE):
        shown = check(log.proof(index), f"{index:064x}", verify)
        assert (shown.entry, shown.index) == (an_entry(index), index)
        assert (shown.head.origin, shown.head.size, shown.signed) == (NAME, SIZE, SECONDS)
        assert not shown.trusted
        assert shown.witnessed == ()


def test_trusted_keys_and_witnesses_are_recognised() -> None:
    log = SmallLog.of(SIZE)
    first = log.signers[0].key
    log.signers.append(new_signer(NAME))
    witness, stranger = new_signer("witness.test/one"), new_signer("witness.test/two")
    proof = log.proof(3, cosigners=[witness])
    digest = f"{3:064x}"
    shown = check(proof, digest, verify, [first], [witness.key, stranger.key])
    assert shown.trusted, "the key that signed is vouched for by the one that is trusted"
    assert shown.witnessed == (("witness.test/one", SECONDS + 5),)
    with pytest.raises(BadProof, match="none of those that are trusted"):
        check(proof, digest, verify, [stranger.key])


def test_a_former_key_signs_no_more() -> None:
    log = SmallLog.of(SIZE)
    old = log.head()
    log.signers.append(new_signer(NAME))
    proof = {**log.proof(3), "head": old}
    with pytest.raises(BadProof, match="latest key"):
        check(proof, f"{3:064x}", verify)


def test_a_file_of_which_one_bit_was_changed_is_not_proved() -> None:
    proof = SmallLog.of(SIZE).proof(3)
    digest = int(f"{3:064x}", 16)
    for bit in range(256):
        with pytest.raises(BadProof, match="the file is not the one"):
            check(proof, f"{digest ^ (1 << bit):064x}", verify)


def places(document: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every text and number in a document."""
    if isinstance(document, dict):
        for name, value in document.items():
            yield from places(value, (*at, name))
    elif isinstance(document, list):
        for number, value in enumerate(document):
            yield from places(value, (*at, number))
    else:
        yield at


PROOF = SmallLog.of(SIZE).proof(6)


@given(some.data())
@settings(max_examples=400)
def test_no_character_of_a_proof_may_be_another(data: some.DataObject) -> None:
    proof: Any = copy.deepcopy(PROOF)
    *way, last = data.draw(some.sampled_from(list(places(PROOF))))
    at = proof
    for step in way:
        at = at[step]
    value = at[last]
    if isinstance(value, int):
        at[last] = data.draw(some.integers(-1, SIZE + 1).filter(lambda other: other != value))
    else:
        place = data.draw(some.integers(0, len(value) - 1))
        other = data.draw(
            some.characters(codec="utf-8").filter(lambda character: character != value[place])
        )
        at[last] = value[:place] + other + value[place + 1 :]
    with pytest.raises((BadProof, Malformed)):
        check(proof, f"{6:064x}", verify)


@pytest.mark.parametrize("name", list(PROOF))
@pytest.mark.parametrize("value", [None, 1.5, True, "x", [], {}, [None], [[]]])
def test_what_is_no_proof_is_refused(name: str, value: Any) -> None:
    with pytest.raises((Malformed, BadProof)):
        check({**PROOF, name: value}, f"{6:064x}", verify)
    with pytest.raises(Malformed):
        check(value, f"{6:064x}", verify)


@pytest.mark.parametrize(
    "change",
    [
        {"digest": "A" * 64},
        {"digest": "0" * 63},
        {"kind": "with space"},
        {"kind": ""},
        {"source": 'a"b'},
        {"source": "a\\b"},
        {"source": "a b"},
        {"source": "x" * 601},
        {"time": "2026-03-02T01:16:00Z"},
        {"time": "2026-03-02T01:16:00.000+08:00"},
        {"time": None},
    ],
)
def test_an_entry_looks_as_it_must(change: dict[str, Any]) -> None:
    fields = {name: getattr(an_entry(1), name) for name in ("digest", "kind", "source", "time")}
    assert entry_in(fields) == an_entry(1)
    with pytest.raises(Malformed):
        entry_in({**fields, **change})
    with pytest.raises(Malformed):
        checked(Entry(**{**fields, **change}))
