"""What the hotlist sees at a look: the crowds among the recent petitions of this process."""

from collections.abc import Mapping
from datetime import datetime

from services.petitions.domain.hot_topic import Hotlist, View
from services.petitions.likeness.crowds import crowds
from services.petitions.practices import HotTopics
from services.petitions.recent import RecentPetitions
from shared.contracts.types import PlaceKind
from shared.neighbourhood.place import KnownPlace
from shared.runtime.aggregate import Command
from shared.runtime.copies import Copies
from shared.runtime.deciding import Facts


def view(hot: HotTopics, copies: Copies) -> Facts:
    """The facts for the hotlist, from the rules and what the service keeps in memory."""
    places: Mapping[str, KnownPlace] = copies["place"]

    def inner(path: tuple[str, ...]) -> tuple[str | None, str | None]:
        kinds = {places[code].kind: code for code in path if code in places}
        return kinds.get(PlaceKind.NEIGHBOURHOOD), kinds.get(PlaceKind.COMMUNITY)

    def of_hotlist(_id: str, _command: Command, _state: Hotlist, now: datetime) -> View:
        recent: RecentPetitions = copies[RecentPetitions.name]
        return View(
            crowds(recent.table, now - hot.window, hot.heat, inner),
            recent.complete,
            hot.heat,
            hot.pause,
        )

    return of_hotlist
