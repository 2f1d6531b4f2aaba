"""Counts requests per caller and group, and refuses those that are too many."""

import math
import time
from collections.abc import Mapping
from enum import StrEnum

from limits import RateLimitItem
from limits.strategies import SlidingWindowCounterRateLimiter

from services.gateway.limiting.counts import Counts
from services.gateway.limiting.origin import neighbourhood
from shared.runtime.identity import Caller
from shared.runtime.metrics import LIMITED
from shared.runtime.problems import Problem

Headers = list[tuple[bytes, bytes]]


class Group(StrEnum):
    """What is counted together."""

    READING = "reading"
    WRITING = "writing"
    ANONYMOUS = "anonymous"
    """Whatever somebody wants who is not logged in, by address."""
    SIGNING_IN = "signing-in"
    """Logging in and out, by address."""


class Limiting:
    """How often is often enough, by group."""

    def __init__(
        self, gateway: str, limits: Mapping[Group, RateLimitItem], counts: Counts | None = None
    ) -> None:
        """`gateway` is what metrics call this service."""
        self._limits = limits
        self._counting = SlidingWindowCounterRateLimiter(counts or Counts())
        self._policies = {
            group: f'"{group}";q={limit.amount};w={limit.get_expiry()}'.encode()
            for group, limit in limits.items()
        }
        self._refused = {group: LIMITED.labels(gateway, group) for group in limits}

    def group(self, method: str, caller: Caller | None) -> Group:
        """What a request to the API is counted as."""
        if caller is None:
            return Group.ANONYMOUS
        return Group.READING if method in ("GET", "HEAD") else Group.WRITING

    def count(self, group: Group, caller: Caller | None, address: str) -> Headers:
        """Counts a request; the headers that tell its answer's reader how many more are taken
        (draft-ietf-httpapi-ratelimit-headers-10). Raises `Problem` 429.
        """
        limit = self._limits[group]
        by_name = caller is not None and group is not Group.SIGNING_IN
        who = f"sub:{caller.sub}" if caller and by_name else f"from:{neighbourhood(address)}"
        taken = self._counting.hit(limit, group, who)
        reset, remaining = self._counting.get_window_stats(limit, group, who)
        after = max(1, math.ceil(reset - time.time()))
        if taken:
            return self._headers(group, remaining, after)
        self._refused[group].inc()
        told = {name.decode(): value.decode() for name, value in self._headers(group, 0, after)}
        raise Problem(
            429,
            "too-often",
            headers={"Retry-After": str(after), **told},
            most=limit.amount,
            seconds=limit.get_expiry(),
        )

    def _headers(self, group: Group, remaining: int, after: int) -> Headers:
        return [
            (b"RateLimit", f'"{group}";r={remaining};t={after}'.encode()),
            (b"RateLimit-Policy", self._policies[group]),
        ]
