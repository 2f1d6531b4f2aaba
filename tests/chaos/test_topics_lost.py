"""A topic is deleted by mistake, or a group is set back to the start: nothing is lost, and nobody
hears anything a second time.
"""

import asyncio
import os
import subprocess
from collections.abc import Sequence
from functools import partial

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, OffsetAndMetadata, TopicPartition
from kafka.errors import KafkaError

from deploy.local.layout import PYTHON, ROOT
from shared.contracts.envelope import SERVICES, topic
from shared.runtime.topics import PARTITIONS
from tests.chaos.load import under_load
from tests.chaos.notified import has_read_all, messages_told
from tests.chaos.report import Account
from tests.chaos.witness import Witness
from tests.e2e.town import Town
from tests.e2e.waiting import until

TOPIC = topic("petitions")

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.alone,
    pytest.mark.long,
    pytest.mark.slow,
    pytest.mark.timeout(300),
]


def tool(town: Town, name: str, arguments: Sequence[str] = ()) -> str:
    """What one of the operator's tools prints; it is given petitions' settings."""
    done = subprocess.run(
        [PYTHON, "-m", f"shared.runtime.tools.{name}", *arguments],
        cwd=ROOT,
        env={**os.environ, **town.services["petitions"].env},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def delete_topic(town: Town) -> None:
    """Deletes the topic of petitions' events and waits until it is gone."""
    admin = KafkaAdminClient(bootstrap_servers=town.kafka.bootstrap)
    try:
        admin.delete_topics([TOPIC])
        until(lambda: TOPIC not in admin.list_topics(), "the topic is gone")
    finally:
        admin.close()


async def all_published(witness: Witness) -> None:
    """Waits until the topics hold every event of the commits."""
    async with asyncio.timeout(60):
        while any("was never published" in str(one) for one in await witness.look()):  # noqa: ASYNC110
            await asyncio.sleep(0.5)


async def test_a_deleted_topic_is_filled_again_from_the_commits(
    town: Town, witness: Witness, account: Account
) -> None:
    notifications = town.services["notifications"]
    await asyncio.to_thread(notifications.stop)
    async with under_load(town) as unread:
        await unread.reach(100)
    witness.told += unread.told
    await all_published(witness)
    await asyncio.to_thread(delete_topic, town)
    account.broke("topic deleted with events that nobody had read")
    notifications.start()
    async with under_load(town) as load:
        await load.reach(100)
        assert set(load.answers) <= {"200", "201"}, "writes need no topic"
        # As docs/guides/operating.md says: make topics, make replay.
        await asyncio.to_thread(tool, town, "topics")
        await load.reach(50)
    for process in town.services.values():
        await asyncio.to_thread(process.wait_ready)
    await all_published_again(town, witness)
    account.heard(unread.answers + load.answers, len(unread.told) + len(load.told))
    await witness.satisfied(load.told)


async def all_published_again(town: Town, witness: Witness) -> None:
    """Replays petitions' commits; what the relay still had to publish comes before it."""
    published = await asyncio.to_thread(
        tool, town, "replay", ["--service", "petitions", "--from", ""]
    )
    assert "events published again" in published
    await all_published(witness)


def set_back(town: Town, group: str) -> int:
    """Sets the group to the start of every topic; how many messages it will be given again."""
    consumer = KafkaConsumer(
        bootstrap_servers=town.kafka.bootstrap, group_id=group, enable_auto_commit=False
    )
    try:
        places = [TopicPartition(topic(name), n) for name in SERVICES for n in range(PARTITIONS)]
        starts = consumer.beginning_offsets(places)
        done = {place: consumer.committed(place) for place in places}
        back = {
            place: OffsetAndMetadata(starts[place], "", -1)
            for place, offset in done.items()
            if offset is not None
        }

        def is_set() -> bool:
            try:
                consumer.commit(back)
            except KafkaError:  # the member that was stopped counts as there for some seconds
                return False
            return True

        until(is_set, "the group is set back")
        return sum(done[place] - starts[place] for place in back)
    finally:
        consumer.close()


async def test_a_group_that_is_set_back_to_the_start_tells_nobody_again(
    town: Town, witness: Witness, account: Account
) -> None:
    async with under_load(town) as load:
        await load.reach(100)
    account.heard(load.answers, len(load.told))
    await witness.satisfied(load.told)
    notifications = town.services["notifications"]
    await asyncio.to_thread(notifications.stop)
    try:
        before = await asyncio.to_thread(messages_told, town)
        again = await asyncio.to_thread(set_back, town, "notifications")
        account.broke("consumer group set back to the start")
    finally:
        notifications.start()
    await asyncio.to_thread(notifications.wait_ready)
    assert before
    assert again > len(before) / 2, "nearly every event comes again"
    await asyncio.to_thread(until, partial(has_read_all, town), "it has read everything again", 90)
    assert await asyncio.to_thread(messages_told, town) == before
    await witness.satisfied()
