"""How webhooks are called: to fifty endpoints, of which five are dead and five are slow."""

import asyncio
import os
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import msgspec

from deploy.local.layout import LocalError
from shared.contracts.envelope import Envelope, topic, type_of
from shared.contracts.volunteering import CertificateWithdrawn
from shared.runtime.bus import Outgoing
from shared.runtime.clock import SystemClock
from shared.runtime.kafka_bus import KafkaBus
from shared.runtime.topics import TopicSpec, provision
from tests.bench.bench import Bench
from tests.bench.figure import Figure
from tests.bench.load import percentile
from tests.bench.machine import peak_rss_mb, rss_mb
from tests.services.subscriptions.webhooks.receiver import (
    Answer,
    Received,
    Receiver,
    Reply,
    receiver,
)

HEALTHY, DEAD, SLOW = 40, 5, 5
EVENTS_A_SECOND = 25
"""To forty endpoints: a thousand calls a second."""
WARM_UP, EVENTS = 250, 1_000
STREAMS = 200
SLOWLY = 10.0
"""Seconds that a slow endpoint takes for each call."""
OF_AN_OWNER = 20
WITHIN = 120.0


@dataclass(slots=True)
class Called:
    """Milliseconds from an event's time to the healthy endpoints, calls a second meanwhile and
    while all was sent once more, microseconds of the process for each of these, and MiB of it
    before and at most.
    """

    delays: list[float] = field(default_factory=list)
    rate: float = 0.0
    replayed: float = 0.0
    cpu: float = 0.0
    before: float = 0.0
    most: float = 0.0


def webhook_p99_ms(bench: Bench) -> Figure:
    """From an event's time to its arrival at an endpoint that is well."""
    called = _called(bench)
    half = percentile(called.delays, 0.5)
    return Figure(
        percentile(called.delays, 0.99),
        f"{called.rate:,.0f} calls/s to {HEALTHY} endpoints, {DEAD} dead and {SLOW} slow beside "
        f"them; p50 {half:.0f} ms; nothing lost",
    )


def webhook_rate(bench: Bench) -> Figure:
    """Calls a second while everything is sent once more."""
    called = _called(bench)
    return Figure(
        called.replayed,
        f"a replay to {HEALTHY} endpoints, signed, in order; {called.cpu:.0f} µs of CPU each",
    )


def webhook_growth_mb(bench: Bench) -> Figure:
    """How much the process grew by at most."""
    called = _called(bench)
    return Figure(
        called.most - called.before,
        f"from {called.before:.0f} MiB after the warm-up to {called.most:.0f} MiB at most",
    )


def _called(bench: Bench) -> Called:
    return bench.once("calling", lambda: asyncio.run(_measured(bench)))


async def _measured(bench: Bench) -> Called:
    bootstrap = bench.platform.kafka.bootstrap
    await asyncio.to_thread(provision, bootstrap, [TopicSpec(topic("volunteering"))])
    process = await asyncio.to_thread(bench.platform.service, "subscriptions")
    called = Called()

    async def slowly(_received: Received) -> Reply:
        await asyncio.sleep(SLOWLY)
        return Reply()

    bus = KafkaBus(bootstrap, "bench", SystemClock(), "bench")
    await bus.start()
    async with AsyncExitStack() as stack, httpx.AsyncClient(base_url=process.url) as http:
        healthy = [await stack.enter_async_context(receiver()) for _ in range(HEALTHY)]
        slow = [await stack.enter_async_context(receiver(answer=slowly)) for _ in range(SLOW)]
        async with AsyncExitStack() as dying:
            dead = [await dying.enter_async_context(receiver()) for _ in range(DEAD)]
            ids = await _created(bench, http, [*healthy, *slow, *dead])
        first = datetime.now(UTC)
        await _publish(bus, 0, WARM_UP)
        await _arrived(healthy, WARM_UP)
        called.before = rss_mb(process.pid)
        for each in healthy:
            each.answer = _noting(called.delays)
        began = time.monotonic()
        await _publish(bus, WARM_UP, EVENTS)
        await _arrived(healthy, WARM_UP + EVENTS)
        called.rate = EVENTS * HEALTHY / (time.monotonic() - began)
        for each in healthy:
            each.answer = lambda _received: Reply()
            each.taken.clear()
            each.received.clear()
        began, cpu = time.monotonic(), _cpu_seconds(process.pid)
        await _replay(bench, http, ids[:HEALTHY], first)
        await _arrived(healthy, WARM_UP + EVENTS)
        called.replayed = (WARM_UP + EVENTS) * HEALTHY / (time.monotonic() - began)
        calls = (WARM_UP + EVENTS) * HEALTHY
        called.cpu = 1e6 * (_cpu_seconds(process.pid) - cpu) / calls
        called.most = peak_rss_mb(process.pid)
    await bus.stop()
    await asyncio.to_thread(process.stop)
    return called


def _cpu_seconds(pid: int) -> float:
    """What a process has had of the processor so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _noting(delays: list[float]) -> Answer:
    def answer(received: Received) -> Reply:
        happened = datetime.fromisoformat(received.event["time"])
        delays.append(1000 * (datetime.now(UTC) - happened).total_seconds())
        return Reply()

    return answer


async def _created(
    bench: Bench, http: httpx.AsyncClient, receivers: Sequence[Receiver]
) -> list[str]:
    """Webhooks that have agreed, of a few owners."""
    ids = []
    for number, each in enumerate(receivers):
        body = {"url": each.url, "types": [type_of(CertificateWithdrawn)]}
        headers = _headers(bench, number)
        answer = await http.post("/webhooks", json=body, headers=headers)
        if answer.status_code != 201:
            raise LocalError(f"no webhook: {answer.status_code} {answer.text[:300]}")
        ids.append(str(answer.json()["id"]))
    until = time.monotonic() + WITHIN
    for number, id in enumerate(ids):
        headers = _headers(bench, number)
        while (await http.get(f"/webhooks/{id}", headers=headers)).json()["status"] != "active":
            if time.monotonic() > until:
                raise LocalError(f"webhook {id} has not agreed")
            await asyncio.sleep(0.05)
    return ids


def _headers(bench: Bench, number: int) -> dict[str, str]:
    owner = f"bench-system-{number // OF_AN_OWNER}"
    token = bench.platform.issuer.token(owner, ["service"], [])
    return {"Authorization": f"Bearer {token}"}


async def _replay(
    bench: Bench, http: httpx.AsyncClient, ids: Sequence[str], since: datetime
) -> None:
    for number, id in enumerate(ids):
        body = {"since": since.isoformat()}
        answer = await http.post(
            f"/webhooks/{id}/replay", json=body, headers=_headers(bench, number)
        )
        if answer.status_code != 200:
            raise LocalError(f"no replay: {answer.status_code} {answer.text[:300]}")


async def _arrived(receivers: Sequence[Receiver], count: int) -> None:
    until = time.monotonic() + WITHIN
    while any(len(each.taken) < count for each in receivers):
        if time.monotonic() > until:
            short = Counter(len(each.taken) for each in receivers)
            raise LocalError(f"{count} should have arrived at each: {dict(short)}")
        await asyncio.sleep(0.05)
    for each in receivers:
        if len(set(each.ids())) != count:
            raise LocalError(f"{count} should have arrived, not {len(set(each.ids()))}")


async def _publish(bus: KafkaBus, first: int, count: int) -> None:
    """So many events at the rate at which they happen."""
    began = time.monotonic()
    for number in range(count):
        await bus.publish([_message(first + number)])
        ahead = began + (number + 1) / EVENTS_A_SECOND - time.monotonic()
        if ahead > 0:
            await asyncio.sleep(ahead)


def _message(number: int) -> Outgoing:
    """An event of one of a few streams, at this moment."""
    certificate = f"called-{number % STREAMS}"
    stream, version = f"certificate-{certificate}", number // STREAMS + 1
    event = CertificateWithdrawn(certificate, f"V{number}", "nobody", "0" * 64, "bench")
    envelope = Envelope(
        id=f"volunteering/{stream}/{version}/0",
        type=type_of(CertificateWithdrawn),
        source="/jinlin/volunteering",
        subject=stream,
        time=datetime.now(UTC),
        data=msgspec.to_builtins(event),
        sequence=version,
        correlationid=f"volunteering/{stream}/1",
    )
    return Outgoing(topic("volunteering"), stream, envelope.to_bytes())
