"""notifications is killed again and again during a broadcast: everybody is told, nobody twice."""

import asyncio
import random
import time
from collections import Counter
from typing import Any
from uuid import uuid4

import pytest

from services.notifications.domain.roll import EnterHome, roll
from services.notifications.facts import broadcasts as facts
from services.notifications.main import service
from shared.runtime.clock import SystemClock
from shared.runtime.mongo_journal import MongoJournal
from shared.runtime.store import Store
from tests.chaos.witness import Witness
from tests.e2e.town import STREET, Town
from tests.e2e.waiting import until

PEOPLE, RATE, KILLS = 3_000, 200, 10
SEED = 20_260_302

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


async def enter(town: Town, household: str, people: list[str]) -> None:
    """They live in a household there, as the roll's own reactions enter it."""
    settings = town.settings("notifications")
    clock = SystemClock()
    journal = MongoJournal.connect(
        town.mongo.uri, settings["JINLIN_MONGO_DATABASE"], "pymongo", clock
    )
    await journal.prepare(service.kinds)
    known: Any = {"place": {}, "gathering": {}}
    store = Store("notifications", journal, clock, (roll,), facts.facts(known))
    await asyncio.gather(
        *(store.do(roll, one, EnterHome(household), actor="test") for one in people)
    )
    await journal.close()


async def test_everybody_is_told_once_through_ten_kills(town: Town, witness: Witness) -> None:
    run = uuid4().hex[:8]
    people = [f"told-{run}-{n:04d}" for n in range(PEOPLE)]
    # A street is a household of nobody: all of them lie at the place itself.
    await enter(town, STREET, people)
    writer, chief = (town.staff("street-staff", STREET, f"{who}-{run}") for who in ("w", "c"))
    words = [{"language": "zh-Hans", "title": "台风预警", "body": "今晚请勿外出。"}]
    body = {"place": STREET, "words": words, "rate": RATE, "urgent": True}
    drafted = writer.post("notifications", "/broadcasts", body)
    assert drafted.status_code == 201, drafted.text
    id = drafted.json()["id"]
    at = f"/broadcasts/{id}"
    assert writer.post("notifications", f"{at}/submit").status_code == 200
    approved = chief.post("notifications", f"{at}/approve", {"urgent": True})
    assert approved.status_code == 200, approved.text

    process = town.services["notifications"]
    store = town.store("notifications")
    messages = {"s.about": f"broadcast-{id}", "s.kind": "broadcast-urgent"}

    def told() -> int:
        return store["state_message"].count_documents(messages)

    chance = random.Random(SEED)
    killed = []
    for _ in range(KILLS):
        goal = told() + chance.randint(1, PEOPLE // KILLS - 60)
        await asyncio.to_thread(until, lambda goal=goal: told() >= goal, "more are told", 60)
        process.kill()
        killed.append(told())
        process.start()
        await asyncio.to_thread(process.wait_ready)
    assert killed[0] > 0
    assert killed[-1] < PEOPLE, "it was still under way at the last blow"
    began = time.monotonic()

    def is_done() -> bool:
        shown = chief.get("notifications", at).json()
        return bool(shown["status"] == "done")

    await asyncio.to_thread(until, is_done, "it is done", 180)
    print(f"killed at {killed}; done {time.monotonic() - began:.1f} s after the last")

    recipients = Counter(one["s"]["recipient"] for one in store["state_message"].find(messages))
    assert recipients == Counter(dict.fromkeys(people, 1))
    posted = store["commits"].count_documents(
        {
            "events": {"$elemMatch": {"n": "MessagePosted", "d.about": f"broadcast-{id}"}},
            "events.d.kind": "broadcast-urgent",
        }
    )
    assert posted == PEOPLE
    progress = chief.get("notifications", f"{at}/progress").json()
    shown = chief.get("notifications", at).json()
    assert (progress["told"], progress["total"], shown["told"]) == (PEOPLE, PEOPLE, PEOPLE)
    # And everything else that was promised.
    await witness.satisfied(within=120)
