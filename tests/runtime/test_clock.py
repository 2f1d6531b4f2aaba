"""The machine's clock: what its ids promise."""

from shared.runtime.clock import SystemClock, id_at


def test_ids_of_one_clock_sort_in_the_order_they_were_asked_for() -> None:
    clock = SystemClock()
    ids = [clock.new_id() for _ in range(5_000)]
    assert ids == sorted(set(ids))


def test_an_id_begins_with_its_moment() -> None:
    clock = SystemClock()
    before = id_at(clock.now(), bytes(10))
    assert before <= clock.new_id() <= id_at(clock.now(), b"\xff" * 10)
