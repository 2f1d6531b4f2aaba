"""Queries over the states of webhooks, and their indexes."""

from typing import Any

from services.subscriptions.domain.webhooks.webhook_state import Status
from shared.runtime.journal import Index, Kind, Query

_THERE = {"$ne": str(Status.REMOVED)}


def webhooks_of(owner: str | None, limit: int, after: tuple[Any, ...] | None = None) -> Query:
    """Webhooks that were not removed, the latest first: an owner's, or all."""
    where: dict[str, Any] = {"status": _THERE}
    if owner is not None:
        where["owner"] = owner
    return Query(where, order=(("_id", -1),), limit=limit, after=after)


def count_of(owner: str) -> dict[str, Any]:
    """What an owner's webhooks are counted by."""
    return {"owner": owner, "status": _THERE}


KINDS: tuple[Kind, ...] = (Kind("webhook", (Index((("owner", 1), ("_id", -1))),)),)
