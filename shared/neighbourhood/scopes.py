"""Where somebody may look: the places of their token, and what lies below them."""

from collections.abc import Mapping, Sequence

from shared.neighbourhood.place import KnownPlace
from shared.runtime.copies import Copies
from shared.runtime.identity import Caller
from shared.runtime.problems import Forbidden, NotFound


def path_of(copies: Copies, code: str | None) -> Sequence[str]:
    """The path of a place; empty for one that nobody knows."""
    known: KnownPlace | None = None if code is None else copies["place"].get(code)
    return () if known is None else known.path


def scopes(
    caller: Caller, place: str | None, copies: Copies, *, everywhere: str | None = None
) -> list[str]:
    """The roots of what the caller may look at: their own places, or one below them; with the role
    `everywhere` any one. Raises `Forbidden`, and `NotFound` for a place that nobody knows.
    """
    known: Mapping[str, KnownPlace] = copies["place"]
    if place is None:
        if not caller.places:
            raise Forbidden()
        return sorted(caller.places)
    if place not in known:
        raise NotFound
    if everywhere not in caller.roles and caller.places.isdisjoint(known[place].path):
        raise Forbidden()
    return [place]
