"""Codes for tills: good for two minutes at most, and once."""

from datetime import timedelta

from services.volunteering.till_codes import STEP, code_at, good_until, is_code
from tests.services.volunteering.bank.world import LIN, NOON, WANG

SECRET = "a secret of thirty-two characters"
SECOND = timedelta(seconds=1)


def test_a_code_is_good_in_its_minute_and_the_next() -> None:
    code = code_at(LIN, 0, NOON, SECRET)
    assert len(code) == 8
    assert code.isdecimal()
    until = good_until(NOON + 59 * SECOND)
    assert until == NOON + 2 * STEP
    for moment in (NOON, NOON + 59 * SECOND, until - SECOND):
        assert is_code(code, LIN, 0, moment, SECRET)
    assert not is_code(code, LIN, 0, until, SECRET)
    assert not is_code(code, LIN, 0, NOON - SECOND, SECRET)


def test_every_code_is_of_one_account_one_use_and_one_installation() -> None:
    code = code_at(LIN, 0, NOON, SECRET)
    assert not is_code(code, LIN, 1, NOON, SECRET)
    assert not is_code(code, WANG, 0, NOON, SECRET)
    assert not is_code(code, LIN, 0, NOON, SECRET[::-1])
