"""Picking a place: down the tree level by level, or by its name."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request

from services.gateway.identity import Session
from services.gateway.pages.places import Place, Places

SHOWN = ("district", "street", "community", "area", "neighbourhood")
"""Kinds of place that everybody may know something to be at."""
LONGEST = 60
"""Characters that are searched for."""


def home_of(session: Session | None, places: Places) -> Place | None:
    """The place that somebody belongs to by their token, the closest one."""
    if session is None:
        return None
    found = [places.by_code[code] for code in session.places if code in places.by_code]
    return max(found, key=lambda one: len(one.path), default=None)


def neighbourhood_of(session: Session | None, places: Places) -> Place | None:
    """The neighbourhood of somebody's home, or the closest thing to it."""
    home = home_of(session, places)
    line = [] if home is None else places.line(home.code)
    return next((one for one in reversed(line) if one.kind in SHOWN), None)


def picker(
    request: Request, places: Places, session: Session, base: str, kept: Mapping[str, str] = {}
) -> dict[str, Any]:
    """What the template ``place_picker.html`` needs. The place that is picked goes to `base` as
    ``place``; `kept` are parameters that stay.
    """
    here = places.by_code.get(request.query_params.get("at", ""))
    sought = request.query_params.get("q", "")[:LONGEST]

    def to(**parameters: str) -> str:
        return f"{base}?{urlencode({**kept, **parameters})}"

    return {
        "base": base,
        "kept": kept,
        "to": to,
        "here": here,
        "line": places.line(None if here is None else here.code),
        "children": places.children(None if here is None else here.code),
        "sought": sought,
        "found": places.search(sought) if sought.strip() else None,
        "home": home_of(session, places),
        "places": places,
    }
