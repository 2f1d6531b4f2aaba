"""Queries over patrols (三重巡防), and their indexes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from services.volunteering.domain.patrols.finding_state import FindingStatus
from services.volunteering.domain.patrols.shift_state import Status
from shared.runtime.journal import Index, Kind, Query

After = tuple[Any, ...] | None

ALARMED = {"alarms.kind": {"$gt": ""}}
FILED = {"petition": {"$gt": ""}}
IN_ORDER: tuple[tuple[str, Any], ...] = (("begin", 1), ("_id", 1))

KINDS: tuple[Kind, ...] = (
    Kind(
        "patrol-route",
        (
            Index((("path", 1), ("status", 1), ("_id", 1))),
            Index((("organisers", 1), ("_id", 1))),
            Index((("team", 1), ("_id", 1)), only={"team": {"$gt": ""}}),
        ),
    ),
    Kind(
        "patrol-rota",
        (
            Index((("place", 1), ("over", 1), ("_id", 1))),
            Index((("organisers", 1), ("_id", 1))),
            Index((("lines.members", 1), ("_id", 1))),
            Index((("lines.team", 1), ("over", 1), ("_id", 1))),
        ),
    ),
    Kind(
        "patrol-shift",
        (
            Index((("path", 1), ("begin", 1), ("_id", 1))),
            Index((("path", 1), ("status", 1), ("begin", 1), ("_id", 1))),
            Index((("path", 1), ("begin", 1), ("_id", 1)), only=ALARMED),
            Index((("crew", 1), ("begin", 1), ("_id", 1))),
            Index((("presence.person", 1), ("begin", 1), ("_id", 1))),
            Index((("organisers", 1), ("begin", 1), ("_id", 1))),
            Index((("team", 1), ("begin", 1), ("_id", 1))),
            Index((("rota", 1), ("number", 1), ("_id", 1))),
        ),
    ),
    Kind(
        "patrol-finding",
        (
            Index((("path", 1), ("status", 1), ("_id", 1))),
            Index((("shift", 1), ("_id", 1))),
            Index((("crew", 1), ("_id", 1))),
            Index((("organisers", 1), ("_id", 1))),
            Index((("team", 1), ("_id", 1))),
            Index((("petition", 1), ("_id", 1)), only=FILED),
        ),
    ),
)


# --- routes and rotas ----------------------------------------------------------------------------


def routes_of(place: str, *, limit: int = 50, after: After = None) -> Query:
    """The routes at a place or below it that are not closed."""
    return Query({"path": place, "status": "open"}, limit=limit, after=after)


def routes_kept_by(person: str, *, limit: int = 50, after: After = None) -> Query:
    """The routes that somebody answers for."""
    return Query({"organisers": person}, limit=limit, after=after)


def routes_of_team(team: str) -> Query:
    """The routes that leaders of a team laid out."""
    return Query({"team": team})


def rotas_of(
    places: Iterable[str], since: datetime, *, limit: int = 50, after: After = None
) -> Query:
    """The rotas of places that are not over by then."""
    where = {"place": {"$in": sorted(places)}, "over": {"$gt": since}}
    return Query(where, limit=limit, after=after)


def rotas_with(person: str, *, limit: int = 50, after: After = None) -> Query:
    """The rotas that somebody is on."""
    return Query({"lines.members": person}, limit=limit, after=after)


def rotas_kept_by(person: str, *, limit: int = 50, after: After = None) -> Query:
    """The rotas that somebody answers for."""
    return Query({"organisers": person}, limit=limit, after=after)


def rotas_of_team(team: str, since: datetime) -> Query:
    """The rotas with a line of a team that are not over by then."""
    return Query({"lines.team": team, "over": {"$gt": since}})


# --- shifts --------------------------------------------------------------------------------------


def shifts_of(
    place: str,
    *,
    statuses: Iterable[Status] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 50,
    after: After = None,
) -> Query:
    """The shifts at a place or below it, in order of time; `until` is not included."""
    where: dict[str, Any] = {"path": place, **_begins(since, until)}
    if chosen := sorted(statuses):
        where["status"] = {"$in": chosen}
    return Query(where, IN_ORDER, limit, after)


def shifts_alarmed(place: str, *, limit: int = 50, after: After = None) -> Query:
    """The shifts at a place or below it with an alarm that nobody has settled."""
    return Query({"path": place, **ALARMED}, IN_ORDER, limit, after)


def shifts_with(
    person: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 50,
    after: After = None,
) -> Query:
    """The shifts in whose crew somebody is."""
    return Query({"crew": person, **_begins(since, until)}, IN_ORDER, limit, after)


def shifts_patrolled_by(person: str) -> Query:
    """The shifts in which somebody was on patrol."""
    return Query({"presence.person": person})


def shifts_kept_by(
    person: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 50,
    after: After = None,
) -> Query:
    """The shifts that somebody answers for."""
    return Query({"organisers": person, **_begins(since, until)}, IN_ORDER, limit, after)


def shifts_of_team(team: str, since: datetime) -> Query:
    """The shifts of a team that begin later than then."""
    return Query({"team": team, "begin": {"$gt": since}})


# --- findings ------------------------------------------------------------------------------------


def findings_of(
    place: str,
    *,
    statuses: Iterable[FindingStatus] = (),
    limit: int = 50,
    after: After = None,
) -> Query:
    """What was found at a place or below it, the latest first."""
    where: dict[str, Any] = {"path": place}
    if chosen := sorted(statuses):
        where["status"] = {"$in": chosen}
    return Query(where, (("_id", -1),), limit, after)


def findings_in(shift: str, *, limit: int = 50, after: After = None) -> Query:
    """What was found in a shift."""
    return Query({"shift": shift}, limit=limit, after=after)


def findings_by(person: str, *, limit: int = 50, after: After = None) -> Query:
    """What somebody's patrols found, the latest first."""
    return Query({"crew": person}, (("_id", -1),), limit, after)


def findings_kept_by(person: str) -> Query:
    """The findings that somebody answers for."""
    return Query({"organisers": person})


def findings_of_team(team: str) -> Query:
    """What was found by a team and has not ended."""
    ended = [FindingStatus.SETTLED.value, FindingStatus.CLOSED.value]
    return Query({"team": team, "status": {"$nin": ended}})


def filed_as(petition: str) -> Query:
    """What was filed as a petition."""
    return Query({"petition": petition})


def _begins(since: datetime | None, until: datetime | None) -> dict[str, Any]:
    begin: dict[str, Any] = {}
    if since is not None:
        begin["$gte"] = since
    if until is not None:
        begin["$lt"] = until
    return {"begin": begin} if begin else {}
