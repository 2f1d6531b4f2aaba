"""The ledger lives through trouble: crashes, a store or a broker that is away, wrong clocks, events
that come again. Afterwards everything is compared with what was told.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import msgspec

from services.ledger.domain.log.head import head
from services.ledger.domain.log.log import LOG, log
from services.ledger.domain.log.tile import WIDTH, tile
from services.ledger.main import service
from shared.contracts.envelope import dead_letter_topic, parse, topic
from shared.contracts.ledger import EntriesSealed, LogKeyFollowed
from shared.merkle.ed25519 import verify
from shared.merkle.entries import Entry
from shared.merkle.notes import KeyLine, head_in, key_chain, note_in
from shared.merkle.tree import frontier_of, root_of
from shared.merkle.watcher import Seen
from shared.runtime.bus import Outgoing
from shared.runtime.journal import Commit
from shared.runtime.memory_bus import MemoryTopics
from shared.runtime.memory_journal import MemoryDisk, MemoryJournal
from tests.architecture.modules import ROOT
from tests.chaos.checker import Evidence, Message, check, evidence_of
from tests.services.ledger.log.sealing import issued, message, withdrawn
from tests.simulation.disturbance import Disturbance
from tests.simulation.loop import VirtualClock, VirtualLoop, World, run
from tests.simulation.process import Parts, Process, Trouble

BEGINS = datetime(2025, 3, 3, 4, 0, tzinfo=UTC)
QUIET, LOOK, PATIENCE = 45, 5, 900
"""Seconds, as in `tests.simulation.simulation`."""
AHEAD = timedelta(hours=2)
RIGHT = Parts((service,))
GUIDE = ROOT / "docs" / "guides" / "subscribing.md"


@dataclass(frozen=True, slots=True)
class Lived:
    """What a life left behind: what is wrong with it, what happened, how many entries were sealed
    in how many commits of the log.
    """

    wrong: list[str]
    steps: list[str]
    sealed: int
    commits: int


class Life:
    """One ledger, in one or several processes, and others who tell it of digests."""

    def __init__(self, seed: int, parts: Parts, loop: VirtualLoop) -> None:
        self._seed = str(seed)
        self._parts = parts
        self._loop = loop
        self._chance = random.Random(f"{seed}/life")
        self.world = World(loop, BEGINS)
        self.disk, self.topics = MemoryDisk(), MemoryTopics()
        self.steps: list[str] = []
        self.told: list[str] = []
        """Ids of the events that were published, at least once."""
        self._trouble = Trouble.some(self._chance)
        self._processes: dict[str, list[Process]] = {service.name: []}
        self._born = 0

    def say(self, who: str, what: str) -> None:
        """Keeps a line of what happened."""
        self.steps.append(f"{self._loop.time():9.3f} {who}: {what}")

    async def live(self) -> str | None:
        """From the first digest until all is quiet; why, where it does not come to rest."""
        for _ in range(self._chance.choice((1, 1, 2))):
            self._begin(service.name)
        reviving = asyncio.create_task(self._revive())
        disturbing = asyncio.create_task(self._disturbance().go_on())
        for batch in self._batches():
            await asyncio.sleep(self._chance.choice((0.0, 0.05, 0.5, 4.0, 15.0)))
            for each in batch:
                self.topics.append(each, int(self.world.now().timestamp() * 1000))
        disturbing.cancel()
        self._trouble.end()
        # What was sealed under a clock an hour ahead is signed for when the others are as far.
        await asyncio.sleep(LOOK)
        self.world.skip_to(self.world.now() + AHEAD)
        quiet, before = 0, None
        while quiet < QUIET:
            await asyncio.sleep(LOOK)
            present = len(self.disk.commits()), len(self.topics.messages(topic(service.name)))
            quiet = quiet + LOOK if present == before else 0
            before = present
            if self._loop.time() > PATIENCE:
                return f"it does not come to rest: {present}"
        reviving.cancel()
        return None

    def _batches(self) -> Iterator[list[Outgoing]]:
        """Certificates are issued and withdrawn, a few at a time or many; some are told again."""
        number = 0
        past: list[Outgoing] = []
        for _ in range(self._chance.randint(10, 30)):
            batch: list[Outgoing] = []
            for _ in range(self._chance.choice((1, 2, 5, 60))):
                number += 1
                stream = f"certificate-{number}"
                batch.append(message(issued(number), stream, 1))
                if self._chance.random() < 0.3:
                    batch.append(message(withdrawn(number), stream, 2))
            if past and self._chance.random() < 0.3:
                batch += self._chance.sample(past, min(len(past), 5))
            past += batch
            self.told += [parse(each.value).id for each in batch]
            yield batch

    def _begin(self, name: str) -> None:
        self._born += 1
        process = Process(
            f"{name}#{self._born}",
            service,
            self._parts,
            self.world,
            self._loop,
            self.disk,
            self.topics,
            self._trouble,
            self._seed,
            self.say,
        )
        self._processes[name].append(process)
        process.begin()

    async def _revive(self) -> None:
        while True:
            await asyncio.sleep(0.5)
            for name, processes in self._processes.items():
                for dead in [process for process in processes if process.dead]:
                    processes.remove(dead)
                    self._begin(name)

    def _disturbance(self) -> Disturbance:
        return Disturbance(
            random.Random(f"{self._seed}/disturb"),
            self._trouble,
            self._processes,
            {service.name: self.disk},
            self.topics,
            self._begin,
            self.say,
        )

    async def evidence(self) -> Evidence:
        """What store and topic hold."""
        journal = MemoryJournal(VirtualClock(self.world, random.Random(0)), self.disk)
        messages = self.topics.messages(topic(service.name))
        return await evidence_of(service, journal, [Message(m.key, m.value) for m in messages])


# --- what must be so -----------------------------------------------------------------------------


def faults(life: Life, evidence: Evidence) -> Iterator[str]:
    """What is not as it must be."""
    for violation in check([evidence], [], life.world.now()):
        # Those who tell of digests have no store here: what they told is compared below.
        if "an effect without its event: volunteering/" not in violation.text:
            yield str(violation)
    for letter in life.topics.messages(dead_letter_topic(service.name)):
        yield f"put aside: {dict(letter.headers)['reason']!r}"
    history = [one for one in evidence.commits if one.stream == log.stream(LOG) and one.version]
    entries = list(_entries(history))
    sources = Counter(each.source for each in entries)
    yield from (f"{id} was not sealed" for id in dict.fromkeys(life.told) if id not in sources)
    yield from (f"{id} was sealed {times} times" for id, times in sources.items() if times > 1)
    yield from (f"{id} was never told" for id in sources.keys() - set(life.told))
    order = {each.source: at for at, each in enumerate(entries)}
    for source, at in order.items():
        stream, sequence, _ = source.rsplit("/", 2)
        if sequence == "2" and order.get(f"{stream}/1/0", at + 1) > at:
            yield f"{source} stands before what it follows"
    yield from _kept(evidence, entries)
    yield from _heads(evidence, history, entries)
    yield from _watched(life)


def _entries(history: Sequence[Commit]) -> Iterator[Entry]:
    for commit in sorted(history, key=lambda each: each.version):
        for event in commit.events:
            if event.name == EntriesSealed.__name__ and event.data is not None:
                yield from (Entry(*each) for each in event.data["entries"])


def _kept(evidence: Evidence, entries: Sequence[Entry]) -> Iterator[str]:
    tiles = {
        state.number: state.entries
        for state in (
            msgspec.convert(one.state, type(tile.initial)) for one in evidence.states["tile"]
        )
        if state.level == 0
    }
    kept = [each for number in sorted(tiles) for each in tiles[number]]
    if kept != list(entries):
        yield f"the tiles have {len(kept)} entries, and not those of the log ({len(entries)})"
    if any(len(one) != WIDTH for number, one in tiles.items() if number + 1 < len(tiles)):
        yield "a tile in the middle is not full"


def _heads(
    evidence: Evidence, history: Sequence[Commit], entries: Sequence[Entry]
) -> Iterator[str]:
    lines = [
        KeyLine(event.data["key"], event.data["succession"])
        for commit in sorted(history, key=lambda each: each.version)
        for event in commit.events
        if event.name == LogKeyFollowed.__name__ and event.data is not None
    ]
    leaves = [each.hash for each in entries]
    heads = [msgspec.convert(one.state, type(head.initial)) for one in evidence.states["head"]]
    if entries and max((one.size for one in heads), default=0) != len(entries):
        yield "the last entries have no head"
    for one in heads:
        note = note_in(one.note)
        told = head_in(note.body)
        key = key_chain(told.origin, lines, verify)[-1]
        if note.signed_by(key, verify) is None:
            yield f"the head of {told.size} is not signed"
        if told.root != root_of(frontier_of(leaves[: told.size])) or told.size > len(leaves):
            yield f"the head of {told.size} is of another tree"


def _watched(life: Life) -> Iterator[str]:
    """A subscriber who takes each event once follows the log and is never alarmed."""
    seen = Seen(())
    known: set[str] = set()
    for kept in life.topics.messages(topic(service.name)):
        envelope = parse(kept.value)
        if envelope.id in known or envelope.subject != log.stream(LOG):
            continue
        known.add(envelope.id)
        seen = documented()(seen, kept.value)
    if known and (seen.head is None or seen.head.size != seen.size):
        yield "who followed the events has not seen the last head"


@cache
def documented() -> Callable[[Seen, bytes], Seen]:
    """The subscriber that the guide shows."""
    guide = GUIDE.read_text(encoding="utf-8").partition("## Following the log")[2]
    code = guide.partition("```python\n")[2].partition("```")[0]
    names: dict[str, Any] = {}
    exec(compile(code, str(GUIDE), "exec"), names)
    followed: Callable[[Seen, bytes], Seen] = names["followed"]
    return followed


def lived(seed: int, parts: Parts = RIGHT) -> Lived:
    """The life of a seed."""

    async def whole(loop: VirtualLoop) -> Lived:
        life = Life(seed, parts, loop)
        restless = await life.live()
        evidence = await life.evidence()
        wrong = ([restless] if restless else []) + list(faults(life, evidence))
        sealed = len(dict.fromkeys(life.told))
        commits = [one for one in evidence.commits if one.stream == log.stream(LOG)]
        return Lived(wrong, life.steps, sealed, len(commits))

    found: Lived = run(whole)
    return found
