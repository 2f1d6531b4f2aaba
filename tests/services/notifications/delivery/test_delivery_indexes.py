"""Every query of deliveries is answered from an index; a broadcast's backlog is not read to find
what is for one person.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import MongoClient

from deploy.local.servers import MongoServer
from services.notifications.domain.ways import Way
from services.notifications.views import KINDS
from services.notifications.views.delivery import gone_with, of_group, sent_since, to_send, waiting
from shared.runtime.clock import SystemClock
from shared.runtime.journal import Query
from shared.runtime.matching import full_order
from shared.runtime.mongo_journal import MongoJournal
from shared.runtime.mongo_query import page_filter, sort_of
from tests.plans import read_through

NOW = datetime(2026, 3, 4, 2, tzinfo=UTC)
BACKLOG = 2_000


async def test_every_query_reads_an_index(mongo: MongoServer, database: str) -> None:
    asked = {
        "message": {
            "to send": to_send(Way.SMS, NOW),
            "to send, a later page": to_send(Way.SMS, NOW, after=(1, NOW, "m1")),
            "waiting": Query(waiting(Way.PUSH)),
            "of a group": of_group("g"),
            "gone with": Query(gone_with("m1")),
            "sent of late": sent_since("r", Way.SMS, NOW, limit=6),
        }
    }
    assert await read_through(mongo, database, KINDS, asked) == []


async def test_the_next_letter_is_found_without_reading_what_waits(
    mongo: MongoServer, database: str
) -> None:
    """Urgent letters that are put off stand before all others in the index: they are skipped, and
    nothing is sorted.
    """
    journal = MongoJournal.connect(mongo.uri, database, "pymongo", SystemClock())
    await journal.prepare(KINDS)
    await journal.close()
    later = NOW + timedelta(hours=8)
    with MongoClient[dict[str, Any]](mongo.uri, tz_aware=True) as client:
        store = client[database]["state_message"]
        store.insert_many(
            [_waits(f"u{n}", 0, later) for n in range(BACKLOG)]
            + [_waits("one", 1, NOW - timedelta(seconds=1))]
            + [_waits(f"b{n}", 2, NOW - timedelta(hours=1)) for n in range(BACKLOG)]
        )
        asked = to_send(Way.SMS, NOW, limit=10)
        order = full_order(asked)
        find = {
            "find": "state_message",
            "filter": page_filter(asked, order),
            "sort": dict(sort_of(order)),
            "limit": asked.limit,
        }
        found = client[database].command(find)["cursor"]["firstBatch"]
        assert [one["_id"] for one in found][:2] == ["one", "b0"]
        plan = client[database].command("explain", find, verbosity="executionStats")
        stats: Mapping[str, Any] = plan["executionStats"]
        assert stats["totalDocsExamined"] <= 10
        assert stats["totalKeysExamined"] <= 20
        assert "SORT" not in str(plan["queryPlanner"]["winningPlan"])


def _waits(id: str, rank: int, when: datetime) -> dict[str, Any]:
    delivery = {"queue": "sms", "rank": rank, "next": when, "group": "", "joined": ""}
    return {"_id": id, "s": {"recipient": id, "delivery": {**delivery, "sent_by": ""}}}
