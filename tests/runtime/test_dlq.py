"""Dead letters are listed, read, sent again after the repair, or put away by an operator."""

from collections.abc import AsyncIterator

import pytest

from deploy.local.processes import free_port
from deploy.local.servers import KafkaServer
from shared.contracts.envelope import dead_letter_topic, topic
from shared.contracts.petitions import PetitionTaken
from shared.runtime.bus import Bus
from shared.runtime.clock import SystemClock
from shared.runtime.memory_journal import MemoryJournal
from shared.runtime.reactions import About, Do, Reactions
from shared.runtime.store import Store
from shared.runtime.subscriber import Subscriber
from shared.runtime.tools import dlq
from tests.runtime.bus_fixtures import KafkaTestBroker, eventually
from tests.runtime.test_subscriber import envelope, fresh, taken

SERVICE, OTHER = "notifications", "community"


class World:
    """Two services that react to the same event; one of them cannot, until it is repaired."""

    def __init__(self, bootstrap: str) -> None:
        self.broker = KafkaTestBroker(bootstrap)
        self.repaired = False
        self.handled: dict[str, list[str]] = {SERVICE: [], OTHER: []}

    async def start(self) -> None:
        for name in (topic("petitions"), dead_letter_topic(SERVICE), dead_letter_topic(OTHER)):
            self.broker.topic(name)
        for service in (SERVICE, OTHER):
            self.broker.start_now(service, topic("petitions"))
            bus = await self.broker.bus()
            await self.subscriber(service, bus).start()

    def subscriber(self, service: str, bus: Bus) -> Subscriber:
        reactions = Reactions()

        @reactions.on(PetitionTaken)
        async def react(event: PetitionTaken, about: About, do: Do) -> None:
            if service == SERVICE and not self.repaired:
                raise RuntimeError("a mistake in the program")
            self.handled[service].append(about.subject)

        clock = SystemClock()
        store = Store(service, MemoryJournal(clock), clock, [])
        return Subscriber(service, bus, reactions, clock, store.do_for)

    def send(self, id: str) -> None:
        value = envelope(id, 1, taken(id)).to_bytes()
        self.broker.write(topic("petitions"), value, key=f"petition-{id}".encode())


@pytest.fixture
async def world(kafka: KafkaServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setenv("JINLIN_KAFKA_BOOTSTRAP", kafka.bootstrap)
    world = World(kafka.bootstrap)
    await world.start()
    yield world
    for bus in world.broker.buses:
        await bus.stop()
    dlq.main(["replay", "--all", "--service", SERVICE])  # leaves nothing for the next test


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    capsys.readouterr()
    code = dlq.main(arguments)
    said = capsys.readouterr()
    return code, said.out + said.err


def letter_ids(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("COLUMNS", "300")
    _, listed = run(capsys, "list", "--service", SERVICE)
    cells = [line.split("│") for line in listed.splitlines() if "│" in line]
    return [row[2].strip() for row in cells]


async def test_after_the_repair_letters_are_replayed_for_the_service_that_missed_them(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = fresh(), fresh()
    world.send(first)
    world.send(second)
    await eventually(lambda: len(letter_ids(capsys, monkeypatch)) == 2)
    await eventually(lambda: set(world.handled[OTHER]) == {first, second})

    one = letter_ids(capsys, monkeypatch)[0]
    code, shown = run(capsys, "show", one, "--service", SERVICE)
    assert code == 0
    assert "RuntimeError at test_dlq.py" in shown
    assert "cn.jinlin.petitions.PetitionTaken.v1" in shown

    world.repaired = True
    assert run(capsys, "replay", one, "--service", SERVICE) == (0, "1 replayed\n")
    await eventually(lambda: len(world.handled[SERVICE]) == 1)
    assert run(capsys, "replay", "--all", "--service", SERVICE) == (0, "1 replayed\n")
    await eventually(lambda: set(world.handled[SERVICE]) == {first, second})

    assert "0 unresolved" in run(capsys, "list", "--service", SERVICE)[1]
    assert run(capsys, "replay", one, "--service", SERVICE)[0] == 1
    assert sorted(world.handled[OTHER]) == sorted([first, second])


async def test_a_letter_is_dropped_with_a_reason(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    world.send(fresh())
    await eventually(lambda: letter_ids(capsys, monkeypatch))
    (id,) = letter_ids(capsys, monkeypatch)

    code, said = run(capsys, "drop", id, "--service", SERVICE, "--reason", "sent by a test")

    assert (code, said) == (0, f"{SERVICE} {id} dropped\n")
    assert letter_ids(capsys, monkeypatch) == []
    resolutions = [
        dict(m.headers)
        for m in world.broker.messages(dead_letter_topic(SERVICE))
        if m.key == id.encode()
    ]
    assert resolutions[-1]["resolution"] == b"dropped"
    assert resolutions[-1]["reason"] == b"sent by a test"


async def test_a_letter_that_is_not_there_is_said_so(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = run(capsys, "show", "0-999999", "--service", SERVICE)

    assert code == 1
    assert "no unresolved letter 0-999999 of notifications" in said


@pytest.mark.slow
def test_no_broker_is_said_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    nobody = f"127.0.0.1:{free_port()}"
    monkeypatch.setenv("JINLIN_KAFKA_BOOTSTRAP", nobody)

    code, said = run(capsys, "list")

    assert code == 3
    assert nobody in said


def test_dropping_needs_a_reason() -> None:
    with pytest.raises(SystemExit) as exit:
        dlq.main(["drop", "0-1"])
    assert exit.value.code == 2
