"""A split is carried out whole, whatever step the process crashes at."""

import pytest

from services.community.domain.place import place
from services.community.domain.place_commands import Given, NewPlace, RegisterPlace, SplitPlace
from services.community.main import service
from services.community.reactions import reactions
from shared.contracts.community import PlaceSplit
from shared.contracts.envelope import type_of
from shared.contracts.types import PlaceKind
from shared.runtime.clock import SystemClock
from shared.runtime.journal import Unavailable
from shared.runtime.memory_bus import MemoryBus, MemoryTopics
from shared.runtime.memory_journal import MemoryDisk, MemoryJournal
from shared.runtime.reactions import About
from shared.runtime.running import Running
from tests.services.community.served import until

PLACES = (
    RegisterPlace("admin", "gl", PlaceKind.DISTRICT, "鼓楼区"),
    RegisterPlace("admin", "jm", PlaceKind.COMMUNITY, "军门", "gl"),
    RegisterPlace("admin", "b1", PlaceKind.BUILDING, "一号楼", "jm"),
    RegisterPlace("admin", "u1", PlaceKind.UNIT, "101", "b1"),
    RegisterPlace("admin", "u2", PlaceKind.UNIT, "102", "b1"),
)
SPLIT = SplitPlace(
    "admin",
    (NewPlace("b1-e", "东"), NewPlace("b1-w", "西")),
    (Given("u1", "b1-e"), Given("u2", "b1-w")),
)
STEPS = 5
"""Two parts, two units, the end: each a write of its own."""


class Store:
    """The journal of one process, which dies at the n-th write from when it is told to."""

    def __init__(self) -> None:
        self.disk = MemoryDisk()
        self.topics = MemoryTopics()
        self.left: int | None = None
        self.dies_after = False

    async def process(self) -> Running:
        """A process over what the ones before it left; without relay and subscriber."""
        clock = SystemClock()
        journal = MemoryJournal(clock, self.disk, self._fault)
        running = service.assemble(journal, MemoryBus(self.topics, clock), clock)
        await running.open()
        return running

    def _fault(self, step: str) -> None:
        if self.left is None or not step.endswith("-write"):
            return
        if step == "before-write":
            self.left -= 1
        if self.left < 0 or (self.left == 0 and self.dies_after is (step == "after-write")):
            raise Unavailable("crashed")


async def hear(running: Running) -> None:
    """The event of the split is delivered."""
    (commit,) = [c for c in await running.journal.history("place-b1") if c.verb == "split"]
    (n,) = [n for n, event in enumerate(commit.events) if event.name == "PlaceSplit"]
    event = PlaceSplit("b1", ("b1-e", "b1-w"), ("gl", "jm", "b1"), commit.at)
    about = About(
        id=f"community/place-b1/{commit.version}/{n}",
        service="community",
        type=type_of(PlaceSplit),
        stream="place-b1",
        sequence=commit.version,
        time=commit.at,
        correlation="community/place-b1/1",
    )
    for reaction in reactions.for_type(about.type):
        await reaction(event, about, running.store.do_for(about))


@pytest.mark.parametrize("dies_after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", range(1, STEPS + 1))
async def test_a_crash_at_any_step_leaves_the_rest_to_the_next_process(
    step: int, dies_after: bool
) -> None:
    store = Store()
    first = await store.process()
    places = first.copies["place"]
    for command in PLACES:
        await first.store.do(place, command.code, command, actor="admin")
        await until(lambda code=command.code: code in places)  # type: ignore[misc]
    await first.store.do(place, "b1", SPLIT, actor="admin")

    store.left, store.dies_after = step, dies_after
    with pytest.raises(Unavailable):
        await hear(first)
    first.kill()
    store.left = None
    second = await store.process()
    await hear(second)
    await hear(second)
    second.kill()

    there = store.disk.states("place")
    assert there["b1"].state["parting"] is None
    assert {code: there[code].state["parent"] for code in ("b1-e", "b1-w", "u1", "u2")} == {
        "b1-e": "jm",
        "b1-w": "jm",
        "u1": "b1-e",
        "u2": "b1-w",
    }
    done = [commit.verb for commit in store.disk.commits() if commit.version > 0]
    assert [done.count(verb) for verb in ("found-part", "hang-under-part", "end-split")] == [
        2,
        2,
        1,
    ]
