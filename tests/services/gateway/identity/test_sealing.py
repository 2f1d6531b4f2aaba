"""Seals: nothing can be read, nothing can be changed, nothing serves another purpose."""

from dataclasses import dataclass

import pytest

from services.gateway.identity.sealing import Seal, derived

SECRET = "of-the-tests-only-and-known-to-everybody"


@dataclass(frozen=True, slots=True)
class Thing:
    """Something to be sealed."""

    name: str
    number: int


THING = Thing("林秀珠", 7)


def test_what_was_sealed_comes_back() -> None:
    assert Seal(SECRET, "one").opened(Seal(SECRET, "one").sealed(THING), Thing) == THING


def test_nothing_of_it_can_be_read() -> None:
    assert "林" not in Seal(SECRET, "one").sealed(THING)
    header = Seal(SECRET, "one").sealed(THING).split(".")[0]
    assert header == "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0", "dir, A256GCM, and nothing else"


def test_the_same_thing_never_looks_the_same() -> None:
    assert len({Seal(SECRET, "one").sealed(THING) for _ in range(20)}) == 20


def test_one_purpose_does_not_open_what_another_closed() -> None:
    assert Seal(SECRET, "other").opened(Seal(SECRET, "one").sealed(THING), Thing) is None
    assert derived(SECRET, "one") != derived(SECRET, "other")


def test_another_secret_does_not_open_it() -> None:
    assert Seal(SECRET + "!", "one").opened(Seal(SECRET, "one").sealed(THING), Thing) is None


def test_a_change_anywhere_is_noticed() -> None:
    seal = Seal(SECRET, "one")
    text = seal.sealed(THING)
    for place in range(0, len(text), 7):
        other = "A" if text[place] != "A" else "B"
        assert seal.opened(text[:place] + other + text[place + 1 :], Thing) is None


@pytest.mark.parametrize(
    "text", ["", ".", "....", "a.b.c.d.e", "x" * 50_000, "eyJhbGciOiJub25lIn0....", "中"]
)
def test_rubbish_opens_to_nothing(text: str) -> None:
    assert Seal(SECRET, "one").opened(text, Thing) is None


def test_what_has_another_shape_opens_to_nothing() -> None:
    seal = Seal(SECRET, "one")
    assert seal.opened(seal.sealed({"name": "x"}), Thing) is None
    assert seal.opened(seal.sealed([1]), Thing) is None


def test_what_the_secret_before_closed_opens_and_no_more_is_closed_by_it() -> None:
    old, new = Seal(SECRET, "one"), Seal(SECRET + "!", "one", before=SECRET)
    assert new.opened(old.sealed(THING), Thing) == THING
    assert old.opened(new.sealed(THING), Thing) is None
    assert Seal(SECRET + "!", "one").opened(new.sealed(THING), Thing) == THING
    assert Seal(SECRET + "!", "two", before=SECRET).opened(old.sealed(THING), Thing) is None
