"""What reads requests from connections: more careful than a server need be behind a door."""

import asyncio
from typing import Any

import orjson

from shared.runtime.answering import Answering
from shared.runtime.problems import PROBLEM, Catalogue, Problem

HEAD_SECONDS = 10.0
"""Seconds in which the head of a request has to be whole, from its first byte or from connecting
on."""
MOST_HEAD = 64 * 1024
"""Bytes of a head."""
MOST_HEADERS = 100


_REFUSAL = orjson.dumps(Catalogue().problem(Problem(400, "malformed-request"), "zh"))
"""What nobody could read says no language either."""


class Malformed(Exception):
    """A request could be read in two ways, and is not read at all."""


class CarefulProtocol(Answering):
    """Refuses what has been used to smuggle requests past a door (RFC 9112, 11.2), and cuts those
    who do not come to the point.

    The parser itself refuses both lengths at once, two different ones, and folded headers.
    """

    _slow: asyncio.TimerHandle | None = None
    _in_head = True
    _head = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_is_whole()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._in_head:
            self._head += len(data)
            if self._head > MOST_HEAD and not self.transport.is_closing():
                self.send_400_response("The head of the request is too large.")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head, self._head = True, 0
        self._await_head()

    def on_headers_complete(self) -> None:
        self._head_is_whole()
        self._refuse_ambiguous()
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """As every refusal, a problem (RFC 9457); `msg` is in the parser's own words, which say
        nothing to whoever kept to HTTP.
        """
        head = (
            "HTTP/1.1 400 Bad Request\r\n"
            f"content-type: {PROBLEM}\r\n"
            f"content-length: {len(_REFUSAL)}\r\n"
            "connection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + _REFUSAL)
        self.transport.close()

    def _await_head(self) -> None:
        if self._slow is None:
            self._slow = self.loop.call_later(HEAD_SECONDS, self._cut)

    def _head_is_whole(self) -> None:
        self._in_head = False
        if self._slow is not None:
            self._slow.cancel()
            self._slow = None

    def _cut(self) -> None:
        self._slow = None
        self.transport.abort()

    def _refuse_ambiguous(self) -> None:
        """Raises `Malformed`; the parser's caller answers 400 and closes."""
        seen: dict[bytes, Any] = {}
        size = len(self.url)
        for name, value in self.headers:
            size += len(name) + len(value)
            if name in seen and name in (b"host", b"content-length", b"transfer-encoding"):
                raise Malformed
            seen[name] = value
        version = self.parser.get_http_version()
        length = seen.get(b"content-length")
        if (
            not self.url.startswith(b"/")
            or size > MOST_HEAD
            or len(self.headers) > MOST_HEADERS
            or version not in ("1.0", "1.1")
            or (version == "1.1" and b"host" not in seen)
            or seen.get(b"transfer-encoding", b"chunked").lower() != b"chunked"
            or (length is not None and (not length.isdigit() or b"transfer-encoding" in seen))
        ):
            raise Malformed
