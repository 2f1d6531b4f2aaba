"""Receipt numbers and their codes: what a misreading does, and what guessing costs."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from services.petitions.receipts import (
    ALPHABET,
    LOCKED_FOR,
    WRONG_TRIES,
    Locked,
    Misread,
    Tries,
    code_for,
    grouped,
    is_code,
    read_receipt,
    receipt_of,
)

NOON = datetime(2025, 3, 3, 4, tzinfo=UTC)
SECRET = "s" * 32


# --- numbers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    ["0001234561", "000 123 4561", "000-123-4561", " 000.123.4561 ", "０００１２３４５６１"],
)
def test_a_number_is_read_however_it_is_typed(typed: str) -> None:
    assert receipt_of(123_456) == "0001234561"
    assert read_receipt(typed) == "0001234561"
    assert grouped("0001234561") == "000 123 4561"


def test_every_single_misread_digit_is_noticed() -> None:
    for number in (1, 123_456, 987_654_321):
        right = receipt_of(number)
        for at in range(len(right)):
            for digit in set("0123456789") - {right[at]}:
                with pytest.raises(Misread):
                    read_receipt(right[:at] + digit + right[at + 1 :])


def test_nearly_every_swap_of_neighbours_is_noticed() -> None:
    missed = swaps = 0
    for number in range(1_000, 3_000):
        right = receipt_of(number)
        for at in range(len(right) - 1):
            if right[at] != right[at + 1]:
                swaps += 1
                swapped = right[:at] + right[at + 1] + right[at] + right[at + 2 :]
                try:
                    read_receipt(swapped)
                    missed += 1
                except Misread:
                    pass
    assert missed / swaps < 0.03, f"{missed} of {swaps}"


def test_numbers_go_on_after_nine_digits() -> None:
    assert read_receipt(receipt_of(10**9)) == receipt_of(10**9)


# --- codes -------------------------------------------------------------------------------------


def test_a_code_is_of_letters_and_digits_that_nobody_confuses() -> None:
    codes = {code_for(str(n), SECRET) for n in range(2_000)}
    assert len(codes) == 2_000
    assert set("".join(codes)) == set(ALPHABET)
    assert not set("".join(codes)) & set("01OI")
    assert {len(code) for code in codes} == {8}


def test_a_code_belongs_to_one_petition_and_one_secret() -> None:
    code = code_for("p1", SECRET)
    assert code == code_for("p1", SECRET)
    assert is_code(f" {code[:4].lower()}-{code[4:]} ", "p1", SECRET)
    for petition, secret in (("p2", SECRET), ("p1", "t" * 32)):
        assert not is_code(code, petition, secret)
    for wrong in ("", code[:7], code + "2", "密码"):
        assert not is_code(wrong, "p1", SECRET)


# --- guessing ----------------------------------------------------------------------------------


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
