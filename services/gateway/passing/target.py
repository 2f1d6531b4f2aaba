"""Where a request to ``/api/<service>/...`` goes, and what of its address is not taken."""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, unquote_to_bytes

from shared.runtime.problems import NotFound, Problem

PREFIX = "/api/"
LONGEST_PATH = 2_048
"""Bytes of a path, as it is quoted."""
LONGEST_QUERY = 8_192
"""Bytes of a query."""

_SAFE = "!$&'()*+,;=:@-._~"
"""What a path's part may hold unquoted (RFC 3986, 3.3)."""


@dataclass(frozen=True, slots=True)
class Target:
    """A service's name, and a path of it: its parts unquoted, and whole as it is sent."""

    service: str
    segments: tuple[str, ...]
    path: str


@lru_cache(maxsize=4_096)
def target_of(raw_path: bytes) -> Target:
    """Reads the path of a request as it came. Raises `Problem`: 414 for one that is too long, 400
    for one that could be read in two ways, 404 for one without a service or with empty parts.
    """
    if len(raw_path) > LONGEST_PATH:
        raise Problem(414, "too-long", most=LONGEST_PATH)
    service, *parts = [_segment(part) for part in raw_path[len(PREFIX) :].split(b"/")]
    if not parts:
        raise NotFound
    return Target(service, tuple(parts), "/" + "/".join(quote(part, safe=_SAFE) for part in parts))


def query_of(raw_query: bytes) -> str:
    """A request's query with its question mark, as it came; empty where there is none. Raises
    `Problem` for one that is too long, or holds what has to be quoted.
    """
    if not raw_query:
        return ""
    if len(raw_query) > LONGEST_QUERY:
        raise Problem(414, "too-long", most=LONGEST_QUERY)
    if not raw_query.isascii() or not raw_query.decode().isprintable() or b" " in raw_query:
        raise Problem(400, "malformed-path")
    return f"?{raw_query.decode()}"


def _segment(part: bytes) -> str:
    """One part, unquoted. Nothing of it may be taken for a separator, by whoever reads it next."""
    if not part:
        raise NotFound
    try:
        plain = unquote_to_bytes(part).decode()
    except UnicodeDecodeError:
        raise Problem(400, "malformed-path") from None
    if plain in (".", "..") or "/" in plain or "\\" in plain or not plain.isprintable():
        raise Problem(400, "malformed-path")
    return plain
