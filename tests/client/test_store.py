"""What the subscriber remembers: each event once, however often and however late it comes again."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.client.store import KEPT, Store

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Happened:
    """An event's place: which stream, where in it."""

    stream: str
    version: int
    n: int = 0
    service: str = "petitions"


class Calendar:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 4, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@contextmanager
def store(path: Path, clock: Calendar | None = None) -> Iterator[Store]:
    at = Store(path / "store.db", clock or Calendar())
    try:
        yield at
    finally:
        at.close()


def takes(at: Store, event: Happened) -> bool:
    """Whether the event has an effect."""
    with at.transaction():
        return at.first_time(event)


def remembered(at: Store) -> int:
    return int(at.db.execute("SELECT count(*) FROM jinlin_done").fetchone()[0])


def test_an_event_is_new_once(tmp_path: Path) -> None:
    with store(tmp_path) as at:
        assert takes(at, Happened("petition-1", 1))
        assert not takes(at, Happened("petition-1", 1))
        assert takes(at, Happened("petition-1", 1, n=1))
        assert takes(at, Happened("petition-2", 1))
        assert takes(at, Happened("petition-1", 1, service="volunteering"))


def test_it_is_known_after_a_restart(tmp_path: Path) -> None:
    with store(tmp_path) as at:
        assert takes(at, Happened("petition-1", 1))
    with store(tmp_path) as at:
        assert not takes(at, Happened("petition-1", 1))


def test_what_was_undone_is_not_known(tmp_path: Path) -> None:
    with store(tmp_path) as at:
        with suppress(ZeroDivisionError), at.transaction():
            at.first_time(Happened("petition-1", 1))
            raise ZeroDivisionError
        assert takes(at, Happened("petition-1", 1))


def test_two_processes_know_the_same(tmp_path: Path) -> None:
    with store(tmp_path) as at, store(tmp_path) as other:
        assert takes(at, Happened("petition-1", 1))
        assert not takes(other, Happened("petition-1", 1))


def test_an_older_one_that_was_missed_is_new(tmp_path: Path) -> None:
    """A subscriber that began late asks for a replay from the beginning."""
    with store(tmp_path) as at:
        assert takes(at, Happened("petition-1", 7))
        assert takes(at, Happened("petition-1", 3))
        assert not takes(at, Happened("petition-1", 7))


def test_single_events_are_forgotten_and_still_count_as_done(tmp_path: Path) -> None:
    clock = Calendar()
    with store(tmp_path, clock) as at:
        for version in (1, 2, 3):
            assert takes(at, Happened("petition-1", version))
        clock.now += KEPT
        at.prune()
        assert remembered(at) == 3
        clock.now += DAY
        at.prune()
        assert remembered(at) == 0
        assert not any(takes(at, Happened("petition-1", version)) for version in (1, 2, 3))
        assert takes(at, Happened("petition-1", 4))
        assert takes(at, Happened("petition-1", 3, n=1))


def test_what_comes_first_after_later_ones_were_forgotten_counts_as_done(tmp_path: Path) -> None:
    """The limit that is written down: after it, only a new file brings them."""
    clock = Calendar()
    with store(tmp_path, clock) as at:
        assert takes(at, Happened("petition-1", 7))
        clock.now += KEPT + DAY
        at.prune()
        assert not takes(at, Happened("petition-1", 3))


def test_forgetting_never_goes_back_in_a_stream(tmp_path: Path) -> None:
    clock = Calendar()
    with store(tmp_path, clock) as at:
        assert takes(at, Happened("petition-1", 9))
        clock.now += 20 * DAY
        assert takes(at, Happened("petition-1", 5))
        for _ in range(60):
            clock.now += DAY
            at.prune()
        assert remembered(at) == 0
        assert not takes(at, Happened("petition-1", 9))


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("new"), st.sampled_from("abc")),
            st.tuples(st.just("again"), st.integers(0, 10**6)),
            st.tuples(st.just("days"), st.integers(1, 50)),
        ),
        max_size=60,
    )
)
def test_in_order_at_first_appearance_each_counts_once(
    course: list[tuple[str, str | int]],
) -> None:
    """What the topics promise: of a stream, in order at first appearance; and anything again."""
    clock, versions, been = Calendar(), dict.fromkeys("abc", 0), []
    with TemporaryDirectory() as directory, store(Path(directory), clock) as at:
        for what, which in course:
            match what, which:
                case "new", str(stream):
                    versions[stream] += 1
                    event = Happened(stream, versions[stream])
                    assert takes(at, event)
                    been.append(event)
                case "again", int(number) if been:
                    assert not takes(at, been[number % len(been)])
                case "days", int(days):
                    clock.now += days * DAY
                    at.prune()


def test_an_event_takes_some_twenty_bytes(tmp_path: Path) -> None:
    with store(tmp_path) as at:
        with at.transaction():
            for number in range(2_000):
                at.first_time(Happened(f"petition-{number:032x}", 1))
        at.db.execute("VACUUM")
        before = pages(at)
        with at.transaction():
            for number in range(2_000):
                for version in range(2, 22):
                    at.first_time(Happened(f"petition-{number:032x}", version))
        at.db.execute("VACUUM")
        assert (pages(at) - before) / 40_000 < 25


def pages(at: Store) -> int:
    (count,) = at.db.execute("PRAGMA page_count").fetchone()
    (size,) = at.db.execute("PRAGMA page_size").fetchone()
    return int(count * size)


def test_a_message_is_put_aside_once(tmp_path: Path) -> None:
    with store(tmp_path) as at, at.transaction():
        at.put_aside("petitions.events.v1/0@7", b"{", "not JSON", 1)
        at.put_aside("petitions.events.v1/0@7", b"{", "not JSON", 1)
        (letter,) = at.aside()
        assert (letter.place, letter.message, letter.tries) == ("petitions.events.v1/0@7", b"{", 1)
        assert letter.at == datetime(2026, 3, 2, 4, tzinfo=UTC)
        assert at.drop(letter.id)
        assert not at.drop(letter.id)


def test_a_position_is_kept(tmp_path: Path) -> None:
    with store(tmp_path) as at:
        assert at.position("feed") is None
        at.keep_position("feed", "one")
        at.keep_position("feed", "two")
    with store(tmp_path) as at:
        assert at.position("feed") == "two"


@pytest.mark.parametrize("ends", ["commit", "rollback"])
def test_a_handler_cannot_end_the_transaction(tmp_path: Path, ends: str) -> None:
    with store(tmp_path) as at:
        with pytest.raises(sqlite3.ProgrammingError), at.transaction():
            getattr(at.db, ends)()
        with pytest.raises(sqlite3.ProgrammingError), at.transaction():
            at.db.executescript("CREATE TABLE x (y)")
        with pytest.raises(sqlite3.ProgrammingError), at.transaction(), at.db:
            pass
        assert takes(at, Happened("petition-1", 1))
