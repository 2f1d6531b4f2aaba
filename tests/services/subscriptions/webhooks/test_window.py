"""A webhook's window: in order within a stream, nothing lost, nothing twice, bounded."""

import random
from collections import defaultdict
from datetime import timedelta

from hypothesis import given as held_for
from hypothesis import strategies as st

from services.subscriptions.calling.place import Failing, Place, place_in
from services.subscriptions.calling.window import MOST_BYTES, MOST_EVENTS, Item, Window
from services.subscriptions.feed_reading import START, Cursor, Entry
from tests.given import NOTHING_SPECIAL as NOON

SECOND = timedelta(seconds=1)


def entry(version: int, stream: str = "petition-1", index: int = 1, size: int = 0) -> Entry:
    envelope = {"id": f"petitions/{stream}/{version}/0", "subject": stream, "data": "x" * size}
    return Entry(Cursor(version, index), envelope, (), None)


def all_of(_entry: Entry) -> bool:
    return True


def window(*entries: Entry, place: Place | None = None) -> Window:
    opened = Window(place or Place(1, START))
    opened.take(entries, all_of)
    return opened


def version(item: Item | None) -> int:
    assert item is not None
    return item.entry.at.version


def test_within_a_stream_the_next_one_waits_for_the_one_before() -> None:
    opened = window(entry(1), entry(2), entry(3, "petition-2"))
    first = opened.next(NOON)
    assert version(first) == 1
    assert version(opened.next(NOON)) == 3
    assert opened.next(NOON) is None
    assert first is not None
    opened.acknowledged(first)
    assert version(opened.next(NOON)) == 2


def test_what_was_not_taken_comes_again_at_its_time_before_what_follows_it() -> None:
    opened = window(entry(1), entry(2))
    item = opened.next(NOON)
    assert item is not None
    opened.failed(item, "500", NOON, NOON + 5 * SECOND)
    assert opened.next(NOON + 4 * SECOND) is None
    assert opened.next_time() == NOON + 5 * SECOND
    assert opened.next(NOON + 5 * SECOND) is item
    assert (item.tries, item.since) == (1, NOON)
    opened.failed(item, "500", NOON + 5 * SECOND, NOON + 60 * SECOND)
    assert (item.tries, item.since) == (2, NOON)
    opened.hurry(NOON + 6 * SECOND)
    assert opened.next(NOON + 6 * SECOND) is item


def test_what_is_saved_names_what_was_taken_beyond_and_what_fails() -> None:
    opened = window(entry(1), entry(2, "petition-2"), entry(3, "petition-3"))
    failing, other = opened.next(NOON), opened.next(NOON)
    assert failing is not None
    assert other is not None
    opened.acknowledged(other)
    opened.failed(failing, "timed-out", NOON, NOON + SECOND)
    place = opened.saved()
    told = Failing(Cursor(1, 1), "petitions/petition-1/1/0", 1, NOON, NOON + SECOND, "timed-out")
    assert place == Place(1, START, (Cursor(2, 1),), (told,))
    assert place_in(place.token()) == place


def test_a_window_is_opened_where_it_was_put_away() -> None:
    entries = [entry(1), entry(2, "petition-2"), entry(3, "petition-3")]
    opened = window(*entries)
    failing, other = opened.next(NOON), opened.next(NOON)
    assert failing is not None
    assert other is not None
    opened.acknowledged(other)
    opened.failed(failing, "500", NOON, NOON + 5 * SECOND)
    again = window(*entries, place=place_in(opened.saved().token()))
    assert version(again.next(NOON)) == 3
    assert again.next(NOON) is None
    back = again.next(NOON + 5 * SECOND)
    assert version(back) == 1
    assert back is not None
    assert (back.tries, back.since) == (1, NOON)


def test_what_is_forgiven_is_sent_at_once_and_its_time_begins_anew() -> None:
    opened = window(entry(1))
    failing = opened.next(NOON)
    assert failing is not None
    opened.failed(failing, "500", NOON - 70 * 3600 * SECOND, NOON + 3600 * SECOND)
    again = window(entry(1), place=opened.saved().forgiven(NOON - SECOND, NOON))
    back = again.next(NOON)
    assert back is not None
    assert (back.tries, back.since) == (0, NOON)
    # What was not taken since is not forgiven once more.
    again.failed(back, "500", NOON, NOON + 5 * SECOND)
    saved = again.saved()
    assert [(one.tries, one.since) for one in saved.failing] == [(1, NOON)]
    assert saved.forgiven(NOON - SECOND, NOON + SECOND) == saved


def test_what_is_not_wanted_is_passed() -> None:
    opened = Window(Place(1, START))
    opened.take([entry(1), entry(2), entry(3)], lambda one: one.at.version == 2)
    item = opened.next(NOON)
    assert version(item) == 2
    assert opened.saved().acknowledged == Cursor(1, 1)
    assert item is not None
    opened.acknowledged(item)
    assert opened.saved().acknowledged == Cursor(3, 1)


def test_a_window_has_an_end() -> None:
    many = window(*(entry(n, f"petition-{n}") for n in range(1, MOST_EVENTS + 1)))
    assert not many.has_room
    first = many.next(NOON)
    assert first is not None
    many.failed(first, "500", NOON, NOON + SECOND)
    while (item := many.next(NOON)) is not None:
        many.acknowledged(item)
    assert not many.has_room  # all wait for the first
    assert len(many.saved().beyond) == MOST_EVENTS - 1
    item = many.next(NOON + SECOND)
    assert item is first
    many.acknowledged(first)
    assert many.has_room
    assert many.saved() == Place(1, Cursor(MOST_EVENTS, 1))


def test_large_events_fill_it_sooner() -> None:
    opened = window(*(entry(n, f"petition-{n}", size=900_000) for n in range(1, 4)))
    assert not opened.has_room
    assert MOST_BYTES < 3 * 900_000


@held_for(st.integers(0, 2**32), st.integers(1, 60), st.integers(1, 8))
def test_whatever_happens_all_is_taken_in_order_and_nothing_twice_but_after_a_crash(
    seed: int, count: int, streams: int
) -> None:
    """Random answers, crashes that lose what was not saved, and readers of any appetite."""
    chance = random.Random(seed)
    feed = [
        entry(1 + n // 3, f"petition-{chance.randrange(streams)}", 1 + n % 3) for n in range(count)
    ]
    taken: defaultdict[str, list[Cursor]] = defaultdict(list)
    crashes = 0
    saved = Place(1, START)
    opened, under_way, now = Window(saved), list[Item](), NOON
    while saved.acknowledged != feed[-1].at:
        now += SECOND
        following = [one for one in feed if one.at > opened.read][: chance.randint(1, 5)]
        opened.take(following, all_of)
        while len(under_way) < 3 and (item := opened.next(now)) is not None:
            assert all(item.stream != other.stream for other in under_way)
            under_way.append(item)
        for item in [one for one in under_way if chance.random() < 0.6]:
            under_way.remove(item)
            if chance.random() < 0.7:
                taken[item.stream].append(item.entry.at)
                opened.acknowledged(item)
            else:
                opened.failed(item, "500", now, now + chance.randint(0, 3) * SECOND)
        if chance.random() < 0.5:
            saved = place_in(opened.saved().token())
        if chance.random() < 0.05 and crashes < 3:
            crashes += 1
            opened, under_way = Window(saved), []
    for stream, places in taken.items():
        first = list(dict.fromkeys(places))
        assert first == [one.at for one in feed if one.envelope["subject"] == stream]
        assert len(places) - len(first) == 0 or crashes
    assert set().union(*taken.values()) == {one.at for one in feed}
