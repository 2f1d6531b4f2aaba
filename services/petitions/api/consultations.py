"""Consultations over HTTP: what a department owes, and the quarterly list. The verbs stand in the
table of petitions.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Query

from services.petitions import views
from services.petitions.api.petitions import in_consultation, listed, shown
from services.petitions.api.standing import STAFF, for_an_organisation, not_to_hear, places_of
from services.petitions.domain.petition import petition
from shared.contracts.types import PlaceCode
from shared.runtime.api import CurrentCaller, CurrentCopies, CurrentStore
from shared.runtime.cursors import Cursor, Limit, decode, encode
from shared.runtime.policies import role
from shared.runtime.queries import Queries
from shared.worktime.hours import CHINA

Quarter = Annotated[str, Query(pattern=r"^20\d\dQ[1-4]$")]
"""A quarter of a year, such as ``2026Q4``."""

queries = Queries(tags=["Consultations"])


@queries.get("/consultations", may=for_an_organisation, note="that call their department")
async def called_onto(
    caller: CurrentCaller,
    store: CurrentStore,
    org: Literal["mine"] = "mine",
    state: Literal["open", "concluded"] = "open",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """The petitions onto which the caller's department was called, the first called in front."""
    assert caller.org is not None, "the policy asks for it"
    wanted = views.called_onto(
        caller.org, state == "open", not_to_hear(caller), limit=limit, after=decode(cursor)
    )
    page = await store.journal.find("petition", wanted)
    answer = await listed(page, caller, store, "consultations")
    for item, stored in zip(answer["items"], page.items, strict=True):
        its = store.read(petition, stored)
        item["petitioner"] = its.named
        item["consultation"] = in_consultation(its)
    return answer


@queries.get("/consultations/list", may=role(*STAFF), note="of their places")
async def quarterly_list(
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    quarter: Quarter,
    place: PlaceCode | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """What the levels below could not solve in the quarter or before, and what was not over when
    the quarter began: handed up, or let pass, by a community or a level above it.

    First comes what is still open, then what has ended since the quarter began.
    """
    places = places_of(caller, place, copies["place"])
    begin, end = bounds(quarter)
    after = decode(cursor)
    still_open, place_after = (True, None) if after is None else (bool(after[0]), after[1:] or None)
    wanted = views.unsolved(
        places, end, None if still_open else begin, not_to_hear(caller), limit, place_after
    )
    page = await store.journal.find("petition", wanted)
    items = []
    for stored in page.items:
        its = store.read(petition, stored)
        consultation = {"consultation": in_consultation(its), "since": its.unsolved_since}
        about = {"id": stored.id, "version": stored.version, **shown(its, caller)}
        items.append({**about, "petitioner": its.named, **consultation})
    following = None
    if page.next is not None:
        following = encode((still_open, *page.next))
    elif still_open:
        following = encode((False,))
    return {"quarter": quarter, "items": items, "next": following}


def bounds(quarter: str) -> tuple[datetime, datetime]:
    """The first moment of a quarter, and the first after it, by the city's clock."""
    year, n = int(quarter[:4]), int(quarter[-1])
    begin = datetime(year, 3 * n - 2, 1, tzinfo=CHINA)
    return begin, datetime(year + n // 4, 3 * n % 12 + 1, 1, tzinfo=CHINA)
