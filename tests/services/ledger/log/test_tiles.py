"""What is kept of the tree, and of its heads: in whatever order it comes."""

import random

import pytest

from services.ledger.domain.log.head import (
    MOST_COSIGNATURES,
    Cosign,
    HeadCosigned,
    HeadKept,
    KeepHead,
    head,
)
from services.ledger.domain.log.tile import (
    WIDTH,
    EntriesKept,
    HashesKept,
    KeepEntries,
    KeepHashes,
    Tile,
    tile,
)
from services.ledger.reactions.log import SEALED, Row, _kept
from shared.contracts.ledger import EntriesSealed
from shared.contracts.volunteering import CertificateIssued
from tests.given import given
from tests.services.ledger.log.sealing import NOON, entries, entry


def line(witness: str, n: int) -> str:
    return f"— {witness} {n}\n"


def test_entries_are_kept_where_they_belong() -> None:
    first, rest = entries(3), entries(4, 3)
    whole = (
        given(tile)
        .when(KeepEntries(2, 0, first))
        .then(EntriesKept(2, 0, first))
        .when(KeepEntries(2, 3, rest))
        .then(EntriesKept(2, 3, rest))
    )
    assert whole.state == Tile(0, 2, (*first, *rest))


def test_in_whatever_order_they_come_the_tile_is_the_same() -> None:
    pieces = [(at, entries(16, at)) for at in range(0, WIDTH, 16)]
    for seed in range(20):
        random.Random(seed).shuffle(pieces)
        past = [EntriesKept(0, at, piece) for at, piece in pieces]
        assert given(tile, *past).state == Tile(0, 0, entries(WIDTH))


def test_what_is_missing_is_seen() -> None:
    there = given(tile, EntriesKept(0, 2, (entry(2),))).state
    assert there.entries == (None, None, entry(2))
    hashes = given(tile, HashesKept(1, 0, 1, ("b",)), HashesKept(1, 0, 0, ("a",))).state
    assert hashes == Tile(1, 0, (), ("a", "b"))
    given(tile).when(KeepHashes(1, 0, 1, ("b",))).then(HashesKept(1, 0, 1, ("b",)))


def test_a_step_of_the_log_goes_to_each_tile_once() -> None:
    count = 3 * WIDTH
    rows = tuple((one.digest, one.kind, one.source, one.time) for one in entries(count))
    event = EntriesSealed("main", 200, rows, NOON, ((8, 0, "a"), (8, 1, "b"), (16, 0, "c")))
    commands = {id: command for _, id, command in _kept(event)}
    assert list(commands) == ["0-0", "0-1", "0-2", "0-3", "1-0", "2-0"]
    assert commands["0-0"] == KeepEntries(0, 200, entries(56))
    assert commands["0-1"] == KeepEntries(1, 0, entries(WIDTH, 56))
    assert commands["1-0"] == KeepHashes(1, 0, 0, ("a", "b"))
    assert commands["2-0"] == KeepHashes(2, 0, 0, ("c",))


def test_a_head_has_one_signature_of_each_witness() -> None:
    kept = (
        given(head)
        .when(KeepHead(5, "r", "note\n"))
        .then(HeadKept(5, "r", "note\n"))
        .when(Cosign("w1", line("w1", 1)))
        .then(HeadCosigned("w1", line("w1", 1)))
        .when(Cosign("w1", line("w1", 1)))
        .then()
        .when(Cosign("w2", line("w2", 1)))
        .then(HeadCosigned("w2", line("w2", 1)))
        .when(Cosign("w1", line("w1", 2)))
        .then(HeadCosigned("w1", line("w1", 2)))
    )
    assert kept.state.signed == "note\n" + line("w2", 1) + line("w1", 2)
    anew = kept.when(KeepHead(5, "r", "another\n")).then(HeadKept(5, "r", "another\n"))
    assert anew.state.signed == "another\n"
    given(head).when(Cosign("w1", line("w1", 1))).then()


def test_witnesses_have_an_end() -> None:
    past = [HeadKept(5, "r", "note\n")]
    cosigned = [HeadCosigned(f"w{n}", line(f"w{n}", n)) for n in range(MOST_COSIGNATURES)]
    given(head, *past, *cosigned).when(Cosign("one-more", line("one-more", 1))).then_rejected(
        "too-many-witnesses"
    )


@pytest.mark.parametrize("event", SEALED)
def test_a_row_says_where_an_event_has_its_digest(event: type) -> None:
    assert isinstance(SEALED[event], Row)
    assert "digest" in event.__dataclass_fields__
    assert CertificateIssued in SEALED
