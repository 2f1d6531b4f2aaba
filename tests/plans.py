"""What MongoDB would do for queries: whether an index answers each."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pymongo import MongoClient
from pymongo.database import Database

from deploy.local.servers import MongoServer
from shared.runtime.clock import SystemClock
from shared.runtime.journal import Kind, Query
from shared.runtime.matching import full_order
from shared.runtime.mongo_journal import MongoJournal
from shared.runtime.mongo_query import page_filter, sort_of


async def read_through(
    mongo: MongoServer,
    database: str,
    kinds: Sequence[Kind],
    asked: Mapping[str, Mapping[str, Query]],
) -> list[str]:
    """The names of the queries (by kind) for which a whole collection would be read."""
    return await _with_stage("COLLSCAN", mongo, database, kinds, asked)


async def sorted_anew(
    mongo: MongoServer,
    database: str,
    kinds: Sequence[Kind],
    asked: Mapping[str, Mapping[str, Query]],
) -> list[str]:
    """The names of the queries for which there is no other way than to read and sort all that
    match, however few are asked for.
    """
    return await _with_stage("SORT", mongo, database, kinds, asked)


async def _with_stage(
    stage: str,
    mongo: MongoServer,
    database: str,
    kinds: Sequence[Kind],
    asked: Mapping[str, Mapping[str, Query]],
) -> list[str]:
    journal = MongoJournal.connect(mongo.uri, database, "pymongo", SystemClock())
    await journal.prepare(kinds)
    await journal.close()
    named = {kind.name: kind for kind in kinds}
    with MongoClient[dict[str, Any]](mongo.uri, tz_aware=True) as client:
        return [
            name
            for kind, queries in asked.items()
            for name, query in queries.items()
            if all(stage in plan for plan in _plans(client[database], named[kind], query))
        ]


def _plans(store: Database[dict[str, Any]], kind: Kind, query: Query) -> list[set[str]]:
    """The stages of each plan that MongoDB chooses among, by trying them."""
    order = full_order(query)
    find = {
        "find": f"state_{kind.name}",
        "filter": page_filter(query, order, kind),
        "sort": dict(sort_of(order)),
        "limit": query.limit,
    }
    planned = store.command("explain", find, verbosity="queryPlanner")["queryPlanner"]
    plans = [planned["winningPlan"], *planned["rejectedPlans"]]
    return [set(re.findall(r"'stage': '(\w+)'", str(plan))) for plan in plans]
