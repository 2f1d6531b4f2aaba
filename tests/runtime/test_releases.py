"""Two releases of a service side by side on one store: the later one knows a field, an event and a
command more.
"""

from dataclasses import dataclass, replace
from datetime import datetime

import pytest

from shared.contracts.event import Event
from shared.runtime.aggregate import Command
from shared.runtime.clock import SystemClock
from shared.runtime.journal import Change, Commit, Journal, Kind, Recorded
from shared.runtime.rebuild import Progress, differences, fold
from shared.runtime.store import Store
from tests.runtime import lamp as earlier_release
from tests.runtime.lamp import Install, LampInstalled, Status, Switch, lamp

INSTALL = Install(place="p1", keeper="w1", watts=10, by="w1")


@dataclass(frozen=True, slots=True)
class ColouredLamp:
    """A lamp's state in the later release."""

    status: Status = Status.NONE
    place: str = ""
    reporter: str | None = None
    keeper: str | None = None
    repair_by: datetime | None = None
    reminded: int = 0
    switched: int = 0
    colour: str = "white"


@dataclass(frozen=True, slots=True)
class Paint(Command):
    """Gives a lamp another colour."""

    colour: str


@dataclass(frozen=True, slots=True)
class LampPainted(Event):
    colour: str


def decide(command: Command, state: ColouredLamp, now: datetime) -> list[Event]:
    """The rules of the later release."""
    if isinstance(command, Paint):
        return [LampPainted(command.colour)]
    return earlier_release.decide(command, state, now)  # type: ignore[arg-type]


def evolve(state: ColouredLamp, event: Event) -> ColouredLamp:
    """The lamp after an event, in the later release."""
    if isinstance(event, LampPainted):
        return replace(state, colour=event.colour)
    return earlier_release.evolve(state, event)  # type: ignore[arg-type, return-value]


coloured = replace(
    lamp,  # type: ignore[arg-type]
    initial=ColouredLamp(),
    decide=decide,
    evolve=evolve,
    events=(*lamp.events, LampPainted),
)


@dataclass(frozen=True)
class Releases:
    """A store as each of the two sees it."""

    journal: Journal
    earlier: Store
    later: Store

    async def colour(self) -> str:
        """What is stored as the colour of the lamp."""
        stored = await self.journal.load("lamp", ["1"])
        return str(stored["1"].state.get("colour", "none"))

    async def as_folded(self) -> None:
        """Every state is what its commits say to the later release."""
        assert [one async for one in differences(self.journal, [coloured], Progress())] == []


@pytest.fixture
async def both(journal: Journal) -> Releases:
    """A lamp that the earlier release put up."""
    await journal.prepare([Kind("lamp")])
    clock = SystemClock()
    releases = Releases(
        journal, Store("lamps", journal, clock, [lamp]), Store("lamps", journal, clock, [coloured])
    )
    await releases.earlier.do(lamp, "1", INSTALL, actor="w1")
    return releases


async def test_the_later_reads_what_the_earlier_wrote(both: Releases) -> None:
    await both.later.do(coloured, "1", Switch(), actor="w1")
    await both.as_folded()
    assert await both.colour() == "white"


async def test_taking_turns_neither_loses_what_the_other_knows(both: Releases) -> None:
    await both.later.do(coloured, "1", Paint("green"), actor="w1")
    for _ in range(2):
        await both.earlier.do(lamp, "1", Switch(), actor="w1")
        assert await both.colour() == "green"
        await both.later.do(coloured, "1", Switch(), actor="w1")
    await both.as_folded()
    seen = await both.earlier.get(lamp, "1")
    assert seen is not None
    assert seen.state.switched == 4
    assert len(await both.journal.history("lamp-1")) == 6


async def test_the_earlier_passes_over_a_field_that_an_event_has_more(both: Releases) -> None:
    recorded = Recorded("LampInstalled", {"place": "p2", "keeper": "w2", "height": 3})
    commit = Commit("lamp-2", 1, SystemClock().now(), "w1", "install", (recorded,), "c1")
    state = fold(lamp, "2", [commit])
    await both.journal.write([Change("lamp", commit, state)])
    assert state.state["place"] == LampInstalled("p2", "w2").place
    await both.earlier.do(lamp, "2", Switch(), actor="w1")
    assert [one async for one in differences(both.journal, [lamp], Progress())] == []


async def test_the_earlier_says_so_where_it_would_have_to_fold_what_it_does_not_know(
    both: Releases,
) -> None:
    await both.later.do(coloured, "1", Paint("green"), actor="w1")
    with pytest.raises(LookupError, match="LampPainted"):
        fold(lamp, "1", await both.journal.history("lamp-1"))
