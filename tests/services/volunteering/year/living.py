"""A year of eight communities: teams, activities, wishes, orders, care plans, patrols, the bank, on
the real store and reactions in memory.

Everything is reckoned a second time from the events: what must hold holds at every commit, and the
figures of the service are those of a plain count.
"""

import asyncio
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from services.volunteering.domain.activities.state import Status as ActivityStatus
from services.volunteering.domain.bank.account import account
from services.volunteering.domain.hours.record import service_record
from services.volunteering.main import service
from services.volunteering.statistics import By, Selection, count, standings
from shared.runtime.rebuild import fold
from tests.services.volunteering.year import activities, care, orders, town, wishes
from tests.services.volunteering.year.bank import Bank
from tests.services.volunteering.year.counting import Count
from tests.services.volunteering.year.lives import Lives
from tests.services.volunteering.year.machine import Machine, machine
from tests.services.volunteering.year.patrols import Patrols
from tests.services.volunteering.year.reckoning import Reckoning
from tests.services.volunteering.year.town import DISTRICT, YEAR, Size, Town
from tests.services.volunteering.year.visits import VisitsReckoned

AFTER = datetime(YEAR + 1, 3, 15, tzinfo=UTC)
"""Then everything of the year has come to an end."""
SAMPLED = 25
"""Of streams of which there are many, one of so many is folded anew."""


@contextmanager
def without_collecting() -> Iterator[None]:
    """Millions of objects live to the end: to look through them for garbage takes a third of the
    time.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def live(size: Size) -> dict[str, object]:
    """Lives a year of that size through, and what is left to do after it. Returns what it was;
    raises AssertionError where something did not hold.
    """
    with without_collecting():
        return asyncio.run(lived(size))


async def lived(size: Size) -> dict[str, object]:
    """The year."""
    async with machine(town.BEGIN, seed=1) as at:
        reckoning, visits = Reckoning(), VisitsReckoned()
        at.watchers += [reckoning.follow, visits.follow]
        lives_here = await town.settle(at, size)
        for story in (
            activities.Activities(at, lives_here),
            wishes.Wishes(at, lives_here),
            orders.Orders(at, lives_here),
            care.Care(at, lives_here),
            Patrols(at, lives_here),
            Bank(at, lives_here),
            Lives(at, lives_here),
        ):
            await story.plan()
        await at.run(AFTER)
        nothing_is_left_behind(at)
        all_have_ended(at, reckoning, size)
        visited = visits.check(at.now)
        await the_records_are_the_hours(at, reckoning)
        await the_books_are_balanced(at, reckoning)
        await the_figures_agree(at, reckoning, lives_here)
        await the_states_are_the_folds(at)
        return {"visits": dict(visited), **at.counts, "refused": dict(at.refused)}


def nothing_is_left_behind(at: Machine) -> None:
    """No due time has passed, and no event was put aside."""
    due = at.next_due()
    assert due is None or due > at.now
    assert at.topics.messages("volunteering.dlq.v1") == []


def all_have_ended(at: Machine, reckoning: Reckoning, size: Size) -> None:
    """Everything of the year is over, in a way that is known."""
    disk = at.journal.disk
    begun = {
        "activity": set(reckoning.activities.over),
        "wish": {id for kind, id in reckoning.over if kind == "wish"},
        "order": {id for kind, id in reckoning.over if kind == "order"},
        "patrol-shift": {id for kind, id in reckoning.over if kind == "patrol"},
    }
    for kind, over in begun.items():
        left = disk.states(kind).keys() - over
        assert not left, f"{kind}: {sorted(left)[:5]} never ended"
    assert len(begun["activity"]) >= 0.98 * size.activities
    assert len(begun["wish"]) == size.wishes
    assert len(begun["order"]) >= 0.98 * size.orders
    assert len(disk.states("care-plan")) >= 0.95 * size.plans
    for id, stored in disk.states("activity").items():
        done = stored.state["status"] == ActivityStatus.DONE
        if done and stored.state["unsettled"]:
            assert stored.state["at_office"], f"{id}: hours wait, and nobody was told"


async def the_records_are_the_hours(at: Machine, reckoning: Reckoning) -> None:
    """Each record says what the work's chapter confirmed and corrected, and there is no other."""
    told = {f"{work}.{person}": hours for (work, person), hours in reckoning.hours.items()}
    erased = {f"{work}.{person}" for work, person in reckoning.erased}
    kept = at.journal.disk.states("service-record")
    assert kept.keys() == told.keys()
    for id, stored in kept.items():
        record = at.running.store.read(service_record, stored)
        assert record.minutes == told[id].minutes
        assert (record.volunteer is None) == (id in erased)


async def the_books_are_balanced(at: Machine, reckoning: Reckoning) -> None:
    """All points sum to zero, and each account has what was posted to it."""
    assert sum(reckoning.balances.values()) == 0
    held = 0
    for id, stored in at.journal.disk.states("account").items():
        state = at.running.store.read(account, stored)
        assert state.balance == reckoning.balances[id], id
        held += sum(one.points for one in state.holds)
    on_hold = sum(points for id, points in reckoning.balances.items() if id.startswith("held:"))
    on_the_way = sum(
        points for id, points in reckoning.balances.items() if id.startswith("transit:")
    )
    assert (on_hold, on_the_way) == (held, 0)
    for id, stored in at.journal.disk.states("reward").items():
        assert stored.state["stock"] == reckoning.stock[id]


async def the_figures_agree(at: Machine, reckoning: Reckoning, lived_in: Town) -> None:
    """Statistics and honours are those of the plain count."""
    own = Count(reckoning, lived_in.paths)
    crew = lived_in.crews[3]
    for months, place, team, by in (
        ((f"{YEAR}-01", f"{YEAR}-12"), None, None, ()),
        ((f"{YEAR}-01", f"{YEAR}-12"), None, None, ("team", "month")),
        ((f"{YEAR}-01", f"{YEAR}-12"), DISTRICT, None, ("place",)),
        ((f"{YEAR}-03", f"{YEAR}-05"), crew.community, None, ("place", "team")),
        ((f"{YEAR}-01", f"{YEAR}-12"), None, crew.id, ("month",)),
    ):
        counted = await count(
            at.journal,
            Selection(*months, place, team),
            tuple(By(one) for one in by),
            at.now,
            lambda code: lived_in.paths.get(code, ()),
        )
        mine = own.counted(months, place, team, by)
        if by:
            theirs = {key: figures.told() for key, figures in counted.groups.items()}
            assert theirs == {key: sums.told() for key, sums in mine.items()}
        else:
            assert counted.total.told() == mine[()].told()
    for place, team in ((None, None), (crew.community, None), (None, crew.id)):
        theirs_too = await standings(at.journal, YEAR, place, team, at.now)
        people = [(one.volunteer, one.minutes, one.services) for one in theirs_too.people]
        assert people == own.honours(YEAR, place, team)


async def the_states_are_the_folds(at: Machine) -> None:
    """What is stored is what the commits lead to."""
    for aggregate in service.aggregates:
        stored = at.journal.disk.states(aggregate.kind)
        some = sorted(stored)[:: SAMPLED if len(stored) > 1_000 else 1]
        for id in some:
            commits = await at.journal.history(aggregate.stream(id))
            again = fold(aggregate, id, commits)
            assert again.version == stored[id].version
            assert plain(again.state) == plain(stored[id].state), aggregate.stream(id)
            assert again.due == stored[id].due


def plain(value: object) -> object:
    """Lists for tuples: as the journal gives them back."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value
