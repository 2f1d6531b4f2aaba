"""Queries over credentials and the documents they are made from, and their indexes."""

from typing import Any

from services.ledger.domain.credentials.credential_state import Status
from shared.runtime.journal import Index, Kind, Query

After = tuple[Any, ...] | None
PAGE = 200
"""Things that are walked through at once."""

KINDS: tuple[Kind, ...] = (
    Kind(
        "credential",
        (
            Index((("code", 1),), only={"code": {"$gt": ""}}, unique=True),
            Index((("holder", 1), ("_id", 1))),
            Index((("digest", 1), ("status", 1), ("_id", 1))),
        ),
    ),
    Kind(
        "sealed-document",
        (Index((("holders", 1), ("_id", 1))), Index((("source", 1), ("_id", 1)))),
    ),
    Kind("status-list", (Index((("full", 1), ("_id", 1))),)),
)


def credentials_of(holder: str, *, limit: int = PAGE, after: After = None) -> Query:
    """Somebody's credentials."""
    return Query({"holder": holder}, limit=limit, after=after)


def credentials_in_force_of(digest: str) -> Query:
    """The credentials in force that were made from a document, page by page."""
    return Query({"digest": digest, "status": Status.ISSUED.value}, limit=PAGE)


def credential_coded(code: str) -> Query:
    """The credential with a code."""
    return Query({"code": code}, limit=1)


def documents_held_by(holder: str, *, limit: int = PAGE, after: After = None) -> Query:
    """The documents from which somebody may have a credential made."""
    return Query({"holders": holder}, limit=limit, after=after)


def documents_of(source: str) -> Query:
    """The documents of a thing, page by page."""
    return Query({"source": source}, limit=PAGE)


def lists_with_room() -> Query:
    """A status list that has entries left."""
    return Query({"full": False}, limit=1)
