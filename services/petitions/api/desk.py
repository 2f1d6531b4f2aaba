"""What the desk looks up and whom it calls: a petition by its receipt, and those whose petitioners
are asked by telephone what an answer is worth, or whether a promise was kept.
"""

from typing import Annotated, Any

from fastapi import Path

from services.petitions import views
from services.petitions.api.petitions import desk, listed, petitions_api
from services.petitions.api.receipts import read_or_refuse
from services.petitions.api.sight import is_desk
from services.petitions.api.standing import places_of
from services.petitions.domain.petition import petition
from shared.contracts.types import PlaceCode
from shared.runtime.api import CurrentCaller, CurrentClock, CurrentCopies, CurrentStore
from shared.runtime.copies import Copies
from shared.runtime.cursors import Cursor, Limit, decode, encode
from shared.runtime.identity import Caller
from shared.runtime.journal import Page
from shared.runtime.problems import NotFound
from shared.runtime.queries import Queries

PURPOSE = "follow-up"

queries = Queries(tags=["Desk"])


@queries.get("/petitions/by-receipt/{receipt}", may=desk, note="that they may see")
async def petition_by_receipt(
    receipt: Annotated[str, Path(max_length=40)], caller: CurrentCaller, store: CurrentStore
) -> dict[str, Any]:
    """The petition with a receipt number that somebody reads out, who has no code at hand.

    422 `receipt-misread` where the check digit does not fit.
    """
    page = await store.journal.find(petition.kind, views.by_receipt(read_or_refuse(receipt)))
    seen = [
        item
        for item in page.items
        if petitions_api.see.allows(caller, store.read(petition, item), None)
    ]
    if not seen:
        raise NotFound
    (found,) = (await listed(Page(seen, None), caller, store, "receipt"))["items"]
    whole: dict[str, Any] = found
    return whole


@queries.get("/follow-ups", may=desk, note="of their places; the hotline desk everywhere")
async def follow_ups(
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    place: PlaceCode | None = None,
    without_login: bool = True,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Answered petitions whose petitioner has said nothing yet, the most urgent first: for
    `follow-up`. Without `without_login=false` only those who get no messages: nobody was logged in.

    What the caller has answered is not among them.
    """
    query = views.to_follow_up(
        places=_asked_places(caller, place, copies),
        without_login=without_login,
        caller=caller.sub,
        not_about=_own(caller),
        limit=limit,
        after=decode(cursor),
    )
    return await listed(await store.journal.find("petition", query), caller, store, PURPOSE)


@queries.get("/follow-ups/promises", may=desk, note="of their places; the hotline desk everywhere")
async def promises_to_follow_up(
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    clock: CurrentClock,
    place: PlaceCode | None = None,
    without_login: bool = True,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Petitions with promises that have fallen due and that nobody has judged: for
    `follow-up-promise`. A page may be short of those that were judged meanwhile.
    """
    query = views.promises_to_follow_up(
        now=clock.now(),
        places=_asked_places(caller, place, copies),
        without_login=without_login,
        not_about=_own(caller),
        limit=limit,
        after=decode(cursor),
    )
    page = await store.journal.find("petition", query)
    waiting = [
        item
        for item in page.items
        if any(
            promise.judge_by is not None and not promise.over
            for promise in store.read(petition, item).promises
        )
    ]
    answer = await listed(Page(waiting, None), caller, store, PURPOSE)
    return {**answer, "next": encode(page.next)}


def _asked_places(caller: Caller, place: str | None, copies: Copies) -> list[str] | None:
    """Where a caller may call: staff in their places, the hotline desk everywhere (None), as long
    as its token names no places.
    """
    if is_desk(caller) and not caller.places:
        return None if place is None else [place]
    return places_of(caller, place, copies["place"])


def _own(caller: Caller) -> list[str]:
    return [one for one in (caller.sub, caller.org) if one is not None]
