"""What is told of the world to the rules of disputes."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from services.mediation.domain.disputes.dispute_commands import FileDispute, RaiseRisk
from services.mediation.domain.disputes.dispute_state import Around, Dispute
from services.mediation.domain.disputes.hot_spot import CountDispute, HotSpot, Watch
from services.mediation.offices import office, police
from shared.neighbourhood.home import KnownHome, home
from shared.neighbourhood.place import KnownPlace
from shared.neighbourhood.post import KnownPost
from shared.runtime.aggregate import Aggregate, Command
from shared.runtime.copies import Copies, MakeKept
from shared.runtime.deciding import Beside, Facts, Looking
from shared.runtime.remembered import RememberedFigures

KEPT: tuple[MakeKept, ...] = (RememberedFigures,)


def facts(copies: Copies) -> Mapping[str, Facts]:
    """By kind."""
    places: Mapping[str, KnownPlace] = copies["place"]
    posts: Mapping[str, KnownPost] = copies["post"]

    def around(id: str, command: Command, state: Dispute, _now: datetime, look: Beside) -> Around:
        if isinstance(command, FileDispute):
            known = places.get(command.place)
            if known is None:
                return Around(id)
            homes = {one: _household(look(home, one)) for one in persons(command)}
            told, asked = police(posts, known.path), office(places, posts, known.path)
            return Around(id, known.kind, known.path, known.closed, homes, *told, *asked)
        told, asked = police(posts, state.path), office(places, posts, state.path)
        if isinstance(command, RaiseRisk):
            return Around(id, None, state.path, False, {}, *told, *asked)
        return Around(id, office=asked.place, person=asked.person)

    def watch(id: str, command: Command, _state: HotSpot, _now: datetime) -> Watch:
        path = command.path if isinstance(command, CountDispute) else ()
        return Watch(id, *office(places, posts, path))

    return {"dispute": Looking(looked_at, around), "hot-spot": watch}


def looked_at(_id: str, command: Command) -> Iterable[tuple[Aggregate[Any], str]]:
    """The homes of the persons who are named when it is filed."""
    return [(home, one) for one in persons(command)] if isinstance(command, FileDispute) else ()


def persons(command: FileDispute) -> list[str]:
    """Who is a party as a person, each once."""
    return list(dict.fromkeys(one.person for one in command.parties if one.person is not None))


def _household(known: KnownHome | None) -> str | None:
    return None if known is None else known.household
