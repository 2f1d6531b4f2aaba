"""Petitions by the hundred thousand, as if filed one by one: decided by the real domain, written by
the real journal, many in one transaction."""

import asyncio
import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import cycle, islice
from typing import Any, cast

import msgspec
import uvloop

from services.petitions.domain.commands import File
from services.petitions.domain.petition import petition
from services.petitions.domain.state import Petition
from services.petitions.facts import surroundings
from services.petitions.rules import load_rules
from shared.contracts.event import Personal
from shared.neighbourhood.place import KnownPlace
from shared.neighbourhood.post import KnownPost
from shared.runtime.aggregate import Command
from shared.runtime.clock import SystemClock, id_at
from shared.runtime.copies import Copies
from shared.runtime.journal import Change, Commit, DossierEntry, Recorded, Stored
from shared.runtime.mongo_journal import MongoJournal
from shared.runtime.numbers import Numbers
from tests.bench.bodies import bodies
from tests.bench.platform import PETITIONERS, neighbourhoods
from tests.beside import by_itself

BATCH = 500
"""Petitions written in one transaction."""
VARIETY = 1000
"""Different texts: past that they repeat."""


def seed(mongo_uri: str, database: str, count: int) -> None:
    """Files `count` petitions in the store of petitions, which has to know the places."""
    uvloop.run(_seed(mongo_uri, database, count))


async def _seed(mongo_uri: str, database: str, count: int) -> None:
    journal = MongoJournal.connect(mongo_uri, database, "pymongo", SystemClock())
    try:
        await seed_store(journal, count)
    finally:
        await journal.close()


async def places_and_posts(mongo_uri: str, database: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the store of petitions knows of places and of posts, by id."""
    journal = MongoJournal.connect(mongo_uri, database, "pymongo", SystemClock())
    try:
        return await _known(journal)
    finally:
        await journal.close()


async def _known(journal: MongoJournal) -> tuple[dict[str, Any], dict[str, Any]]:
    places = {
        stored.id: msgspec.convert(stored.state, KnownPlace)
        async for stored in journal.all("place")
    }
    posts = {
        stored.id: msgspec.convert(stored.state, KnownPost) async for stored in journal.all("post")
    }
    return places, posts


async def seed_store(journal: MongoJournal, count: int) -> None:
    """The same, through a journal that is open."""
    clock = SystemClock()
    places, posts = await _known(journal)
    receipts = Numbers("receipt", block=count)
    stocking = asyncio.create_task(receipts.follow(journal, clock))
    await receipts.loaded()
    # A service's copies are mappings of the same shape.
    known = {
        "place": places,
        "post": posts,
        "category": {},
        "member": {},
        "organisation": {},
        "receipt": receipts,
    }
    facts = by_itself(surroundings(load_rules(), cast(Copies, known))["petition"])
    filings = _filings(count)
    while batch := list(islice(filings, BATCH)):
        now = clock.now()
        await journal.write([_filed(command, facts, now) for command in batch])
    stocking.cancel()


def _filings(count: int) -> Iterator[File]:
    texts = cycle(bodies(VARIETY, neighbourhoods()))
    for n, body in enumerate(islice(texts, count)):
        given: Mapping[str, Any] = {"by": f"resident-{n % PETITIONERS}", **body}
        yield msgspec.convert(given, File)


def _filed(command: File, facts: Any, now: datetime) -> Change:
    id = id_at(now, os.urandom(10))
    return carried_out(command, command.by, id, petition.initial, 1, facts, now)[0]


def carried_out(
    command: Command, actor: str, id: str, state: Petition, version: int, facts: Any, now: datetime
) -> tuple[Change, Petition]:
    """What the command leads to, as the store would write it, and the state after it."""
    events = petition.decide(command, state, now, facts(id, command, state, now))
    state = petition.fold(state, events)
    stream = petition.stream(id)
    plain = [(n, event, msgspec.to_builtins(event)) for n, event in enumerate(events)]
    change = Change(
        petition.kind,
        Commit(
            stream=stream,
            version=version,
            at=now,
            actor=actor,
            verb=command.verb,
            events=tuple(
                Recorded(type(event).__name__, None if isinstance(event, Personal) else data)
                for _, event, data in plain
            ),
            correlation=f"petitions/{stream}/{version}",
        ),
        Stored(
            id,
            version,
            now,
            msgspec.to_builtins(state, builtin_types=(datetime,)),
            petition.due(state),
        ),
        tuple(
            DossierEntry(stream, version, n, type(event).__name__, now, data)
            for n, event, data in plain
            if isinstance(event, Personal)
        ),
    )
    return change, state
