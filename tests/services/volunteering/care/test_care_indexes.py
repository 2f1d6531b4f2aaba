"""Every query of care plans is answered from an index; two plans for one purpose cannot be."""

import asyncio
from dataclasses import replace
from typing import Any

from deploy.local.servers import MongoServer
from services.volunteering.domain.care.plan import care_plan
from services.volunteering.domain.care.plan_state import CarePlan, Scene
from services.volunteering.views import care
from shared.runtime.aggregate import Command, Rejected
from shared.runtime.clock import SystemClock
from shared.runtime.journal import Query
from shared.runtime.mongo_journal import MongoJournal
from shared.runtime.outcome import Outcome
from shared.runtime.store import Store
from tests.plans import read_through
from tests.services.volunteering.care.plans import MAKE, SCENE

ASKED = {
    "of a place": care.plans_of_place("p", {}),
    "of a place and status": care.plans_of_place("p", {"status": "active", "purpose": "x"}),
    "about somebody": care.plans_about("r"),
    "alarms for": care.alarms_for("r"),
    "alarms at": care.alarms_at("p"),
    **{f"agenda as {part}": care.agenda("r", part) for part in care.Part},
    **{f"own data as {part}": Query({part.value: "r"}) for part in care.Part},
    **{f"all of {part}": care.everything_of(part, "r") for part in care.Part},
    **{f"all of {field}": care.everything_of(field, "r") for field in ("team", "place", "maker")},
    "visitor in a team": Query({"team": "t", "visitor": "r", "open": True}),
}


async def test_every_query_reads_an_index(mongo: MongoServer, database: str) -> None:
    assert await read_through(mongo, database, care.KINDS, {"care-plan": ASKED}) == []


async def test_of_many_at_once_one_plan_is_made(mongo: MongoServer, database: str) -> None:
    """Two processes, of which neither has heard of the other's plan."""
    clock = SystemClock()
    made: dict[str, Any] = {}

    def scene(id: str, _command: Command, _plan: CarePlan, _now: Any) -> Scene:
        return replace(SCENE, plan=id, taken=bool(made))

    stores = []
    for _ in range(2):
        journal = MongoJournal.connect(mongo.uri, database, "pymongo", clock)
        await journal.prepare(care.KINDS)
        stores.append(Store("volunteering", journal, clock, [care_plan], {"care-plan": scene}))

    async def make(store: Store) -> Outcome:
        outcome = await store.do(care_plan, clock.new_id(), MAKE, actor="grid", fresh=True)
        made[outcome.id] = outcome
        return outcome

    answers = await asyncio.gather(
        *(make(store) for store in stores for _ in range(5)), return_exceptions=True
    )
    assert sum(isinstance(answer, Outcome) for answer in answers) == 1
    refused = [answer for answer in answers if isinstance(answer, Rejected)]
    assert [one.code for one in refused] == ["plan-of-purpose"] * 9
    for store in stores:
        await store.journal.close()
