"""Short codes: read however they are written, and not when they were misread."""

from hypothesis import given
from hypothesis import strategies as st

from services.ledger.credentials.codes import ALPHABET, code_of, grouped, read_code

CHANCE = st.binary(min_size=8, max_size=8)


@given(CHANCE)
def test_a_code_is_read_however_it_is_written(chance: bytes) -> None:
    code = code_of(chance)
    assert len(code) == 11
    for written in (code, code.lower(), grouped(code), f" {code[:5]}-{code[5:]} "):
        assert read_code(written) == code


@given(CHANCE, st.integers(0, 10), st.sampled_from(ALPHABET))
def test_a_wrong_character_is_noticed(chance: bytes, at: int, other: str) -> None:
    code = code_of(chance)
    misread = code[:at] + other + code[at + 1 :]
    assert misread == code or read_code(misread) is None


def test_what_cannot_be_a_code() -> None:
    for given_ in ("", "2", "2" * 12, "0" * 11, "漢" * 11):
        assert read_code(given_) is None
