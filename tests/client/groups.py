"""Consumer groups as the broker sees them, and waiting for something to be so."""

import time
from collections.abc import Callable

from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.admin import MemberToRemove

from shared.runtime.topics import PARTITIONS

PATIENCE = 120.0
"""Seconds after which something that should have come will not."""


def until(condition: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    """Waits for it. Fails after `patience` seconds."""
    give_up = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < give_up, f"not within {patience:.0f} s: {what}"
        time.sleep(0.05)


def committed(bootstrap: str, group: str, topic: str) -> bool:
    """Whether a group has committed as far as the topic reaches."""
    partitions = [TopicPartition(topic, number) for number in range(PARTITIONS)]
    probe = KafkaConsumer(bootstrap_servers=bootstrap, group_id=group)
    try:
        ends = probe.end_offsets(partitions)
        return all((probe.committed(each) or 0) == ends[each] for each in partitions)
    finally:
        probe.close()


def members(bootstrap: str, group: str) -> int:
    """How many members it has."""
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        return len(admin.describe_groups([group])[group]["members"])
    finally:
        admin.close()


def bury(bootstrap: str, group: str, *, forget: bool = False) -> None:
    """Tells the broker that killed members are gone, instead of waiting for it to notice.

    With `forget` the group's offsets go too, as after a reset to the start.
    """
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        left = admin.describe_groups([group])[group]["members"]
        if left:
            admin.remove_group_members(
                group, [MemberToRemove(member_id=member["member_id"]) for member in left]
            )
        if forget:
            admin.delete_groups([group])
    finally:
        admin.close()


def drop(bootstrap: str, topic: str) -> None:
    """Deletes a topic, and waits until it is gone."""
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        admin.delete_topics([topic])
        until(lambda: topic not in admin.list_topics(), f"{topic} gone")
    finally:
        admin.close()
