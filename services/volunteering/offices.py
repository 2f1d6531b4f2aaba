"""Who is asked when what concerns volunteers climbs: the community's office, then the street's."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from shared.contracts.types import LEVELS, Level
from shared.neighbourhood.place import KnownPlace
from shared.neighbourhood.post import KnownPost

DUTIES = ("volunteering", "petitions")
"""Whoever has the first of these duties at a place that is done by somebody now is its office."""


class Office(NamedTuple):
    """The place whose office is asked, and who does the duty there now: nobody while all of its
    posts are vacant.
    """

    place: str
    person: str | None = None


def office(
    places: Mapping[str, KnownPlace],
    posts: Mapping[str, KnownPost],
    path: Sequence[str],
    level: Level,
) -> Office:
    """The office of a level above what lies at the end of `path` (the district first).

    Where the path has no place of that level, the next level above it is asked, and where there is
    none either, the highest place on the path. Of an empty path the place is empty, too.
    """
    code = _seat(places, path, level)
    for duty in DUTIES:
        post = posts.get(f"{code}:{duty}")
        if post is not None and post.responsible is not None:
            return Office(code, post.responsible)
    return Office(code)


def _seat(places: Mapping[str, KnownPlace], path: Sequence[str], level: Level) -> str:
    at = {places[code].kind.value: code for code in path if code in places}
    for asked in LEVELS[LEVELS.index(level) :]:
        if asked.value in at:
            return at[asked.value]
    return path[0] if path else ""
