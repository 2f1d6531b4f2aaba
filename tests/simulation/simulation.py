"""A run: one seed, one town, and whatever may happen to it; then everything comes to rest."""

import asyncio
import hashlib
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import bson
from prometheus_client import generate_latest

from services.community.main import service as community
from services.ledger.main import service as ledger
from services.mediation.main import service as mediation
from services.notifications.main import service as notifications
from services.petitions.main import service as petitions
from services.volunteering.main import service as volunteering
from shared.contracts.envelope import dead_letter_topic, topic
from shared.runtime.documents import commit_document
from shared.runtime.memory_bus import MemoryTopics
from shared.runtime.memory_journal import MemoryDisk, MemoryJournal
from tests.chaos.checker import (
    Evidence,
    Message,
    Told,
    Violation,
    check,
    evidence_of,
)
from tests.simulation.clients import Clients
from tests.simulation.disturbance import Disturbance
from tests.simulation.logs import kept_logs
from tests.simulation.loop import VirtualClock, VirtualLoop, World, run
from tests.simulation.people import People
from tests.simulation.process import Parts, Process, Trouble
from tests.simulation.quarrelling import Quarrellers
from tests.simulation.town import Secrets, founding

RIGHT = Parts((community, petitions, volunteering, mediation, ledger, notifications))
"""The platform as it is."""

HORIZONS = {
    timedelta(days=1): 5,
    timedelta(days=9): 4,
    timedelta(days=60): 2,
    timedelta(days=365): 1,
}
"""How long a run's story lasts, and how often."""
QUIET = 45
"""Seconds in which nothing changes any more when everything has come to rest: longer than any
pause of the runtime's, than its leases, and than a process stands still."""
LOOK = 5
"""Seconds between two looks whether something has changed."""
PATIENCE = 900
"""Seconds in which it must come to rest."""
MOST_SKIPS = 400
"""Due times that are lived through one by one; later ones pass in the sleep of the machines."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run left behind. `digest` is a hash over its whole history."""

    seed: int
    violations: list[Violation]
    digest: str
    steps: list[str]
    commits: int
    commands: int
    lived: timedelta


class Simulation:
    """The platform in one process, and everything that happens to it."""

    def __init__(self, seed: int, parts: Parts, loop: VirtualLoop) -> None:
        self._seed = str(seed)
        self._parts = parts
        self._loop = loop
        self._chance = random.Random(f"{seed}/story")
        self.begins = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(
            minutes=self._chance.randrange(365 * 24 * 60)
        )
        self.world = World(loop, self.begins)
        self.steps: list[str] = []
        self.surprises: list[Violation] = []
        self._services = {service.name: service for service in parts.services}
        self._disks = {name: MemoryDisk() for name in self._services}
        self._topics = MemoryTopics()
        self._trouble = Trouble.some(self._chance)
        self._processes: dict[str, list[Process]] = {name: [] for name in self._services}
        self._born = 0
        self._skips = 0
        self.secrets = Secrets(random.Random(f"{seed}/secrets"))
        self._people = People(random.Random(f"{seed}/people"), self.secrets, self._disks)
        quarrels = random.Random(f"{seed}/quarrels")
        self._quarrellers = Quarrellers(quarrels, self.secrets, self._disks)
        self.clients = Clients(self._seed, self._processes, self.say)
        clock = VirtualClock(self.world, random.Random(seed))
        self._eyes = {name: MemoryJournal(clock, disk) for name, disk in self._disks.items()}

    def say(self, who: str, what: str) -> None:
        """Keeps a line of the story."""
        now = self.world.now().isoformat(sep=" ", timespec="milliseconds")
        self.steps.append(f"{now[:23]} {self._loop.time():9.3f} {who}: {what}")

    # -- the story -----------------------------------------------------------------------------

    async def play(self) -> None:
        """From the founding of the town to the day everything has come to rest."""
        chance = self._chance
        for name in self._services:
            for _ in range(chance.choice((1, 1, 2))):
                self._begin(name)
        reviving = asyncio.create_task(self._revive())
        disturbing = asyncio.create_task(self._disturbance().go_on())
        self._found()
        await asyncio.sleep(chance.uniform(0.5, 20))
        story = chance.choices(list(HORIZONS), list(HORIZONS.values()))[0]
        begins = self.world.now()
        moments = sorted(chance.random() for _ in range(chance.randint(8, 40)))
        for moment in moments:
            await self._live_until(begins + story * moment)
            for _ in range(chance.choice((1, 1, 2, 4))):
                self.clients.act(self._people.think(self.world.now()))
            self.clients.act(self._quarrellers.think(self.world.now()))
            await asyncio.sleep(chance.uniform(0.0, 4.0))
        await self._live_until(begins + story)
        disturbing.cancel()
        await self._come_to_rest()
        reviving.cancel()

    def _found(self) -> None:
        for step in founding(self._chance, self.secrets):
            self.clients.act(step, insist=True)

    async def _live_until(self, moment: datetime) -> None:
        """Skips the hours in which nothing is due; what is due is lived through, mostly."""
        while (due := await self._next_due()) is not None and due < moment:
            self._skips += 1
            if self._skips > MOST_SKIPS:
                break
            asleep = timedelta(hours=self._chance.choice((0, 0, 0, 0, 0, 5, 60)))
            self.world.skip_to(min(due + asleep, moment))
            await asyncio.sleep(self._chance.uniform(0.3, 2.0))
        self.world.skip_to(moment)

    async def _next_due(self) -> datetime | None:
        last = datetime(9999, 1, 1, tzinfo=UTC)
        now = self.world.now()
        dues = []
        for name, service in self._services.items():
            for aggregate in service.aggregates:
                dues += await self._eyes[name].due(aggregate.kind, last, 1)
        ahead = [due for _, due in dues]
        return max(min(ahead), now) if ahead else None

    # -- what happens to the machines ----------------------------------------------------------

    def _begin(self, service: str) -> None:
        self._born += 1
        process = Process(
            f"{service}#{self._born}",
            self._services[service],
            self._parts,
            self.world,
            self._loop,
            self._disks[service],
            self._topics,
            self._trouble,
            self._seed,
            self.say,
        )
        self._processes[service].append(process)
        process.begin()

    async def _revive(self) -> None:
        """Starts another process for each that died."""
        while True:
            await asyncio.sleep(0.5)
            for name, processes in self._processes.items():
                for dead in [process for process in processes if process.dead]:
                    processes.remove(dead)
                    await asyncio.sleep(self._chance.uniform(0.0, 3.0))
                    self._begin(name)

    def _disturbance(self) -> Disturbance:
        return Disturbance(
            random.Random(f"{self._seed}/disturb"),
            self._trouble,
            self._processes,
            self._disks,
            self._topics,
            self._begin,
            self.say,
        )

    # -- the end -------------------------------------------------------------------------------

    async def _come_to_rest(self) -> None:
        """Nothing breaks any more; waits until nothing changes any more."""
        self._trouble.end()
        self.say("all", "trouble is over")
        quiet, before = 0, None
        deadline = self._loop.time() + PATIENCE
        while quiet < QUIET or self.clients.busy:
            await asyncio.sleep(LOOK)
            present = self._mark()
            quiet = quiet + LOOK if present == before else 0
            before = present
            if self._loop.time() > deadline:
                self.surprises.append(Violation(2, f"it does not come to rest: {present}"))
                return

    def _mark(self) -> tuple[Any, ...]:
        written = tuple(len(disk.commits()) for disk in self._disks.values())
        topics = tuple(len(self._topics.messages(topic(name))) for name in self._services)
        done = tuple(
            self._topics.committed(name, topic(other))
            for name in self._services
            for other in self._services
        )
        return written, topics, done

    async def evidence(self) -> list[Evidence]:
        """What the stores and the topics hold."""
        return [
            await evidence_of(service, self._eyes[name], self._messages(topic(name)))
            for name, service in self._services.items()
        ]

    def dead_letters(self) -> list[Violation]:
        """Nothing in the story is poison, so nothing is to be put aside."""
        return [
            Violation(2, f"{name} put aside: {dict(message.headers)}")
            for name in self._services
            for message in self._topics.messages(dead_letter_topic(name))
        ]

    def _messages(self, name: str) -> list[Message]:
        return [Message(m.key, m.value) for m in self._topics.messages(name)]

    def digest(self) -> str:
        """A hash over everything that was said, written and published."""
        hashed = hashlib.sha256("\n".join(self.steps).encode())
        for name, disk in sorted(self._disks.items()):
            for commit in disk.commits():
                hashed.update(bson.encode(commit_document(commit)))
            for message in self._topics.messages(topic(name)):
                hashed.update(message.value)
        return hashed.hexdigest()

    def commits(self) -> int:
        """Commits of all services."""
        return sum(len(disk.commits()) for disk in self._disks.values())


@dataclass(frozen=True, slots=True)
class Aftermath:
    """All that a run leaves for the checker."""

    simulation: Simulation
    evidence: list[Evidence]
    told: list[Told]
    ended: datetime
    personal: list[str]
    lines: list[str]

    def violations(self) -> list[Violation]:
        """What is broken in it."""
        return check(self.evidence, self.told, self.ended, personal=self.personal, lines=self.lines)


def series() -> list[str]:
    """What the services tell Prometheus: names and labels, for a number says nothing of anybody."""
    told = generate_latest().decode().splitlines()
    return [line.rpartition(" ")[0] for line in told if not line.startswith("#")]


def live_through(seed: int, parts: Parts = RIGHT) -> Aftermath:
    """Plays the story of a seed."""

    async def whole(loop: VirtualLoop) -> Aftermath:
        simulation = Simulation(seed, parts, loop)
        with kept_logs() as lines:
            await simulation.play()
        return Aftermath(
            simulation,
            await simulation.evidence(),
            simulation.clients.told,
            simulation.world.now(),
            simulation.secrets.planted,
            [*lines(), *series()],
        )

    left: Aftermath = run(whole)
    return left


def simulate(seed: int, parts: Parts = RIGHT) -> Ran:
    """Plays the story of a seed and checks what is left."""
    left = live_through(seed, parts)
    simulation = left.simulation
    return Ran(
        seed,
        [
            *simulation.clients.surprises,
            *simulation.surprises,
            *simulation.dead_letters(),
            *left.violations(),
        ],
        simulation.digest(),
        simulation.steps,
        simulation.commits(),
        simulation.clients.commands,
        left.ended - simulation.begins,
    )
