"""What couriers and those who call people ask of the messages, and the indexes that answer it."""

from datetime import datetime
from typing import Any

from services.notifications.domain.ways import Way
from shared.runtime.journal import Index, Query

SOME = {"$gt": ""}

INDEXES = (
    Index(
        (("delivery.queue", 1), ("delivery.rank", 1), ("delivery.next", 1), ("_id", 1)),
        only={"delivery.queue": SOME},
    ),
    Index(
        (("recipient", 1), ("delivery.sent_by", 1), ("delivery.sent", 1), ("_id", 1)),
        only={"delivery.sent_by": SOME},
    ),
)
"""Only messages that go out stand in them: the inbox alone costs nothing of it."""
FOUND_BY = ("delivery.group", "delivery.joined")
"""What goes out together is one letter's."""


def to_send(
    way: Way, now: datetime, *, limit: int = 50, after: tuple[Any, ...] | None = None
) -> Query:
    """What may be sent by a way now: the urgent first, then what is for one person, then the rest;
    each from the one on that waits longest.
    """
    return Query(
        {"delivery.queue": way.value, "delivery.next": {"$lte": now}},
        order=(("delivery.rank", 1), ("delivery.next", 1), ("_id", 1)),
        limit=limit,
        after=after,
    )


def waiting(way: Way) -> dict[str, Any]:
    """The condition for what waits for a way, now or later."""
    return {"delivery.queue": way.value}


def of_group(group: str, *, limit: int = 200) -> Query:
    """What may go out together, the earliest first."""
    return Query({"delivery.group": group}, order=(("posted", 1), ("_id", 1)), limit=limit)


def gone_with(id: str) -> dict[str, Any]:
    """The condition for what went out with a message."""
    return {"delivery.joined": id}


def sent_since(recipient: str, way: Way, since: datetime, *, limit: int) -> Query:
    """What a person was sent by a way since then, the earliest first."""
    return Query(
        {
            "recipient": recipient,
            "delivery.sent_by": way.value,
            "delivery.sent": {"$gt": since},
        },
        order=(("delivery.sent", 1), ("_id", 1)),
        limit=limit,
    )
