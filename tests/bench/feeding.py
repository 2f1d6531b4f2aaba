"""How fast the feed takes what waits in Kafka, and how fast it is read."""

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import msgspec

from deploy.local.layout import LocalError
from services.subscriptions.domain.feed.feed import CITY
from shared.contracts.envelope import Envelope, topic, type_of
from shared.contracts.event import Event
from shared.contracts.petitions import (
    PetitionAnswered,
    PetitionAssigned,
    PetitionClosed,
    PetitionFiled,
    PetitionRated,
    PetitionReachedLevel,
    PetitionTaken,
)
from shared.contracts.types import Level, PetitionKind, Urgency
from shared.runtime.bus import Outgoing
from shared.runtime.clock import SystemClock
from shared.runtime.kafka_bus import KafkaBus
from shared.runtime.topics import TopicSpec, provision
from tests.bench.bench import Bench
from tests.bench.figure import Figure
from tests.bench.machine import cpu_seconds
from tests.bench.platform import wait_until

PETITIONS = 6_000
STEP = 100
"""Petitions whose events are published at once."""
WITHIN = 600
"""Seconds in which whatever waits is entered."""
NOON = datetime(2025, 3, 3, 4, 0, tzinfo=UTC)
PATH = ("350102", "350102001", "350102001001", "350102001001-n1")
LIFE = 7
"""Events of a petition, of which the first tells where it lies."""


def enter_rate(bench: Bench) -> Figure:
    """Events per second that wait in Kafka and become entries of one process, petitions' whole
    lives; and how fast they are read then.
    """
    provision(bench.platform.kafka.bootstrap, [TopicSpec(topic("petitions"))])
    already = bench.platform.published(topic("petitions"))
    asyncio.run(_publish(bench.platform.kafka.bootstrap))
    process = bench.platform.service("subscriptions")
    states = bench.platform.store("subscriptions")["state_feed"]

    def entered() -> int:
        found = states.find_one({"_id": CITY})
        return int(found["s"]["entered"]) if found else 0

    whole = already + LIFE * PETITIONS
    wait_until(lambda: entered() > 0, WITHIN, "the first is entered", 0.01)
    first, began, spent = entered(), time.monotonic(), cpu_seconds(process.pid)
    wait_until(lambda: entered() >= whole, WITHIN, "all are entered", 0.02)
    rate = (whole - first) / (time.monotonic() - began)
    cpu = 1e6 * (cpu_seconds(process.pid) - spent) / (whole - first)
    commits = bench.platform.store("subscriptions")["commits"]
    steps = commits.count_documents({"verb": "enter-all"})
    token = bench.platform.issuer.token("bench-system", ["service"], [])
    reading = _read(process.url, token, whole)
    process.stop()
    return Figure(
        rate,
        f"{whole - first:,} events waited, {steps:,} steps, {cpu:.0f} µs of CPU each; "
        f"read at {reading:,.0f} events/s",
    )


def _read(url: str, token: str, count: int) -> float:
    """Events per second that one reader is given, part by part."""
    asked = {"limit": "1000"}
    got, began = 0, time.monotonic()
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=url, timeout=60, headers=headers) as client:
        while True:
            answer = client.get("/feed", params=asked)
            if answer.status_code != 200:
                raise LocalError(f"no feed: {answer.status_code} {answer.text[:300]}")
            part = len(answer.json())
            if part == 0:
                break
            got += part
            asked["after"] = answer.headers["jinlin-cursor"]
    if got < count:
        raise LocalError(f"the feed should have {count} entries, and gave {got}")
    return got / (time.monotonic() - began)


async def _publish(bootstrap: str) -> None:
    bus = KafkaBus(bootstrap, "bench", SystemClock(), "bench")
    await bus.start()
    for first in range(0, PETITIONS, STEP):
        numbers = range(first, min(PETITIONS, first + STEP))
        await bus.publish([message for number in numbers for message in _life(f"{number:032x}")])
    await bus.stop()


def _life(petition: str) -> Iterator[Outgoing]:
    """From filed to closed, in the order in which its relay publishes it."""
    kind, urgency, at = PetitionKind.COMPLAINT, Urgency.NORMAL, Level.NEIGHBOURHOOD
    place, category, who = PATH[-1], "property-lifts", "resident-1"
    events: tuple[tuple[int, Event], ...] = (
        (1, PetitionFiled(petition, kind, category, urgency, "web", place, PATH, who, NOON)),
        (1, PetitionReachedLevel(petition, at, place, NOON, NOON, "filed", who)),
        (1, PetitionAssigned(petition, "worker", "petitions", at, place, NOON, category, who)),
        (2, PetitionTaken(petition, "worker", at, who)),
        (3, PetitionAnswered(petition, "worker", at, place, category, True, NOON, who)),
        (4, PetitionRated(petition, 4, True, at, place, category, "worker")),
        (4, PetitionClosed(petition, "rated", at, place, category, who)),
    )
    assert len(events) == LIFE
    stream = f"petition-{petition}"
    for number, (version, event) in enumerate(events):
        envelope = Envelope(
            id=f"petitions/{stream}/{version}/{number}",
            type=type_of(type(event)),
            source="/jinlin/petitions",
            subject=stream,
            time=NOON,
            data=msgspec.to_builtins(event),
            sequence=version,
            correlationid=f"petitions/{stream}/1",
        )
        yield Outgoing(topic("petitions"), stream, envelope.to_bytes())
