"""What is told of the world to the rules of feed: where each event that enters lies."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.subscriptions.domain.feed.case import Case, case
from services.subscriptions.domain.feed.feed import Enter, Lying, entering, feed
from shared.neighbourhood.place import KnownPlace
from shared.runtime.aggregate import Aggregate, Command
from shared.runtime.copies import Copies, MakeKept
from shared.runtime.deciding import Beside, Facts, Looking

KEPT: tuple[MakeKept, ...] = ()


def facts(copies: Copies) -> Mapping[str, Facts]:
    """By kind."""
    places: Mapping[str, KnownPlace] = copies["place"]

    def lying(
        _id: str, command: Command, _state: Any, _now: Any, beside: Beside
    ) -> Sequence[Lying]:
        return [_lying(one, places, beside) for one in entering(command)]

    return {feed.kind: Looking(_cases, lying)}


def _cases(_id: str, command: Command) -> Iterable[tuple[Aggregate[Any], str]]:
    return [(case, stream) for one in entering(command) for stream in one.about]


def _lying(one: Enter, places: Mapping[str, KnownPlace], beside: Beside) -> Lying:
    """By the path that the event gives; else where its stream lies, which may be below the place
    that it names (the street that is to answer a petition of a neighbourhood); else by that place;
    else where the thing lies that it belongs to.
    """
    cases = [beside(case, stream) or Case() for stream in one.about]
    category = next((known.category for known in cases if known.category), None)
    if one.path:
        return Lying(one.path, one.category or category)
    own, *others = [known.place for known in cases] or [None]
    place = next((code for code in (own, one.place, *others) if code), None)
    return Lying(_path(place, places), one.category or category)


def _path(place: str | None, places: Mapping[str, KnownPlace]) -> tuple[str, ...]:
    if place is None:
        return ()
    known = places.get(place)
    return known.path if known is not None and known.path else (place,)
