"""Which category? A suggestion from the words of a text, with the words that speak for it.

Each category has its names and words; those found in the text count the more the longer they are,
and the less the more categories share them. What speaks for a category speaks, in part, for those
above and below it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from services.petitions.chinese import fold
from services.petitions.taxonomy import Category, walk

MOST_TEXT = 4_000
"""Characters that are looked at: who has not said by then what it is about says it nowhere."""
TITLE_COUNTS = 2.0
"""How much more a word in the title counts."""
FROM_ABOVE, FROM_AROUND = 0.5, 0.3
"""The share that a category has in what speaks for the one above it, and for its first level."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A category, how much speaks for it (the best has 1), and the words that do."""

    code: str
    score: float
    why: tuple[str, ...]


class Suggester:
    """Made once from a taxonomy; what was added since is not suggested before it has words."""

    def __init__(self, categories: tuple[Category, ...]) -> None:
        self._parents: dict[str, str | None] = {}
        meant: dict[str, set[str]] = defaultdict(set)
        for filed in walk(categories):
            one = filed.category
            self._parents[one.code] = filed.parent
            for word in (one.name.zh, *one.also, *one.words):
                meant[fold(word)].add(one.code)
        self._meant = {word: tuple(sorted(codes)) for word, codes in meant.items()}

    def suggest(self, title: str, text: str, most: int) -> list[Suggestion]:
        """The likeliest first; none where no word is known."""
        own, why = self._said(fold(title[:MOST_TEXT]), fold(text[:MOST_TEXT]))
        around: dict[str, float] = defaultdict(float)
        for code, score in own.items():
            around[self._line(code)[-1]] += score
        scores = {code: self._score(code, own, around) for code in own}
        best = max(scores.values(), default=0.0)
        ranked = sorted(scores, key=lambda code: (-scores[code], code))
        return [
            Suggestion(code, round(scores[code] / best, 3), tuple(sorted(why[code])))
            for code in ranked[:most]
        ]

    def _said(self, title: str, text: str) -> tuple[dict[str, float], dict[str, set[str]]]:
        own: dict[str, float] = defaultdict(float)
        why: dict[str, set[str]] = defaultdict(set)
        for word, codes in self._meant.items():
            in_title, times = word in title, text.count(word)
            if not in_title and not times:  # most of some thousand words
                continue
            count = TITLE_COUNTS * in_title + min(times, 3) ** 0.5
            for code in codes:
                own[code] += count * len(word) ** 1.5 / len(codes)
                why[code].add(word)
        return own, why

    def _score(self, code: str, own: dict[str, float], around: dict[str, float]) -> float:
        line = self._line(code)
        above = sum(own.get(each, 0.0) for each in line[1:])
        return own[code] + FROM_ABOVE * above + FROM_AROUND * around[line[-1]]

    def _line(self, code: str) -> list[str]:
        """From the category up to its first level."""
        line = [code]
        while (parent := self._parents[line[-1]]) is not None:
            line.append(parent)
        return line


def first_levels(categories: Iterable[Category]) -> dict[str, str]:
    """Of every category the first level it belongs to."""
    return {filed.category.code: root.code for root in categories for filed in walk((root,))}
