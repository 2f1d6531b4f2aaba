"""Every text is there in every language."""

import re

import pytest

from services.gateway.pages.catalogues import (
    ENGLISH,
    TRADITIONAL,
    in_traditional,
    said,
)
from services.gateway.pages.languages import Tongue, asked_for, read_catalogues, texts

PLACEHOLDER = re.compile(r"%\(\w+\)s")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENGLISH_TEXTS = read_catalogues(ENGLISH)
TRADITIONAL_TEXTS = read_catalogues(TRADITIONAL)


@pytest.fixture(scope="module")
def written() -> dict[str, tuple[str, bool]]:
    """Every text that code and templates say."""
    return said()


def test_there_are_texts(written: dict[str, tuple[str, bool]]) -> None:
    assert len(written) > 400


def test_every_text_is_there_in_english(written: dict[str, tuple[str, bool]]) -> None:
    missing = [text for text in written if not all(ENGLISH_TEXTS.get(text, ("",)))]
    assert missing == [], "write them into locale/en"
    chinese = [text for text, told in ENGLISH_TEXTS.items() if CHINESE.search("".join(told))]
    assert chinese == []


def test_every_text_is_there_in_traditional_characters(
    written: dict[str, tuple[str, bool]],
) -> None:
    made = {text: in_traditional(text, counts) for text, (_, counts) in written.items()}
    stale = [
        text for text, told in made.items() if set(TRADITIONAL_TEXTS.get(text, ())) != set(told)
    ]
    assert stale == [], "run python -m services.gateway.pages.catalogues"


def test_nothing_is_kept_that_no_page_says(written: dict[str, tuple[str, bool]]) -> None:
    assert sorted(ENGLISH_TEXTS.keys() - written.keys()) == []
    assert sorted(TRADITIONAL_TEXTS.keys() - written.keys()) == []


@pytest.mark.parametrize("told", [ENGLISH_TEXTS, TRADITIONAL_TEXTS], ids=["en", "zh_Hant"])
def test_placeholders_are_the_same(told: dict[str, tuple[str, ...]]) -> None:
    for text, forms in told.items():
        for form in forms:
            assert set(PLACEHOLDER.findall(form)) == set(PLACEHOLDER.findall(text)), text


@pytest.mark.parametrize(
    ("header", "tongue"),
    [
        ("", Tongue.HANS),
        ("zh-CN,zh;q=0.9", Tongue.HANS),
        ("zh-TW", Tongue.HANT),
        ("zh-Hant-HK, en;q=0.8", Tongue.HANT),
        ("en-GB, zh;q=0.9", Tongue.ENGLISH),
        ("fr, en;q=0.5, zh;q=0.7", Tongue.HANS),
        ("fr", Tongue.HANS),
        ("en;q=nonsense", Tongue.HANS),
    ],
)
def test_a_browser_gets_the_language_it_likes_best(header: str, tongue: Tongue) -> None:
    assert asked_for(header) is tongue


def test_one_and_many_are_told_apart() -> None:
    english = texts(Tongue.ENGLISH)
    assert english.counted("%(num)s 天", 1) == "1 day"
    assert english.counted("%(num)s 天", 3) == "3 days"
    assert texts(Tongue.HANS).counted("%(num)s 天", 3) == "3 天"
