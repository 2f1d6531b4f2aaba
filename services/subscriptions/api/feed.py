"""The feed over HTTP: as batches of CloudEvents, as Atom, and as server-sent events."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any

from fastapi import Header, Query, Request, Response
from sse_starlette import EventSourceResponse, ServerSentEvent

from services.subscriptions.feed_asking import (
    Part,
    Shown,
    awaited,
    beginning,
    cursor_in,
    part_after,
    query_of_next,
    shown_to,
    text_of,
    wanted_by,
)
from services.subscriptions.feed_formats import (
    ATOM,
    BATCH,
    CURSOR_HEADER,
    atom,
    batch,
    passed,
    sent,
)
from services.subscriptions.feed_reading import Cursor, Feed
from shared.runtime.api import AggregateApi, CurrentCaller, CurrentClock, CurrentStore
from shared.runtime.clock import Clock
from shared.runtime.cursors import LONGEST_CURSOR
from shared.runtime.journal import Unavailable
from shared.runtime.own_data import Held
from shared.runtime.policies import role
from shared.runtime.queries import Queries, gives
from shared.runtime.store import Store

MOST_AT_ONCE = 1_000
LONGEST_WAIT = 60
"""Seconds that a request may wait for something to happen."""
HEARTBEAT = 15
"""Seconds after which a stream says that it is still there, and how far it has come."""
STREAM_LASTS = 3_600
"""Seconds after which a stream ends. Its client connects again, and its token is looked at anew."""

APIS: tuple[AggregateApi, ...] = ()
HELD: tuple[Held, ...] = ()
"""The feed holds ids of people as the events do, and nothing about them."""

reader = role("service", "operator", "administrator")
NARROWED = "what lies in their places; for a token that names none, all"

GIVES_BATCH: dict[str, Any] = {
    "response_class": Response,
    "responses": {
        200: {"content": {BATCH: {"schema": {"type": "array", "items": {"type": "object"}}}}}
    },
}
"""Each of the objects is a message as in the AsyncAPI document."""

queries = Queries(tags=["Feed"])

Listed = Annotated[str | None, Query(max_length=10_000)]
After = Annotated[str | None, Query(max_length=LONGEST_CURSOR)]
From = Annotated[datetime | None, Query(alias="from")]
Most = Annotated[int, Query(ge=1, le=MOST_AT_ONCE)]
Wait = Annotated[int, Query(ge=0, le=LONGEST_WAIT)]


@queries.get("/feed", may=reader, note=NARROWED, **GIVES_BATCH)
async def feed_in_batches(
    request: Request,
    caller: CurrentCaller,
    store: CurrentStore,
    clock: CurrentClock,
    types: Listed = None,
    places: Listed = None,
    categories: Listed = None,
    after: After = None,
    since: From = None,
    limit: Most = 100,
    wait: Wait = 0,
) -> Response:
    """What happened, in order, from a place on: a batch of CloudEvents. The place to go on from
    stands in `Jinlin-Cursor`, and in the address under ``rel="next"``; it is good for ever, also
    after an empty batch. With `wait` an answer without events comes after so many seconds only.

    Begins after the cursor `after`, or with what was entered at `from` or later, or at the start.
    `types` (``cn.jinlin.petitions.*`` is all that begin so), `places` (with all below) and
    `categories` are lists with commas in between.
    """
    shown = shown_to(caller, wanted_by(types, places, categories))
    feed = feed_of(request, store)
    begin = await beginning(feed, after, since)
    part = await awaited(feed, clock, begin, shown, limit, wait)
    return _answer(request, part, batch(part.entries), BATCH)


@queries.get("/feed.atom", may=reader, note=NARROWED, **gives(ATOM))
async def feed_as_atom(
    request: Request,
    caller: CurrentCaller,
    store: CurrentStore,
    clock: CurrentClock,
    types: Listed = None,
    places: Listed = None,
    categories: Listed = None,
    after: After = None,
    since: From = None,
    limit: Most = 100,
) -> Response:
    """The same as an Atom feed, page by page from the oldest on; the content of an entry is the
    CloudEvent.
    """
    shown = shown_to(caller, wanted_by(types, places, categories))
    feed = feed_of(request, store)
    part = await part_after(feed, await beginning(feed, after, since), shown, limit)
    this = f"feed.atom?{request.url.query}".rstrip("?")
    following = f"feed.atom?{query_of_next(request.query_params, part.upto)}"
    return _answer(request, part, atom(part.entries, this, following, clock.now()), ATOM)


@queries.get("/feed/stream", may=reader, note=NARROWED, response_class=EventSourceResponse)
async def feed_as_stream(
    request: Request,
    caller: CurrentCaller,
    store: CurrentStore,
    clock: CurrentClock,
    types: Listed = None,
    places: Listed = None,
    categories: Listed = None,
    after: After = None,
    since: From = None,
    last_event_id: Annotated[str | None, Header(max_length=LONGEST_CURSOR)] = None,
) -> EventSourceResponse:
    """The same as server-sent events: the data is the CloudEvent, the id its cursor. Whoever
    connects again with ``Last-Event-ID`` goes on there.
    """
    shown = shown_to(caller, wanted_by(types, places, categories))
    feed = feed_of(request, store)
    if last_event_id:
        begin = cursor_in("Last-Event-ID", last_event_id)
    else:
        begin = await beginning(feed, after, since)
    # Whatever is wrong is told before the stream begins.
    first = await part_after(feed, begin, shown, MOST_AT_ONCE)
    return EventSourceResponse(events(feed, clock, begin, first, shown), ping=HEARTBEAT)


async def events(
    feed: Feed, clock: Clock, told: Cursor, part: Part, shown: Shown
) -> AsyncIterator[ServerSentEvent]:
    """What is shown from there on, as it is entered, for as long as a stream lasts. `told` is the
    place that the client knows, `part` what follows on it. It ends when the store is away, too: its
    client connects again.
    """
    until = clock.monotonic() + STREAM_LASTS
    try:
        while True:
            for entry in part.entries:
                yield sent(entry)
                told = entry.at
            if clock.monotonic() >= until:
                return
            quiet = part.at_end and not await feed.grown(part.upto, HEARTBEAT)
            if part.upto > told and (quiet or not part.at_end):
                yield passed(part.upto)
                told = part.upto
            part = await part_after(feed, part.upto, shown, MOST_AT_ONCE)
    except Unavailable:
        return


def feed_of(request: Request, store: Store) -> Feed:
    """The process's one feed."""
    state = request.app.state
    if not hasattr(state, "feed"):
        state.feed = Feed(store.journal, store.clock)
    feed: Feed = state.feed
    return feed


def _answer(request: Request, part: Part, body: bytes, media_type: str) -> Response:
    # Relative to the request's own address, which a gateway may have changed.
    following = f"?{query_of_next(request.query_params, part.upto)}"
    headers = {
        CURSOR_HEADER: text_of(part.upto),
        "Link": f'<{following}>; rel="next"',
        "Cache-Control": "no-store",
    }
    return Response(body, media_type=media_type, headers=headers)


QUERIES: tuple[Queries, ...] = (queries,)
