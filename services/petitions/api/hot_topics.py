"""The hot topics of a place, for those who answer there."""

from collections.abc import Mapping
from typing import Any

from services.petitions.api.standing import STAFF
from services.petitions.domain.hot_topic import ID, Topic, hotlist
from shared.contracts.types import PlaceCode
from shared.neighbourhood.place import KnownPlace
from shared.runtime.api import CurrentCaller, CurrentCopies, CurrentStore
from shared.runtime.policies import role
from shared.runtime.problems import Forbidden
from shared.runtime.queries import Queries

queries = Queries(tags=["Hot topics"])


@queries.get("/hot-topics", may=role(*STAFF), note="of their places")
async def hot_topics(
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    place: PlaceCode | None = None,
) -> dict[str, Any]:
    """The topics that are hot now in the caller's places, or in one `place` below them, the latest
    raised first; each with its size and latest petitions as last told.
    """
    places: Mapping[str, KnownPlace] = copies["place"]

    def path(code: str) -> tuple[str, ...]:
        known = places.get(code)
        return (code,) if known is None else known.path

    if place is not None and caller.places.isdisjoint(path(place)):
        raise Forbidden
    inside = caller.places if place is None else frozenset({place})
    found = await store.get(hotlist, ID)
    topics: tuple[Topic, ...] = () if found is None else found.state.topics
    shown = [topic for topic in topics if not inside.isdisjoint(path(topic.place))]
    shown.sort(key=lambda topic: (topic.raised_at, topic.topic), reverse=True)
    return {
        "items": [
            {name: getattr(topic, name) for name in Topic.__dataclass_fields__} for topic in shown
        ],
        "next": None,
    }
