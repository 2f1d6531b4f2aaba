"""Figures over the stored states of every chapter, in memory and in MongoDB: as counted by hand."""

from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from typing import Any

import msgspec
import pytest

from deploy.local.servers import MongoServer
from services.volunteering import statistics
from services.volunteering.domain.activities.state import Activity
from services.volunteering.domain.activities.state import Status as Ran
from services.volunteering.domain.hours.record import ServiceRecord
from services.volunteering.domain.orders.state import Order
from services.volunteering.domain.orders.state import Status as Ordered
from services.volunteering.domain.patrols.shift_state import PatrolShift
from services.volunteering.domain.patrols.shift_state import Status as Patrolled
from services.volunteering.domain.wishes.wish_state import Claim, Serving, Wish
from services.volunteering.domain.wishes.wish_state import Status as Wished
from services.volunteering.statistics import SOURCES, By, Selection, count, standings
from services.volunteering.views import KINDS
from services.volunteering.views import hours as views
from services.volunteering.views import series as series_views
from shared.contracts.volunteering.hours import Work
from shared.runtime.clock import SystemClock
from shared.runtime.journal import Journal, Query, Stored
from shared.runtime.memory_journal import MemoryJournal
from shared.runtime.mongo_journal import MongoJournal
from shared.worktime.hours import CHINA
from tests.plans import read_through

NOW = datetime(2026, 5, 1, tzinfo=UTC)
PATHS = (("d", "s", "c1", "n1"), ("d", "s", "c1"), ("d", "s", "c2", "n2"), ("d", "t", "c3"))
BELOW = {
    "s": {"n1": "c1", "c1": "c1", "n2": "c2"},
    None: dict.fromkeys(("n1", "c1", "n2", "c3"), "d"),
}
LINES = {path[-1]: path for path in PATHS}
TEAMS = ("t1", "t2", None)
PEOPLE = ("wang", "lin", "chen", "wu", None)


@pytest.fixture(params=["memory", pytest.param("mongo", marks=pytest.mark.servers)])
async def journal(request: pytest.FixtureRequest) -> AsyncIterator[Journal]:
    clock = SystemClock()
    journal: Journal = MemoryJournal(clock)
    if request.param == "mongo":
        mongo, database = (request.getfixturevalue(name) for name in ("mongo", "database"))
        journal = MongoJournal.connect(mongo.uri, database, "pymongo", clock)
    await journal.prepare(KINDS)
    yield journal
    await journal.close()


class ByHand:
    """The figures as somebody adds them up, thing by thing."""

    def __init__(self) -> None:
        self.things: list[dict[str, Any]] = []

    def totals(self, by: tuple[By, ...], selection: Selection) -> dict[Any, dict[str, Any]]:
        groups: dict[Any, dict[str, Any]] = defaultdict(
            lambda: {"people": set(), "services": 0, "minutes": 0, **dict.fromkeys(NAMES, 0)}
        )
        for thing in self.things:
            if not selection.since <= thing["month"] <= selection.until:
                continue
            if selection.place is not None and selection.place not in LINES[thing["place"]]:
                continue
            if selection.team is not None and thing["team"] != selection.team:
                continue
            known = {
                By.PLACE: BELOW[selection.place].get(thing["place"]),
                By.TEAM: thing["team"],
                By.MONTH: thing["month"],
            }
            group = groups[tuple(known[one] for one in by)]
            if thing["source"] == "record":
                group["services"] += 1
                group["minutes"] += thing["minutes"]
                if thing["volunteer"] is not None:
                    group["people"].add(thing["volunteer"])
            else:
                group[thing["source"]] += 1
        return {
            values: {**group, "people": len(group["people"])} for values, group in groups.items()
        }


NAMES = tuple(source.name for source in SOURCES)


async def put(journal: Journal, kind: str, id: str, state: Any) -> None:
    stored = msgspec.to_builtins(state, builtin_types=(datetime,))
    await journal.put_state(kind, Stored(id, 1, NOW, stored))


async def lived(journal: Journal, seed: int, many: int = 40) -> ByHand:
    """Random things of all chapters, over and not over, in half a year."""
    chance, hand = Random(seed), ByHand()

    def some() -> tuple[tuple[str, ...], str | None, datetime, str]:
        at = datetime(
            2025 + chance.randint(0, 1),
            chance.randint(1, 12),
            chance.choice((1, 15, 28)),
            chance.randint(0, 23),
            tzinfo=CHINA,
        )
        return chance.choice(PATHS), chance.choice(TEAMS), at.astimezone(UTC), f"{at:%Y-%m}"

    def noted(
        source: str, path: tuple[str, ...], team: str | None, month: str, **more: Any
    ) -> None:
        hand.things.append(
            {"source": source, "place": path[-1], "team": team, "month": month, **more}
        )

    for n in range(many):
        path, team, at, month = some()
        volunteer, minutes = chance.choice(PEOPLE), chance.choice((0, 30, 60))
        record = ServiceRecord(
            work=f"x{n}",
            kind=chance.choice(list(Work)),
            volunteer=volunteer,
            place=path[-1],
            path=path,
            district=path[0],
            team=team,
            begun=at,
            month=month,
            year=int(month[:4]),
            minutes=minutes,
        )
        await put(journal, "service-record", f"x{n}", record)
        if minutes:
            noted("record", path, team, month, volunteer=volunteer, minutes=minutes)

        path, team, at, month = some()
        ran = chance.choice((Ran.OPEN, Ran.DONE, Ran.CALLED_OFF))
        activity = replace(
            Activity(), status=ran, place=path[-1], path=path, team=team, begin=at, end=at
        )
        await put(journal, "activity", f"x{n}", activity)
        if ran is not Ran.OPEN:
            source = "activities" if ran is Ran.DONE else "called_off"
            noted(source, path, team, month)

        path, team, at, month = some()
        wished = chance.choice((Wished.GRANTED, Wished.FULFILLED))
        wish = replace(
            Wish(),
            status=wished,
            place=path[-1],
            path=path,
            claim=Claim("wang", team, at, at),
            serving=Serving(at, at, ()),
        )
        await put(journal, "wish", f"x{n}", wish)
        if wished is Wished.FULFILLED:
            noted("wishes", path, team, month)

        path, _, at, month = some()
        ordered = chance.choice((Ordered.ACCEPTED, Ordered.DONE))
        order = replace(Order(), status=ordered, place=path[-1], path=path, begun=at)
        await put(journal, "order", f"x{n}", order)
        if ordered is Ordered.DONE:
            noted("orders", path, None, month)

        path, team, at, month = some()
        patrolled = chance.choice((Patrolled.MISSED, Patrolled.ENDED))
        shift = replace(
            PatrolShift(),
            status=patrolled,
            place=path[-1],
            path=path,
            team=team or "t1",
            begin=at,
            end=at,
        )
        await put(journal, "patrol-shift", f"x{n}", shift)
        if patrolled is Patrolled.ENDED:
            noted("patrols", path, team or "t1", month)
    return hand


@pytest.mark.parametrize("by", [(), (By.PLACE,), (By.TEAM,), (By.MONTH,), (By.TEAM, By.MONTH)])
@pytest.mark.parametrize(
    "selection",
    [
        Selection("2025-01", "2026-12"),
        Selection("2025-11", "2026-02", place="s"),
        Selection("2025-06", "2026-06", team="t1"),
        Selection("2025-06", "2025-06", place="s", team="t2"),
    ],
)
async def test_what_is_counted_is_what_somebody_counts_by_hand(
    journal: Journal, by: tuple[By, ...], selection: Selection
) -> None:
    hand = await lived(journal, seed=len(by) + len(selection.months()))
    counted = await count(journal, selection, by, NOW, lambda code: LINES[code])
    expected = hand.totals(by, selection)
    (whole,) = hand.totals((), selection).values() or ({},)
    assert _figures(counted.total) == whole
    if by:
        assert {values: _figures(one) for values, one in counted.groups.items()} == expected


def _figures(one: statistics.Figures) -> dict[str, Any]:
    told = one.told()
    assert told["minutes"] == sum(told.pop("minutes_by_work").values())
    return told


async def test_standings_are_in_order_and_count_who_is_known(journal: Journal) -> None:
    hand = await lived(journal, seed=11, many=60)
    spent: dict[str, int] = defaultdict(int)
    for thing in hand.things:
        if thing["source"] == "record" and thing["month"] >= "2026" and thing["volunteer"]:
            spent[thing["volunteer"]] += thing["minutes"]
    found = await standings(journal, 2026, None, None, NOW)
    assert {one.volunteer: one.minutes for one in found.people} == spent
    minutes = [one.minutes for one in found.people]
    assert minutes == sorted(minutes, reverse=True)
    assert [one.rank for one in found.people] == [minutes.index(one) + 1 for one in minutes]


def test_months_run_over_the_turn_of_the_year() -> None:
    assert Selection("2025-11", "2026-02").months() == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert Selection("2026-02", "2025-11").months() == []


RECORDS = {
    "hours": views.hours_of("p"),
    "hours of a year": views.hours_of("p", 2026),
    "served between": views.served_between("p", NOW, NOW),
    "all hours": views.all_hours_of("p"),
    "figures": Query(Selection("2026-01", "2026-12").of_records()),
    "figures of a place": Query(Selection("2026-01", "2026-12", place="c1").of_records()),
    "figures of a team": Query(Selection("2026-01", "2026-12", team="t1").of_records()),
}
CERTIFICATES = {
    "certificates": views.certificates_of("p"),
    "all certificates": views.all_certificates_of("p"),
    "with a record": views.certificates_with("r"),
    "numbered": views.certificate_numbered("V0000000126"),
}
SERIES = {
    "all": series_views.series_query(),
    "of a place": series_views.series_query(place="c1"),
    "of a team": series_views.series_query(team="t1"),
    "running of a team": series_views.running_of("team", "t1"),
    "running at a place": series_views.running_of("place", "c1"),
    "organised": series_views.organised_by("p"),
}
ACTIVITIES = {"made": series_views.occasions_from("s1", NOW)}


@pytest.mark.servers
async def test_every_query_reads_an_index(mongo: MongoServer, database: str) -> None:
    asked = {
        "service-record": RECORDS,
        "certificate": CERTIFICATES,
        "series": SERIES,
        "activity": ACTIVITIES,
    }
    assert await read_through(mongo, database, KINDS, asked) == []
