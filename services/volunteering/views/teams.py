"""Queries over teams and volunteers, and their indexes."""

from typing import Any

from services.volunteering.domain.teams.team_state import TeamStatus
from shared.contracts.volunteering.teams import TeamKind
from shared.runtime.journal import Index, Kind, Query

SERVING = {"registered": True}
STANDING = {"status": {"$in": [TeamStatus.ACTIVE.value, TeamStatus.SUSPENDED.value]}}
TO_CONFIRM = {"guardian": {"$gt": ""}, "guardian_confirmed": False}
NOBODY_LEADS = {"leaderless.number": {"$gt": 0}}
After = tuple[Any, ...] | None

KINDS: tuple[Kind, ...] = (
    Kind(
        "volunteer",
        (
            Index((("path", 1), ("_id", 1)), only=SERVING),
            Index((("skills", 1), ("_id", 1)), only=SERVING),
            Index((("place", 1), ("_id", 1))),
            Index((("memberships.team", 1), ("_id", 1))),
            Index((("path", 1), ("_id", 1)), only=TO_CONFIRM),
            Index((("guardian", 1), ("_id", 1)), only={"guardian": {"$gt": ""}}),
        ),
    ),
    Kind(
        "team",
        (
            Index((("path", 1), ("_id", 1))),
            Index((("kind", 1), ("_id", 1))),
            Index((("place", 1), ("_id", 1))),
            Index((("members.person", 1), ("_id", 1))),
            Index((("applicants.person", 1), ("_id", 1))),
            Index((("path", 1), ("_id", 1)), only=NOBODY_LEADS),
        ),
    ),
)


def volunteers_of_place(
    place: str, skill: str | None = None, *, limit: int = 50, after: After = None
) -> Query:
    """Who serves and is at home at a place or below it; with a skill, where one is named."""
    where: dict[str, Any] = {"path": place, **SERVING}
    if skill is not None:
        where["skills"] = skill
    return Query(where, limit=limit, after=after)


def members_of(team: str, *, limit: int = 50, after: After = None) -> Query:
    """Who belongs to a team."""
    return Query({"memberships.team": team}, limit=limit, after=after)


def guardians_to_confirm(place: str, *, limit: int = 50, after: After = None) -> Query:
    """At a place or below it, those under age whose guardian nobody has confirmed."""
    return Query({"path": place, **TO_CONFIRM}, limit=limit, after=after)


def wards_of(guardian: str, *, limit: int = 50, after: After = None) -> Query:
    """Those whose confirmed guardian somebody is."""
    where = {"guardian": guardian, "guardian_confirmed": True}
    return Query(where, limit=limit, after=after)


def teams_query(
    *,
    place: str | None = None,
    kind: TeamKind | None = None,
    limit: int = 50,
    after: After = None,
) -> Query:
    """Teams that there are, by id: at a place or below it, of a kind, or all."""
    where: dict[str, Any] = dict(STANDING)
    if place is not None:
        where["path"] = place
    if kind is not None:
        where["kind"] = kind.value
    return Query(where, limit=limit, after=after)


def teams_of_person(person: str, *, limit: int = 50, after: After = None) -> Query:
    """Teams that somebody belongs to."""
    return Query({"members.person": person}, limit=limit, after=after)


def applied_to_by(person: str) -> Query:
    """Teams that somebody asks to be taken in by."""
    return Query({"applicants.person": person})


def at_home_at(place: str) -> Query:
    """Whose home this very place is, and which teams serve there."""
    return Query({"place": place})


def named_as_guardian(person: str) -> Query:
    """Volunteers who named somebody as guardian, confirmed or not."""
    return Query({"guardian": person})


def leaderless_teams(place: str, *, limit: int = 50, after: After = None) -> Query:
    """Teams at a place or below it that nobody leads, and that an office has to see to."""
    return Query({"path": place, **NOBODY_LEADS}, limit=limit, after=after)
