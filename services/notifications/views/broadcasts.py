"""Queries over broadcasts and their recipients, and their indexes."""

from collections.abc import Sequence
from typing import Any

from services.notifications.domain.broadcast_state import Broadcast, Status
from shared.contracts.notifications.broadcasts import Group
from shared.runtime.journal import Index, Kind, Query

STREAMS: dict[str, Any] = {"about": {"$gte": "broadcast-", "$lt": "broadcast."}}
"""The condition for messages of broadcasts: those about a stream of that kind."""

KINDS: tuple[Kind, ...] = (
    Kind(
        "broadcast",
        (
            Index((("path", 1), ("status", 1), ("drafted", -1), ("_id", 1))),
            Index((("drafted_by", 1), ("drafted", -1), ("_id", 1))),
        ),
    ),
    Kind(
        "roll",
        (
            Index((("home", 1), ("_id", 1))),
            Index((("works", 1), ("_id", 1)), only={"works": {"$gt": ""}}),
            Index((("groups", 1), ("_id", 1)), only={"groups": {"$gt": ""}}),
            Index((("household", 1), ("_id", 1))),
            Index((("posts.post", 1), ("_id", 1)), only={"posts.post": {"$gt": ""}}),
            Index((("posts.place", 1), ("_id", 1)), only={"posts.place": {"$gt": ""}}),
        ),
    ),
)
MESSAGES_OF_BROADCASTS = Index((("about", 1), ("kind", 1), ("read", 1)), only=STREAMS)
"""For counting: of messages about other things nothing is kept in it."""


def recipients(it: Broadcast, limit: int, after: str | None = None) -> Query:
    """Whom it is for, in order of their subject."""
    return Query(
        addressed(it), order=(("_id", 1),), limit=limit, after=None if after is None else (after,)
    )


def addressed(it: Broadcast) -> dict[str, Any]:
    """The condition for whom it is for."""
    match it.group:
        case Group.RESIDENTS:
            return {"home": it.place}
        case Group.DUTY:
            return {"works": it.place if it.of is None else f"{it.place}|{it.of}"}
        case _:
            return {"groups": f"{it.group.value}:{it.of}"}


def of_household(code: str) -> Query:
    """Who lives in this unit."""
    return Query({"household": code}, limit=200)


def at_place(code: str) -> Query:
    """Who has a post at this very place."""
    return Query({"posts.place": code}, limit=200)


def in_post(post: str) -> Query:
    """Who does the duty of this post."""
    return Query({"posts.post": post}, limit=50)


def broadcasts_below(
    roots: Sequence[str],
    statuses: Sequence[Status],
    *,
    limit: int = 50,
    after: tuple[Any, ...] | None = None,
) -> Query:
    """Broadcasts to these places or below, the latest first."""
    where = {"path": {"$in": list(roots)}, "status": {"$in": [one.value for one in statuses]}}
    return Query(where, order=(("drafted", -1), ("_id", 1)), limit=limit, after=after)


def messages_of(id: str, kind: str, *, read: bool | None = None) -> dict[str, Any]:
    """The condition for a broadcast's messages: all, or those that were read or not. Who wrote or
    approved it has messages of other kinds about it.
    """
    where: dict[str, Any] = {"about": f"broadcast-{id}", "kind": kind}
    return where if read is None else {**where, "read": read}
