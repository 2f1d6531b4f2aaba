"""The inbox over HTTP."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi import Header, Query, Request
from sse_starlette import EventSourceResponse, ServerSentEvent

from services.notifications.api.delivery import calls_about_it
from services.notifications.domain.delivering import Called
from services.notifications.domain.message import Message, Read, message, open_verbs
from services.notifications.domain.preferences.preferences import preferences
from services.notifications.domain.preferences.state import Tongue
from services.notifications.feed import HEARTBEAT, Feed, arrivals
from services.notifications.saying import say, tongue_for
from services.notifications.views.inbox import inbox, unread
from services.notifications.wording import tongue
from shared.runtime import cursors
from shared.runtime.api import (
    CurrentCaller,
    CurrentClock,
    CurrentCopies,
    CurrentStore,
    Verb,
    aggregate_api,
    all_fields,
)
from shared.runtime.clock import Clock
from shared.runtime.copies import Copies
from shared.runtime.identity import Caller
from shared.runtime.journal import Stored
from shared.runtime.policies import anyone, owner
from shared.runtime.problems import Invalid
from shared.runtime.queries import Queries
from shared.runtime.store import Store

MOST_COUNTED = 1_000
"""Unread messages are counted up to here."""


def shown_to_recipient(state: Message, _caller: Caller) -> Mapping[str, Any]:
    """The message, and of its delivery what became of it by each way."""
    steps = () if state.delivery is None else state.delivery.steps
    return {
        **all_fields(state, _caller),
        "delivery": [
            {"way": step.way, "status": step.status, "code": step.code, "at": step.at}
            for step in steps
        ],
    }


messages_api = aggregate_api(
    message,
    collection="messages",
    tag="Inbox",
    verbs={
        "read": Verb(Read, may=owner("recipient")),
        "called": Verb(Called, may=calls_about_it, see=owner("recipient") | calls_about_it),
    },
    open=lambda state, _caller: open_verbs(state),
    see=owner("recipient"),
    shown=shown_to_recipient,
)

queries = Queries(tags=["Inbox"])

APIS = (messages_api,)
QUERIES = (queries,)

AcceptLanguage = Annotated[str | None, Header()]


@queries.get("/inbox", may=anyone, note="their own")
async def my_inbox(
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=2_000)] = None,
    accept_language: AcceptLanguage = None,
) -> dict[str, Any]:
    """The caller's messages, the unread ones first, in the language that they chose, else the one
    that is asked for."""
    asked = inbox(caller.sub, limit=limit, after=cursors.decode(cursor))
    page = await store.journal.find("message", asked)
    spoken = await tongue_of(store, caller.sub, accept_language)
    return {
        "items": [shown(store, stored, spoken, copies) for stored in page.items],
        "next": cursors.encode(page.next),
        "unread": await store.journal.count("message", unread(caller.sub), MOST_COUNTED),
    }


async def tongue_of(store: Store, person: str, accept_language: str | None) -> Tongue:
    """The language that the person chose, else what the request asks for."""
    known = await store.get(preferences, person)
    return tongue_for(None if known is None else known.state, tongue(accept_language))


def shown(store: Store, stored: Stored, spoken: Tongue, copies: Copies) -> dict[str, Any]:
    """A message as its recipient reads it."""
    state: Message = store.read(message, stored)
    words = say(copies, state.kind, state.params, spoken)
    return {
        "id": stored.id,
        "version": stored.version,
        "kind": state.kind,
        "title": words.title,
        "body": words.body,
        "params": state.params,
        "about": state.about,
        "posted": state.posted,
        "read": state.read,
    }


@queries.get("/inbox/stream", may=anyone, note="their own", response_class=EventSourceResponse)
async def stream_my_inbox(
    request: Request,
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    clock: CurrentClock,
    accept_language: AcceptLanguage = None,
    last_event_id: Annotated[str | None, Header(max_length=2_000)] = None,
) -> EventSourceResponse:
    """Server-sent events: ``message`` with a message as in the inbox, ``read`` with the id of one.

    It begins after ``Last-Event-ID`` where that is given, else with what comes from now on. Around
    a reconnection a message may be sent twice; its id tells.
    """
    since, last = resume_at(last_event_id, clock)
    spoken = await tongue_of(store, caller.sub, accept_language)

    async def events() -> AsyncIterator[ServerSentEvent]:
        async for name, stored in arrivals(store, feed_of(request, store), caller.sub, since, last):
            if name == "read":
                yield ServerSentEvent(data=orjson.dumps({"id": stored.id}).decode(), event=name)
            else:
                yield as_event(stored, shown(store, stored, spoken, copies))

    return EventSourceResponse(events(), ping=int(HEARTBEAT))


def resume_at(last_event_id: str | None, clock: Clock) -> tuple[datetime, str | None]:
    """The moment to begin at, and the id of the last message that the client has, if any."""
    match cursors.decode(last_event_id):
        case None:
            return clock.now(), None
        case (datetime() as posted, str(id)):
            return posted, id
    raise Invalid("Last-Event-ID", "is not one that this stream gave")


def feed_of(request: Request, store: Store) -> Feed:
    """The process's one feed."""
    state = request.app.state
    if not hasattr(state, "inbox_feed"):
        state.inbox_feed = Feed(store.journal)
    feed: Feed = state.inbox_feed
    return feed


def as_event(stored: Stored, content: Mapping[str, Any]) -> ServerSentEvent:
    """A message as a server-sent event; its id is where to resume."""
    return ServerSentEvent(
        data=orjson.dumps(content).decode(),
        id=cursors.encode((stored.state["posted"], stored.id)),
        event="message",
    )
