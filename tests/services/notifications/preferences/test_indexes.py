"""What is asked about preferences, and for digests, is answered from an index; and preferences come
back from MongoDB as they were.
"""

from datetime import UTC, datetime

from deploy.local.servers import MongoServer
from services.notifications.domain.kinds import Topic
from services.notifications.domain.message import message
from services.notifications.domain.preferences.address_commands import GiveEmail
from services.notifications.domain.preferences.choices import ChooseWays, SetDigest
from services.notifications.domain.preferences.preferences import OpenPreferences, preferences
from services.notifications.domain.preferences.state import Every
from services.notifications.domain.ways import Way
from services.notifications.views import KINDS
from services.notifications.views.inbox import came_since, inbox
from shared.runtime.clock import SystemClock
from shared.runtime.journal import Kind, Query
from shared.runtime.mongo_journal import MongoJournal
from shared.runtime.store import Store
from tests.plans import read_through

NOW = datetime(2026, 3, 4, 2, tzinfo=UTC)


async def test_every_query_reads_an_index(mongo: MongoServer, database: str) -> None:
    asked = {
        "preferences": {"my data": Query({"_id": "wang"})},
        "message": {
            "of a digest": came_since("wang", NOW),
            "of a digest, a later page": came_since("wang", NOW, after=(NOW, "m1")),
            "inbox": inbox("wang"),
        },
    }
    kinds = (*KINDS, Kind("preferences"))
    assert await read_through(mongo, database, kinds, asked) == []


async def test_preferences_come_back_and_are_due(mongo: MongoServer, database: str) -> None:
    journal = MongoJournal.connect(mongo.uri, database, "pymongo", SystemClock())
    await journal.prepare((*KINDS, Kind("preferences")))
    store = Store("notifications", journal, SystemClock(), (message, preferences))
    for command in (
        OpenPreferences("wang"),
        ChooseWays(Topic.POINTS, (Way.EMAIL,)),
        GiveEmail("wang@example.com", "2026-01"),
        SetDigest(Every.DAILY),
    ):
        made = await store.do(preferences, "wang", command, actor="wang")
    found = await store.get(preferences, "wang")
    assert found is not None
    assert found.state == made.state
    assert found.state.ways == {Topic.POINTS: (Way.EMAIL,)}
    assert found.state.addresses[Way.EMAIL].turn == 1
    stored = (await journal.load("preferences", ["wang"]))["wang"]
    assert stored.due is not None
    assert stored.due > datetime.now(UTC)
    (entry,) = await journal.dossier("preferences-wang")
    assert entry.data == {"address": "wang@example.com"}
    await store.drain()
    await journal.close()
