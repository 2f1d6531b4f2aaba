"""The tree, held to RFC 6962's own words and to others' test vectors."""

import json
import random
from base64 import b64decode
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from shared.merkle.tree import (
    EMPTY,
    BadProof,
    consistency_ranges,
    frontier_of,
    grown,
    hash_of,
    inclusion_ranges,
    leaf_hash,
    node_hash,
    nodes_of,
    root_from_inclusion,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from tests.merkle import naive

VECTORS = Path(__file__).parents[3] / "shared/data/vectors/rfc6962_inclusion.json"
EVERY_SIZE_TO = 300
LARGEST = 100_000


@cache
def entries(size: int) -> tuple[bytes, ...]:
    chance = random.Random(6962)
    return tuple(chance.randbytes(chance.randrange(1, 60)) for _ in range(size))


class Levels:
    """All nodes of a tree of whatever entries, level by level: the look-up of proofs."""

    def __init__(self, all_of: Sequence[bytes]) -> None:
        self.rows = [[leaf_hash(one) for one in all_of]]
        while len(self.rows[-1]) > 1:
            row = self.rows[-1]
            self.rows.append([node_hash(row[at], row[at + 1]) for at in range(0, len(row) - 1, 2)])

    def __call__(self, level: int, index: int) -> bytes:
        return self.rows[level][index]


@cache
def levels(size: int) -> Levels:
    return Levels(entries(size))


def inclusion(index: int, size: int, node: Levels) -> list[bytes]:
    return [hash_of(leaves, node) for leaves in inclusion_ranges(index, size)]


def consistency(old: int, size: int, node: Levels) -> list[bytes]:
    return [hash_of(leaves, node) for leaves in consistency_ranges(old, size)]


# --- others' vectors -----------------------------------------------------------------------------


@pytest.mark.skipif(not VECTORS.is_file(), reason="the vectors (../shared/data) are not here")
def test_all_published_vectors_of_inclusion() -> None:
    vectors: list[dict[str, Any]] = json.loads(VECTORS.read_text())
    assert len(vectors) == 98
    wrong = []
    for one in vectors:
        proof = [b64decode(each) for each in one["proof"] or ()]
        try:
            verify_inclusion(
                one["leafIdx"],
                one["treeSize"],
                b64decode(one["leafHash"]),
                proof,
                b64decode(one["root"] or ""),
            )
            refused = False
        except BadProof:
            refused = True
        if refused != one["wantErr"]:
            wrong.append((one["name"], one["desc"]))
    assert wrong == []
    assert {one["wantErr"] for one in vectors} == {True, False}


CT = [
    bytes.fromhex(each)
    for each in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
CT_ROOT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
"""The eight entries and the root that implementations of Certificate Transparency test with."""


def test_the_root_that_certificate_transparency_tests_with() -> None:
    frontier = frontier_of([leaf_hash(each) for each in CT])
    assert root_of(frontier).hex() == CT_ROOT
    assert EMPTY.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert root_of([]) == EMPTY


# --- a second implementation ---------------------------------------------------------------------


def test_every_tree_to_300_grows_as_the_rfc_says() -> None:
    frontier: list[bytes] = []
    node = levels(EVERY_SIZE_TO)
    for size, entry in enumerate(entries(EVERY_SIZE_TO)):
        assert root_of(frontier) == naive.mth(entries(EVERY_SIZE_TO)[:size])
        assert frontier == [node(level, index) for level, index in nodes_of(size)]
        frontier, completed = grown(frontier, size, leaf_hash(entry))
        assert completed == [
            node(level, size >> level) for level in range(((size + 1) & -(size + 1)).bit_length())
        ]


def test_every_inclusion_in_every_tree_to_300() -> None:
    node = levels(EVERY_SIZE_TO)
    rows = entries(EVERY_SIZE_TO)
    for size in range(1, EVERY_SIZE_TO + 1):
        root = root_of([node(level, index) for level, index in nodes_of(size)])
        compared = range(size) if size <= 64 or size % 50 == 0 else (0, size // 2, size - 1)
        for index in range(size):
            proof = inclusion(index, size, node)
            assert root_from_inclusion(index, size, node(0, index), proof) == root
            if index in compared:
                assert proof == naive.path(index, rows[:size])


def test_every_consistency_of_every_tree_to_300() -> None:
    node = levels(EVERY_SIZE_TO)
    rows = entries(EVERY_SIZE_TO)
    roots = [
        root_of([node(level, index) for level, index in nodes_of(size)])
        for size in range(EVERY_SIZE_TO + 1)
    ]
    for size in range(1, EVERY_SIZE_TO + 1):
        verify_consistency(0, size, [], EMPTY, roots[size])
        compared = range(1, size + 1) if size <= 48 or size % 75 == 0 else (1, size // 2 + 1, size)
        for old in range(1, size + 1):
            proof = consistency(old, size, node)
            verify_consistency(old, size, proof, roots[old], roots[size])
            if old in compared:
                assert proof == naive.proof(old, rows[:size])


@pytest.mark.slow
@given(some.data())
@settings(max_examples=12)
def test_random_trees_to_100_000(data: some.DataObject) -> None:
    size = data.draw(some.integers(EVERY_SIZE_TO, LARGEST))
    index = data.draw(some.integers(0, size - 1))
    old = data.draw(some.integers(1, size))
    rows, node = entries(LARGEST)[:size], levels(LARGEST)
    root = naive.mth(rows)
    assert hash_of((0, size), node) == root
    proof = inclusion(index, size, node)
    assert proof == naive.path(index, rows)
    verify_inclusion(index, size, leaf_hash(rows[index]), proof, root)
    proof = consistency(old, size, node)
    assert proof == naive.proof(old, rows)
    verify_consistency(old, size, proof, naive.mth(rows[:old]), root)


# --- what is not so is not proved ----------------------------------------------------------------


@given(some.integers(2, EVERY_SIZE_TO), some.data())
@settings(max_examples=300)
def test_whatever_is_changed_the_inclusion_is_refused(size: int, data: some.DataObject) -> None:
    node = levels(EVERY_SIZE_TO)
    index = data.draw(some.integers(0, size - 1))
    root, leaf = hash_of((0, size), node), node(0, index)
    proof = inclusion(index, size, node)
    elsewhere = data.draw(some.integers(0, size - 1).filter(lambda other: other != index))
    changed = [
        (elsewhere, size, leaf, proof, root),
        (index, size, node(0, elsewhere), proof, root),
        (index, size, flipped(leaf, data), proof, root),
        (index, size, leaf, proof, flipped(root, data)),
        (index, size, leaf, proof[1:], root),
        (index, size, leaf, [*proof, root], root),
        (index, size, leaf, with_one_flipped(proof, data), root),
    ]
    if len(set(proof)) > 1:
        changed.append((index, size, leaf, proof[::-1], root))
    for case in changed:
        with pytest.raises(BadProof):
            verify_inclusion(*case)


@given(some.integers(2, EVERY_SIZE_TO), some.data())
@settings(max_examples=300)
def test_whatever_is_changed_the_consistency_is_refused(size: int, data: some.DataObject) -> None:
    node = levels(EVERY_SIZE_TO)
    old = data.draw(some.integers(1, size - 1))
    old_root, root = hash_of((0, old), node), hash_of((0, size), node)
    proof = consistency(old, size, node)
    for case in (
        (old, size, proof, flipped(old_root, data), root),
        (old, size, proof, old_root, flipped(root, data)),
        (old, size, with_one_flipped(proof, data), old_root, root),
        (old, size, proof[:-1], old_root, root),
        (old, size, [*proof, root], old_root, root),
        (size, old, proof, root, old_root),
        (old, size, [], old_root, root),
    ):
        with pytest.raises(BadProof):
            verify_consistency(*case)


def test_what_there_is_no_proof_of_is_asked_in_vain() -> None:
    for index, size in ((0, 0), (5, 5), (-1, 5)):
        with pytest.raises(ValueError, match="has no leaf"):
            inclusion_ranges(index, size)
    for old, size in ((0, 5), (6, 5)):
        with pytest.raises(ValueError, match="does not begin"):
            consistency_ranges(old, size)
    with pytest.raises(BadProof, match="two roots"):
        verify_consistency(3, 3, [], EMPTY, bytes(32))
    for lengths in ((31, 32, 32), (32, 31, 32), (32, 32, 0)):
        leaf, beside, root = map(bytes, lengths)
        with pytest.raises(BadProof, match="bytes, not 32"):
            verify_inclusion(0, 2, leaf, [beside], root)
        with pytest.raises(BadProof, match="bytes, not 32"):
            verify_consistency(1, 2, [beside], leaf, root)


def flipped(value: bytes, data: some.DataObject) -> bytes:
    bit = data.draw(some.integers(0, 8 * len(value) - 1))
    return bytes(byte ^ (1 << bit % 8 if at == bit // 8 else 0) for at, byte in enumerate(value))


def with_one_flipped(proof: Sequence[bytes], data: some.DataObject) -> list[bytes]:
    which = data.draw(some.integers(0, len(proof) - 1))
    return [flipped(each, data) if at == which else each for at, each in enumerate(proof)]
