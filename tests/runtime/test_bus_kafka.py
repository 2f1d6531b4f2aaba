"""What may befall a real Kafka while services are connected to it."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

import pytest
from aiokafka.consumer.fetcher import Fetcher

from deploy.local.processes import free_port
from deploy.local.servers import KafkaServer
from shared.runtime.bus import BusUnavailable, Incoming, Outgoing
from shared.runtime.clock import SystemClock
from shared.runtime.kafka_bus import KafkaBus
from shared.runtime.kafka_subscription import FETCH_WAIT_MS, REST_FETCH_WAIT_MS
from shared.runtime.topics import TopicSpec, provision
from tests.runtime.bus_fixtures import Inbox, KafkaTestBroker, eventually


@pytest.mark.slow
@pytest.mark.timeout(240)
async def test_a_broker_that_is_late_goes_away_and_comes_back_loses_nothing(
    own_kafka: Callable[..., KafkaServer],
) -> None:
    port = free_port()
    bus = KafkaBus(f"127.0.0.1:{port}", "late", SystemClock())
    starting = asyncio.create_task(bus.start())
    kafka = await asyncio.to_thread(lambda: own_kafka(port=port))
    async with asyncio.timeout(30):
        await starting
    broker = KafkaTestBroker(kafka.bootstrap)
    topic, inbox = broker.topic(), Inbox()
    subscription = await bus.subscribe([topic], "g", inbox)

    published = 0

    async def publish(until: int) -> None:
        """As the relay does: a call that failed is given again before anything later."""
        nonlocal published
        while published < until:
            messages = [
                Outgoing(topic, f"k{key}", f"{n}".encode())
                for n in range(published, published + 5)
                for key in range(10)
            ]
            try:
                await bus.publish(messages)
                published += 5
            except BusUnavailable:
                await asyncio.sleep(0.2)

    await publish(100)
    await eventually(subscription.working)
    kafka.kill()
    with pytest.raises(BusUnavailable):
        await bus.publish([Outgoing(topic, "other", b"")])
    publishing = asyncio.create_task(publish(200))
    await eventually(lambda: not subscription.working())
    await asyncio.to_thread(kafka.start)
    async with asyncio.timeout(60):
        await publishing
    await eventually(lambda: all(len(inbox.values(f"k{key}")) == 200 for key in range(10)), 60)
    await eventually(subscription.working)

    for key in range(10):
        assert inbox.values(f"k{key}") == [f"{n}".encode() for n in range(200)]
        stored = [m.value for m in broker.messages(topic) if m.key == f"k{key}".encode()]
        assert list(dict.fromkeys(stored)) == [f"{n}".encode() for n in range(200)]
    await bus.stop()


@pytest.mark.slow
async def test_a_broker_that_pauses_is_waited_for(own_kafka: Callable[..., KafkaServer]) -> None:
    kafka = await asyncio.to_thread(own_kafka)
    broker = KafkaTestBroker(kafka.bootstrap)
    topic, bus = broker.topic(), await broker.bus()
    await bus.publish([Outgoing(topic, "a", b"1")])
    kafka.pause()
    try:
        publishing = asyncio.create_task(bus.publish([Outgoing(topic, "a", b"2")]))
        done, _ = await asyncio.wait([publishing], timeout=2)
        assert not done
    finally:
        kafka.resume()
    async with asyncio.timeout(30):
        await publishing
    await bus.stop()

    assert [m.value for m in broker.messages(topic)] == [b"1", b"2"]


async def test_a_topic_that_is_not_there_yet_is_waited_for(kafka: KafkaServer) -> None:
    name = f"topic-{uuid4().hex[:8]}"
    bus, inbox = KafkaBus(kafka.bootstrap, "early", SystemClock()), Inbox()
    await bus.start()
    subscribing = asyncio.create_task(bus.subscribe([name], f"group-{name}", inbox))
    with pytest.raises(BusUnavailable):
        await bus.publish([Outgoing(name, "a", b"1")])
    assert not subscribing.done()

    provision(kafka.bootstrap, [TopicSpec(name)])
    await bus.publish([Outgoing(name, "a", b"1")])
    await subscribing
    await eventually(lambda: inbox.taken)
    await bus.stop()


async def test_at_rest_it_asks_seldom_and_busy_it_does_not_wait_for_idle_partitions(
    kafka: KafkaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[int] = []
    ask = Fetcher._proc_fetch_request

    async def noted(self: Any, assignment: Any, node: int, request: Any) -> Any:
        waits.append(request._max_wait_ms)
        return await ask(self, assignment, node, request)

    monkeypatch.setattr(Fetcher, "_proc_fetch_request", noted)
    held = asyncio.Event()

    async def hold(batch: Sequence[Incoming]) -> None:
        await held.wait()

    inbox = Inbox(trouble=hold)
    broker = KafkaTestBroker(kafka.bootstrap)
    topic, bus = broker.topic(), await broker.bus()
    await bus.subscribe([topic], f"group-{topic}", inbox)

    await eventually(lambda: waits)
    already = len(waits)
    await eventually(lambda: len(waits) == already + 3)
    assert waits[already:] == [FETCH_WAIT_MS] * 3

    await bus.publish([Outgoing(topic, "a", b"1")])
    await eventually(lambda: inbox.batches)
    await bus.publish([Outgoing(topic, "a", b"2")])
    await eventually(lambda: waits[-3:] == [REST_FETCH_WAIT_MS] * 3)
    held.set()
    await eventually(lambda: inbox.values("a") == [b"1", b"2"])
    already = len(waits)
    await eventually(lambda: len(waits) == already + 3)
    assert waits[already + 2] == FETCH_WAIT_MS
    await bus.stop()


async def test_many_large_messages_go_in_as_many_batches_as_they_need(kafka: KafkaServer) -> None:
    broker = KafkaTestBroker(kafka.bootstrap)
    topic, bus, inbox = broker.topic(), await broker.bus(), Inbox()
    values = [bytes([n]) * 300_000 for n in range(12)]
    await bus.publish([Outgoing(topic, "a", value) for value in values])
    await bus.subscribe([topic], f"group-{topic}", inbox)
    await eventually(lambda: len(inbox.taken) == 12)
    await bus.stop()

    assert [m.value for m in inbox.taken] == values


class Crooked(str):
    """A header's name that is not UTF-8, as a careless program may write it."""

    def encode(self, *_: object) -> bytes:  # type: ignore[override]
        return b"\xff\xfe"


async def test_a_header_name_that_is_not_text_does_not_stop_the_partition(
    kafka: KafkaServer,
) -> None:
    broker = KafkaTestBroker(kafka.bootstrap)
    topic, bus, inbox = broker.topic(), await broker.bus(), Inbox()
    broker.write(topic, b"before", key=b"a")
    broker.write(topic, b"odd", key=b"a", headers=[(Crooked("x"), b"y")])
    broker.write(topic, b"after", key=b"a")

    await bus.subscribe([topic], f"group-{topic}", inbox)
    await eventually(lambda: b"after" in {m.value for m in inbox.taken})
    await bus.stop()

    assert inbox.values("a") == [b"before", b"after"]
