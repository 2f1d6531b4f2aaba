"""Every query of petitions is answered from an index: a million of them are never read through."""

import re
from datetime import UTC, datetime
from typing import Any

from pymongo import MongoClient
from pymongo.database import Database

from deploy.local.servers import MongoServer
from services.petitions import views
from services.petitions.domain.state import Status
from shared.runtime.clock import SystemClock
from shared.runtime.journal import Query
from shared.runtime.matching import full_order
from shared.runtime.mongo_journal import MongoJournal
from shared.runtime.mongo_query import page_filter, sort_of

NOW = datetime(2026, 3, 4, 2, tzinfo=UTC)
PETITIONS = {
    "work queue": views.work_queue(now=NOW, places=["p"]),
    "work queue of two places": views.work_queue(now=NOW, places=["p", "q"]),
    "overdue": views.work_queue(now=NOW, places=["p"], overdue=True),
    "somebody's work": views.work_queue(now=NOW, places=["p"], assignee="a"),
    "filed by": views.filed_by("r"),
    "all filed by": views.all_filed_by("r"),
    "receipt": views.by_receipt("1234567895"),
    "in hands": views.in_the_hands_of("a"),
    "in nobody's hands": views.in_nobodys_hands("p"),
    "in the open": views.in_the_open(place=None),
    "in the open at a place": views.in_the_open(place="p", statuses=[Status.CLOSED]),
    "called onto": views.called_onto("d", open=True),
    "were called onto": views.called_onto("d", open=False),
    "unsolved": views.unsolved(["p"], NOW, None),
    "unsolved and closed since": views.unsolved(["p"], NOW, NOW),
}
WHISTLES = {
    "calls": views.calls(["p"]),
    "calls of": views.calls_of("a"),
    "blown by": views.blown_by("r"),
    "all blown by": views.all_blown_by("r"),
}


async def test_every_query_reads_an_index(mongo: MongoServer, database: str) -> None:
    journal = MongoJournal.connect(mongo.uri, database, "pymongo", SystemClock())
    await journal.prepare(views.KINDS)
    await journal.close()
    with MongoClient[dict[str, Any]](mongo.uri, tz_aware=True) as client:
        read_through = [
            name
            for kind, queries in (("petition", PETITIONS), ("whistle", WHISTLES))
            for name, query in queries.items()
            if "COLLSCAN" in _stages(client[database], kind, query)
        ]
    assert read_through == []


def _stages(store: Database[dict[str, Any]], kind: str, query: Query) -> set[str]:
    """What MongoDB would do for it."""
    order = full_order(query)
    find = {
        "find": f"state_{kind}",
        "filter": page_filter(query, order),
        "sort": dict(sort_of(order)),
        "limit": query.limit,
    }
    plan = store.command("explain", find, verbosity="queryPlanner")["queryPlanner"]
    return set(re.findall(r"'stage': '(\w+)'", str(plan["winningPlan"])))
