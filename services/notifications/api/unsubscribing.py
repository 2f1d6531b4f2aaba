"""Unsubscribing by the link of an e-mail, without a login: one click (RFC 8058), and a page for
people.
"""

from typing import Annotated

from fastapi import Header, Query, Response

from services.notifications.contact_codes import (
    LONGEST_TOKEN,
    secret_in_use,
    unsubscribe_token,
    unsubscribes,
)
from services.notifications.domain.kinds import Topic
from services.notifications.domain.preferences.address_commands import Unsubscribe
from services.notifications.domain.preferences.preferences import preferences
from services.notifications.unsubscribe_page import POLICY, asking, done
from services.notifications.wording import tongue
from shared.runtime.api import CurrentStore
from shared.runtime.policies import public
from shared.runtime.problems import NotFound
from shared.runtime.queries import Queries, gives

ACTOR = "unsubscribe-link"
"""In the timeline, in the place of somebody who logged in."""
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}

queries = Queries(tags=["Preferences"])

Token = Annotated[str, Query(max_length=LONGEST_TOKEN)]
Speaks = Annotated[str | None, Header(alias="accept-language")]


@queries.get("/unsubscribe", may=public, note="who has the link of an e-mail", **gives("text/html"))
async def unsubscribe_page(t: Token, accept_language: Speaks = None) -> Response:
    """Asks before anything is done: what scans mail opens every link in it."""
    person, topic = _meant(t)
    everything = unsubscribe_token(person, None, secret_in_use())
    return _page(asking(tongue(accept_language), topic, everything))


@queries.post(
    "/unsubscribe", may=public, note="who has the link of an e-mail", **gives("text/html")
)
async def unsubscribe(t: Token, store: CurrentStore, accept_language: Speaks = None) -> Response:
    """Unsubscribes at once, also where a mail program does it by itself. Doing it again changes
    nothing.
    """
    person, topic = _meant(t)
    await store.do(preferences, person, Unsubscribe(person, topic), actor=ACTOR)
    return _page(done(tongue(accept_language), topic))


def _meant(token: str) -> tuple[str, Topic | None]:
    found = unsubscribes(token, secret_in_use())
    if found is None:
        raise NotFound
    return found


def _page(html: str) -> Response:
    return Response(html, media_type="text/html; charset=utf-8", headers=HEADERS)


QUERIES = (queries,)
