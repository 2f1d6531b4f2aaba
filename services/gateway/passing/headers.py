"""The headers of what is passed on: those of one connection end with it (RFC 9110, 7.6.1)."""

from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from shared.runtime.problems import Problem

Raw = Iterable[tuple[bytes, bytes]]

_HOP_BY_HOP = frozenset(
    (
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    )
)
_ONLY_OURS = frozenset(
    (
        # Who asks, for whom and in which trace is what the door says, and nobody else.
        b"forwarded",
        b"via",
        b"x-real-ip",
        b"x-request-id",
        b"traceparent",
        # The session is the door's own affair: services are given its token.
        b"cookie",
        b"host",
        # The door waits for no permission, and encodes answers itself.
        b"expect",
        b"accept-encoding",
    )
)
_NOT_ASKED = _HOP_BY_HOP | _ONLY_OURS
_NOT_TOLD = _HOP_BY_HOP | {b"date", b"server", b"set-cookie", b"x-request-id"}


class Forwarding:
    """Says for whom a request is passed on, and by which address it came in."""

    def __init__(self, public_url: str) -> None:
        """`public_url` is the address that callers use."""
        parts = urlsplit(public_url)
        self._proto, self._host = parts.scheme, parts.netloc

    def headers(self, client: str) -> list[tuple[str, str]]:
        """``Forwarded`` (RFC 7239), and the older headers that say the same."""
        named = f'"[{client}]"' if ":" in client else client
        return [
            ("Forwarded", f'for={named};host="{self._host}";proto={self._proto}'),
            ("X-Forwarded-For", client),
            ("X-Forwarded-Host", self._host),
            ("X-Forwarded-Proto", self._proto),
        ]


def asked(headers: Raw) -> list[tuple[str, str]]:
    """What of a request's headers a service is told. Raises `Problem` 400 for what is no text."""
    kept: list[tuple[str, str]] = []
    named = _named_by_connection(headers)
    for name, value in headers:
        if name in _NOT_ASKED or name in named or name.startswith(b"x-forwarded-"):
            continue
        try:
            text = value.decode()
        except UnicodeDecodeError:
            raise Problem(400, "malformed-header") from None
        kept.append((name.decode("latin-1"), text))
    return kept


def told(headers: Sequence[tuple[bytes, bytes]], prefix: str) -> list[tuple[bytes, bytes]]:
    """What of an answer's headers the caller is told. A ``Location`` within the service becomes one
    below `prefix`, where callers find the service.
    """
    lower = [(name.lower(), value) for name, value in headers]
    named = _named_by_connection(lower)
    return [
        (name, _below(prefix, value) if name == b"location" else value)
        for name, value in lower
        if name not in _NOT_TOLD and name not in named
    ]


def _below(prefix: str, location: bytes) -> bytes:
    within = location.startswith(b"/") and not location.startswith(b"//")
    return prefix.encode() + location if within else location


def _named_by_connection(headers: Raw) -> frozenset[bytes]:
    """The headers that ``Connection`` says are of this connection only."""
    for name, value in headers:
        if name == b"connection" and value.lower() not in (b"keep-alive", b"close"):
            break
    else:
        return frozenset()
    return frozenset(
        part.strip().lower()
        for name, value in headers
        if name == b"connection"
        for part in value.split(b",")
    )
