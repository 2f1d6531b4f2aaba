"""In-process copies of a service's own small aggregates, kept fresh by the journal."""

from collections.abc import Iterator, Mapping
from typing import Any, Generic, TypeVar

from shared.runtime.aggregate import Aggregate
from shared.runtime.clock import Clock
from shared.runtime.journal import Journal

S = TypeVar("S")


class Copy(Mapping[str, S], Generic[S]):
    """The present states of all things of one kind, by id: ``copy["350102"]``."""

    def __init__(self, aggregate: Aggregate[S]) -> None:
        self.aggregate = aggregate
        self._states: dict[str, S] = {}
        self._ready = False

    @property
    def ready(self) -> bool:
        """Whether it holds everything and is being kept fresh."""
        return self._ready

    async def follow(self, journal: Journal, clock: Clock) -> None:
        """Loads and keeps fresh, for ever; begins again after trouble."""
        raise NotImplementedError

    def __getitem__(self, id: str) -> S:
        return self._states[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._states)

    def __len__(self) -> int:
        return len(self._states)


Copies = Mapping[str, Copy[Any]]
"""A service's copies by kind."""
