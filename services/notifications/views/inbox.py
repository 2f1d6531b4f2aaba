"""What can be asked of the inbox, and the indexes that answer it."""

from datetime import datetime
from typing import Any

from services.notifications.views import delivery
from services.notifications.views.broadcasts import MESSAGES_OF_BROADCASTS
from shared.runtime.journal import Index, Kind, Query

KINDS = (
    Kind(
        "message",
        (
            Index((("recipient", 1), ("read", 1), ("posted", -1), ("_id", 1))),
            Index((("recipient", 1), ("posted", 1), ("_id", 1))),
            *delivery.INDEXES,
            MESSAGES_OF_BROADCASTS,
        ),
        found_by=delivery.FOUND_BY,
    ),
)


def inbox(recipient: str, *, limit: int = 50, after: tuple[Any, ...] | None = None) -> Query:
    """Somebody's messages: the unread ones first, each part from the newest on."""
    return Query(
        {"recipient": recipient},
        order=(("read", 1), ("posted", -1), ("_id", 1)),
        limit=limit,
        after=after,
    )


def came_since(
    recipient: str, since: datetime, *, limit: int = 100, after: tuple[Any, ...] | None = None
) -> Query:
    """Somebody's messages in the order they came, from a moment on."""
    return Query(
        {"recipient": recipient, "posted": {"$gte": since}},
        order=(("posted", 1), ("_id", 1)),
        limit=limit,
        after=after,
    )


def unread(recipient: str) -> dict[str, Any]:
    """The condition for somebody's unread messages."""
    return {"recipient": recipient, "read": False}
