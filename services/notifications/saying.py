"""What a message says to whom: in their language, with the words in force, fitted to the way that
it goes.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from services.notifications.contact_codes import code_for, secret_in_use
from services.notifications.domain.kind_rule import KindChange
from services.notifications.domain.preferences.state import Preferences, Tongue
from services.notifications.domain.ways import Way
from services.notifications.fitting import fit
from services.notifications.wording import (
    SHORT_ID,
    SHORTENED,
    NotRenderable,
    Rendered,
    wording,
)
from shared.runtime.copies import Copies

TO_THOSE_WHO_CHOSE_NONE = Tongue.HANS

OwnWords = Callable[[Copies, Mapping[str, str], Tongue], Rendered | None]
"""The words of a message that are its own, not a template's: from its parameters."""

OWN_WORDS: dict[str, OwnWords] = {}
"""By kind: messages whose words somebody wrote for this one occasion."""


def tongue_for(known: Preferences | None, asked: Tongue = TO_THOSE_WHO_CHOSE_NONE) -> Tongue:
    """The language that a person is told in: what they chose, else what is asked for."""
    return asked if known is None or known.language is None else known.language


def say(copies: Copies, kind: str, params: Mapping[str, str], tongue: Tongue) -> Rendered:
    """A message as its recipient reads it. What cannot be said, because another version of this
    service wrote it, says its kind: what it tells of is found under `about`.
    """
    if (own_words := OWN_WORDS.get(kind)) is not None:
        return own_words(copies, params, tongue) or Rendered(kind, "")
    change: KindChange | None = copies["kind-rule"].get(kind)
    shipped, places = wording(tongue), copies["place"]
    if change is not None and (own := change.words.get(tongue)) is not None:
        try:
            return shipped.render(kind, params, places, own)
        except NotRenderable:
            pass  # a message that is older than the words: said as it was shipped
    try:
        return shipped.render(kind, params, places)
    except NotRenderable:
        return Rendered(kind, "")


def say_by(
    copies: Copies,
    way: Way,
    recipient: str,
    kind: str,
    params: Mapping[str, str],
    tongue: Tongue,
    count: int = 1,
) -> Rendered:
    """A message as it goes out by a way, within what that holds; it stands for `count` of its kind.
    Only here is a code that confirms an address put into words: it goes to that address, and lies
    nowhere.
    """
    if kind == "address-code":
        turn = int(params["turn"])
        code = code_for(recipient, params["way"], turn, secret_in_use())
        kind, params = "address-code-sent", {**params, "code": code}
    words = say(copies, kind, params, tongue)
    if count > 1:
        words = replace(words, title=words.title + wording(tongue).several(count))
    return fit(words, way, id_in(params))


def id_in(params: Mapping[str, str]) -> str:
    """The id, in short, of what a message is about: what is left of it when it is cut."""
    return next((value[-SHORT_ID:] for name, value in params.items() if name in SHORTENED), "")
