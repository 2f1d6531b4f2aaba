"""Each event has its effect once; what fails is tried, put aside and tried again when asked to."""

import sqlite3
import threading
from pathlib import Path

import pytest

from shared.client import About, Later, Message, Subscriber
from shared.client.taking import TRIES
from shared.contracts.envelope import type_of
from shared.contracts.event import Event, Personal
from shared.contracts.petitions import PetitionSupported
from tests.client.arrivals import (
    NOON,
    POISON,
    Given,
    book,
    bookkeeper,
    message,
    supported,
)

FIRST, SECOND, THIRD = (supported("p1", version) for version in (1, 2, 3))


def run(source: Given, path: Path) -> Subscriber:
    """Runs a bookkeeper until the source has no more."""
    subscriber = bookkeeper(source, path / "book.db")
    source.subscriber = subscriber
    subscriber.run()
    return subscriber


def test_events_come_to_their_handler_in_order(tmp_path: Path) -> None:
    source = Given([message(FIRST), message(SECOND)], [message(THIRD)])
    subscriber = run(source, tmp_path)
    assert book(subscriber) == [FIRST.id, SECOND.id, THIRD.id]
    assert source.types == {type_of(PetitionSupported)}
    assert source.closed


def test_what_comes_again_has_no_second_effect(tmp_path: Path) -> None:
    batch = [message(FIRST), message(SECOND), message(FIRST)]
    subscriber = run(Given(batch, batch), tmp_path)
    assert book(subscriber) == [FIRST.id, SECOND.id]
    subscriber.close()
    subscriber = run(Given(batch), tmp_path)
    assert book(subscriber) == [FIRST.id, SECOND.id]


def test_a_handler_is_told_what_the_envelope_tells(tmp_path: Path) -> None:
    source = Given([message(supported("p1", 12, n=3))])
    subscriber = Subscriber(source, tmp_path / "store.db")
    source.subscriber = subscriber
    told: list[tuple[PetitionSupported, About]] = []

    @subscriber.on(PetitionSupported)
    def listen(event: PetitionSupported, about: About, db: sqlite3.Connection) -> None:
        told.append((event, about))

    subscriber.run()
    ((event, about),) = told
    assert event == PetitionSupported("p1", "r1", 12)
    assert about == About(
        id="petitions/petition-p1/12/3",
        type="cn.jinlin.petitions.PetitionSupported.v1",
        service="petitions",
        stream="petition-p1",
        version=12,
        n=3,
        time=NOON,
        correlation="petitions/petition-p1/1",
        cause=None,
    )


def test_what_nobody_asked_for_is_passed_over(tmp_path: Path) -> None:
    strange = SECOND.to_bytes().replace(b"PetitionSupported.v1", b"PetitionSung.v7")
    subscriber = run(
        Given([Message("1", strange), Message("2", b"{", type="cn.jinlin.x.Y.v1"), message(THIRD)]),
        tmp_path,
    )
    assert book(subscriber) == [THIRD.id]
    assert subscriber.aside() == []


def test_fields_that_are_not_known_are_passed_over(tmp_path: Path) -> None:
    longer = FIRST.to_bytes().replace(b'"data":{', b'"data":{"mood":"good",')
    assert longer != FIRST.to_bytes()
    assert book(run(Given([Message("1", longer)]), tmp_path)) == [FIRST.id]


def test_a_handler_that_fails_is_tried_and_then_its_event_is_put_aside(tmp_path: Path) -> None:
    bad = supported("p1", 2, by=POISON)
    subscriber = run(Given([message(FIRST), message(bad), message(THIRD)]), tmp_path)
    assert book(subscriber) == [FIRST.id, THIRD.id]
    (letter,) = subscriber.aside()
    assert (letter.event, letter.tries) == (bad.id, TRIES)
    assert letter.type == bad.type
    assert letter.message == bad.to_bytes()
    assert letter.reason.endswith("ValueError: cannot be borne\n")


def test_what_was_put_aside_is_not_tried_by_itself_again(tmp_path: Path) -> None:
    bad = supported("p1", 2, by=POISON)
    subscriber = run(Given([message(bad)], [message(bad)]), tmp_path)
    (letter,) = subscriber.aside()
    assert letter.tries == TRIES


def test_after_the_repair_it_is_tried_again(tmp_path: Path) -> None:
    bad = supported("p1", 2, by=POISON)
    subscriber = run(Given([message(bad), message(THIRD)]), tmp_path)
    assert subscriber.again() == 0
    (letter,) = subscriber.aside()
    assert letter.tries == TRIES + 1
    with subscriber.store.transaction():
        subscriber.store.db.execute("INSERT INTO cure VALUES ('now')")
    assert subscriber.again() == 1
    assert subscriber.aside() == []
    assert book(subscriber) == [THIRD.id, bad.id]
    assert subscriber.again() == 0


def test_what_was_put_aside_can_be_dropped(tmp_path: Path) -> None:
    subscriber = run(Given([Message("here", b"{")]), tmp_path)
    (letter,) = subscriber.aside()
    assert subscriber.drop(letter.id)
    assert not subscriber.drop(letter.id)
    assert subscriber.aside() == []


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[1]", "not a JSON object"),
        (FIRST.to_bytes().replace(b'"petitions/petition-p1/1/0"', b'"somewhere"'), "`id`"),
        (FIRST.to_bytes().replace(b"/1/0", b"/1/x"), "`id`"),
        (FIRST.to_bytes().replace(b'"by":"r1"', b'"by":7'), "by"),
    ],
)
def test_what_cannot_be_read_is_put_aside_at_once(
    tmp_path: Path, value: bytes, reason: str
) -> None:
    subscriber = run(Given([Message("there", value), message(SECOND)]), tmp_path)
    assert book(subscriber) == [SECOND.id]
    (letter,) = subscriber.aside()
    assert (letter.place, letter.tries, letter.message) == ("there", 1, value)
    assert reason in letter.reason


def test_later_means_later_and_nothing_overtakes(tmp_path: Path) -> None:
    source = Given([message(FIRST), message(SECOND), message(THIRD)])
    subscriber = Subscriber(source, tmp_path / "store.db")
    source.subscriber = subscriber
    seen: list[int] = []

    @subscriber.on(PetitionSupported)
    def listen(event: PetitionSupported, about: About, db: sqlite3.Connection) -> None:
        seen.append(about.version)
        if about.version == 2 and seen.count(2) < TRIES + 2:
            raise Later("the city's map is away")

    subscriber.run()
    assert seen == [1, *[2] * (TRIES + 2), 3]
    assert subscriber.aside() == []


def test_a_store_that_another_process_writes_to_is_waited_for(tmp_path: Path) -> None:
    source = Given([message(FIRST)])
    subscriber = bookkeeper(source, tmp_path / "book.db")
    subscriber.store.db.execute("PRAGMA busy_timeout = 50")
    source.subscriber = subscriber
    other = sqlite3.connect(tmp_path / "book.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.5, lambda: other.execute("COMMIT"))
    release.start()
    subscriber.run()
    release.join()
    other.close()
    assert book(subscriber) == [FIRST.id]
    assert subscriber.aside() == []


def test_even_after_a_handler_that_commits_by_force_nothing_is_done_twice(tmp_path: Path) -> None:
    source = Given([message(FIRST), message(SECOND)])
    subscriber = Subscriber(source, tmp_path / "store.db")
    source.subscriber = subscriber
    seen: list[int] = []

    @subscriber.on(PetitionSupported)
    def listen(event: PetitionSupported, about: About, db: sqlite3.Connection) -> None:
        seen.append(about.version)
        db.execute("COMMIT")

    subscriber.run()
    assert seen == [1, 2]


def test_stopping_ends_what_is_at_hand_and_no_more(tmp_path: Path) -> None:
    source = Given([message(FIRST), message(SECOND)])
    subscriber = Subscriber(source, tmp_path / "store.db")
    seen: list[str] = []

    @subscriber.on(PetitionSupported)
    def listen(event: PetitionSupported, about: About, db: sqlite3.Connection) -> None:
        seen.append(about.id)
        subscriber.stop()

    subscriber.run()
    assert seen == [FIRST.id]
    assert source.closed
    assert [each.place for each in source.batches[0]] == [SECOND.id]


def test_an_exception_that_is_none_of_the_events_undoes_and_leaves(tmp_path: Path) -> None:
    """Ctrl-C in the middle of a handler."""
    source = Given([message(FIRST)])
    subscriber = Subscriber(source, tmp_path / "store.db")

    @subscriber.on(PetitionSupported)
    def listen(event: PetitionSupported, about: About, db: sqlite3.Connection) -> None:
        db.execute("CREATE TABLE half (done)")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        subscriber.run()
    assert source.closed
    tables = subscriber.store.db.execute("SELECT name FROM sqlite_schema WHERE name = 'half'")
    assert tables.fetchone() is None
    subscriber.close()
    assert book(run(Given([message(FIRST)]), tmp_path)) == [FIRST.id]


class Whispered(Personal):
    """Not public."""


def test_only_public_events_have_handlers_and_one_each(tmp_path: Path) -> None:
    subscriber = bookkeeper(Given(), tmp_path / "book.db")
    wrong: list[tuple[type[Event], ...]] = [(PetitionSupported,), (Whispered,), ()]
    for events in wrong:
        with pytest.raises(ValueError):
            subscriber.on(*events)
    with pytest.raises(ValueError):
        Subscriber(Given(), tmp_path / "other.db").run()
