"""Who must know of an event, and what they are told: the table of it, a module per service
or chapter.

At most one telling per person and event; whoever did a thing is not told of it where the event says
who it was.
"""

from collections.abc import Iterable
from types import ModuleType

from services.notifications.domain import (
    alarm_news,
    broadcast_news,
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
from shared.contracts.event import Event, emitting_service

NEWS: dict[str, tuple[ModuleType, ...]] = {
    "community": (community_news,),
    "ledger": ledger_news.NEWS,
    "mediation": mediation_news.NEWS,
    "notifications": (alarm_news, broadcast_news, own_news),
    "petitions": (petition_news, calling_news),
    "subscriptions": (subscription_news,),
    "volunteering": volunteering_news.NEWS,
}
"""By the service whose events it is of."""

TELLS_NOBODY: frozenset[type[Event]] = frozenset().union(
    *(news.TELLS_NOBODY for modules in NEWS.values() for news in modules)
)
"""Events that nobody's inbox needs."""


def who_must_know(event: Event) -> list[Telling]:
    """Everybody who must know of the event, each once."""
    of_its_service = NEWS.get(emitting_service(type(event)) or "", ())
    told = (
        telling
        for news in of_its_service
        for telling in news.tellings(event)
        if telling is not None
    )
    return list(_once(told))


def _once(tellings: Iterable[Telling]) -> Iterable[Telling]:
    seen: set[str] = set()
    for telling in tellings:
        if telling.recipient not in seen:
            seen.add(telling.recipient)
            yield telling
