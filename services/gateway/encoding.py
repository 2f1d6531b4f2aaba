"""Answers made smaller on their way out, where the caller takes that (RFC 9110, 12.5.3)."""

import zlib
from functools import lru_cache
from typing import Protocol

import brotli

SMALLEST = 1_024
"""Bytes of an answer below which it is not worth the while."""
BROTLI_QUALITY = 4
GZIP_LEVEL = 5
"""Where time and size are both small; beyond, time grows much faster than size falls."""

_GZIP_WINDOW = 31
"""zlib's word for a gzip header and trailer around 32 KiB of window."""
_TEXTS = frozenset(
    (
        "application/javascript",
        "application/json",
        "application/manifest+json",
        "application/xml",
        "application/yaml",
        "image/svg+xml",
    )
)


class Encoder(Protocol):
    """Makes a body smaller, part by part."""

    def encode(self, part: bytes) -> bytes:
        """What can be sent now; perhaps nothing yet."""
        ...

    def finish(self) -> bytes:
        """What is left."""
        ...


class Brotli:
    """``br`` (RFC 7932)."""

    def __init__(self) -> None:
        self._compressor = brotli.Compressor(mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY)

    def encode(self, part: bytes) -> bytes:
        return bytes(self._compressor.process(part))

    def finish(self) -> bytes:
        return bytes(self._compressor.finish())


class Gzip:
    """``gzip`` (RFC 1952)."""

    def __init__(self) -> None:
        self._compressor = zlib.compressobj(GZIP_LEVEL, wbits=_GZIP_WINDOW)

    def encode(self, part: bytes) -> bytes:
        return self._compressor.compress(part)

    def finish(self) -> bytes:
        return self._compressor.flush()


ENCODERS: dict[str, type[Brotli] | type[Gzip]] = {"br": Brotli, "gzip": Gzip}
"""By their names in HTTP, the better one first."""


@lru_cache(maxsize=1_024)
def chosen(accept_encoding: str) -> str | None:
    """The encoding that a caller takes and that is best; None where they want none."""
    qualities: dict[str, float] = {}
    for part in accept_encoding.lower().split(","):
        name, _, parameters = part.partition(";")
        qualities[name.strip()] = _quality(parameters)
    others = qualities.get("*", 0.0)
    best = max(ENCODERS, key=lambda name: qualities.get(name, others))
    return best if qualities.get(best, others) > 0 else None


@lru_cache(maxsize=1_024)
def is_text(content_type: str) -> bool:
    """Whether a media type gets smaller. A stream of events does not wait for that."""
    media = content_type.partition(";")[0].strip().lower()
    if media == "text/event-stream":
        return False
    return media.startswith("text/") or media.endswith(("+json", "+xml")) or media in _TEXTS


def _quality(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, value = parameter.strip().partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
