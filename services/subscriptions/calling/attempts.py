"""The calls of a webhook on their way into its delivery log."""

import msgspec

from services.subscriptions.domain.webhooks.delivery_log import (
    Attempt,
    Log,
    delivery_log,
    worth_keeping,
)
from shared.runtime.journal import DossierEntry
from shared.runtime.store import Store

FLUSH_AFTER = 2.0
"""Seconds that a call waits for others at most."""
FLUSH_AT = 100
MOST_WAITING = 1_000
"""Calls that wait while the store is away; what is more is not logged."""


def attempts_in(entries: list[DossierEntry]) -> list[Attempt]:
    """The lines of a log, in the order in which the calls were made."""
    return [
        attempt
        for entry in entries
        if entry.name == "AttemptsMade"
        for attempt in msgspec.convert(entry.data["attempts"], list[Attempt])
    ]


class Attempts:
    """Gathers calls and writes them together."""

    def __init__(self, store: Store, webhook: str) -> None:
        self._store = store
        self._webhook = webhook
        self._fresh: list[Attempt] = []
        self._kept: list[Attempt] | None = None
        self._since: float | None = None

    def add(self, attempt: Attempt) -> None:
        """A call was made."""
        if len(self._fresh) < MOST_WAITING:
            self._fresh.append(attempt)
        if self._since is None:
            self._since = self._store.clock.monotonic()

    def seconds_left(self) -> float | None:
        """After how many seconds it wants to be written; None where nothing waits."""
        if self._since is None:
            return None
        if len(self._fresh) >= FLUSH_AT:
            return 0.0
        return max(0.0, self._since + FLUSH_AFTER - self._store.clock.monotonic())

    async def write(self) -> None:
        """Writes what waits. Raises `Unavailable`, `Busy`: then it still waits."""
        if not self._fresh:
            return
        fresh = tuple(self._fresh)
        if self._kept is None:
            stream = delivery_log.stream(self._webhook)
            self._kept = attempts_in(await self._store.journal.dossier(stream))
        kept = worth_keeping([*self._kept, *fresh], self._store.clock.now())
        actor = f"service:{self._store.service}"
        await self._store.do(delivery_log, self._webhook, Log(fresh, kept), actor=actor)
        self._kept = list(kept)
        del self._fresh[: len(fresh)]
        self._since = self._store.clock.monotonic() if self._fresh else None
