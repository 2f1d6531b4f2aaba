"""What a request rests on: a version that it names, the state that it meets, a request before."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request

from shared.runtime.aggregate import Aggregate, Command
from shared.runtime.api import Becomes, Sent
from shared.runtime.outcome import Busy, Outcome, VersionMismatch
from shared.runtime.store import Store

MOST_OVERTAKEN = 10
"""How often a command is made anew because others changed what it was made from."""

_TAG = re.compile(r'\s*(W/)?"([^"]*)"\s*')
_VERSION = re.compile(r"[1-9]\d{0,17}")


def expected_versions(request: Request) -> frozenset[int] | None:
    """The versions that If-Match asks for (RFC 9110, 13.1.1); None where any will do."""
    asked = request.headers.get("if-match")
    if asked is None or asked.strip() == "*":
        return None
    # Weak tags never match: the comparison is strong.
    return frozenset(
        int(match[2])
        for match in map(_TAG.fullmatch, asked.split(","))
        if match is not None and match[1] is None and _VERSION.fullmatch(match[2])
    )


def must_match(expected: frozenset[int] | None, version: int) -> None:
    """Raises `VersionMismatch`."""
    if expected is not None and version not in expected:
        raise VersionMismatch(version)


async def known_before(store: Store, cause: str | None) -> bool:
    """Whether a request with this cause was answered before."""
    return cause is not None and bool(await store.journal.by_cause([cause]))


async def state_now(store: Store, aggregate: Aggregate[Any], id: str) -> tuple[Any, int]:
    """The state and version of a thing; version 0 where nothing has happened yet."""
    snapshot = await store.get(aggregate, id)
    return (aggregate.initial, 0) if snapshot is None else (snapshot.state, snapshot.version)


async def made_and_done(
    becomes: Becomes,
    asked: Command,
    sent: Callable[[], Awaitable[Sent]],
    do: Callable[..., Awaitable[Outcome]],
    expected: frozenset[int] | None,
) -> Outcome:
    """Carries out what was asked in its other form, which is made anew where what it rests on was
    overtaken. Raises `VersionMismatch` to who named a version, and `Busy` where there is no end.
    """
    for _ in range(MOST_OVERTAKEN):
        on = await sent()
        try:
            return await do(await becomes(on, asked), expected={on.version})
        except VersionMismatch:
            if expected is not None:
                raise
    raise Busy
