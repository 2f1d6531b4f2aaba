"""When a service is left alone, and when it is tried again."""

from services.gateway.upstream.breaker import FIRST_PAUSE, LONGEST_PAUSE, MOST_FAILURES, Breaker


class Time:
    """Seconds that a test moves on."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def opened(time: Time) -> Breaker:
    """One that has just opened."""
    breaker = Breaker(time)
    for _ in range(MOST_FAILURES):
        assert breaker.admit() is False
        breaker.failed(False)
    assert breaker.open
    return breaker


def test_one_answer_in_between_keeps_it_closed() -> None:
    breaker = Breaker(Time())
    for _ in range(3):
        for _ in range(MOST_FAILURES - 1):
            breaker.failed(False)
        breaker.answered()
    assert not breaker.open
    assert breaker.admit() is False


def test_open_it_lets_nothing_through_until_its_pause_is_over() -> None:
    time = Time()
    breaker = opened(time)
    assert breaker.admit() is None
    time.now += FIRST_PAUSE - 0.01
    assert breaker.admit() is None
    time.now += 0.02
    assert breaker.admit() is True


def test_half_open_it_lets_one_through() -> None:
    time = Time()
    breaker = opened(time)
    time.now += FIRST_PAUSE
    assert [breaker.admit() for _ in range(3)] == [True, None, None]
    breaker.answered()
    assert breaker.admit() is False


def test_a_probe_that_failed_makes_the_pause_longer_up_to_the_longest() -> None:
    time = Time()
    breaker = opened(time)
    pause = FIRST_PAUSE
    for _ in range(8):
        time.now += pause
        assert breaker.admit() is True
        breaker.failed(True)
        pause = min(2 * pause, LONGEST_PAUSE)
        time.now += pause - 0.01
        assert breaker.admit() is None
        time.now += 0.01 - pause
    assert pause == LONGEST_PAUSE


def test_what_was_under_way_when_it_opened_changes_nothing() -> None:
    time = Time()
    breaker = opened(time)
    for _ in range(50):
        breaker.failed(False)
    time.now += FIRST_PAUSE
    assert breaker.admit() is True


def test_a_probe_whose_caller_left_leaves_room_for_another() -> None:
    time = Time()
    breaker = opened(time)
    time.now += FIRST_PAUSE
    assert breaker.admit() is True
    breaker.left(True)
    assert breaker.admit() is True
