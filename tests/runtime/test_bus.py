"""What every bus must do: keep order per key, share partitions, lose nothing."""

import asyncio
from collections.abc import Sequence
from uuid import uuid4

from shared.runtime.bus import Incoming, Outgoing
from tests.runtime.bus_fixtures import Broker, Inbox, broker, eventually

__all__ = ["broker"]

KEYS = [f"stream-{n}" for n in range(20)]


def group() -> str:
    return f"group-{uuid4().hex[:8]}"


def numbered(topic: str, first: int, last: int) -> list[Outgoing]:
    """One message per key and number."""
    return [Outgoing(topic, key, f"{n}".encode()) for n in range(first, last) for key in KEYS]


def numbers(first: int, last: int) -> list[bytes]:
    return [f"{n}".encode() for n in range(first, last)]


def have_all(first: int, last: int, *inboxes: Inbox) -> bool:
    expected = {(key.encode(), n) for key in KEYS for n in numbers(first, last)}
    return {(m.key, m.value) for inbox in inboxes for m in inbox.taken} >= expected


async def test_a_key_keeps_its_order_and_its_partition(broker: Broker) -> None:
    topic, bus, inbox = broker.topic(), await broker.bus(), Inbox()
    for first in range(0, 50, 10):
        await bus.publish(numbered(topic, first, first + 10))

    await bus.subscribe([topic], group(), inbox)
    await eventually(lambda: have_all(0, 50, inbox))

    for key in KEYS:
        assert inbox.values(key) == numbers(0, 50)
        assert len({m.partition for m in inbox.taken if m.key == key.encode()}) == 1
    assert len({m.partition for m in inbox.taken}) > 1


async def test_a_group_starts_at_the_earliest_message_and_goes_on_where_it_was(
    broker: Broker,
) -> None:
    topic, bus, name = broker.topic(), await broker.bus(), group()
    await bus.publish(numbered(topic, 0, 3))
    before, after = Inbox(), Inbox()
    subscription = await bus.subscribe([topic], name, before)
    await eventually(lambda: have_all(0, 3, before))
    await subscription.stop()
    await bus.publish(numbered(topic, 3, 5))

    await bus.subscribe([topic], name, after)
    await eventually(lambda: have_all(3, 5, after))

    assert all(after.values(key) == numbers(3, 5) for key in KEYS)


async def test_each_group_gets_everything(broker: Broker) -> None:
    topic, bus, one, other = broker.topic(), await broker.bus(), Inbox(), Inbox()
    await bus.subscribe([topic], group(), one)
    await bus.subscribe([topic], group(), other)

    await bus.publish(numbered(topic, 0, 3))

    await eventually(lambda: have_all(0, 3, one) and have_all(0, 3, other))


async def test_a_batch_whose_handler_raises_is_given_again_before_anything_later(
    broker: Broker,
) -> None:
    topic, bus, failures = broker.topic(), await broker.bus(), 0

    async def trouble(batch: Sequence[Incoming]) -> None:
        nonlocal failures
        if failures < 3:
            failures += 1
            raise RuntimeError("the store is on fire")

    inbox = Inbox(trouble)
    await bus.publish(numbered(topic, 0, 5))
    await bus.subscribe([topic], group(), inbox)
    await eventually(lambda: have_all(0, 5, inbox))

    assert failures == 3
    first = {(m.partition, m.offset) for m in inbox.batches[0]}
    for again in inbox.batches[1:4]:
        assert {(m.partition, m.offset) for m in again} >= first
    assert all(inbox.values(key) == numbers(0, 5) for key in KEYS)


async def test_what_was_not_handled_to_the_end_comes_again_to_the_next_member(
    broker: Broker,
) -> None:
    topic, name = broker.topic(), group()
    bus = await broker.bus()
    await bus.publish(numbered(topic, 0, 3))

    async def trouble(batch: Sequence[Incoming]) -> None:
        raise RuntimeError("never works here")

    failing, next_one = Inbox(trouble), Inbox()
    subscription = await bus.subscribe([topic], name, failing)
    await eventually(lambda: failing.batches)
    await subscription.stop()
    await bus.subscribe([topic], name, next_one)
    await eventually(lambda: have_all(0, 3, next_one))

    assert all(next_one.values(key) == numbers(0, 3) for key in KEYS)


async def test_members_share_the_partitions_and_take_over_from_each_other(broker: Broker) -> None:
    topic, name = broker.topic(), group()
    one, other = Inbox(), Inbox()
    first_bus, second_bus = await broker.bus(), await broker.bus()
    first = await first_bus.subscribe([topic], name, one)
    await second_bus.subscribe([topic], name, other)

    published = 0

    async def publish_until_both_work() -> None:
        nonlocal published
        while not (one.taken and other.taken):
            await first_bus.publish(numbered(topic, published, published + 1))
            published += 1
            await asyncio.sleep(0.05)

    async with asyncio.timeout(30):
        await publish_until_both_work()
    await eventually(lambda: have_all(0, published, one, other))
    await first.stop()
    await second_bus.publish(numbered(topic, published, published + 3))
    await eventually(lambda: have_all(published, published + 3, other))

    for key in KEYS:
        # A partition that changed hands may have come twice; in order it came to each.
        for inbox in (one, other):
            seen = [int(value) for value in inbox.values(key)]
            assert seen == sorted(seen)


async def test_headers_and_keys_of_any_bytes_pass_through(broker: Broker) -> None:
    topic, bus, inbox = broker.topic(), await broker.bus(), Inbox()
    headers = [("note", b"\xff\xfe"), ("reply_to", b"petitions.events.v1")]
    broker.write(topic, b"\x00not text", key=b"\xff\x00", headers=headers)
    broker.write(topic, b"", key=b"k")

    await bus.subscribe([topic], group(), inbox)
    await eventually(lambda: len(inbox.taken) == 2)

    odd = next(m for m in inbox.taken if m.value)
    assert (odd.key, list(odd.headers)) == (b"\xff\x00", headers)


async def test_a_subscription_says_when_it_works(broker: Broker) -> None:
    topic, bus, name = broker.topic(), await broker.bus(), group()
    subscription = await bus.subscribe([topic], name, Inbox())

    await eventually(subscription.working)


async def test_members_beyond_the_number_of_partitions_work_as_well(broker: Broker) -> None:
    topic, bus, name = broker.topic(), await broker.bus(), group()
    members = [await bus.subscribe([topic], name, Inbox()) for _ in range(7)]

    await eventually(lambda: all(member.working() for member in members))
