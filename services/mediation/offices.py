"""Who is asked at a place: its office for mediation, and the police that watches over it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from shared.contracts.types import PlaceKind
from shared.neighbourhood.place import KnownPlace
from shared.neighbourhood.post import KnownPost

DUTIES = ("mediation", "petitions")
"""Whoever has the first of these duties at a place that is done by somebody now is its office."""
POLICE = ("police", "grid-police")
"""The same for the police."""
OFFICES = frozenset({PlaceKind.COMMUNITY, PlaceKind.STREET, PlaceKind.DISTRICT})


class Office(NamedTuple):
    """A place, and who does the duty there now: nobody while all of its posts are vacant."""

    place: str
    person: str | None = None


def office(
    places: Mapping[str, KnownPlace], posts: Mapping[str, KnownPost], path: Sequence[str]
) -> Office:
    """The lowest office from the community up in which somebody does the duty; the community's,
    without anybody, where nobody does. Of an empty path the place is empty, too.
    """
    seats = [code for code in reversed(path) if code in places and places[code].kind in OFFICES]
    return _nearest(posts, seats, DUTIES) or Office(seats[0] if seats else "")


def police(posts: Mapping[str, KnownPost], path: Sequence[str]) -> Office:
    """Who does the duty of the police nearest to where the path ends."""
    return _nearest(posts, list(reversed(path)), POLICE) or Office("")


def _nearest(
    posts: Mapping[str, KnownPost], codes: Sequence[str], duties: Sequence[str]
) -> Office | None:
    for code in codes:
        for duty in duties:
            post = posts.get(f"{code}:{duty}")
            if post is not None and post.responsible is not None:
                return Office(code, post.responsible)
    return None
