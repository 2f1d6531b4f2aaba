"""Messages that carry words of their own: a broadcast's, looked up when somebody reads one.

A message holds ids only; what a broadcast says is kept once, in the broadcast. Here it is put among
the parameters that fill the message's template, in the reader's language.
"""

from collections.abc import Iterable, Mapping

from services.notifications.domain.broadcast import broadcast
from services.notifications.domain.broadcast_state import Broadcast, words_in
from services.notifications.domain.message import Message
from services.notifications.domain.own_news import BROADCAST, BROADCAST_URGENT
from shared.runtime.journal import Stored
from shared.runtime.problems import Language
from shared.runtime.store import Store

OWN_WORDS = frozenset({BROADCAST, BROADCAST_URGENT})
"""Kinds of message whose words come from what they are about."""
SPOKEN: Mapping[Language, str] = {"zh": "zh-Hans", "en": "en"}

Broadcasts = Mapping[str, Broadcast]
"""Those that some messages are of, by id."""


async def broadcasts_of(store: Store, messages: Iterable[Stored]) -> Broadcasts:
    """The broadcasts that these messages carry, one read for all of them; none where none does."""
    wanted = {
        str(one.state["params"]["broadcast"]) for one in messages if one.state["kind"] in OWN_WORDS
    }
    if not wanted:
        return {}
    found = await store.journal.load("broadcast", sorted(wanted))
    return {id: store.read(broadcast, stored) for id, stored in found.items()}


def filled(message: Message, known: Broadcasts, language: Language) -> Mapping[str, str]:
    """The message's parameters; of a broadcast also its ``title``, ``body`` and ``place``."""
    if message.kind not in OWN_WORDS:
        return message.params
    it = known.get(message.params["broadcast"])
    if it is None:
        return message.params
    words = words_in(it.words, SPOKEN[language])
    return {**message.params, "title": words.title, "body": words.body, "place": it.place}
