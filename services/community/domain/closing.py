"""How a place ends: closed, perhaps with a successor, or split into new ones.

A split takes more than one stream. The split place says first what shall be (`PlaceSplit`); from
then on nothing new comes below it. The service then founds the parts, hangs those below under them,
and ends the split: each step once, in this order, whatever crashes in between.
"""

from datetime import datetime

from services.community.domain.place_commands import (
    MOST_SPLIT,
    PlaceParted,
    SplitPlace,
)
from services.community.domain.place_state import Around, Place
from shared.contracts.community import PlaceClosed, PlaceSplit
from shared.contracts.event import Event
from shared.runtime.aggregate import Rejected


def not_closed(place: Place) -> None:
    """Rejects what is asked of a closed place, and names who stands in its place."""
    if place.closed is not None:
        instead = ", ".join(place.successors) or "none"
        raise Rejected(
            "place-closed",
            f"{place.code} is closed; in its place: {instead}",
            place=place.code,
            successors=instead,
        )


def closing(place: Place, successor: str | None, around: Around, since: datetime) -> list[Event]:
    """The place is closed: nothing open may lie below it, and a successor is open and alike."""
    if around.children:
        raise Rejected(
            "places-below",
            f"{len(around.children)} open places lie below: close or move them first",
            count=len(around.children),
        )
    if successor is None:
        return [PlaceClosed(place.code, (), since)]
    kind, is_open = around.named.get(successor, (None, False))
    if successor == place.code or kind is not place.kind or not is_open:
        raise Rejected(
            "no-such-successor",
            f"a successor is another open {place.kind}, and {successor} is none",
            successor=successor,
        )
    return [PlaceClosed(place.code, (successor,), since)]


def split(place: Place, asked: SplitPlace, around: Around, now: datetime) -> list[Event]:
    """The split is decided on: from now on nothing new comes below the place."""
    codes = [new.code for new in asked.into]
    if len(codes) < 2 or len(set(codes)) < len(codes):
        raise Rejected("not-a-split", "name two or more new places, each with a code of its own")
    for code in codes:
        if code in around.named or code == place.code:
            raise Rejected("place-exists", f"{code} is registered already", place=code)
    if len(around.children) > MOST_SPLIT:
        raise Rejected(
            "too-many-below",
            f"at most {MOST_SPLIT} places are given to others: move some first",
            most=MOST_SPLIT,
        )
    children = {given.child: given.to for given in asked.children}
    left = around.children ^ children.keys()
    if left or len(children) < len(asked.children) or not set(children.values()) <= set(codes):
        named = ", ".join(sorted(left)[:5])
        raise Rejected(
            "children-not-given",
            "give each open place right below to exactly one of the new ones"
            + (f": {named}" if named else ""),
            places=named,
        )
    return [
        PlaceParted(asked.into, asked.children),
        PlaceSplit(place.code, tuple(codes), around.path, since=now),
    ]


def ended_split(place: Place, now: datetime) -> list[Event]:
    """The last step of a split."""
    if place.parting is None:
        return []
    return [PlaceClosed(place.code, place.successors, now)]
