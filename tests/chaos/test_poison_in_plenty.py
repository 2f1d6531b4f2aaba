"""Messages of 10 MB, events in the wrong order, and one event a thousand times over."""

import asyncio
from collections.abc import Iterator
from functools import partial

import pytest
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType

from deploy.local.servers import KafkaServer
from shared.runtime.dead_letters import DeadLetters
from tests.chaos.notified import has_read_all, messages_told
from tests.chaos.poison import LARGEST, NOBODYS, TOPIC, envelope, letters, put
from tests.chaos.report import Account
from tests.chaos.witness import Witness, messages_in
from tests.e2e.town import HOME, Town
from tests.e2e.waiting import until

HUGE = 10_000_000
TIMES = 1_000
LIMIT = "max.message.bytes"

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.alone,
    pytest.mark.long,
    pytest.mark.slow,
    pytest.mark.timeout(180),
]


def set_limit(kafka: KafkaServer, size: int) -> None:
    """How large a message of petitions' topic may be."""
    admin = KafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    try:
        configs = {LIMIT: str(size)}
        admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, TOPIC, configs=configs)])
    finally:
        admin.close()


@pytest.fixture
def careless(town: Town) -> Iterator[Town]:
    """Somebody lets the topic take what nobody of ours would send."""
    set_limit(town.kafka, LARGEST)
    yield town
    set_limit(town.kafka, 1_048_588)


async def test_ten_megabytes_step_aside(careless: Town, witness: Witness, account: Account) -> None:
    town = careless
    junk = b"x" * HUGE
    padded = envelope(**NOBODYS, padding="x" * HUGE)
    witness.planted |= {junk, padded}
    before = len(letters(town))
    put(town, [junk, padded])
    account.broke("message of 10 MB that is not JSON")
    account.broke("event with 10 MB that nobody asked for")
    until(lambda: len(letters(town)) > before, "the junk lies among the dead letters", 60)
    await asyncio.to_thread(until, partial(has_read_all, town), "the partition moved on", 60)
    (letter,) = (one for one in letters(town) if one.value == junk)
    assert letter.header("reason").startswith("not JSON")
    DeadLetters(town.kafka.bootstrap, "notifications").drop(letter, "planted by a test")
    resident = town.resident()
    resident.told("petition-received", resident.file())
    await witness.satisfied()


async def test_a_thousand_times_and_in_the_wrong_order_is_once(
    town: Town, witness: Witness, account: Account
) -> None:
    resident, worker = town.resident(), town.holder(HOME)
    petition = resident.file()
    worker.does("take", petition)
    worker.does("answer", petition, done="已经清走。", done_by="物业", finished=True)
    resident.told("petition-answered", petition)
    await witness.satisfied()
    before = messages_told(town)
    stream = f"petition-{petition}".encode()
    events = [
        message.value
        for message in messages_in(town.kafka.bootstrap, TOPIC)
        if message.key == stream
    ]
    assert len(events) > 3
    put(town, [events[0]] * TIMES, key=stream)
    account.broke(f"the same event {TIMES:,} times")
    put(town, reversed(events), key=stream)
    account.broke("events in the wrong order")
    # Of a petition that nobody ever filed, something later comes first.
    strangers = [
        envelope(**NOBODYS, id=f"petitions/petition-stranger/{n}/0", sequence=str(n))
        for n in (9, 1)
    ]
    witness.planted |= set(strangers)
    there = len(letters(town))
    put(town, strangers, key=b"petition-stranger")
    await asyncio.to_thread(until, partial(has_read_all, town), "all is read", 90)
    resident.told("petition-received", resident.file())
    await witness.satisfied()
    again = messages_told(town)
    assert {told: again[told] for told in before} == dict(before), "nobody heard it again"
    assert len(letters(town)) == there
