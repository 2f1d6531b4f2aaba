"""Offsets of groups, put back on a broker that has just started."""

from typing import Any, cast

import pytest
from kafka import KafkaAdminClient, TopicPartition
from kafka.errors import NoError, UnknownMemberIdError
from kafka.structs import OffsetAndMetadata

from deploy.backup import topics
from deploy.backup.troubles import NotNow

PLACE = TopicPartition("community.events.v1", 5)
TO = {PLACE: OffsetAndMetadata(3, "", -1)}


class Admin:
    """Refuses so many times, as where members that were killed are still waited for."""

    def __init__(self, refusing: int) -> None:
        self.refusing = refusing
        self.asked = 0

    def alter_group_offsets(self, group: str, to: Any) -> dict[TopicPartition, Any]:
        self.asked += 1
        return {PLACE: UnknownMemberIdError if self.asked <= self.refusing else NoError}


@pytest.fixture(autouse=True)
def _in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topics, "LOOK_EVERY", 0.001)
    monkeypatch.setattr(topics, "IDLE_WITHIN", 0.2)


def test_members_that_were_killed_are_waited_for() -> None:
    admin = Admin(refusing=3)
    topics._put_back(cast(KafkaAdminClient, admin), "petitions", TO)
    assert admin.asked == 4


def test_members_that_stay_are_told() -> None:
    with pytest.raises(NotNow, match=r"community\.events\.v1/5"):
        topics._put_back(cast(KafkaAdminClient, Admin(refusing=10**9)), "petitions", TO)
