"""Every query of broadcasts, of the roll and of alarms is answered from an index."""

from datetime import UTC, datetime
from typing import Any

from pymongo import MongoClient

from deploy.local.servers import MongoServer
from services.notifications.domain.alarm import Status as AlarmStatus
from services.notifications.domain.broadcast_state import Broadcast, Status
from services.notifications.views import KINDS, alarms, broadcasts
from shared.contracts.notifications.broadcasts import Group
from shared.runtime.clock import SystemClock
from shared.runtime.journal import Query
from shared.runtime.mongo_journal import MongoJournal
from shared.runtime.mongo_query import condition
from tests.plans import read_through

NOON = datetime(2025, 3, 3, 4, 0, tzinfo=UTC)


def to(group: Group, of: str | None = None) -> Query:
    return broadcasts.recipients(Broadcast(place="c1", group=group, of=of), 500, "p0500")


async def test_every_query_reads_an_index(mongo: MongoServer, database: str) -> None:
    asked = {
        "broadcast": {"below": broadcasts.broadcasts_below(["c1", "c2"], tuple(Status))},
        "roll": {
            "residents": to(Group.RESIDENTS),
            "a duty": to(Group.DUTY, "property"),
            "any duty": to(Group.DUTY),
            "a team": to(Group.TEAM, "t1"),
            "an organisation": to(Group.ORGANISATION, "o1"),
            "of a household": broadcasts.of_household("u1"),
            "at a place": broadcasts.at_place("c1"),
            "in a post": broadcasts.in_post("c1:property"),
        },
        "message": {
            "of a broadcast": Query(broadcasts.messages_of("b1", "broadcast")),
            "read ones": Query(broadcasts.messages_of("b1", "broadcast", read=True)),
        },
        "alarm": {
            "below": alarms.alarms_below(["c1"], tuple(AlarmStatus)),
            "of a person": alarms.alarms_of("wang", tuple(AlarmStatus)),
            "of the platform": alarms.alarms_of_the_platform(tuple(AlarmStatus)),
        },
        "on-call": {"of a person": alarms.lists_of_person("wang")},
    }
    assert await read_through(mongo, database, KINDS, asked) == []


async def test_a_page_reads_no_more_than_it_gives_and_counting_reads_keys_alone(
    mongo: MongoServer, database: str
) -> None:
    """In a subtree of many people the index itself has them in order of their subject."""
    journal = MongoJournal.connect(mongo.uri, database, "pymongo", SystemClock())
    await journal.prepare(KINDS)
    await journal.close()
    people = [
        {"_id": f"p{n:05d}", "s": {"home": ["d1", "s1", f"c{n % 2}"], "household": f"u{n}"}}
        for n in range(4_000)
    ]
    messages = [
        {"_id": f"m{n:05d}", "s": {"about": about, "kind": "broadcast", "read": n % 5 == 0}}
        for n, about in enumerate(["broadcast-b1", "petition-p1"] * 1_000)
    ]
    with MongoClient[dict[str, Any]](mongo.uri) as client:
        store = client[database]
        store["state_roll"].insert_many(people)
        store["state_message"].insert_many(messages)
        query = broadcasts.recipients(Broadcast(place="c1", rate=500), 500, "p01000")
        find = {
            "find": "state_roll",
            "filter": {"$and": [condition(query.where), {"_id": {"$gt": "p01000"}}]},
            "sort": {"_id": 1},
            "limit": 500,
        }
        plan = store.command("explain", find, verbosity="executionStats")
        assert "SORT" not in str(plan["queryPlanner"]["winningPlan"])
        stats = plan["executionStats"]
        assert stats["nReturned"] == 500
        assert stats["totalKeysExamined"] <= 501
        counted = {
            "count": "state_message",
            "query": condition(broadcasts.messages_of("b1", "broadcast", read=True)),
        }
        plan = store.command("explain", counted, verbosity="executionStats")
        assert plan["executionStats"]["totalDocsExamined"] == 0
        assert plan["executionStats"]["totalKeysExamined"] <= 201
