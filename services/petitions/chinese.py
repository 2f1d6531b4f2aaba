"""Chinese text as machines compare it: one script, one width.

People write 煤氣洩漏, 煤气泄漏 or ＧＡＳ; whoever compares texts folds them first.
"""

import sys
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

import opencc

_REGIONS = ("t2tw", "t2hk")
"""As Taiwan and Hong Kong write it, where they differ from mainland dictionaries."""


@cache
def _to_simplified() -> opencc.OpenCC:
    return opencc.OpenCC("tw2s")


def fold(text: str) -> str:
    """The text in simplified script, half-width, in small letters."""
    return _folded(text, _to_simplified())


def fold_once(text: str) -> str:
    """The same for who asks once: the tables for it are given back."""
    return _folded(text, opencc.OpenCC("tw2s"))


def _folded(text: str, converter: opencc.OpenCC) -> str:
    simplified: str = converter.convert(unicodedata.normalize("NFKC", text))
    return simplified.lower()


def simplified(text: str) -> str:
    """The text in simplified script, each character by itself: of the same length, so that what is
    found in it stands at the same place in the text.
    """
    return text if text.isascii() else text.translate(_characters())


@cache
def _characters() -> Mapping[int, str]:
    """What each traditional character is in simplified script, as a region writes it."""
    han = [
        char
        for char in map(chr, range(sys.maxunicode + 1))
        if unicodedata.name(char, "").startswith("CJK ")
    ]
    table: dict[int, str] = {}
    for region in ("t2s", "hk2s", "tw2s"):
        written = opencc.OpenCC(region).convert("\n".join(han)).split("\n")
        for char, simple in zip(han, written, strict=True):
            if simple != char and len(simple) == 1:
                table.setdefault(ord(char), simple)
    return table


def in_both_scripts(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Of each word, given in simplified script and without line breaks, every way to write it.

    Best asked once for all words there are: the tables for it take 25 MB as long as it lasts.
    """
    simplified = list(dict.fromkeys(words))
    lines = "\n".join(simplified)
    traditional = opencc.OpenCC("s2t").convert(lines)
    written = [lines, traditional, *(opencc.OpenCC(one).convert(traditional) for one in _REGIONS)]
    ways = zip(*(text.split("\n") for text in written), strict=True)
    return {word: tuple(dict.fromkeys(way)) for word, way in zip(simplified, ways, strict=True)}
