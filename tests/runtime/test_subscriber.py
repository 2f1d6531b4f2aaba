"""Events become commands once and in order; what cannot be handled steps aside."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import uuid4

import orjson
import pytest
from opentelemetry import trace

from shared.contracts.envelope import Envelope, dead_letter_topic, type_of
from shared.contracts.event import Event
from shared.contracts.petitions import PetitionCommented, PetitionReturned, PetitionTaken
from shared.runtime.aggregate import Aggregate, Command
from shared.runtime.bus import Incoming
from shared.runtime.clock import SystemClock
from shared.runtime.journal import Kind, Query, Unavailable
from shared.runtime.memory_journal import MemoryJournal
from shared.runtime.reactions import About, Do, Reactions
from shared.runtime.store import Store
from shared.runtime.subscriber import TRIES, Subscriber
from tests.runtime.bus_fixtures import Broker, broker, eventually
from tests.runtime.lamp import Install, LampSwitched, Switch, lamp

__all__ = ["broker"]

S = TypeVar("S")

TOPIC = "petitions.events.v1"
TAKEN, COMMENTED = type_of(PetitionTaken), type_of(PetitionCommented)
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


@dataclass
class Troubled:
    """A `Do` that raises what is waiting in `trouble` first."""

    do: Do
    trouble: list[Exception]

    async def __call__(self, aggregate: Aggregate[Any], id: str, command: Command) -> None:
        if self.trouble:
            raise self.trouble.pop(0)
        await self.do(aggregate, id, command)

    def find(self, aggregate: Aggregate[S], query: Query) -> AsyncIterator[tuple[str, S]]:
        return self.do.find(aggregate, query)


class World:
    """A service of its own name: a petition taken installs a lamp, a comment switches it."""

    def __init__(self, broker: Broker) -> None:
        self.broker = broker
        self.service = f"lamps{uuid4().hex[:8]}"
        self.clock = SystemClock()
        self.journal = MemoryJournal(self.clock)
        self.store = Store(self.service, self.journal, self.clock, [lamp])
        self.reactions = Reactions()
        self.subscriber: Subscriber | None = None
        self.handled: list[About] = []
        self.trouble: list[Exception] = []
        """What comes of the next commands instead of their effect, one each."""

        @self.reactions.on(PetitionTaken)
        async def install(event: PetitionTaken, about: About, do: Do) -> None:
            self.handled.append(about)
            await do(
                lamp, about.subject, Install(place="p1", keeper="w1", watts=10, by=event.assignee)
            )

        @self.reactions.on(PetitionCommented)
        async def switch(event: PetitionCommented, about: About, do: Do) -> None:
            self.handled.append(about)
            await do(lamp, about.subject, Switch())

    def do_for(self, about: About) -> Do:
        return Troubled(self.store.do_for(about), self.trouble)

    async def start(self) -> None:
        await self.journal.prepare([Kind("lamp")])
        self.broker.topic(TOPIC)
        self.broker.start_now(self.service, TOPIC)
        self.broker.topic(dead_letter_topic(self.service))
        self.subscriber = Subscriber(
            self.service, await self.broker.bus(), self.reactions, self.clock, self.do_for
        )
        await self.subscriber.start()

    def dead(self) -> list[Incoming]:
        return self.broker.messages(dead_letter_topic(self.service))

    async def switched(self, id: str) -> int:
        stored = await self.store.get(lamp, id)
        return -1 if stored is None else stored.state.switched

    def send(self, id: str, version: int, event: Event | None = None, **changes: Any) -> None:
        message = envelope(id, version, event or comment(id), **changes)
        self.write(message.to_bytes(), id)

    def write(
        self, value: bytes, id: str = "x", headers: tuple[tuple[str, bytes], ...] = ()
    ) -> None:
        self.broker.write(TOPIC, value, key=f"petition-{id}".encode(), headers=headers)


def comment(id: str) -> PetitionCommented:
    return PetitionCommented(petition=id, by="s1", assignee=None, petitioner=None)


def taken(id: str) -> PetitionTaken:
    return PetitionTaken(petition=id, assignee="w1", level="area", petitioner=None)  # type: ignore[arg-type]


def envelope(id: str, version: int, event: Event, **changes: Any) -> Envelope:
    data = {name: getattr(event, name) for name in event.__slots__}  # type: ignore[attr-defined]
    fields: dict[str, Any] = {
        "id": f"petitions/petition-{id}/{version}/0",
        "type": type_of(type(event)),
        "source": "/jinlin/petitions",
        "subject": f"petition-{id}",
        "time": NINE,
        "data": data,
        "sequence": version,
        "correlationid": "c1",
    }
    return Envelope(**{**fields, **changes})


@pytest.fixture
async def world(broker: Broker) -> AsyncIterator[World]:
    world = World(broker)
    await world.start()
    yield world
    assert world.subscriber is not None
    await world.subscriber.stop()


def fresh() -> str:
    return uuid4().hex[:12]


async def after(world: World, *expected: tuple[str, int]) -> None:
    """Waits until the events of these streams and versions were handled."""
    wanted = {(f"petition-{id}", version) for id, version in expected}
    await eventually(lambda: {(each.stream, each.sequence) for each in world.handled} >= wanted)


async def test_an_event_has_its_effect_once_however_often_it_comes(world: World) -> None:
    id = fresh()
    world.send(id, 1, taken(id))
    for _ in range(5):
        world.send(id, 2)
    world.send(id, 3)
    await after(world, (id, 3))

    lamps = world.journal.disk.states
    await eventually(lambda: id in lamps("lamp") and lamps("lamp")[id].version == 3)
    assert await world.switched(id) == 2
    history = await world.journal.history(f"lamp-{id}")
    assert history[1].cause == f"petitions/petition-{id}/2/0>lamp-{id}"


async def test_the_events_of_one_stream_are_handled_in_order(world: World) -> None:
    ids = [fresh() for _ in range(5)]
    for version in range(1, 8):
        for id in ids:
            world.send(id, version, taken(id) if version == 1 else comment(id))
    await after(world, *((id, 7) for id in ids))
    lamps = world.journal.disk.states
    await eventually(lambda: all(lamps("lamp")[id].version == 7 for id in ids))

    for id in ids:
        versions = [each.sequence for each in world.handled if each.subject == id]
        assert list(dict.fromkeys(versions)) == list(range(1, 8))
        assert await world.switched(id) == 6


async def test_an_event_waits_for_the_store_as_long_as_it_takes(world: World) -> None:
    id = fresh()
    world.trouble = [Unavailable("no primary")] * (TRIES + 2)
    world.send(id, 1, taken(id))
    await eventually(lambda: not world.trouble)
    await after(world, (id, 1))

    await eventually(lambda: world.journal.disk.states("lamp").get(id))
    assert await world.switched(id) == 0
    assert world.dead() == []


async def test_trouble_that_passes_makes_no_dead_letter(world: World) -> None:
    id = fresh()
    world.trouble = [KeyError("once")] * (TRIES - 1)
    world.send(id, 1, taken(id))
    await eventually(lambda: world.journal.disk.states("lamp").get(id))

    assert world.dead() == []


async def test_an_event_that_is_itself_the_trouble_steps_aside(world: World) -> None:
    bad, good = fresh(), fresh()
    world.trouble = [ValueError("the phone 13800000000 is wrong")] * TRIES
    world.send(bad, 1, taken(bad))
    await eventually(lambda: not world.trouble)
    world.send(good, 1, taken(good))
    await eventually(lambda: world.journal.disk.states("lamp").get(good))

    (letter,) = world.dead()
    headers = dict(letter.headers)
    assert letter.value == envelope(bad, 1, taken(bad)).to_bytes()
    assert letter.key == headers["original-key"] == f"petition-{bad}".encode()
    assert headers["event-id"] == f"petitions/petition-{bad}/1/0".encode()
    assert headers["original-topic"] == TOPIC.encode()
    assert headers["tries"] == str(TRIES).encode()
    assert headers["reason"].startswith(b"ValueError at test_subscriber.py:")
    assert b"138" not in headers["reason"]


def deep(levels: int) -> bytes:
    return b"[" * levels + b"]" * levels


POISON = {
    "not JSON": b"\x00\xff not json",
    "empty": b"",
    "not an object": b"[1, 2, 3]",
    "not an envelope": b'{"specversion": "1.0"}',
    "another version of CloudEvents": b'{"specversion": "0.3"}',
    "nested without end": deep(400_000),
    "endless number": orjson.dumps(
        {**orjson.loads(envelope("p", 1, comment("p")).to_bytes()), "sequence": "9" * 10_000}
    ),
    "data of another type": envelope("p", 1, comment("p"), data={"petition": 5}).to_bytes(),
    "data missing": envelope("p", 1, comment("p"), data={}).to_bytes(),
}


@pytest.mark.parametrize("poison", POISON.values(), ids=POISON.keys())
async def test_poison_goes_to_the_dead_letters_and_the_partition_moves_on(
    world: World, poison: bytes
) -> None:
    id = fresh()
    world.write(poison, id)
    world.send(id, 1, taken(id))
    await after(world, (id, 1))

    (letter,) = world.dead()
    assert letter.value == poison
    assert dict(letter.headers)["tries"] == b"1"
    assert 0 < len(dict(letter.headers)["reason"]) <= 4 * 2000


PASSED_OVER = {
    "unknown type": {"type": "cn.jinlin.petitions.PetitionSung.v1"},
    "unknown version": {"type": "cn.jinlin.petitions.PetitionCommented.v9"},
    "unknown service": {"type": "cn.jinlin.moon.Landed.v1"},
    "not one of ours": {"type": "com.example.whatever"},
}


@pytest.mark.parametrize("changes", PASSED_OVER.values(), ids=PASSED_OVER.keys())
async def test_what_this_version_does_not_know_is_passed_over(
    world: World, changes: dict[str, str]
) -> None:
    id = fresh()
    world.send(id, 1, comment(id), **changes)
    world.send(id, 2, taken(id))
    await after(world, (id, 2))

    assert world.dead() == []
    assert [each.sequence for each in world.handled if each.subject == id] == [2]


async def test_added_fields_are_passed_over(world: World) -> None:
    id = fresh()
    raw = orjson.loads(envelope(id, 1, taken(id)).to_bytes())
    world.write(orjson.dumps({**raw, "mood": "good", "data": {**raw["data"], "x": 1}}), id)
    await after(world, (id, 1))

    assert world.dead() == []


async def test_headers_of_any_kind_do_no_harm(world: World) -> None:
    id = fresh()
    headers = (
        ("reply_to", b"stolen"),
        ("content-type", b"\xff\xfe"),
        ("correlation_id", b"\xc3\x28"),
    )
    world.write(envelope(id, 1, taken(id)).to_bytes(), id, headers)
    await after(world, (id, 1))

    assert world.dead() == []


async def test_a_message_replayed_for_another_service_is_passed_over(world: World) -> None:
    id = fresh()
    value = envelope(id, 1, taken(id)).to_bytes()
    world.write(value, id, (("replayed-for", b"somebody-else"),))
    world.write(
        envelope(id, 2, taken(id)).to_bytes(), id, (("replayed-for", world.service.encode()),)
    )
    await after(world, (id, 2))

    assert [each.sequence for each in world.handled if each.subject == id] == [2]


async def test_two_commands_to_one_stream_for_one_event_are_refused_clearly(world: World) -> None:
    @world.reactions.on(PetitionTaken)
    async def again(event: PetitionTaken, about: About, do: Do) -> None:
        await do(lamp, about.subject, Switch())

    id = fresh()
    world.send(id, 1, taken(id))
    await eventually(world.dead)

    (letter,) = world.dead()
    assert b"second command (switch) to a lamp" in dict(letter.headers)["reason"]


async def test_a_reaction_finds_whom_to_tell_page_by_page(world: World) -> None:
    petition, place = fresh(), fresh()
    for n in range(5):
        install = Install(place=place, keeper="w1", watts=10, by="w1")
        await world.store.do(lamp, f"{place}-{n}", install, actor="w1")

    @world.reactions.on(PetitionReturned)
    async def switch_all(event: PetitionReturned, about: About, do: Do) -> None:
        async for id, found in do.find(lamp, Query({"place": place}, limit=2)):
            assert found.place == place
            await do(lamp, id, Switch())
        world.handled.append(about)

    returned = PetitionReturned(petition=petition, by="w1", petitioner="r1")
    for _ in range(3):
        world.send(petition, 1, returned)
    world.send(petition, 2, taken(petition))
    await after(world, (petition, 2))

    assert [await world.switched(f"{place}-{n}") for n in range(5)] == [1] * 5
    assert world.dead() == []


async def test_the_trace_of_the_request_goes_on_in_the_reaction(world: World) -> None:
    seen: list[int] = []

    @world.reactions.on(PetitionTaken)
    async def look(event: PetitionTaken, about: About, do: Do) -> None:
        seen.append(trace.get_current_span().get_span_context().trace_id)

    id = fresh()
    world.send(id, 1, taken(id), traceparent=f"00-{'ab' * 16}-{'cd' * 8}-01")
    await eventually(lambda: seen)

    assert f"{seen[0]:032x}" == "ab" * 16


def test_nobody_can_react_to_a_private_event() -> None:
    with pytest.raises(ValueError, match="private"):
        Reactions().on(LampSwitched)
