"""What everybody may read of petitions, without a token: where one stands, and released answers."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import Annotated, Any

import orjson
from fastapi import Query, Request, Response
from pydantic import AwareDatetime

from services.petitions.api.known import categories_below, is_level, public_place
from services.petitions.domain.mediation import REASON as MEDIATION
from services.petitions.domain.petition import petition
from services.petitions.domain.state import Petition, Status
from services.petitions.views import in_the_open
from shared.contracts.types import Code, PetitionKind, PlaceCode
from shared.runtime.api import CurrentClock, CurrentCopies, CurrentStore
from shared.runtime.clock import Clock
from shared.runtime.copies import Copies
from shared.runtime.cursors import Cursor, Limit, decode, encode
from shared.runtime.journal import Commit, DossierEntry
from shared.runtime.policies import public
from shared.runtime.problems import Invalid, NotFound
from shared.runtime.queries import Queries

CACHED = "public, max-age=60"

queries = Queries(tags=["Public"])


class Standing(StrEnum):
    """Where a petition stands, as far as it is everybody's business."""

    AT_WORK = "at-work"
    SUSPENDED = "suspended"
    ANSWERED = "answered"
    MERGED = "merged"
    CLOSED = "closed"


STATUSES: dict[Standing, tuple[Status, ...]] = {
    Standing.AT_WORK: (
        Status.UNASSIGNED,
        Status.ASSIGNED,
        Status.TAKEN,
        Status.RETURNED,
        Status.REVIEW,
    ),
    Standing.SUSPENDED: (Status.SUSPENDED,),
    Standing.ANSWERED: (Status.ANSWERED,),
    Standing.MERGED: (Status.MERGED,),
    Standing.CLOSED: (Status.CLOSED,),
}
_STANDINGS = {status: standing for standing, those in STATUSES.items() for status in those}

STEPS = {
    "PetitionFiled": Standing.AT_WORK,
    "PetitionSuspended": Standing.SUSPENDED,
    "PetitionResumed": Standing.AT_WORK,
    "PetitionAnswered": Standing.ANSWERED,
    "PetitionReopened": Standing.AT_WORK,
    "PetitionSentToReview": Standing.AT_WORK,
    "PetitionMerged": Standing.MERGED,
    "PetitionSplit": Standing.AT_WORK,
    "PetitionClosed": Standing.CLOSED,
}
"""The events by which everybody sees it stand otherwise than before."""

MOST_NAMED = 100
"""Petitions that are named in one question."""
Ids = Annotated[str, Query(max_length=4_000, description="Ids with commas in between")]


@queries.get("/public/petitions", may=public)
async def petitions_in_the_open(
    request: Request,
    store: CurrentStore,
    copies: CurrentCopies,
    clock: CurrentClock,
    place: PlaceCode | None = None,
    category: Annotated[list[Code] | None, Query(max_length=50)] = None,
    state: Annotated[list[Standing] | None, Query()] = None,
    ids: Ids = "",
    since: Annotated[AwareDatetime | None, Query(alias="from")] = None,
    until: Annotated[AwareDatetime | None, Query(alias="to")] = None,
    released: bool = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Petitions below a place, the latest first. Reports are not among them; where a petition has
    not been released, its words are not told.

    `category` (with all below) and `state` can be there several times; `from` and `to` (excluded)
    are when it was filed; `ids` are the only ones asked for, a hundred at most; `released` leaves
    those whose words are told.
    """
    if place is not None and not is_level(copies, place):
        raise NotFound
    page = await store.journal.find(
        "petition",
        in_the_open(
            place=place,
            statuses=[status for one in state or () for status in STATUSES[one]],
            categories=[
                below
                for one in category or ()
                for below in categories_below(copies, one, clock.now())
            ],
            ids=_named(ids),
            since=since,
            until=until,
            released=released,
            limit=limit,
            after=decode(cursor),
        ),
    )
    found = [(item.id, store.read(petition, item)) for item in page.items]
    told = [petition.stream(id) for id, one in found if _is_out(one)]
    dossiers = await store.journal.dossiers(told)
    items = [
        _shown(id, one, dossiers.get(petition.stream(id), ()), copies, clock) for id, one in found
    ]
    return _cached(request, {"items": items, "next": encode(page.next)})


@queries.get("/public/petitions/steps", may=public)
async def steps_in_the_open(request: Request, store: CurrentStore, ids: Ids) -> Response:
    """When each of these petitions came to stand as it did then, the first step in front. Those
    that nobody may know of, and those that there are not, are left out.
    """
    named = _named(ids)
    if not named:
        raise Invalid("ids", "names none")
    page = await store.journal.find(
        "petition", in_the_open(place=None, ids=named, limit=len(named))
    )
    histories = await store.journal.histories([petition.stream(item.id) for item in page.items])
    items = [
        {"id": item.id, "steps": _steps(histories.get(petition.stream(item.id), ()))}
        for item in page.items
    ]
    return _cached(request, {"items": items})


@queries.get("/public/petitions/{id}", may=public)
async def petition_in_the_open(
    request: Request, id: str, store: CurrentStore, copies: CurrentCopies, clock: CurrentClock
) -> Response:
    """One of them."""
    snapshot = await store.get(petition, id)
    if snapshot is None or snapshot.state.kind is PetitionKind.REPORT:
        raise NotFound
    entries = await store.journal.dossier(petition.stream(id)) if _is_out(snapshot.state) else ()
    return _cached(request, _shown(id, snapshot.state, entries, copies, clock))


def _named(ids: str) -> list[str]:
    """The ids of a question. Raises `Invalid`."""
    named = list(dict.fromkeys(one for part in ids.split(",") if (one := part.strip())))
    if len(named) > MOST_NAMED:
        raise Invalid("ids", f"names more than {MOST_NAMED}")
    return named


def _steps(commits: Sequence[Commit]) -> list[dict[str, Any]]:
    """One step a commit at most: where it led. `step` is its number, the same for ever."""
    steps: list[dict[str, Any]] = []
    for commit in commits:
        led = [STEPS[event.name] for event in commit.events if event.name in STEPS]
        if led and (not steps or steps[-1]["state"] is not led[-1]):
            steps.append({"step": commit.version, "at": commit.at, "state": led[-1]})
    return steps


def _is_out(state: Petition) -> bool:
    return state.publication is not None and state.publication.out


def _shown(
    id: str, state: Petition, entries: Sequence[DossierEntry], copies: Copies, clock: Clock
) -> dict[str, Any]:
    """Category, place, state and days; and the words, where they were released and not forgotten
    since.
    """
    shown: dict[str, Any] = {
        "id": id,
        "category": state.category,
        "place": public_place(copies, state.path),
        "state": _STANDINGS[state.status],
        "filed_at": state.filed_at,
        "changed_at": _changed_at(state),
        "days": _days(state, clock),
        "released": False,
    }
    if state.pause is not None:
        # Whether somebody's quarrel is mediated is nobody else's business.
        reason = None if state.pause.reason == MEDIATION else state.pause.reason
        shown["suspended"] = {"reason": reason, "until": state.pause.until}
    words = [entry.data for entry in entries if entry.name == "ReleaseWritten"]
    if _is_out(state) and words:
        shown |= {
            "released": True,
            "level": state.level,
            "title": words[-1]["title"],
            "question": words[-1]["question"],
            "answer": words[-1]["answer"],
        }
    return shown


def _answered_at(state: Petition) -> datetime | None:
    """When the answer that stands was given."""
    if state.follow_up_until is None:
        return None
    return state.follow_up_until - state.limits.follow_up


def _changed_at(state: Petition) -> datetime:
    """When it came to stand as it does, as far as the state still tells."""
    if state.status is Status.CLOSED and state.closed_at is not None:
        return state.closed_at
    if state.pause is not None:
        return state.pause.since
    return _answered_at(state) or state.filed_at


def _days(state: Petition, clock: Clock) -> int:
    """The days begun from filing to the answer that stands, or until now."""
    until = _answered_at(state) or state.closed_at or clock.now()
    return -(-max(until - state.filed_at, timedelta(0)) // timedelta(days=1))


def _cached(request: Request, content: dict[str, Any]) -> Response:
    """With a tag by which who has it already need not be sent it again (RFC 9110, 13.1.2)."""
    body = orjson.dumps(content)
    tag = f'"{blake2b(body, digest_size=12).hexdigest()}"'
    headers = {"ETag": tag, "Cache-Control": CACHED}
    known = {one.strip().removeprefix("W/") for one in _known(request).split(",")}
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


def _known(request: Request) -> str:
    return request.headers.get("if-none-match", "")
