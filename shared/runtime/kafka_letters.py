"""The dead letters of a service that serves, on Kafka."""

import asyncio
from typing import TYPE_CHECKING

from shared.runtime.letters import LONGEST_LOOK, NEWEST, Letter, Look

if TYPE_CHECKING:
    from shared.runtime.dead_letters import DeadLetters


class KafkaLetterbox:
    """`dead_letters.DeadLetters` for a process that serves: asked in a thread, so that the loop
    goes on. One request at a time: whoever comes meanwhile waits, and no number of them opens more
    connections.

    What reads them is loaded with the first who asks, which few processes ever hear: it brings
    kafka-python with it, nine megabytes and a sixth of a second of every start.
    """

    def __init__(self, bootstrap: str, service: str) -> None:
        self._bootstrap = bootstrap
        self._service = service
        self._turn = asyncio.Lock()

    async def look(self, whole: str | None = None) -> Look:
        async with self._turn:
            return await asyncio.to_thread(
                lambda: self._letters().look(NEWEST, LONGEST_LOOK, whole)
            )

    async def replay(self, letter: Letter, by: str) -> None:
        async with self._turn:
            await asyncio.to_thread(lambda: self._letters().replay([letter], by))

    async def drop(self, letter: Letter, reason: str, by: str) -> None:
        async with self._turn:
            await asyncio.to_thread(lambda: self._letters().drop(letter, reason, by))

    def _letters(self) -> "DeadLetters":
        from shared.runtime.dead_letters import DeadLetters

        return DeadLetters(self._bootstrap, self._service)
