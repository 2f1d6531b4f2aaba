"""Dead letters as they lie in their topic: in memory, then on a real Kafka."""

from uuid import uuid4

import pytest

from shared.contracts.envelope import dead_letter_topic
from shared.runtime import letters as lying
from shared.runtime.bus import BusUnavailable
from shared.runtime.clock import SystemClock
from shared.runtime.kafka_bus import KafkaBus
from shared.runtime.letters import DROPPED, REPLAYED, REPLAYED_FOR, Letter, Look
from shared.runtime.memory_bus import MemoryBus, MemoryTopics
from tests.runtime.bus_fixtures import Broker, broker

__all__ = ["broker"]

ORIGIN = "letters.events.v1"
"""The topic of no service: others read those, and what is sent here is no envelope."""


class Box:
    """The letters of a service of its own."""

    def __init__(self, broker: Broker) -> None:
        self.broker = broker
        self.service = f"service{uuid4().hex[:8]}"
        self.topic = broker.topic(dead_letter_topic(self.service))

    def put(self, value: bytes, key: bytes | None = b"petition-1", **headers: bytes) -> None:
        """Lays a letter down as a subscriber does."""
        told = {"original-topic": ORIGIN.encode(), **headers}
        if key is not None:
            told["original-key"] = key
        written = [(name.replace("_", "-"), said) for name, said in told.items()]
        self.broker.write(self.topic, value, key=b"any", headers=written)

    async def look(self, whole: str | None = None) -> Look:
        """The letters, as a process that has just started sees them."""
        return await (await self.broker.bus()).letters(self.service).look(whole)

    async def one(self) -> Letter:
        """The one that waits, in full."""
        (found,) = (await self.look()).unresolved()
        return (await self.look(found.id)).find(found.id)


@pytest.fixture
def box(broker: Broker) -> Box:
    return Box(broker)


async def test_letters_are_listed_without_what_they_say(box: Box) -> None:
    box.put(b'{"a": 1}', reason=b"no envelope", tries=b"1")
    box.put(b"\xff\xfe", key=None)
    look = await box.look()
    assert look.complete
    assert [letter.value for letter in look.letters] == [b"", b""]
    first, second = look.letters
    assert (first.header("reason"), first.origin[0]) == ("no envelope", ORIGIN)
    assert (first.key, second.key) == (b"petition-1", None)
    assert (await box.look(second.id)).find(second.id).text(100) == ("\\xff\\xfe", True)


async def test_a_long_letter_is_cut(box: Box) -> None:
    box.put(b"x" * 50)
    assert (await box.one()).text(10) == ("x" * 10, False)


async def test_a_replayed_letter_goes_to_its_topic_for_its_service_only(
    box: Box, broker: Broker
) -> None:
    broker.topic(ORIGIN)
    key = uuid4().bytes + b"\xff"
    box.put(b"again", key=key)
    letter = await box.one()
    await (await broker.bus()).letters(box.service).replay(letter, "operator-1")
    (sent,) = [one for one in broker.messages(ORIGIN) if one.key == key]
    assert sent.value == b"again"
    assert dict(sent.headers)[REPLAYED_FOR] == box.service.encode()
    look = await box.look()
    assert look.unresolved() == []
    resolution = look.find(letter.id).resolution
    assert resolution is not None
    assert (resolution.how, resolution.by) == (REPLAYED, "operator-1")


async def test_of_two_decisions_the_first_counts(box: Box, broker: Broker) -> None:
    box.put(b"never")
    letter = await box.one()
    letters = (await broker.bus()).letters(box.service)
    await letters.drop(letter, "sent by a test", "operator-1")
    await letters.drop(letter, "sent by another test", "operator-2")
    resolution = (await box.look()).find(letter.id).resolution
    assert resolution is not None
    assert (resolution.how, resolution.reason, resolution.by) == (
        DROPPED,
        "sent by a test",
        "operator-1",
    )


async def test_a_look_takes_in_the_newest_and_says_that_there_are_more(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("shared.runtime.kafka_letters", "shared.runtime.memory_letters"):
        monkeypatch.setattr(f"{name}.NEWEST", 2)
    for number in range(3):
        box.put(b"", event_id=b"event-%d" % number)
    look = await box.look()
    assert not look.complete
    assert [one.header("event-id") for one in look.letters] == ["event-1", "event-2"]


async def test_what_is_no_letter_of_ours_is_told_as_far_as_it_goes(box: Box) -> None:
    box.put(b"", failed_at=b"yesterday", resolution=b"eaten")
    letter = await box.one()
    assert letter.failed_at is None
    assert letter.resolution is None


async def test_a_broker_that_is_away_is_said_so() -> None:
    topics = MemoryTopics()
    topics.go_away()
    with pytest.raises(BusUnavailable):
        await MemoryBus(topics, SystemClock()).letters("petitions").look()


@pytest.mark.slow
async def test_no_broker_at_all_is_said_so() -> None:
    with pytest.raises(BusUnavailable):
        await KafkaBus("127.0.0.1:1", "tests", SystemClock()).letters("petitions").look()


def test_a_look_is_over_before_the_gateway_gives_up() -> None:
    bootstrap, patience = 5.0, 15.0
    assert bootstrap + lying.LONGEST_LOOK < patience
