"""What goes out by a way holds its limits, for every kind in every language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.domain.preferences.state import Tongue
from services.notifications.domain.ways import Way
from services.notifications.fitting import (
    EMAIL_SUBJECT,
    PUSH_BODY,
    PUSH_TITLE,
    ROBOT_BYTES,
    SMS_PART,
    SMS_PARTS,
    cut,
    fit,
    octets,
    parts,
    units,
)
from services.notifications.kinds import kinds_in_use
from services.notifications.saying import id_in
from services.notifications.wording import Rendered, wording


@pytest.mark.parametrize("spoken", list(Tongue))
@pytest.mark.parametrize("way", list(Way))
def test_every_kind_holds_the_limits_and_keeps_its_id(way: Way, spoken: Tongue) -> None:
    kinds = kinds_in_use()
    for kind in kinds.rules:
        params = kinds.sample(kind)
        whole = wording(spoken).render(kind, params, {})
        keep = id_in(params)
        fitted = fit(whole, way, keep)
        assert within(fitted, way), kind
        assert fitted.body
        if keep in whole.body and not whole.short:
            assert keep in fitted.body, f"{kind} is cut, and nobody knows what it is about"


def within(fitted: Rendered, way: Way) -> bool:
    match way:
        case Way.PUSH:
            return len(fitted.title) <= PUSH_TITLE and len(fitted.body) <= PUSH_BODY
        case Way.EMAIL:
            return len(fitted.title) <= EMAIL_SUBJECT
        case Way.SMS:
            return fitted.title == "" and parts(fitted.body) <= SMS_PARTS
        case Way.ROBOT:
            return octets(f"{fitted.title}\n{fitted.body}") <= ROBOT_BYTES
        case Way.PHONE:
            return len(fitted.body) <= 500


LONG = Rendered("题" * 100, "很长的正文" * 500 + " 0000abcd 到此为止")


@pytest.mark.parametrize("way", [Way.PUSH, Way.SMS, Way.ROBOT, Way.PHONE])
def test_what_is_cut_says_so_and_still_has_the_id(way: Way) -> None:
    fitted = fit(LONG, way, "0000abcd")
    assert within(fitted, way)
    assert fitted.body.endswith("… (0000abcd)")


def test_words_are_not_cut_in_two() -> None:
    assert cut("Petition 0000abcd was answered", 16) == "Petition…"
    assert cut("Petition 0000abcd was answered", 21) == "Petition 0000abcd…"
    assert cut("诉求已答复，请评价", 6) == "诉求已答复…"
    assert cut("x" * 50, 10) == "x" * 9 + "…"
    assert cut("short", 5) == "short"


def test_a_text_is_counted_as_it_is_billed() -> None:
    assert [parts("字" * n) for n in (1, 70, 71, 134, 135, 268)] == [1, 1, 2, 2, 3, 4]
    assert units("😀") == 2
    assert SMS_PART * SMS_PARTS == 268


def test_a_short_text_is_used_where_one_is_given() -> None:
    words = Rendered("title", "body " * 100, "short")
    assert fit(words, Way.SMS).body == "short"
    assert fit(words, Way.PUSH).body == "short"
    assert fit(words, Way.EMAIL).body == words.body


@given(st.text(max_size=300), st.integers(20, 200), st.text("abcdef0123456789", max_size=8))
def test_a_cut_never_exceeds_and_never_loses_the_id(text: str, most: int, keep: str) -> None:
    for measure in (len, units, octets):
        result = cut(text, most, keep, measure)
        assert measure(result) <= most
        assert result == text or keep in result
