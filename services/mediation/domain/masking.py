"""A word for the name of somebody who was erased, in what the others keep."""

from collections.abc import Iterable

MASK = "某某"
SHORTEST_NAME = 2
"""Characters: a shorter one would be found in words that are no name."""


def masked(text: str, names: Iterable[str]) -> str:
    """The text with `MASK` for each of the names. The longest are looked for first: one may be the
    beginning of another.
    """
    found = {one for one in names if len(one) >= SHORTEST_NAME}
    for name in sorted(found, key=len, reverse=True):
        text = text.replace(name, MASK)
    return text
