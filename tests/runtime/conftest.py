"""The journals that one suite is run over."""

from collections.abc import AsyncIterator
from typing import get_args

import pytest

from shared.runtime.clock import SystemClock
from shared.runtime.journal import Journal
from shared.runtime.memory_journal import MemoryJournal
from shared.runtime.mongo_driver import DriverName
from shared.runtime.mongo_journal import MongoJournal
from tests.runtime.journal_material import THINGS

DRIVERS = get_args(DriverName)


@pytest.fixture(
    params=["memory", *(pytest.param(name, marks=pytest.mark.servers) for name in DRIVERS)]
)
async def journal(request: pytest.FixtureRequest) -> AsyncIterator[Journal]:
    """An empty journal that knows the kind `thing`: in memory, then with each driver."""
    clock = SystemClock()
    journal: Journal
    if request.param == "memory":
        journal = MemoryJournal(clock)
    else:
        mongo = request.getfixturevalue("mongo")
        database = request.getfixturevalue("database")
        journal = MongoJournal.connect(mongo.uri, database, request.param, clock)
    await journal.prepare([THINGS])
    yield journal
    await journal.close()


@pytest.fixture(params=DRIVERS)
def driver(request: pytest.FixtureRequest) -> DriverName:
    """Each of the MongoDB drivers."""
    name: DriverName = request.param
    return name
