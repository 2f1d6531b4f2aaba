"""Whoever follows the log's events notices what was changed: every attack that there is."""

from dataclasses import replace

import pytest

from shared.merkle.ed25519 import new_signer, verify
from shared.merkle.watcher import (
    Caught,
    Missed,
    Seen,
    after_entries,
    after_head,
    after_key,
    after_proof,
)
from tests.merkle.logs import NAME, SECONDS, SmallLog, an_entry

SIZE, MORE = 9, 14


def followed(log: SmallLog, sizes: tuple[int, ...]) -> Seen:
    """What somebody has seen who heard everything."""
    seen = Seen(tuple(log.keys))
    for size in sizes:
        seen = after_entries(seen, seen.size, log.entries[seen.size : size])
        seen = after_head(seen, log.head(size, SECONDS + size), log.frontier(size), verify)
    return seen


def goes_on(seen: Seen, log: SmallLog, size: int) -> Seen:
    """The log tells its next entries, and its head."""
    seen = after_entries(seen, seen.size, log.entries[seen.size : size])
    return after_head(seen, log.head(size, SECONDS + size), log.frontier(size), verify)


def forged(log: SmallLog, *entries: object) -> SmallLog:
    """Another tree that the same keys sign for."""
    return SmallLog(list(entries), log.signers)  # type: ignore[arg-type]


def test_a_log_that_grows_is_followed() -> None:
    log = SmallLog.of(MORE)
    seen = followed(log, (1, 4, 5, SIZE))
    assert (seen.size, seen.head is not None and seen.head.size) == (SIZE, SIZE)
    assert goes_on(seen, log, MORE).size == MORE


def test_what_comes_again_changes_nothing() -> None:
    log = SmallLog.of(MORE)
    seen = followed(log, (4, SIZE))
    again = after_entries(seen, 2, log.entries[2:SIZE])
    for size in (4, SIZE):
        again = after_head(again, log.head(size, SECONDS + size), log.frontier(size), verify)
    assert again == seen
    assert after_entries(seen, 7, log.entries[7:MORE]).size == MORE


def test_one_may_begin_with_any_head() -> None:
    log = SmallLog.of(MORE)
    seen = after_head(Seen(tuple(log.keys)), log.head(SIZE), log.frontier(SIZE), verify)
    assert goes_on(seen, log, MORE).size == MORE


def test_what_was_missed_is_said() -> None:
    log = SmallLog.of(MORE)
    seen = followed(log, (4,))
    with pytest.raises(Missed, match="from 4 to 8"):
        after_entries(seen, SIZE, log.entries[SIZE:])
    with pytest.raises(Missed, match="from 4 to 8"):
        after_head(seen, log.head(SIZE, SECONDS + 9), log.frontier(SIZE), verify)
    beyond = after_entries(seen, 4, log.entries[4:MORE])
    with pytest.raises(Missed, match="before the head"):
        after_head(beyond, log.head(SIZE, SECONDS + 9), log.frontier(SIZE), verify)


ATTACKS = {
    "altered": lambda e: [*e[:3], replace(e[3], digest="f" * 64), *e[4:]],
    "removed": lambda e: [*e[:3], *e[4:], an_entry(99)],
    "reordered": lambda e: [*e[:3], e[4], e[3], *e[5:]],
    "inserted": lambda e: [*e[:3], an_entry(99), *e[3:-1]],
    "forked": lambda e: [*e[:SIZE], *(an_entry(number) for number in range(200, 205))],
}
"""The tree of before with something done to it, as large as it has to be."""


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_changed_tree_is_caught_by_its_next_head(attack: str) -> None:
    log = SmallLog.of(MORE)
    seen = followed(log, (4, SIZE))
    other = forged(log, *ATTACKS[attack](log.entries))
    told = after_entries(seen, SIZE, log.entries[SIZE:])
    with pytest.raises(Caught, match="not that of the entries it told") as caught:
        after_head(told, other.head(MORE, SECONDS + MORE), other.frontier(MORE), verify)
    assert caught.value.evidence[0] == seen.note
    if attack != "forked":  # that one does follow on what was seen
        with pytest.raises(Caught):
            goes_on(seen, other, MORE)


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_changed_tree_has_no_proof_that_it_follows(attack: str) -> None:
    log = SmallLog.of(MORE)
    seen = followed(log, (4, SIZE, MORE))
    other = forged(log, *ATTACKS[attack](log.entries), *(an_entry(n) for n in range(300, 309)))
    size = len(other.entries)
    for proof in (other.consistency(MORE, size), log.consistency(SIZE, MORE), []):
        with pytest.raises(Caught, match="does not begin with") as caught:
            after_proof(seen, other.head(size, SECONDS + size), proof, verify)
        assert len(caught.value.evidence) == 2


@pytest.mark.parametrize("attack", ATTACKS)
def test_two_heads_of_one_size_are_caught(attack: str) -> None:
    """Split view: another tree for other people."""
    log = SmallLog.of(MORE)
    seen = followed(log, (SIZE, MORE))
    other = forged(log, *ATTACKS[attack](log.entries))
    mine, theirs = seen.note, other.head(MORE, SECONDS + MORE)
    with pytest.raises(Caught, match="two") as caught:
        after_proof(seen, theirs, [], verify)
    assert caught.value.evidence == (mine, theirs)
    with pytest.raises(Caught):
        after_head(seen, theirs, other.frontier(MORE), verify)


def test_a_log_that_shrinks_is_caught() -> None:
    log = SmallLog.of(MORE)
    seen = followed(log, (4, SIZE))
    shorter = log.head(5, SECONDS + 60)
    for caught in (
        lambda: after_head(seen, shorter, log.frontier(5), verify),
        lambda: after_proof(seen, shorter, [], verify),
    ):
        with pytest.raises(Caught, match="shrank from 9 to 5"):
            caught()


def test_a_log_that_follows_is_proved() -> None:
    log = SmallLog.of(MORE)
    seen = after_proof(Seen(tuple(log.keys)), log.head(4), [], verify)
    seen = after_proof(seen, log.head(SIZE, SECONDS + 1), log.consistency(4, SIZE), verify)
    seen = after_proof(seen, log.head(4), [], verify)
    assert seen.head is not None
    assert seen.head.size == SIZE


def test_heads_of_others_are_caught() -> None:
    log, stranger = SmallLog.of(SIZE), SmallLog.of(SIZE)
    seen = followed(log, (4,))
    for note in (stranger.head(SIZE, SECONDS + 9), "nothing\n", log.head(4)[:-3] + "A=\n"):
        with pytest.raises(Caught):
            after_proof(seen, note, log.consistency(4, SIZE), verify)
    with pytest.raises(Caught, match="frontier"):
        after_head(seen, log.head(SIZE, SECONDS + 9), log.frontier(SIZE)[::-1], verify)


def test_a_key_is_changed_by_the_one_before_it_only() -> None:
    log = SmallLog.of(MORE)
    seen = followed(log, (4, SIZE))
    log.signers.append(new_signer(NAME))
    with pytest.raises(Caught, match="did not sign"):
        goes_on(seen, log, MORE)
    assert goes_on(after_key(seen, log.keys[1], verify), log, MORE).size == MORE
    assert after_key(seen, log.keys[0], verify) == seen
    usurper = SmallLog(log.entries, [new_signer(NAME), new_signer(NAME)])
    with pytest.raises(Caught, match="changed its key"):
        after_key(seen, usurper.keys[1], verify)
