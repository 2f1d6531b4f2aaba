"""The log grows, its heads are signed in time, and a key is followed by one it vouches for."""

from datetime import timedelta

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as some

from services.ledger.domain.log.log import (
    LOG,
    SIGN_EVERY,
    SIGN_WITHIN,
    Log,
    NotVouchedFor,
    Seal,
    SealAll,
    due,
    log,
    together,
)
from shared.contracts.ledger import EntriesSealed, LogKeyFollowed, TreeHeadSigned
from shared.merkle.ed25519 import new_signer, verify
from shared.merkle.notes import head_in, key_chain, note_in
from shared.merkle.tree import frontier_of, hash_of, root_of
from shared.runtime.aggregate import Tick
from tests.given import after, given
from tests.merkle.test_tree import Levels
from tests.services.ledger.log.sealing import NAME, NOON, entries, entry, signing

SIGNING = signing()
SOON = NOON + SIGN_WITHIN


def told(first: int, count: int) -> EntriesSealed:
    those = entries(count, first)
    rows = tuple((each.digest, each.kind, each.source, each.time) for each in those)
    return EntriesSealed(LOG, first, rows, NOON)


def test_an_entry_is_sealed_and_waits_for_a_head() -> None:
    sealed = given(log).when(Seal(entry(0)), at=NOON, facts=SIGNING).then(told(0, 1))
    assert (sealed.state.size, sealed.state.frontier) == (1, (entry(0).hash.hex(),))
    assert due(sealed.state) == SOON
    assert due(Log()) is None


def test_several_are_sealed_as_one_by_one() -> None:
    one_by_one = given(log)
    for number in range(7):
        one_by_one = one_by_one.when(Seal(entry(number)), at=NOON, facts=SIGNING).then(
            told(number, 1)
        )
    whole = together([Seal(each) for each in entries(7)])
    assert whole == SealAll(entries(7))
    at_once = given(log).when(whole, at=NOON, facts=SIGNING).then(told(0, 7))
    assert at_once.state == one_by_one.state


def test_a_head_is_signed_when_the_first_has_waited_long_enough() -> None:
    waiting = given(log, told(0, 5))
    waiting.when(Tick(), at=SOON - timedelta(milliseconds=1), facts=SIGNING).then()
    when = waiting.when(Tick(), at=SOON, facts=SIGNING)
    key, head = when.events
    assert key == LogKeyFollowed(LOG, SIGNING.key)
    assert isinstance(head, TreeHeadSigned)
    note = note_in(head.note)
    root = root_of(frontier_of([each.hash for each in entries(5)]))
    assert (head.size, head.root) == (5, root.hex())
    assert root_of([bytes.fromhex(each) for each in head.frontier]) == root
    assert (head_in(note.body).size, head_in(note.body).root) == (5, root)
    (public,) = key_chain(NAME, waiting_keys := after(log, waiting.state, when.events).keys, verify)
    assert note.signed_by(public, verify) == int(SOON.timestamp())
    assert len(waiting_keys) == 1


def test_the_first_that_waits_counts_not_the_last() -> None:
    state = given(log, told(0, 1)).state
    later = log.decide(Seal(entry(1)), state, NOON + timedelta(seconds=1), SIGNING)
    assert due(after(log, state, later)) == SOON


def test_without_new_entries_nothing_is_signed() -> None:
    past = given(log, told(0, 2))
    signed = given(log, told(0, 2), *past.when(Tick(), at=SOON, facts=SIGNING).events)
    assert due(signed.state) is None
    signed.when(Tick(), at=SOON + timedelta(days=1), facts=SIGNING).then()


def test_many_entries_are_signed_for_at_once() -> None:
    few = given(log).when(SealAll(entries(SIGN_EVERY - 1)), at=NOON, facts=SIGNING)
    assert [type(each) for each in few.events] == [EntriesSealed]
    state = after(log, Log(), few.events)
    events = log.decide(Seal(entry(SIGN_EVERY - 1)), state, NOON, SIGNING)
    assert [type(each) for each in events] == [EntriesSealed, LogKeyFollowed, TreeHeadSigned]
    whole = after(log, state, events)
    assert (whole.size, whole.signed_size, due(whole)) == (SIGN_EVERY, SIGN_EVERY, None)


def test_the_nodes_of_every_eighth_level_are_told_once_each() -> None:
    count = 2 * 256 + 3
    node = Levels([each.leaf for each in entries(count)])
    state, tiles = Log(), []
    at = 0
    while at < count:
        some_more = entries(min(97, count - at), at)
        events = log.decide(SealAll(some_more), state, NOON, SIGNING)
        tiles += [
            tile for event in events if isinstance(event, EntriesSealed) for tile in event.tiles
        ]
        state = after(log, state, events)
        at += len(some_more)
    assert tiles == [(8, number, node(8, number).hex()) for number in (0, 1)]


@drawn(some.lists(some.integers(1, 40), min_size=1, max_size=12))
@settings(max_examples=60)
def test_however_they_come_the_tree_is_that_of_the_rfc(steps: list[int]) -> None:
    state = Log()
    for count in steps:
        events = log.decide(SealAll(entries(count, state.size)), state, NOON, SIGNING)
        state = after(log, state, events)
    node = Levels([each.leaf for each in entries(sum(steps))])
    assert state.size == sum(steps)
    frontier = [bytes.fromhex(each) for each in state.frontier]
    assert root_of(frontier) == hash_of((0, state.size), node)


# --- keys ----------------------------------------------------------------------------------------


def test_an_old_key_vouches_for_the_new_one() -> None:
    old, new = new_signer(NAME), new_signer(NAME)
    signed = given(log).when(SealAll(entries(SIGN_EVERY)), at=NOON, facts=signing(old))
    state = after(log, Log(), signed.events)
    events = log.decide(SealAll(entries(SIGN_EVERY, SIGN_EVERY)), state, NOON, signing(old, new))
    assert [type(each) for each in events] == [EntriesSealed, LogKeyFollowed, TreeHeadSigned]
    state = after(log, state, events)
    assert key_chain(NAME, state.keys, verify) == [old.key, new.key]
    assert note_in(state.head).signed_by(new.key, verify) is not None
    # Its private half is needed no more.
    events = log.decide(SealAll(entries(SIGN_EVERY, state.size)), state, NOON, signing(new))
    assert [type(each) for each in events] == [EntriesSealed, TreeHeadSigned]


def test_a_key_that_nobody_vouches_for_signs_nothing_and_sealing_goes_on() -> None:
    old, usurper = new_signer(NAME), new_signer(NAME)
    signed = given(log).when(SealAll(entries(SIGN_EVERY)), at=NOON, facts=signing(old))
    state = after(log, Log(), signed.events)
    events = log.decide(SealAll(entries(SIGN_EVERY, state.size)), state, NOON, signing(usurper))
    assert [type(each) for each in events] == [EntriesSealed]
    state = after(log, state, events)
    with pytest.raises(NotVouchedFor):
        log.decide(Tick(), state, SOON, signing(usurper))
    assert len(log.decide(Tick(), state, SOON, signing(old))) == 1
