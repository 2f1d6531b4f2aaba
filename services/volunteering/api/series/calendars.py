"""Calendars over HTTP: of a person, by a secret address that they can take back; of teams and
places, for everybody.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import Path, Request, Response

from services.volunteering.calendars import (
    CANCELLED,
    CONFIRMED,
    MEDIA_TYPE,
    TENTATIVE,
    Entry,
    as_icalendar,
    tag_of,
    uid,
)
from services.volunteering.domain.activities.activity import activity
from services.volunteering.domain.activities.state import Activity, Status
from services.volunteering.domain.series.feed import (
    CloseFeed,
    Feed,
    OpenFeed,
    RenewFeed,
    calendar_feed,
    feed_id,
    open_verbs,
)
from services.volunteering.domain.teams.team_state import Team
from services.volunteering.feed_codes import code_for, is_code, secret_in_use
from services.volunteering.views.activities import Part, at_places, of, of_person
from shared.contracts.types import Id, PlaceCode
from shared.neighbourhood.place import KnownPlace
from shared.runtime.api import (
    Create,
    CurrentClock,
    CurrentCopies,
    CurrentStore,
    Verb,
    aggregate_api,
    all_fields,
)
from shared.runtime.copies import Copies
from shared.runtime.identity import Caller
from shared.runtime.journal import Query
from shared.runtime.policies import anyone, owner, public
from shared.runtime.problems import NotFound
from shared.runtime.queries import Queries, gives
from shared.runtime.store import Store

LOOKED_BACK = timedelta(days=60)
"""So long what is over stays on a calendar."""
MOST_ENTRIES = 300
"""Of a calendar, the earliest first."""
CACHED = "public, max-age=300"
OWN = "private, max-age=300"

ANNOUNCED = (Status.OPEN, Status.FULL, Status.RUNNING, Status.DONE, Status.CALLED_OFF)
"""What stands on a calendar: everything but drafts."""

STATUSES = {
    Part.PLACE: CONFIRMED,
    Part.ORGANISER: CONFIRMED,
    Part.OFFER: TENTATIVE,
    Part.WAITING: TENTATIVE,
}
"""What a part in an activity means for one's calendar, the surest first."""

Code = Annotated[str, Path(max_length=64)]


def shown(state: Feed, caller: Caller) -> Mapping[str, Any]:
    """With the address, while there is one."""
    path = None
    if state.open:
        code = code_for(state.feed, state.turn, secret_in_use())
        path = f"/calendars/people/{state.feed}/{code}.ics"
    return {**all_fields(state, caller), "path": path}


person = owner("person")

feeds_api = aggregate_api(
    calendar_feed,
    collection="calendar-feeds",
    tag="Calendars",
    create=Create(OpenFeed, may=anyone, id=lambda command: feed_id(command.by)),
    verbs={"renew": Verb(RenewFeed, may=person), "close": Verb(CloseFeed, may=person)},
    open=lambda state, _caller: open_verbs(state),
    see=person,
    shown=shown,
)

queries = Queries(tags=["Calendars"])


@queries.get(
    "/calendars/people/{feed}/{code}.ics",
    may=public,
    note="who has the secret address",
    **gives("text/calendar"),
)
async def calendar_of_a_person(
    feed: Id,
    code: Code,
    request: Request,
    store: CurrentStore,
    copies: CurrentCopies,
    clock: CurrentClock,
) -> Response:
    """What somebody has signed up for, waits for, and answers for. A wrong or old address is
    answered as one that there never was.
    """
    found = await store.get(calendar_feed, feed)
    state = Feed() if found is None else found.state
    # A code is compared in any case, so that both refusals take as long.
    fits = is_code(code, feed, state.turn, secret_in_use())
    if not fits or not state.open or state.person is None:
        raise NotFound
    entries: dict[str, Entry] = {}
    for part, status in STATUSES.items():
        asked = of_person(
            state.person,
            part,
            statuses=ANNOUNCED,
            since=clock.now() - LOOKED_BACK,
            limit=MOST_ENTRIES,
        )
        for one in await _entries(store, copies, asked, status):
            entries.setdefault(one.uid, one)
    in_order = sorted(entries.values(), key=lambda one: (one.begin, one.uid))[:MOST_ENTRIES]
    return await _answer(request, "我的志愿服务", in_order, clock.now(), OWN)


@queries.get("/calendars/teams/{team}.ics", may=public, **gives("text/calendar"))
async def calendar_of_a_team(
    team: Id,
    request: Request,
    store: CurrentStore,
    copies: CurrentCopies,
    clock: CurrentClock,
) -> Response:
    """The activities of a team."""
    known: Team | None = copies["team"].get(team)
    if known is None:
        raise NotFound
    since = clock.now() - LOOKED_BACK
    asked = of("team", team, statuses=ANNOUNCED, since=since, limit=MOST_ENTRIES)
    entries = await _entries(store, copies, asked, CONFIRMED)
    return await _answer(request, known.name, entries, clock.now(), CACHED)


@queries.get("/calendars/places/{place}.ics", may=public, **gives("text/calendar"))
async def calendar_of_a_place(
    place: PlaceCode,
    request: Request,
    store: CurrentStore,
    copies: CurrentCopies,
    clock: CurrentClock,
) -> Response:
    """The activities at a place and below it."""
    known: KnownPlace | None = copies["place"].get(place)
    if known is None:
        raise NotFound
    since = clock.now() - LOOKED_BACK
    asked = at_places([place], ANNOUNCED, since=since, limit=MOST_ENTRIES)
    entries = await _entries(store, copies, asked, CONFIRMED)
    return await _answer(request, f"{known.name}志愿服务", entries, clock.now(), CACHED)


async def _entries(store: Store, copies: Copies, asked: Query, status: str) -> list[Entry]:
    page = await store.journal.find("activity", asked)
    return [entry_of(store.read(activity, one), copies, status) for one in page.items]


def entry_of(state: Activity, copies: Copies, status: str) -> Entry:
    """An activity on a calendar: the poster's words, and where it is; nobody who takes part."""
    known: KnownPlace | None = copies["place"].get(state.place)
    at = state.place if known is None else known.name
    return Entry(
        uid("activity", state.activity),
        state.begin,
        state.end,
        state.title,
        f"{at} {state.meet_at}".strip(),
        CANCELLED if state.status is Status.CALLED_OFF else status,
        state.announced,
        state.text,
    )


async def _answer(
    request: Request, name: str, entries: Sequence[Entry], now: datetime, cached: str
) -> Response:
    tag = tag_of(name, entries)
    headers = {"ETag": tag, "Cache-Control": cached}
    known = {one.strip() for one in request.headers.get("if-none-match", "").split(",")}
    if tag in known or tag.removeprefix("W/") in known or "*" in known:
        return Response(status_code=304, headers=headers)
    written = await asyncio.to_thread(as_icalendar, name, entries, now)
    return Response(written, media_type=MEDIA_TYPE, headers=headers)
