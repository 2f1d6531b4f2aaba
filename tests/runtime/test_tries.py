"""What guessing codes costs."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from shared.runtime.tries import LOCKED_FOR, WRONG_TRIES, Locked, Tries

NOON = datetime(2025, 3, 3, 4, tzinfo=UTC)


def test_five_tries_then_none_for_a_quarter_of_an_hour() -> None:
    tries = Tries()
    for _ in range(WRONG_TRIES):
        tries.one_more("r", NOON)
    with pytest.raises(Locked) as locked:
        tries.one_more("r", NOON + timedelta(minutes=5))
    assert locked.value.seconds == 601
    # Being turned away does not prolong it.
    with pytest.raises(Locked):
        tries.one_more("r", NOON + LOCKED_FOR - timedelta(seconds=1))
    for _ in range(WRONG_TRIES):
        tries.one_more("r", NOON + LOCKED_FOR)
    with pytest.raises(Locked):
        tries.one_more("r", NOON + LOCKED_FOR)


def test_who_knows_the_code_may_ask_as_often_as_they_like() -> None:
    tries = Tries()
    for _ in range(20):
        tries.one_more("r", NOON)
        tries.clear("r")


def test_only_so_many_are_remembered_those_tried_last() -> None:
    tries = Tries(most=3)
    for receipt in "aaaaabbbbbacd":
        with suppress(Locked):
            tries.one_more(receipt, NOON)
    assert set(tries._vain) == {"b", "c", "d"}
    with pytest.raises(Locked):
        tries.one_more("b", NOON)
