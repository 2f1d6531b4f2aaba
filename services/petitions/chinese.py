"""Chinese text as machines compare it: one script, one width.

People write 煤氣洩漏, 煤气泄漏 or ＧＡＳ; whoever compares texts folds them first.
"""

import unicodedata
from functools import cache

import opencc

_TO_TRADITIONAL = ("s2t", "s2tw", "s2hk")
"""As mainland dictionaries, Taiwan and Hong Kong write it."""


@cache
def _converter(name: str) -> opencc.OpenCC:
    return opencc.OpenCC(name)


def fold(text: str) -> str:
    """The text in simplified script, half-width, in small letters."""
    simplified: str = _converter("tw2s").convert(unicodedata.normalize("NFKC", text))
    return simplified.lower()


def in_both_scripts(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words, given in simplified script, with every way to write them in traditional."""
    written = dict.fromkeys(words)
    for name in _TO_TRADITIONAL:
        written.update((_converter(name).convert(word), None) for word in words)
    return tuple(written)
