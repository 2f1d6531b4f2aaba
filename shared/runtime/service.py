"""A service: its parts put together, as a process or inside the simulation."""

import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp

from shared.runtime import application, process
from shared.runtime.aggregate import Aggregate
from shared.runtime.answering import Answering
from shared.runtime.api import AggregateApi, rows_of
from shared.runtime.bus import Bus
from shared.runtime.clock import Clock
from shared.runtime.copies import MakeKept
from shared.runtime.door import Belonging, Door
from shared.runtime.identity import TokenVerifier, Verifier
from shared.runtime.journal import Journal, Kind
from shared.runtime.keys import IssuerKeys, discovered_keys, issuer_client
from shared.runtime.letter_queries import letter_queries
from shared.runtime.problems import Catalogue
from shared.runtime.queries import Queries
from shared.runtime.reactions import Reactions
from shared.runtime.running import First, MakeFacts, MakeOutward, Running
from shared.runtime.settings import Settings
from shared.runtime.tallied import Count


class Service:
    """What a service is made of. `run` serves it; `assemble` and `app` give its halves."""

    protocol: type[Answering] = Answering
    """What reads requests from connections and writes answers; a service may be more careful."""

    def __init__(
        self,
        name: str,
        *,
        aggregates: Sequence[Aggregate[Any]],
        apis: Sequence[AggregateApi] = (),
        queries: Sequence[Queries] = (),
        reactions: Reactions | None = None,
        kinds: Sequence[Kind] = (),
        facts: MakeFacts | None = None,
        copies: Sequence[MakeKept] = (),
        first: Sequence[First] = (),
        problems: Path | None = None,
        secrets: Sequence[str] = (),
        belonging: Belonging | None = None,
        outward: Sequence[MakeOutward] = (),
        counts: Sequence[Count] = (),
    ) -> None:
        """`copies` make what each process keeps in memory (``partial(Copy, place)``: all states of
        an aggregate); `facts` makes, from these, what gives `decide` its knowledge of the world.
        `first` is what is done once for all time. `problems` is the file with the Chinese texts of
        the service's own rejections. Kinds without an entry in `kinds` have no index but the one on
        due times. `secrets` are settings without which a process of it does not start
        (`shared.runtime.settings.read_secret`). `belonging` says which organisations a caller
        belongs to, as far as the service knows: it becomes `Caller.bodies`. `outward` is what a
        process of it does beyond store and bus, such as sending mail (`running.Outward`). `counts`
        are figures of what it keeps, for /metrics.
        """
        self.name = name
        self.aggregates = tuple(aggregates)
        self.apis = tuple(apis)
        # Only what listens to others meets what it cannot handle.
        letters = () if reactions is None else (letter_queries(name),)
        self.queries = (*queries, *letters)
        self.reactions = reactions
        named = {kind.name for kind in kinds}
        self.kinds = (
            *kinds,
            *(Kind(one.kind) for one in self.aggregates if one.kind not in named),
        )
        self.facts = facts
        self.copies = tuple(copies)
        self.first = tuple(first)
        self.problems = problems
        self.secrets = tuple(secrets)
        self.belonging = belonging
        self.outward = tuple(outward)
        self.counts = tuple(counts)

    def assemble(
        self,
        journal: Journal,
        bus: Bus,
        clock: Clock,
        provision: Callable[[], Awaitable[object]] | None = None,
        randomness: random.Random | None = None,
        outward: Sequence[MakeOutward] = (),
        requests_only: bool = False,
    ) -> Running:
        """The parts without HTTP, with copies of their own; not yet started. A simulation gives
        `randomness` from its seed. Only a process of its own is given what reaches `outward`.
        `requests_only`: see `Running`.
        """
        return Running(
            self.name,
            journal=journal,
            bus=bus,
            clock=clock,
            aggregates=self.aggregates,
            copies=self.copies,
            facts=self.facts,
            first=self.first,
            reactions=self.reactions,
            kinds=self.kinds,
            provision=provision,
            randomness=randomness,
            outward=outward,
            counts=self.counts,
            requests_only=requests_only,
        )

    def app(
        self,
        settings: Settings,
        running: Running | None = None,
        verifier: Verifier | None = None,
    ) -> FastAPI:
        """The web application. It answers 503 until it is given the parts
        (``app.state.door.parts``), and verifies tokens with the issuer's keys unless given another
        verifier.
        """
        door = Door(verifier or oidc_verifier(settings), Catalogue(self.problems), self.belonging)
        door.parts = running
        return application.build(self.name, self.apis, self.queries, door)

    @asynccontextmanager
    async def front(self, app: FastAPI) -> AsyncIterator[ASGIApp]:
        """What a process answers requests with as long as it serves: the web application itself,
        unless a service puts something before it.
        """
        yield app

    def run(self) -> None:
        """Reads the settings and serves until SIGTERM; ends with code 2 for what a person has to
        put right.
        """
        process.run(self)


def oidc_verifier(settings: Settings) -> TokenVerifier:
    """Verifies tokens with the keys of the issuer that the settings name."""
    issuer = settings.oidc_issuer
    keys = IssuerKeys(discovered_keys(issuer, issuer_client(issuer)))
    return TokenVerifier(issuer, settings.oidc_audience, keys)


@dataclass(frozen=True, slots=True)
class Access:
    """One row of the access matrix: who may do what. `note` says how an answer is narrowed."""

    service: str
    method: str
    path: str
    verb: str
    may: str
    note: str = ""


def access_matrix(services: Iterable[Service]) -> list[Access]:
    """Every row of every table."""
    rows: list[Access] = []
    for service in services:
        for api in service.apis:
            path = f"/{api.collection}"
            if api.create is not None:
                verb = api.create.command.verb
                rows.append(Access(service.name, "POST", path, verb, api.create.may.name))
            rows.append(Access(service.name, "GET", f"{path}/{{id}}", "see", api.see.name))
            rows.append(
                Access(
                    service.name,
                    "GET",
                    f"{path}/{{id}}/timeline",
                    "see timeline",
                    api.see_history.name,
                )
            )
            if api.dossier is not None:
                rows.append(
                    Access(
                        service.name, "GET", f"{path}/{{id}}", "see dossier", api.dossier.see.name
                    )
                )
            rows += [
                Access(
                    service.name,
                    "POST",
                    f"{path}/{{id}}/{name}",
                    name,
                    verb.may.name,
                    "" if verb.see is None else f"to others than {verb.see.name} it does not exist",
                )
                for name, verb in rows_of(api).items()
            ]
        rows += [
            Access(service.name, row.method, row.path, row.name, row.may.name, row.note)
            for queries in service.queries
            for row in queries.rows
        ]
    return rows
