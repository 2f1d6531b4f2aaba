"""What can be asked of the stored petitions, and the indexes that answer it."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from services.petitions.domain.state import NEVER, ON_THE_CLOCK, Status
from services.petitions.domain.whistle_state import Status as WhistleStatus
from shared.contracts.types import Level, PetitionKind
from shared.runtime.clock import id_at
from shared.runtime.journal import Index, Kind, Order, Query

OPEN = {"status": {"$in": sorted(set(Status) - {Status.UNFILED, Status.CLOSED})}}
"""All that is not at its end: few, however many there have been."""

VOICES = ("voices.signers", "voices.supporters", "voices.former")
"""Where somebody stands who has, or had, a voice in what another one raised."""

KINDS = (
    Kind(
        "petition",
        indexes=(
            # What every step changes is kept of the open ones only: a key of a petition for each
            # place of its path would else be moved among those of all that ever were.
            Index((("path", 1), ("status", 1), ("answer_by", 1)), OPEN),
            Index((("assignee", 1), ("status", 1), ("answer_by", 1)), OPEN),
            Index((("status", 1), ("follow_up_until", 1), ("_id", 1)), OPEN),
            # So few days as a promise can be judged in are read of it.
            Index((("promises.judge_by", 1), ("_id", 1)), {"promises.judge_by": {"$gt": NEVER}}),
            Index((("receipt", 1),), {"receipt": {"$gt": ""}}, unique=True),
            # Written once, at filing: neither field ever changes.
            Index((("path", 1), ("_id", -1))),
            Index((("path", 1), ("_id", -1)), {"publication.out": True}),
            Index(
                (("consultation.parts.department", 1), ("consultation.open", 1), ("_id", 1)),
                {"consultation.parts.department": {"$gt": ""}},
            ),
            # Most petitions never get there, and then their filing writes no key for it.
            Index((("unsolved_since", 1),), {"unsolved_since": {"$gt": NEVER}}),
        ),
        found_by=("petitioner", *VOICES),
    ),
    Kind(
        "whistle",
        indexes=(
            Index((("path", 1), ("status", 1), ("report_by", 1))),
            Index((("called", 1), ("status", 1), ("report_by", 1))),
            Index((("whistler", 1), ("_id", -1))),
        ),
    ),
    Kind("place"),
    Kind("post"),
    Kind("home"),
    Kind("organisation"),
)


def without(about: Iterable[str]) -> dict[str, Any]:
    """What keeps petitions out that are about one of these: nobody hears of a complaint about
    themselves or their body.
    """
    named = sorted(about)
    return {"complained_of": {"$nin": named}} if named else {}


def work_queue(
    *,
    now: datetime,
    places: Iterable[str],
    statuses: Iterable[Status] = (),
    level: Level | None = None,
    overdue: bool | None = None,
    assignee: str | None = None,
    category: str | None = None,
    text: str | None = None,
    not_about: Iterable[str] = (),
    limit: int = 50,
    after: tuple[Any, ...] | None = None,
) -> Query:
    """Petitions below any of `places`, the one whose answer is due first in front; the latest first
    where closed ones are among them, of which none is due.

    Without `statuses`: those on which somebody owes an answer. `overdue` keeps those whose
    deadline has passed (or has not); `text` searches the dossiers. What is about one of
    `not_about` is left out.
    """
    inside, asked = list(places), set(statuses)
    where: dict[str, Any] = {
        "path": inside[0] if len(inside) == 1 else {"$in": inside},
        "status": {"$in": sorted(asked or ON_THE_CLOCK)},
    }
    if level is not None:
        where["level"] = level
    if overdue is not None:
        where["answer_by"] = {"$lt": now} if overdue else {"$gte": now}
    if assignee is not None:
        where["assignee"] = assignee
    if category is not None:
        where["category"] = category
    where |= without(not_about)
    soonest: Order = (("answer_by", 1), ("_id", 1))
    latest: Order = (("_id", -1),)
    order = latest if Status.CLOSED in asked else soonest
    return Query(where, order=order, limit=limit, after=after, text=text)


def by_receipt(receipt: str) -> Query:
    """The petition with this receipt."""
    return Query({"receipt": receipt}, limit=1)


def of_voice(
    field: str, person: str, limit: int = 50, after: tuple[Any, ...] | None = None
) -> Query:
    """Petitions of somebody's own, or (`field` is one of `VOICES`) with their voice, the latest
    first.
    """
    return Query({field: person}, order=(("_id", -1),), limit=limit, after=after)


def all_concerning(person: str) -> Iterator[Query]:
    """All petitions that a resident raised, spoke for, signed or supports, page by page."""
    for field in ("petitioner", *VOICES):
        yield Query({field: person}, order=(("_id", 1),), limit=200)


def all_blown_by(whistler: str) -> Query:
    """All of a resident's whistles, page by page."""
    return Query({"whistler": whistler}, order=(("_id", 1),), limit=200)


def to_follow_up(
    *,
    places: Iterable[str] | None,
    without_login: bool,
    caller: str,
    not_about: Iterable[str] = (),
    limit: int = 50,
    after: tuple[Any, ...] | None = None,
) -> Query:
    """Answered petitions on which the petitioner's word is waited for, the one that waits shortest
    in front: below any of `places` (None: everywhere), answered by others than the `caller`.
    `without_login` keeps those whose petitioner gets no messages.
    """
    where: dict[str, Any] = {"status": Status.ANSWERED.value, "answered_by": {"$ne": caller}}
    where |= _asked_of(places, without_login, not_about)
    return Query(where, (("follow_up_until", 1), ("_id", 1)), limit, after)


def promises_to_follow_up(
    *,
    now: datetime,
    places: Iterable[str] | None,
    without_login: bool,
    not_about: Iterable[str] = (),
    limit: int = 50,
    after: tuple[Any, ...] | None = None,
) -> Query:
    """Petitions with a promise that has fallen due and can be judged until later than `now`."""
    where: dict[str, Any] = {"promises.judge_by": {"$gt": now}}
    where |= _asked_of(places, without_login, not_about)
    return Query(where, limit=limit, after=after)


def _asked_of(
    places: Iterable[str] | None, without_login: bool, not_about: Iterable[str]
) -> dict[str, Any]:
    where: dict[str, Any] = {}
    if places is not None:
        where["path"] = {"$in": list(places)}
    if without_login:
        where["petitioner"] = None
    if about := sorted(not_about):
        where["complained_of"] = {"$nin": about}
    return where


def in_the_hands_of(person: str) -> Query:
    """What somebody is to answer, page by page."""
    where = {"assignee": person, "status": {"$in": sorted(ON_THE_CLOCK)}}
    return Query(where, order=(("_id", 1),), limit=200)


def in_nobodys_hands(place: str) -> Query:
    """What is to be answered at a place or below it and has nobody, page by page."""
    where = {"path": place, "status": {"$in": sorted(ON_THE_CLOCK)}, "assignee": None}
    return Query(where, order=(("_id", 1),), limit=200)


def in_the_open(
    *,
    place: str | None,
    statuses: Iterable[Status] = (),
    categories: Iterable[str] = (),
    ids: Iterable[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    released: bool = False,
    limit: int = 50,
    after: tuple[Any, ...] | None = None,
) -> Query:
    """What everybody may know of, the latest first: no reports. `since` and `until` (excluded) are
    when it was filed; `ids` are the only ones asked for; `released` are those with words.
    """
    where: dict[str, Any] = {"kind": {"$ne": PetitionKind.REPORT.value}}
    if named := sorted(set(ids)):
        where["_id"] = {"$in": named}
    elif since is not None:
        # What another system received long ago came in later: its id is of the day it came.
        where["_id"] = {"$gte": id_at(since, bytes(10))}
    bounds = {"$gte": since, "$lt": until}
    if filed := {bound: moment for bound, moment in bounds.items() if moment is not None}:
        where["filed_at"] = filed
    if released:
        where["publication.out"] = True
    if place is not None:
        where["path"] = place
    if inside := sorted(statuses):
        where["status"] = {"$in": inside}
    if about := list(categories):
        where["category"] = {"$in": about}
    return Query(where, order=(("_id", -1),), limit=limit, after=after)


def called_onto(
    department: str,
    open: bool,
    not_about: Iterable[str] = (),
    limit: int = 50,
    after: tuple[Any, ...] | None = None,
) -> Query:
    """Petitions onto which a department was called, the first filed in front; none that are about
    one of `not_about`.
    """
    where = {
        "consultation.open": open,
        "consultation.parts.department": department,
        **without(not_about),
    }
    return Query(where, order=(("_id", 1),), limit=limit, after=after)


def unsolved(
    places: Iterable[str],
    end: datetime,
    closed_from: datetime | None,
    not_about: Iterable[str] = (),
    limit: int = 50,
    after: tuple[Any, ...] | None = None,
) -> Query:
    """Petitions that a level from the community up had not solved before `end`, the longest first:
    those still open, or with `closed_from` those closed from then on. What is about one of
    `not_about` is left out.
    """
    where: dict[str, Any] = {
        "path": {"$in": list(places)},
        "unsolved_since": {"$gt": NEVER, "$lt": end},  # the first says that the index will do
        "closed_at": None if closed_from is None else {"$gte": closed_from},
        **without(not_about),
    }
    return Query(where, order=(("unsolved_since", 1), ("_id", 1)), limit=limit, after=after)


def calls(
    places: Iterable[str],
    statuses: Iterable[WhistleStatus] = (),
    limit: int = 50,
    after: tuple[Any, ...] | None = None,
) -> Query:
    """Whistles below any of `places`, whose report is due first in front; without `statuses` those
    that wait for a report.
    """
    where = {
        "path": {"$in": list(places)},
        "status": {"$in": sorted(statuses or (WhistleStatus.CALLED,))},
    }
    return Query(where, order=(("report_by", 1), ("_id", 1)), limit=limit, after=after)


def calls_of(person: str, limit: int = 50, after: tuple[Any, ...] | None = None) -> Query:
    """Whistles that a person is called by, the most urgent first."""
    where = {"called": person, "status": WhistleStatus.CALLED}
    return Query(where, order=(("report_by", 1), ("_id", 1)), limit=limit, after=after)


def blown_by(person: str, limit: int = 50, after: tuple[Any, ...] | None = None) -> Query:
    """A person's whistles, the latest first."""
    return Query({"whistler": person}, order=(("_id", -1),), limit=limit, after=after)
