"""A store as years of use leave it: petitions filed, answered and judged, a million in minutes.

Some lives are decided by the real domain. Their documents are then written again and again as those
of other petitions: ids, receipts and petitioners are replaced in the encoded documents by others
that are as long. What is counted, indexed and read is the same as if each had been lived.
"""

import asyncio
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from typing import Any, cast

import bson
import msgspec
from bson.raw_bson import RawBSONDocument
from pymongo import IndexModel, MongoClient, WriteConcern
from pymongo.database import Database

from services.petitions.domain.commands import Answer, File, Rate, Take
from services.petitions.domain.petition import petition
from services.petitions.facts import surroundings
from services.petitions.receipts import receipt_of
from services.petitions.rules import load_rules
from shared.runtime.aggregate import Command, Tick
from shared.runtime.clock import id_at
from shared.runtime.copies import Copies
from shared.runtime.documents import (
    commit_document,
    entry_document,
    remembered,
    replacements,
    state_document,
)
from shared.runtime.journal import Change
from tests.bench.bodies import bodies
from tests.bench.platform import neighbourhoods
from tests.bench.seed import carried_out, places_and_posts
from tests.beside import by_itself

LIVES = 2000
"""Lives that are decided; all others are written after them."""
RESIDENTS = 100_000
DAYS = 360
"""So long ago the first was filed."""
OPEN = 0.02
"""Share of the petitions that wait for an answer: those of the last hours."""
UNRATED = 0.15
"""Share whose answer nobody judged in time."""
FIRST_RECEIPT = 500_000_000
"""Far above those that the service gives."""
AT_ONCE = 2000
"""Petitions written together."""
NOT_WAITED_FOR = WriteConcern(w=1, j=False)
ANSWER = "已派维修人员到现场疏通管道、清理垃圾，今天下午全部完成，并已向居民说明情况。"

Documents = dict[str, list[bytes]]
"""Encoded documents by collection."""


@dataclass(frozen=True, slots=True)
class Life:
    """A life that was decided: its documents, and what in them stands for this one petition."""

    filed_at: datetime
    id: str
    receipt: str
    petitioner: str
    documents: Documents


def seed_lives(mongo_uri: str, database: str, wanted: int, written: int = 0) -> None:
    """Writes `wanted` petitions into the store of petitions, which has to know the places;
    `written` is how many were written so before.

    No service of it may run. Its relay goes on behind them: nobody is told of them.
    """
    client: MongoClient[dict[str, Any]] = MongoClient(mongo_uri, tz_aware=True)
    try:
        store = client[database]
        _write(store, lives(*asyncio.run(places_and_posts(mongo_uri, database))), wanted, written)
        _pass_over(store)
    finally:
        client.close()


def resident(number: int) -> str:
    """A petitioner of these petitions; all such names are equally long."""
    return f"dweller-{number:06d}"


def lives(places: dict[str, Any], posts: dict[str, Any]) -> list[Life]:
    """Lives as they are lived, the first filed in front."""
    chance = random.Random(1)
    receipts = map(str, count(FIRST_RECEIPT - LIVES))
    known = {
        "place": places,
        "post": posts,
        "category": {},
        "member": {},
        "organisation": {},
        "receipt": _Given(receipts),
    }
    facts = by_itself(surroundings(load_rules(), cast(Copies, known))["petition"])
    now = datetime.now(UTC).replace(microsecond=0)
    moments = sorted(
        now - timedelta(hours=4 * chance.random())
        if chance.random() < OPEN
        else now - timedelta(days=20 + (DAYS - 20) * chance.random())
        for _ in range(LIVES)
    )
    texts = bodies(LIVES, neighbourhoods())
    return [
        _lived(body, n, at.replace(microsecond=0), now, facts, chance)
        for n, (body, at) in enumerate(zip(texts, moments, strict=True))
    ]


@dataclass(slots=True)
class _Given:
    """Receipts' numbers one after the other, as `shared.runtime.numbers.Numbers` gives them."""

    numbers: Iterator[str]

    def next(self) -> int:
        return int(next(self.numbers))


def _lived(
    body: dict[str, str], n: int, at: datetime, now: datetime, facts: Any, chance: random.Random
) -> Life:
    # A report's petitioner stands under another name.
    given = {**body, "kind": "complaint" if body["kind"] == "report" else body["kind"]}
    by = resident(n)
    id = id_at(at, os.urandom(10))
    changes: list[Change] = []
    state = petition.initial

    def do(command: Command, actor: str, moment: datetime) -> None:
        nonlocal state
        change, state = carried_out(command, actor, id, state, len(changes) + 1, facts, moment)
        changes.append(change)

    do(msgspec.convert({"by": by, **given}, File), by, at)
    receipt = state.receipt
    assert receipt is not None, "every petition gets one"
    if at < now - timedelta(days=1):
        who = state.assignee
        assert who is not None, "every place has somebody who answers"
        do(Take(who), who, at + timedelta(minutes=chance.randint(5, 90)))
        done = at + timedelta(minutes=chance.randint(100, 240))
        do(Answer(who, ANSWER, "物业维修班", finished=True), who, done)
        if chance.random() < UNRATED:
            lapse = petition.due(state)
            assert lapse is not None, "an answer waits to be judged"
            do(Tick(), "clock:petitions", lapse)
        else:
            stars = chance.choice((3, 4, 4, 5, 5, 5))
            do(Rate(by, stars, solved=stars > 3), by, done + timedelta(hours=chance.randint(1, 90)))
    return Life(at, id, receipt, by, _encoded(changes))


def _encoded(changes: list[Change]) -> Documents:
    state = replacements(changes)[-1].stored
    return {
        "commits": [bson.encode(commit_document(change.commit)) for change in changes],
        f"state_{petition.kind}": [bson.encode(state_document(state))],
        "dossiers": [bson.encode(entry_document(one)) for one in remembered(changes).entries],
    }


def _write(store: Database[dict[str, Any]], models: list[Life], wanted: int, written: int) -> None:
    chance = random.Random(2)
    each, more = divmod(wanted, len(models))
    numbers = count(written)
    copies = (
        _copy(model, next(numbers), chance)
        for place, model in enumerate(models)
        for _ in range(each + (place < more))
    )
    indexes = {name: _without_indexes(store, name) for name in models[0].documents}
    while batch := list(islice(copies, AT_ONCE)):
        for name in batch[0]:
            collection = store.get_collection(name, write_concern=NOT_WAITED_FOR)
            collection.insert_many(
                [RawBSONDocument(one) for documents in batch for one in documents[name]],
                ordered=False,
                bypass_document_validation=True,
            )
    for name, dropped in indexes.items():
        if dropped:
            store[name].create_indexes(dropped)


def _without_indexes(store: Database[dict[str, Any]], name: str) -> list[IndexModel]:
    """Drops a collection's indexes and returns them: made at the end they take a part of the time
    that it takes to keep them.
    """
    found = [dict(one) for one in store[name].list_indexes() if one["name"] != "_id_"]
    store[name].drop_indexes()
    return [
        IndexModel(list(one.pop("key").items()), **{k: v for k, v in one.items() if k != "v"})
        for one in found
    ]


def _copy(model: Life, number: int, chance: random.Random) -> Documents:
    """The life of another petition."""
    at = model.filed_at + timedelta(milliseconds=chance.randrange(3_600_000))
    others = (
        (model.id, id_at(at, chance.randbytes(10))),
        (model.receipt, receipt_of(FIRST_RECEIPT + number)),
        (model.petitioner, resident(chance.randrange(RESIDENTS))),
    )
    changed = [(old.encode(), new.encode()) for old, new in others]

    def other(document: bytes) -> bytes:
        for old, new in changed:
            document = document.replace(old, new)
        return document

    return {name: [other(one) for one in found] for name, found in model.documents.items()}


def _pass_over(store: Database[dict[str, Any]]) -> None:
    """Has the relay begin behind what is there."""
    with store["commits"].watch(max_await_time_ms=100) as changes:
        changes.try_next()
        position = {"token": changes.resume_token, "at": datetime.now(UTC)}
    store["leases"].update_one({"_id": "relay"}, {"$set": {"position": position}}, upsert=True)
