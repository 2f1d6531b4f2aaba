"""Events from the feed over HTTP, for systems that can neither run Kafka's client nor be called."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Callable, Collection, Sequence
from http.client import HTTPException, HTTPMessage
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from shared.client.arriving import Away, Message
from shared.client.store import Store

AT_ONCE = 500
WAIT_SECONDS = 10
"""How long the feed waits for something to happen, and so how long a wish to stop may take."""
ANSWER_SECONDS = 30
"""How long an answer may take beyond that."""
CURSOR = "Jinlin-Cursor"
"""The header with the place in the feed from which to go on."""
BATCH = "application/cloudevents-batch+json"
PASSING = frozenset({408, 425, 429})
"""Refusals that are over after a while; so are all from 500 on."""

log = logging.getLogger(__name__)


class Refused(Exception):
    """The feed refuses, and asking again is no use; the text says why."""


class Feed:
    """The feed at `url` (``https://jinlin.city.example``), read from its start or from where the
    store says.

    `token` gives an access token for each request: one that was renewed in time. `places` (codes,
    with all that lies below) and `categories` narrow it.
    """

    def __init__(
        self,
        url: str,
        token: Callable[[], str],
        *,
        places: Sequence[str] = (),
        categories: Sequence[str] = (),
    ) -> None:
        if urlsplit(url).scheme not in ("http", "https"):
            raise ValueError(f"not an address of a feed: {url!r}")
        self._url = f"{url.rstrip('/')}/feed"
        self._token = token
        self._narrowed = {"places": ",".join(places), "categories": ",".join(categories)}
        self._types = ""
        self._store: Store | None = None
        self._left: list[Message] = []
        self._cursor: str | None = None
        self._kept: str | None = None
        self._opener = build_opener(_NoRedirects())

    def open(self, types: Collection[str], store: Store) -> None:
        """See `Source`."""
        self._types = ",".join(sorted(types))
        self._store = store
        self._cursor = self._kept = store.position(self._url)

    def poll(self) -> Sequence[Message]:
        """See `Source`. Raises `Refused` where the feed refuses for good."""
        if not self._left:
            self._left, self._cursor = self._ask()
            if not self._left:
                self._keep()
        return tuple(self._left)

    def done(self, count: int) -> None:
        """See `Source`."""
        if not self._left:
            return
        self._left = self._left[count:]
        if not self._left:
            self._keep()

    def close(self) -> None:
        """Nothing is held."""

    def _keep(self) -> None:
        assert self._store is not None
        if self._cursor is None or self._cursor == self._kept:
            return
        try:
            with self._store.transaction():
                self._store.keep_position(self._url, self._cursor)
            self._kept = self._cursor
        except sqlite3.OperationalError as error:
            # With the next one; until then events come again after a crash, to no effect.
            log.warning("how far the feed is read was not kept yet: %s", error)

    def _ask(self) -> tuple[list[Message], str]:
        asked = {"types": self._types, **self._narrowed, "after": self._cursor or ""}
        query = {name: value for name, value in asked.items() if value}
        query |= {"limit": str(AT_ONCE), "wait": str(WAIT_SECONDS)}
        request = Request(  # noqa: S310  whoever runs it says where
            f"{self._url}?{urlencode(query)}",
            headers={"Authorization": f"Bearer {self._token()}", "Accept": BATCH},
        )
        try:
            with self._opener.open(request, timeout=WAIT_SECONDS + ANSWER_SECONDS) as answer:
                cursor, body = answer.headers.get(CURSOR), answer.read()
        except HTTPError as error:
            with error:
                if error.code >= 500 or error.code in PASSING:
                    raise Away(f"{self._url} answers {error.code}") from None
                raise Refused(f"{self._url} answers {error.code}: {_why(error)}") from None
        except (URLError, HTTPException, OSError) as error:
            raise Away(f"{self._url}: {error}") from error
        try:
            events = json.loads(body)
        except ValueError:
            events = None
        if not isinstance(events, list) or not cursor:
            raise Away(f"{self._url} gave no batch of events")
        return [_message(event, cursor, number) for number, event in enumerate(events)], cursor


class _NoRedirects(HTTPRedirectHandler):
    """A token goes to the address it is meant for, and to no other."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


def _message(event: Any, cursor: str, number: int) -> Message:
    type = event.get("type") if isinstance(event, dict) else None
    value = json.dumps(event).encode()
    return Message(
        f"before {cursor}, number {number}", value, type if isinstance(type, str) else None
    )


def _why(error: HTTPError) -> str:
    """What a problem document says (RFC 9457), or the status in words."""
    try:
        told = json.loads(error.read(100_000))
    except (ValueError, OSError, HTTPException):
        return error.reason
    detail = told.get("detail") if isinstance(told, dict) else None
    return str(detail or error.reason)
