"""How fast the ledger seals, and proves with a million entries.

The log is filled as its own reactions fill it: commands through the store into MongoDB. The service
does the rest by itself: its relay publishes, its subscriber feeds the tiles.
"""

import asyncio
import time
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import httpx

from deploy.local.layout import LocalError
from deploy.local.processes import WebProcess
from deploy.local.stack import SECRETS
from services.ledger.domain.log.log import LOG, Seal, SealAll, log
from services.ledger.main import service
from services.ledger.signing import SECRET, signers_in, signing_with
from shared.contracts.envelope import Envelope, topic, type_of
from shared.contracts.event import Event
from shared.contracts.volunteering import CertificateWithdrawn
from shared.merkle.entries import Entry
from shared.runtime.bus import Outgoing
from shared.runtime.clock import SystemClock
from shared.runtime.kafka_bus import KafkaBus
from shared.runtime.mongo_journal import MongoJournal
from shared.runtime.reactions import About
from shared.runtime.store import Store
from shared.runtime.subscriber import AT_ONCE
from shared.runtime.topics import TopicSpec, provision
from tests.bench.bench import Bench
from tests.bench.figure import Figure
from tests.bench.load import percentile
from tests.bench.platform import database_of, wait_until

APPENDED = 40_000
WAITING_EVENTS = 30_000
STEP = 1_000
"""Entries in one command, where only their number matters."""
ASKED = 200
"""Proofs, one after the other."""
WITHIN = 900
"""Seconds in which whatever waits is done."""
NOON = datetime(2025, 3, 3, 4, 0, tzinfo=UTC)


def digest(number: int) -> str:
    """A digest of its own for each number."""
    return sha256(str(number).encode()).hexdigest()


def append_rate(bench: Bench) -> Figure:
    """Entries that the log takes per second, as reactions send them, with nothing else at work."""
    begin = time.process_time()
    rate = asyncio.run(append(bench.platform.mongo.uri, "bench_append", 0, APPENDED))
    cpu = 1e6 * (time.process_time() - begin) / APPENDED
    return Figure(rate, f"{APPENDED:,} entries, {AT_ONCE} waiting; {cpu:.0f} µs of CPU each")


def seal_rate(bench: Bench) -> Figure:
    """Events per second that wait in Kafka and become entries, credentials' share of the work
    included.
    """
    provision(bench.platform.kafka.bootstrap, [TopicSpec(topic("volunteering"))])
    asyncio.run(_publish(bench.platform.kafka.bootstrap, WAITING_EVENTS))
    process = bench.platform.service("ledger")
    states = bench.platform.store("ledger")["state_log"]

    def size() -> int:
        found = states.find_one({"_id": LOG})
        return int(found["s"]["size"]) if found else 0

    wait_until(lambda: size() > 0, WITHIN, "the first is sealed", 0.01)
    first, began = size(), time.monotonic()
    wait_until(lambda: size() >= WAITING_EVENTS, WITHIN, "all are sealed", 0.02)
    rate = (WAITING_EVENTS - first) / (time.monotonic() - began)
    with _client(process) as client:
        wait_until(lambda: _signed(client) >= WAITING_EVENTS, WITHIN, "all are kept", 0.1)
    kept = (WAITING_EVENTS - first) / (time.monotonic() - began)
    process.stop()
    return Figure(rate, f"{WAITING_EVENTS:,} events waited; {kept:,.0f}/s until all had proofs")


# --- with a full log -----------------------------------------------------------------------------


def proof_p99_ms(bench: Bench) -> Figure:
    """A proof over HTTP."""
    return _figures(bench)["proof"]


def restart_s(bench: Bench) -> Figure:
    """From kill -9 to the first proof."""
    return _figures(bench)["restart"]


def append_rate_full(bench: Bench) -> Figure:
    """The same as `append_rate`, with a full log."""
    return _figures(bench)["append"]


def _figures(bench: Bench) -> dict[str, Figure]:
    return bench.once("full log", lambda: _measured(bench, bench.stored_by_then))


def _measured(bench: Bench, stored: int) -> dict[str, Figure]:
    process = bench.platform.service("ledger")
    uri, database = bench.platform.mongo.uri, database_of("ledger")
    bench.say(f"sealing {stored:,} entries ...")
    began = time.monotonic()
    asyncio.run(fill(uri, database, stored))
    with _client(process) as client:
        wait_until(lambda: _signed(client) >= stored, WITHIN, "all are kept", 0.5)
        bench.say(f"  took {time.monotonic() - began:.0f} s until all were kept")
        _prove(client, stored, 20)
        proofs = _prove(client, stored, ASKED)
    process.kill()
    began = time.monotonic()
    process.start().wait_ready()
    ready = time.monotonic() - began
    with _client(process) as client:
        _prove(client, stored, 1)
    proved = time.monotonic() - began
    process.stop()
    rate = asyncio.run(append(uri, database, stored, APPENDED))
    size = bench.platform.store("ledger").command("dbStats")
    many = f"{stored:,} entries, {(size['storageSize'] + size['indexSize']) / 2**30:.2f} GiB"
    return {
        "proof": Figure(
            percentile(proofs, 0.99),
            f"{many}; p50 {percentile(proofs, 0.5):.1f} ms of {ASKED} proofs, one after the other",
        ),
        "restart": Figure(proved, f"{many}; ready after {ready:.2f} s"),
        "append": Figure(rate, f"{APPENDED:,} more on {many}"),
    }


def _prove(client: httpx.Client, stored: int, count: int) -> list[float]:
    """Milliseconds of each."""
    took = []
    for number in range(count):
        began = time.perf_counter()
        answer = client.get("/proof", params={"digest": digest(number * 7_919 % stored)})
        took.append(1000 * (time.perf_counter() - began))
        if answer.status_code != 200:
            raise LocalError(f"no proof: {answer.status_code} {answer.text[:300]}")
    return took


def _client(process: WebProcess) -> httpx.Client:
    return httpx.Client(base_url=process.url, timeout=60)


def _signed(client: httpx.Client) -> int:
    answer = client.get("/heads/latest")
    return int(answer.json()["size"]) if answer.status_code == 200 else 0


# --- filling it ----------------------------------------------------------------------------------


async def append(uri: str, database: str, first: int, count: int) -> float:
    """Seals so many, each by a command of its own with its own cause; entries per second."""
    journal, store = await _store(uri, database)
    places = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> None:
        async with places:
            entry = _entry(number)
            about = About(entry.source, "volunteering", "", "", 1, NOON, "bench")
            await store.react(about, log, LOG, Seal(entry))

    began = time.perf_counter()
    await asyncio.gather(*(one(number) for number in range(first, first + count)))
    took = time.perf_counter() - began
    await _must_be(store, first + count)
    await journal.close()
    return count / took


async def fill(uri: str, database: str, count: int) -> None:
    """Seals until there are so many, a thousand in a command."""
    journal, store = await _store(uri, database)
    known = await store.get(log, LOG)
    for first in range(0 if known is None else known.state.size, count, STEP):
        entries = tuple(_entry(n) for n in range(first, min(count, first + STEP)))
        await store.do(log, LOG, SealAll(entries), actor="bench")
    await _must_be(store, count)
    await journal.close()


async def _store(uri: str, database: str) -> tuple[MongoJournal, Store]:
    clock = SystemClock()
    journal = MongoJournal.connect(uri, database, "pymongo", clock)
    await journal.prepare(service.kinds)
    signing = signing_with(signers_in(SECRETS[f"JINLIN_{SECRET}"]))
    return journal, Store("ledger", journal, clock, (log,), {"log": lambda *_: signing})


async def _must_be(store: Store, size: int) -> None:
    known = await store.get(log, LOG)
    if known is None or known.state.size != size:
        raise LocalError(
            f"the log should have {size} entries, and has {known and known.state.size}"
        )


def _entry(number: int) -> Entry:
    return Entry(digest(number), "bench", f"bench/bench-{number}/1/0", "2025-03-03T04:00:00.000Z")


async def _publish(bootstrap: str, count: int) -> None:
    bus = KafkaBus(bootstrap, "bench", SystemClock(), "bench")
    await bus.start()
    for first in range(0, count, STEP):
        await bus.publish([_message(n) for n in range(first, min(count, first + STEP))])
    await bus.stop()


def _message(number: int) -> Outgoing:
    id = f"{number:032x}"
    event: Event = CertificateWithdrawn(id, f"V{number}", "nobody", digest(number), "bench")
    stream = f"certificate-{id}"
    data: dict[str, Any] = {name: getattr(event, name) for name in event.__dataclass_fields__}
    kind = type_of(CertificateWithdrawn)
    source = "/jinlin/volunteering"
    envelope = Envelope(
        f"volunteering/{stream}/1/0",
        kind,
        source,
        stream,
        NOON,
        data,
        1,
        f"volunteering/{stream}/1",
    )
    return Outgoing(topic("volunteering"), stream, envelope.to_bytes())
