"""Who must know of an event, and what they are told: the table of it, a module per service
or chapter.

At most one telling per person and event; whoever did a thing is not told of it where the event says
who it was.
"""

from collections.abc import Iterable

from services.notifications.domain import (
    calling_news,
    community_news,
    ledger_news,
    mediation_news,
    own_news,
    petition_news,
    subscription_news,
    volunteering_news,
)
from services.notifications.domain.telling import Telling
from shared.contracts.event import Event

NEWS = (
    calling_news,
    community_news,
    own_news,
    petition_news,
    subscription_news,
    *volunteering_news.NEWS,
    *mediation_news.NEWS,
    *ledger_news.NEWS,
)

TELLS_NOBODY: frozenset[type[Event]] = frozenset().union(*(news.TELLS_NOBODY for news in NEWS))
"""Events that nobody's inbox needs."""


def who_must_know(event: Event) -> list[Telling]:
    """Everybody who must know of the event, each once."""
    told = (telling for news in NEWS for telling in news.tellings(event) if telling is not None)
    return list(_once(told))


def _once(tellings: Iterable[Telling]) -> Iterable[Telling]:
    seen: set[str] = set()
    for telling in tellings:
        if telling.recipient not in seen:
            seen.add(telling.recipient)
            yield telling
