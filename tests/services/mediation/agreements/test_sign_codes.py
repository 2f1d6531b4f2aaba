"""Codes that agreements are signed with: of one signer, one version and five minutes."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.mediation.sign_codes import DIGITS, STEP, STEPS, code_at, good_until, is_code

SECRET = "a secret of the tests that is long enough"
AT = datetime(2026, 3, 2, 1, 0, 30, tzinfo=UTC)
WHAT = ("d1.1", 2, "ab" * 32, "wang")


def test_a_code_is_good_for_the_minutes_that_are_told() -> None:
    code = code_at(*WHAT, AT, SECRET)
    assert len(code) == DIGITS
    end = good_until(AT)
    assert timedelta() < end - AT <= STEPS * STEP
    assert is_code(code, *WHAT, AT, SECRET)
    assert is_code(code, *WHAT, end - timedelta(milliseconds=1), SECRET)
    assert not is_code(code, *WHAT, end, SECRET)
    assert not is_code(code, *WHAT, AT - STEP, SECRET)


def test_it_is_bound_to_agreement_version_digest_and_signer() -> None:
    code = code_at(*WHAT, AT, SECRET)
    others = (
        ("d1.2", 2, "ab" * 32, "wang"),
        ("d1.1", 3, "ab" * 32, "wang"),
        ("d1.1", 2, "cd" * 32, "wang"),
        ("d1.1", 2, "ab" * 32, "li"),
    )
    for other in others:
        assert not is_code(code, *other, AT, SECRET)
    assert not is_code(code, *WHAT, AT, SECRET + "x")


@given(st.text(max_size=12))
def test_nothing_else_is_a_code(said: str) -> None:
    good = {code_at(*WHAT, AT - age * STEP, SECRET) for age in range(STEPS)}
    assert is_code(said, *WHAT, AT, SECRET) == (said in good)
