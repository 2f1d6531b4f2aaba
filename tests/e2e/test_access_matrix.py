"""Every row of the access matrix against the real services: every role, here and elsewhere, with
one's own and others' things, and without a token. New rows are held without a line here; a command
that takes none of the made-up values has an entry in `GIVEN`.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from shared.runtime.aggregate import Aggregate, Command
from shared.runtime.api import AggregateApi
from shared.runtime.copies import Copies, Copy
from shared.runtime.deciding import state_of
from shared.runtime.documents import CODEC, stored_of
from shared.runtime.identity import Caller
from shared.runtime.problems import PROBLEM
from shared.runtime.service import Service
from tests.architecture.access_matrix import ALL
from tests.e2e.inhabited import DEPARTMENT, GIVEN, NAMED, ORG, SOON
from tests.e2e.matrix import STRANGER, Ask, Matrix, Reply, Thing
from tests.e2e.mediated import MEDIATOR
from tests.e2e.samples import sample_body
from tests.e2e.town import DISTRICT, FAR, HOLDERS, HOME, ROLES, Town

LIVED: dict[str, tuple[str, dict[str, Any], Caller]] = {
    # A draft is seen by few.
    "activities": ("open", {}, Caller(STRANGER)),
    "projects": (
        "give-task",
        {"text": "接送", "until": (SOON + timedelta(days=9)).isoformat(), "person": "member-1"},
        Caller("a1", frozenset({"administrator"})),
    ),
    # One about which somebody has to be called.
    "messages": ("called", {"reached": False}, Caller("desk-1", frozenset({"intake"}))),
    # Who mediates can: of this panel somebody may leave, and who is asked to sit may answer.
    "panels": ("add-seat", {"seat": "doctor"}, Caller(MEDIATOR)),
    "volunteers": ("confirm-guardian", {}, Caller("a1", frozenset({"administrator"}))),
    "organisations": ("admit", {"person": "member-1"}, Caller("a1", frozenset({"administrator"}))),
    "petitions": (
        "consult",
        {"departments": [ORG, DEPARTMENT], "lead": ORG, "question": "请各部门到场。"},
        Caller(HOLDERS[DISTRICT], frozenset({ROLES[DISTRICT]}), frozenset({DISTRICT})),
    ),
}
"""What is done to one thing of a collection, so that it names those who may do more."""
MOST_THINGS = 3
"""Things of a kind that are tried, each in another status."""
SETTLES_WITHIN = 20.0
"""Seconds in which a service's copies have what was just created, and clocks have ticked."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def things(town: Town, service: Service, aggregate: Aggregate[Any]) -> dict[str, Thing]:
    """All that are really there, by id."""
    states = town.store(service.name).get_collection(f"state_{aggregate.kind}", CODEC)
    stored = map(stored_of, states.find())
    return {one.id: Thing(one.id, one.version, state_of(aggregate, one)) for one in stored}


def copies(town: Town, service: Service) -> Copies:
    """What the service's policies know of other things."""
    made = [make() for make in service.copies]
    return {
        copy.name: {id: one.state for id, one in things(town, service, copy.aggregate).items()}
        for copy in made
        if isinstance(copy, Copy)
    }


def various(there: Mapping[str, Thing]) -> set[str]:
    """The ids of the latest in each status."""
    by_status = {getattr(one.state, "status", None): id for id, one in there.items()}
    return set(list(by_status.values())[:MOST_THINGS])


async def lived(ask: Ask, collection: str, ids: Iterable[str]) -> str:
    """The id of the first thing to which it could be done."""
    verb, body, caller = LIVED[collection]
    said = []
    for id in ids:
        reply = await ask("POST", f"/{collection}/{id}/{verb}", caller, body, {})
        if reply.status == 200:
            return id
        said.append(reply)
    raise AssertionError(f"nobody could {verb} any of the {collection}: {said}")


@asynccontextmanager
async def asking(town: Town, name: str) -> AsyncIterator[Any]:
    """How to ask a service; tokens are kept."""
    tokens: dict[Caller, str] = {}

    async def ask(
        method: str, path: str, caller: Caller | None, body: Any, headers: Mapping[str, str]
    ) -> Reply:
        sent = {"Content-Type": "application/json", **headers}
        if caller is not None:
            if caller not in tokens:
                tokens[caller] = town.issuer.token(
                    caller.sub, [*caller.roles], [*caller.places], caller.org
                )
            sent["Authorization"] = f"Bearer {tokens[caller]}"
        content = None if body is None else json.dumps(body).encode()
        return await asyncio.to_thread(lines.ask, method, below + path, content, sent)

    # The door's own tables stand where those of the services do.
    below = "/api/gateway" if name == "gateway" else ""
    lines = Lines(urlsplit(town.url(name)).netloc)
    try:
        yield ask
    finally:
        lines.close()


class Lines:
    """Connections that are kept: tens of thousands of requests are asked, and most of a client for
    all purposes would be its own time.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._free: list[HTTPConnection] = []

    def ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Reply:
        """Blocks until there is an answer. Some do not end: only JSON is read to its end."""
        line = self._free.pop() if self._free else HTTPConnection(self._address, timeout=30)
        line.request(method, quote(path, safe="/?=&:"), body, dict(headers))
        answer = line.getresponse()
        media = answer.headers.get("content-type")
        if media not in ("application/json", PROBLEM):
            line.close()
            return Reply(answer.status)
        content = answer.read()
        self._free.append(line)
        if media == PROBLEM:
            return Reply(answer.status, detail=content.decode())
        return Reply(answer.status, frozenset(json.loads(content)))

    def close(self) -> None:
        """Closes what is kept."""
        for line in self._free:
            line.close()


async def when_settled(
    town: Town, service: Service, matrix: Matrix, api: AggregateApi, id: str
) -> list[str]:
    """What is answered otherwise of a thing, once its clock and the copies have come to rest."""
    end = time.monotonic() + SETTLES_WITHIN
    while True:
        thing = things(town, service, api.aggregate)[id]
        matrix.copies = copies(town, service)
        wrong = await matrix.of_thing(api, thing)
        if not wrong or time.monotonic() > end:
            return wrong
        await asyncio.sleep(0.5)


@pytest.mark.parametrize("service", ALL, ids=lambda service: service.name)
async def test_the_real_api_is_its_access_matrix(lived_in: Town, service: Service) -> None:
    town, named, wrong = lived_in, dict(NAMED), list[str]()

    def sample(command: type[Command]) -> dict[str, Any]:
        return sample_body(command, named, GIVEN.get(command.verb, {}))

    async with asking(town, service.name) as ask:
        matrix = Matrix(service, ask, copies(town, service), FAR, HOME, ORG, sample)
        wrong += await matrix.of_queries()
        for api in service.apis:
            wrong += await matrix.of_creating(api)
            there = things(town, service, api.aggregate)
            kind = api.aggregate.kind
            assert there, f"no {kind} came to be, GIVEN needs an entry: {[*matrix.refusals]}"
            named.setdefault(kind, next(iter(there)))
            matrix.copies = copies(town, service)
        for api in service.apis:
            there = things(town, service, api.aggregate)
            ids = various(there)
            if api.collection in LIVED:
                others = sorted(there.keys() - ids)
                ids |= {await lived(ask, api.collection, [*sorted(ids), *others])}
            for id in ids:
                wrong += await when_settled(town, service, matrix, api, id)
    print(f"{service.name}: {matrix.asked} requests")
    assert wrong == []
    assert matrix.closed_to_all() == []
