"""What becomes of every answer on its way out: headers are added, and texts made smaller."""

import re

from starlette.types import Message, Scope, Send

from services.gateway.doorway import MORE_HEADERS
from services.gateway.encoding import ENCODERS, SMALLEST, Encoder, chosen, is_text
from services.gateway.shielding import Shielding

_ENCODED_TAG = re.compile(rb'-(?:br|gzip)"')
_STRONG_TAG = re.compile(rb'"([^"]*)"')
_WITH_TAGS = (b"if-match", b"if-none-match")
_WITHOUT_BODY = (204, 206, 304)
"""Answers without a body of their own, or with a part of one, which stays as it is."""


def undressed(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """A request's headers, with the tags in them as they were before the answer was encoded."""
    return [
        (name, _ENCODED_TAG.sub(b'"', value) if name in _WITH_TAGS else value)
        for name, value in headers
    ]


class Dressing:
    """The `send` of one request."""

    __slots__ = ("_encoder", "_encoding", "_more", "_send", "_shielding", "_start")

    def __init__(self, scope: Scope, send: Send, shielding: Shielding) -> None:
        self._send = send
        self._shielding = shielding
        self._more: list[tuple[bytes, bytes]] = scope[MORE_HEADERS]
        self._start: Message | None = None
        self._encoder: Encoder | None = None
        self._encoding: str | None = None
        if scope["method"] != "HEAD":
            for name, value in scope["headers"]:
                if name == b"accept-encoding":
                    self._encoding = chosen(value.decode("latin-1"))

    async def __call__(self, message: Message) -> None:
        """Holds the head of a text back until the body's first part shows whether it is worth
        encoding.
        """
        if message["type"] == "http.response.start":
            text = self._dress(message)
            if text and self._encoding is not None and message["status"] not in _WITHOUT_BODY:
                self._start = message
            else:
                await self._send(message)
        elif self._start is not None:
            start, self._start = self._start, None
            if message.get("more_body", False) or len(message.get("body", b"")) >= SMALLEST:
                self._encode(start)
                message = self._encoded(message)
            await self._send(start)
            await self._send(message)
        elif self._encoder is not None:
            message = self._encoded(message)
            if message["body"] or not message["more_body"]:
                await self._send(message)
        else:
            await self._send(message)

    def _dress(self, start: Message) -> bool:
        """Adds what every answer has; whether it is a text that may be encoded."""
        headers = [(name.lower(), value) for name, value in start.get("headers", ())]
        headers += self._more
        present = frozenset(name for name, _ in headers)
        page = text = False
        as_it_is = b"content-encoding" in present
        for name, value in headers:
            if name == b"content-type":
                page = value.startswith(b"text/html")
                text = is_text(value.decode("latin-1"))
            elif name == b"cache-control" and b"no-transform" in value:
                as_it_is = True
        headers += self._shielding.missing(present, page)
        if text and not as_it_is:
            headers.append((b"vary", b"Accept-Encoding"))
        start["headers"] = headers
        return text and not as_it_is

    def _encode(self, start: Message) -> None:
        assert self._encoding is not None
        self._encoder = ENCODERS[self._encoding]()
        encoding = self._encoding.encode()
        kept = []
        for name, value in start["headers"]:
            if name == b"etag":
                # Another representation has another strong tag (RFC 9110, 8.8.3.3).
                value = _STRONG_TAG.sub(rb'"\1-' + encoding + b'"', value, count=1)
            if name not in (b"content-length", b"accept-ranges"):
                kept.append((name, value))
        start["headers"] = [*kept, (b"content-encoding", encoding)]

    def _encoded(self, message: Message) -> Message:
        assert self._encoder is not None
        more = message.get("more_body", False)
        body = self._encoder.encode(message.get("body", b""))
        if not more:
            body += self._encoder.finish()
        return {"type": "http.response.body", "body": body, "more_body": more}
