"""What comes back from a service: an answer, or that there is none."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson


class ServiceAway(Exception):
    """A service gives no answer now: it cannot be reached, took too long, or is left alone for a
    while because it did so before.
    """

    def __init__(self, service: str, reason: str = "unreachable") -> None:
        super().__init__(f"{service}: {reason}")
        self.service = service
        self.reason = reason


class ServiceFull(ServiceAway):
    """As many requests are under way to a service as this process lets it have."""

    def __init__(self, service: str) -> None:
        super().__init__(service, "full")


@dataclass(frozen=True, slots=True)
class Answer:
    """A service's whole answer; the names of `headers` are in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    def json(self) -> Any:
        """The body, read. Raises ValueError where it is no JSON."""
        return orjson.loads(self.content)
