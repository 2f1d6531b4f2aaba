"""Queries over hours served and certificates, and their indexes."""

from datetime import datetime
from typing import Any

from services.volunteering.domain.hours.certificate import Status
from shared.runtime.journal import Index, Kind, Query

After = tuple[Any, ...] | None
SERVED = {"minutes": {"$gt": 0}}
"""Records of hours that were not taken back."""
PAGE = 200
"""Things that are walked through at once."""

KINDS: tuple[Kind, ...] = (
    Kind(
        "service-record",
        (
            Index((("volunteer", 1), ("begun", 1), ("_id", 1))),
            Index((("path", 1), ("month", 1))),
            Index((("team", 1), ("month", 1))),
            Index((("month", 1), ("_id", 1))),
            Index((("path", 1), ("year", 1))),
            Index((("year", 1), ("_id", 1))),
        ),
    ),
    Kind(
        "certificate",
        (
            Index((("number", 1),), only={"number": {"$gt": ""}}, unique=True),
            Index((("volunteer", 1), ("_id", -1))),
            Index((("services.record", 1), ("status", 1), ("_id", 1))),
        ),
    ),
)


def hours_of(
    volunteer: str, year: int | None = None, *, limit: int = 50, after: After = None
) -> Query:
    """What somebody served, the latest first; in one year, where one is named."""
    where: dict[str, Any] = {"volunteer": volunteer}
    if year is not None:
        where["year"] = year
    return Query(where, order=(("begun", -1), ("_id", -1)), limit=limit, after=after)


def served_between(volunteer: str, since: datetime, until: datetime) -> Query:
    """What somebody served in a period, page by page."""
    begun = {"$gte": since, "$lt": until}
    return Query({"volunteer": volunteer, "begun": begun, **SERVED}, limit=PAGE)


def all_hours_of(volunteer: str) -> Query:
    """All records of somebody, page by page."""
    return Query({"volunteer": volunteer}, limit=PAGE)


def certificates_of(volunteer: str, *, limit: int = 50, after: After = None) -> Query:
    """Somebody's certificates, the latest first."""
    return Query({"volunteer": volunteer}, order=(("_id", -1),), limit=limit, after=after)


def all_certificates_of(volunteer: str) -> Query:
    """All certificates of somebody, page by page."""
    return Query({"volunteer": volunteer}, limit=PAGE)


def certificates_with(record: str) -> Query:
    """Certificates in force that name a record, page by page."""
    return Query({"services.record": record, "status": Status.ISSUED.value}, limit=PAGE)


def certificate_numbered(number: str) -> Query:
    """The certificate with a number."""
    return Query({"number": number}, limit=1)
