"""Words of danger (危险): gas, fire, collapse, somebody who wants to die. They cannot wait."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Danger:
    """A danger and the `words` that tell of it.

    A word does not count right behind one of `unless_after` ("没有" 煤气味) or right before one of
    `unless_before` (燃气泄漏 "报警器"). All are given in every script that people write.
    """

    code: str
    words: tuple[str, ...]
    unless_after: tuple[str, ...] = ()
    unless_before: tuple[str, ...] = ()


def danger_in(text: str, dangers: tuple[Danger, ...]) -> str | None:
    """The code of the first of `dangers` that the text tells of; None where it tells of none."""
    for danger in dangers:
        for word in danger.words:
            if word in text and _tells(text, word, danger):
                return danger.code
    return None


def _tells(text: str, word: str, danger: Danger) -> bool:
    """Whether the word stands somewhere without anything beside it that takes its meaning."""
    begin = text.find(word)
    while begin >= 0:
        end = begin + len(word)
        if not (
            text.endswith(danger.unless_after, 0, begin)
            or text.startswith(danger.unless_before, end)
        ):
            return True
        begin = text.find(word, end)
    return False
