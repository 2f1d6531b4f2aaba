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
    journal = MongoJournal.connect(mongo.uri, database, "pymongo", SystemClock())
    await journal.prepare(kinds)
    await journal.close()
    with MongoClient[dict[str, Any]](mongo.uri, tz_aware=True) as client:
        return [
            name
            for kind, queries in asked.items()
            for name, query in queries.items()
            if "COLLSCAN" in _stages(client[database], kind, query)
        ]


def _stages(store: Database[dict[str, Any]], kind: str, query: Query) -> set[str]:
    order = full_order(query)
    find = {
        "find": f"state_{kind}",
        "filter": page_filter(query, order),
        "sort": dict(sort_of(order)),
        "limit": query.limit,
    }
    plan = store.command("explain", find, verbosity="queryPlanner")["queryPlanner"]
    return set(re.findall(r"'stage': '(\w+)'", str(plan["winningPlan"])))
