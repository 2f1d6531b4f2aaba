"""Receipt numbers and their codes: what a misreading does, and what fits."""

from datetime import UTC, datetime

import pytest

from services.petitions.receipts import (
    ALPHABET,
    Misread,
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
