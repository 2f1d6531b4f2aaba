"""Answers of services that everybody may have, remembered for a minute in each process."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.gateway.upstream import Answer
from shared.runtime.clock import Clock

REMEMBERED = timedelta(seconds=60)
"""How old an answer may be: as long as services let their public answers be kept."""
MOST_BYTES = 32 * 1024 * 1024
"""Of all answers together; of more, the oldest go."""


@dataclass(slots=True)
class _Asked:
    at: datetime
    answering: "asyncio.Task[Answer]"
    size: int = 0


class RememberedAnswers:
    """What was asked within the last minute. Whoever asks the same while it is being asked waits
    for that answer, so that a thousand readers cost one question. Only a 200 is remembered.
    """

    def __init__(self, clock: Clock, most_bytes: int = MOST_BYTES) -> None:
        self._clock = clock
        self._most = most_bytes
        self._bytes = 0
        self._asked: OrderedDict[str, _Asked] = OrderedDict()

    async def ask(self, key: str, asking: Callable[[], Awaitable[Answer]]) -> Answer:
        """The remembered answer to `key`, or that of `asking`. Raises what `asking` raises."""
        now = self._clock.now()
        self._forget_before(now - REMEMBERED)
        known = self._asked.get(key)
        if known is None:
            known = _Asked(now, asyncio.ensure_future(asking()))
            self._asked[key] = known
            known.answering.add_done_callback(lambda _task: self._keep(key, known))
        # Who goes away does not take the answer from the others.
        return await asyncio.shield(known.answering)

    def _keep(self, key: str, known: _Asked) -> None:
        if self._asked.get(key) is not known:
            return
        failed = known.answering.cancelled() or known.answering.exception() is not None
        if failed or known.answering.result().status != 200:
            del self._asked[key]
            return
        known.size = len(known.answering.result().content)
        self._bytes += known.size
        while self._bytes > self._most:
            self._forget(next(iter(self._asked)))

    def _forget_before(self, moment: datetime) -> None:
        """Those that were asked first stand in front."""
        while self._asked and (first := next(iter(self._asked.items())))[1].at <= moment:
            self._forget(first[0])

    def _forget(self, key: str) -> None:
        self._bytes -= self._asked.pop(key).size
