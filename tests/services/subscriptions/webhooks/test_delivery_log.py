"""The delivery log: it grows, is shortened, keeps what matters, and has an end."""

from datetime import timedelta

from services.subscriptions.domain.webhooks.delivery_log import (
    FAILURES_FOR,
    LATEST,
    MOST_FAILURES,
    SHORTENED_AFTER,
    Attempt,
    AttemptsCounted,
    AttemptsMade,
    Forget,
    Log,
    LogShortened,
    delivery_log,
    worth_keeping,
)
from tests.given import NOTHING_SPECIAL as NOON
from tests.given import given


def attempt(number: int, outcome: str = "200", days_ago: float = 0) -> Attempt:
    at = NOON - timedelta(days=days_ago)
    return Attempt(at, f"e{number}", "cn.jinlin.petitions.PetitionFiled.v1", 1, outcome, 12)


def test_calls_are_added_until_there_are_too_many() -> None:
    fresh = tuple(attempt(n) for n in range(100))
    log = (
        given(delivery_log).when(Log(fresh, fresh)).then(AttemptsCounted(100), AttemptsMade(fresh))
    )
    while log.state.lines + 100 <= log.state.kept + SHORTENED_AFTER:
        log = log.when(Log(fresh, fresh)).then(AttemptsCounted(100), AttemptsMade(fresh))
    kept = tuple(attempt(n) for n in range(LATEST))
    short = log.when(Log(fresh, kept)).then(
        LogShortened(), AttemptsCounted(LATEST), AttemptsMade(kept)
    )
    assert short.state.lines == LATEST
    assert LogShortened.forgets


def test_of_a_removed_webhook_nothing_stays() -> None:
    fresh = (attempt(1),)
    log = given(delivery_log, AttemptsCounted(1), AttemptsMade(fresh))
    log.when(Forget()).then(LogShortened()).when(Forget()).then()


def test_the_latest_are_kept_and_of_the_others_what_failed_of_late() -> None:
    old = [attempt(1, "500", days_ago=31), attempt(2, "500", days_ago=29), attempt(3, days_ago=29)]
    latest = [attempt(n) for n in range(LATEST)]
    assert worth_keeping([*old, *latest], NOON) == (old[1], *latest)
    assert timedelta(days=30) == FAILURES_FOR


def test_what_is_kept_has_an_end() -> None:
    failures = [attempt(n, "timed-out") for n in range(5 * MOST_FAILURES)]
    assert len(worth_keeping(failures, NOON)) == MOST_FAILURES + LATEST
