"""A service: its parts put together, as a process or inside the simulation."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI

from shared.runtime.aggregate import Aggregate, Command
from shared.runtime.api import AggregateApi
from shared.runtime.bus import Bus
from shared.runtime.clock import Clock
from shared.runtime.copies import Copies, Copy
from shared.runtime.journal import Journal, Kind
from shared.runtime.reactions import Reactions
from shared.runtime.settings import Settings
from shared.runtime.store import Store

Facts = Mapping[str, Callable[[Command, Any], Any]]
"""By kind: what makes, for a command and the state it meets, the facts that ``decide`` takes as fourth argument."""


class Running:
    """A service's parts at work, without HTTP."""

    store: Store
    copies: Copies
    clock: Clock

    async def start(self) -> None:
        raise NotImplementedError

    async def stop(self) -> None:
        raise NotImplementedError


class Service:
    """What a service is made of. `run` serves it; `assemble` and `app` give its halves.

    `copies` are the aggregates of which the service keeps all states in memory; `facts` makes, from these copies,
    the functions that give `decide` its knowledge of the world. `problems` is the file with the Chinese texts of the
    service's own rejections.
    """

    def __init__(
        self,
        name: str,
        *,
        aggregates: Sequence[Aggregate[Any]],
        apis: Sequence[AggregateApi] = (),
        queries: APIRouter | None = None,
        reactions: Reactions | None = None,
        kinds: Sequence[Kind] = (),
        facts: Callable[[Copies], Facts] | None = None,
        copies: Sequence[Copy[Any]] = (),
        problems: Path | None = None,
    ) -> None:
        raise NotImplementedError

    def assemble(self, journal: Journal, bus: Bus, clock: Clock) -> Running:
        raise NotImplementedError

    def app(self, settings: Settings) -> FastAPI:
        raise NotImplementedError

    def run(self) -> None:
        raise NotImplementedError
