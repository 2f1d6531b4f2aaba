"""Looking up single states: those that are asked for in one turn of the loop are read together."""

import asyncio

from shared.runtime.journal import Journal, Stored


class Lookups:
    """Single states of one journal, one read per kind and turn of the loop. Nobody waits for a read
    that began before they asked: what they are told is not older than their question.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._joining: dict[str, tuple[set[str], asyncio.Task[dict[str, Stored]]]] = {}

    async def one(self, kind: str, id: str) -> Stored | None:
        """The state, None where there is none. Raises `Unavailable`."""
        if kind not in self._joining:
            asked: set[str] = set()
            self._joining[kind] = asked, asyncio.create_task(self._read(kind, asked))
        asked, reading = self._joining[kind]
        asked.add(id)
        # Shielded: one who goes away takes nothing from the others.
        return (await asyncio.shield(reading)).get(id)

    async def _read(self, kind: str, asked: set[str]) -> dict[str, Stored]:
        # It begins in the next turn. Who asks from now on is read for anew.
        del self._joining[kind]
        return await self._journal.load(kind, list(asked))
