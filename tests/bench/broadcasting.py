"""A broadcast to a hundred thousand people: how fast it is told, and what a single message waits
meanwhile.

The roll is filled as its reactions fill it: commands through the store. The service does the rest
by itself, as it stands: its relay, its subscriber, its ticker, in one process.
"""

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import msgspec

from deploy.local.layout import LocalError
from services.notifications.domain.broadcast_commands import FASTEST
from services.notifications.domain.roll import EnterHome, roll
from services.notifications.facts import broadcasts as facts
from services.notifications.main import service
from shared.contracts import community
from shared.contracts.envelope import Envelope, topic, type_of
from shared.contracts.types import PlaceKind
from shared.neighbourhood.place import LearnPlace, place
from shared.runtime.bus import Outgoing
from shared.runtime.clock import SystemClock
from shared.runtime.kafka_bus import KafkaBus
from shared.runtime.mongo_journal import MongoJournal
from shared.runtime.store import Store
from tests.bench.bench import CONSUMER, Bench
from tests.bench.figure import Figure
from tests.bench.load import percentile
from tests.bench.machine import cpu_seconds
from tests.bench.platform import database_of, wait_until

PEOPLE = 100_000
UNITS = 1_000
TOWN = "bench-town"
SINGLE_EVERY = 0.1
"""Seconds between two single messages."""
WITHIN = 600
WARNING: dict[str, Any] = {
    "place": TOWN,
    "rate": FASTEST,
    "words": [{"language": "zh-Hans", "title": "台风预警", "body": "今晚请勿外出。"}],
}


@dataclass(frozen=True, slots=True)
class Told:
    """Messages stored per second; milliseconds from a single event sent to its message stored."""

    rate: float
    note: str
    singles: list[float]


def broadcast_rate(bench: Bench) -> Figure:
    """Messages of a broadcast stored per second."""
    told = _told(bench)
    return Figure(told.rate, told.note)


def single_during_broadcast_p99_ms(bench: Bench) -> Figure:
    """From a single event published to its message stored, while the broadcast runs."""
    singles = _told(bench).singles
    return Figure(
        percentile(singles, 0.99),
        f"{len(singles)} single messages, one each {1000 * SINGLE_EVERY:.0f} ms, from sent to "
        f"Kafka to seen in the store; p50 {percentile(singles, 0.5):.0f} ms, "
        f"longest {max(singles):.0f} ms",
    )


def _told(bench: Bench) -> Told:
    return bench.once("broadcast", lambda: _measured(bench))


def _measured(bench: Bench) -> Told:
    process = bench.platform.service(CONSUMER)
    bench.say(f"entering {PEOPLE:,} people into the roll ...")
    asyncio.run(fill(bench.platform.mongo.uri, database_of(CONSUMER), PEOPLE))
    store = bench.platform.store(CONSUMER)
    with httpx.Client(base_url=process.url, timeout=60, trust_env=False) as client:

        def post(path: str, body: dict[str, Any], sub: str) -> dict[str, Any]:
            token = bench.platform.issuer.token(sub, ["street-staff"], [TOWN])
            headers = {"Authorization": f"Bearer {token}"}
            answer = client.post(path, json=body, headers=headers)
            if answer.is_error:
                raise LocalError(f"{path}: {answer.status_code} {answer.text[:300]}")
            content: dict[str, Any] = answer.json()
            return content

        made: list[str] = []

        def drafted() -> bool:
            try:
                made.append(post("/broadcasts", WARNING, "bench-writer")["id"])
            except LocalError:
                return False  # the place is known a moment later
            return True

        wait_until(drafted, 30, "the place is known")
        id = made[0]
        post(f"/broadcasts/{id}/submit", {}, "bench-writer")
        messages = {"s.about": f"broadcast-{id}", "s.kind": "broadcast"}

        def state() -> dict[str, Any]:
            found = store["state_broadcast"].find_one({"_id": id})
            return {} if found is None else dict(found["s"])

        singles = _Singles(bench, lambda: state().get("status") == "running")
        before = cpu_seconds(process.pid)
        began = time.monotonic()
        post(f"/broadcasts/{id}/approve", {}, "bench-chief")
        singles.start()
        wait_until(lambda: state().get("status") == "done", WITHIN, "it is done", 0.02)
        took = time.monotonic() - began
        cpu = 1e6 * (cpu_seconds(process.pid) - before) / PEOPLE
        singles.join()
    stored = store["state_message"].count_documents(messages)
    if stored != PEOPLE or state()["told"] != PEOPLE:
        raise LocalError(f"{stored} messages stored, {state()['told']} counted, of {PEOPLE}")
    pages = state()["page"]
    note = (
        f"{stored:,} messages in {took:.1f} s, {pages} pages, one process with its relay, "
        f"{cpu:.0f} µs of its CPU each; the rate asked for was {FASTEST:,}/s"
    )
    return Told(stored / took, note, singles.found())


async def fill(uri: str, database: str, count: int) -> None:
    """So many people into the roll, and the places that they live at."""
    clock = SystemClock()
    journal = MongoJournal.connect(uri, database, "pymongo", clock)
    await journal.prepare(service.kinds)
    known: Any = {"place": {}, "gathering": {}}
    store = Store(CONSUMER, journal, clock, (roll, place), facts.facts(known))
    learned = LearnPlace(PlaceKind.STREET, "台风街道", (TOWN,))
    await store.do(place, TOWN, learned, actor="bench")
    units = [f"{TOWN}-u{n:04d}" for n in range(UNITS)]
    await asyncio.gather(
        *(
            store.do(place, code, LearnPlace(PlaceKind.UNIT, code, (TOWN, code)), actor="bench")
            for code in units
        )
    )
    for first in range(0, count, 5_000):
        await asyncio.gather(
            *(
                store.do(roll, f"r-{n:06d}", EnterHome(units[n % UNITS]), actor="bench")
                for n in range(first, min(count, first + 5_000))
            )
        )
    await journal.close()


class _Singles(threading.Thread):
    """Sends single events while the broadcast runs, and watches for each one's message."""

    def __init__(self, bench: Bench, goes_on: Callable[[], bool]) -> None:
        super().__init__(daemon=True)
        self._bench = bench
        self._goes_on = goes_on
        self._sent: dict[str, float] = {}
        self._took: list[float] = []

    def run(self) -> None:
        """Until the broadcast is over."""
        asyncio.run(self._send_all())

    def found(self) -> list[float]:
        """Milliseconds of each. Raises LocalError where one did not arrive."""
        if self._sent or not self._took:
            raise LocalError(f"{len(self._sent)} single messages did not arrive")
        return self._took

    async def _send_all(self) -> None:
        bus = KafkaBus(self._bench.platform.kafka.bootstrap, "bench", SystemClock(), "bench")
        await bus.start()
        messages = self._bench.platform.store(CONSUMER)["state_message"]
        number, following, until = 0, time.monotonic(), 0.0
        while True:
            now = time.monotonic()
            if now >= following and not until:
                person = f"single-{number}"
                await bus.publish([_single(person, number)])
                self._sent[person] = time.monotonic()
                number, following = number + 1, now + SINGLE_EVERY
                if not self._goes_on():
                    until = now + 30
            await self._look(messages)
            if until and (not self._sent or now > until):
                break
        await bus.stop()

    async def _look(self, messages: Any) -> None:
        wanted = list(self._sent)
        found = await asyncio.to_thread(
            lambda: [
                one["s"]["recipient"] for one in messages.find({"s.recipient": {"$in": wanted}})
            ]
        )
        seen = time.monotonic()
        for person in found:
            if (sent := self._sent.pop(person, None)) is not None:
                self._took.append(1000 * (seen - sent))
        await asyncio.sleep(0.005)


def _single(person: str, number: int) -> Outgoing:
    """Somebody is given a post: they are told."""
    post = f"bench:{number}"
    event = community.PostAssigned(post, "bench", TOWN, person, datetime.now(UTC))
    stream = f"post-{post}"
    envelope = Envelope(
        f"community/{stream}/1/0",
        type_of(community.PostAssigned),
        "/jinlin/community",
        stream,
        datetime.now(UTC),
        msgspec.to_builtins(event),
        1,
        f"community/{stream}/1",
    )
    return Outgoing(topic("community"), stream, envelope.to_bytes())
