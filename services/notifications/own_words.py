"""Messages that carry words of their own: a broadcast's, found when somebody reads one.

A message holds ids only; what a broadcast says is kept once, in the broadcast. Here it is put among
the parameters that fill the message's template, in the reader's language.
"""

from collections.abc import Mapping

from services.notifications.domain.broadcast_news import BROADCAST, BROADCAST_URGENT
from services.notifications.domain.broadcast_state import Broadcast, words_in
from shared.runtime.copies import Copies

OWN_WORDS = frozenset({BROADCAST, BROADCAST_URGENT})
"""Kinds of message whose words come from what they are about."""


def filled(
    copies: Copies, kind: str, params: Mapping[str, str], language: str
) -> Mapping[str, str]:
    """The parameters of a message; of a broadcast also its ``title``, ``body`` and ``place``, in
    that language (BCP 47) or the nearest.
    """
    if kind not in OWN_WORDS:
        return params
    it: Broadcast | None = copies["broadcast"].get(params["broadcast"])
    if it is None:
        return params
    words = words_in(it.words, language)
    return {**params, "title": words.title, "body": words.body, "place": it.place}
