"""Statistics: the same figures as somebody gets who counts the events of every petition by hand."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from services.petitions.domain.petition import petition
from services.petitions.statistics import (
    FEWEST_SHOWN,
    JUDGED,
    By,
    Counted,
    Figures,
)
from shared.contracts.types import PlaceKind
from shared.neighbourhood.place import LearnPlace, place
from shared.runtime.remembered import FRESH, OLDEST
from shared.worktime.hours import CHINA
from tests.services.petitions.city import (
    BANYAN,
    DISTRICT,
    LAKE,
    NORTH,
    SOUTH,
    STREET,
    UNIT,
    City,
    city,
)

STAFF = "street-staff"


@pytest.fixture
async def town() -> AsyncIterator[City]:
    async with city() as made:
        yield made


async def counted_by_hand(
    town: City, ids: list[str], by: str, below: str = DISTRICT
) -> dict[str, Counter[str]]:
    """From the commits alone."""
    groups: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for id in ids:
        told = [
            (event.name, event.data or {}, commit.at)
            for commit in await town.running.journal.history(petition.stream(id))
            for event in commit.events
        ]
        data = {name: fields for name, fields, _ in told}
        filed, promised = data["PetitionFiled"], told[0][2]
        if below not in filed["path"]:
            continue
        path = filed["path"]
        keys = {
            "": "",
            "month": f"{promised.astimezone(CHINA):%Y-%m}",
            "channel": filed["channel"],
            "kind": filed["kind"],
            "level": data["PetitionReachedLevel"]["level"],
            "topic": filed["category"],
            "category": filed["category"].partition("-")[0],
            "place": path[min(path.index(below) + 1, len(path) - 1)],
        }
        one = groups[keys[by]]
        one["filed"] += 1
        late, answered, open, overdue = False, False, True, False
        last_rating: dict[str, Any] | None = None
        solved = False
        for name, fields, _ in told:
            match name:
                case "PetitionOverdue":
                    late, overdue = True, fields["again_at"] is not None
                case "PetitionReachedLevel":
                    overdue, open = False, True
                case "PetitionAnswered":
                    if not answered:
                        one["answered"] += 1
                        one["answered_in_time"] += fields["in_time"] and not late
                    answered, overdue = True, False
                case "PetitionRated":
                    last_rating, solved = fields, fields["solved"]
                case "PetitionClosed":
                    open, overdue = False, False
                    solved = solved or fields["outcome"] == "solved"
        one["reopened"] += any(name == "PetitionReopened" for name, _, _ in told)
        one["solved"] += solved
        one["open"] += open
        one["overdue"] += overdue
        if last_rating is not None:
            one["rated"] += 1
            one["sum"] += last_rating["stars"]
            one["satisfied"] += last_rating["stars"] >= 3
    return groups


@pytest.mark.parametrize(
    "by", ["", "month", "channel", "kind", "level", "topic", "category", "place"]
)
async def test_the_figures_are_those_of_the_events(town: City, by: str) -> None:
    ids = await town.live()
    expected = await counted_by_hand(town, ids, by)
    answer = await town.get(f"/statistics?place={DISTRICT}&by={by}", STAFF, places=(DISTRICT,))
    assert answer.status_code == 200, answer.text
    shown = answer.json()
    rows = {row[by]: row for row in shown["items"]} if by else {"": shown["total"]}
    assert rows.keys() == expected.keys()
    for key, row in rows.items():
        wanted = expected[key]
        assert {name: row[name] for name in row if name not in (by, "stars", "suspended")} == {
            name: wanted[name] for name in row if name not in (by, "stars", "suspended")
        }
        mean = round(wanted["sum"] / wanted["rated"], 2) if wanted["rated"] else None
        assert row["stars"] == mean
    assert shown["total"]["filed"] == len(ids) == sum(one["filed"] for one in expected.values())
    assert shown["total"]["overdue"] > 0


async def test_a_place_is_told_by_the_places_next_below_it(town: City) -> None:
    await town.file(BANYAN)
    await town.file(UNIT)
    await town.file(LAKE)
    for where, expected in (
        (STREET, {NORTH: 2, SOUTH: 1}),
        (BANYAN, {BANYAN: 1, "350105-lx-n-1-3-2": 1}),
    ):
        answer = await town.get(f"/statistics?place={where}&by=place", STAFF, places=(STREET,))
        assert {row["place"]: row["filed"] for row in answer.json()["items"]} == expected


async def test_what_was_filed_in_a_place_that_moved_counts_where_it_lay(town: City) -> None:
    await town.file(UNIT)
    moved = (DISTRICT, STREET, SOUTH, LAKE, UNIT)
    await town.running.store.do(
        place, UNIT, LearnPlace(PlaceKind.UNIT, UNIT, moved), actor="community"
    )
    while town.running.copies["place"][UNIT].path != moved:
        await town.clock.sleep(0.01)
    await town.file(UNIT)
    for where, expected in (
        (STREET, {NORTH: 1, SOUTH: 1}),
        (NORTH, {BANYAN: 1}),
        (BANYAN, {UNIT: 1}),
        (SOUTH, {LAKE: 1}),
    ):
        answer = await town.get(f"/statistics?place={where}&by=place", STAFF, places=(STREET,))
        rows = {row["place"]: row["filed"] for row in answer.json()["items"]}
        assert rows == expected, where


async def test_months_and_categories_narrow_the_figures(town: City) -> None:
    for month, category in ((1, "property"), (2, "property-lifts"), (3, "sanitation")):
        town.clock.put(datetime(2025, month, 5, tzinfo=UTC))
        await town.file(category=category)

    async def filed(asked: str) -> int:
        answer = await town.get(f"/statistics?{asked}", STAFF, places=(STREET,))
        assert answer.status_code == 200, answer.text
        number: int = answer.json()["total"]["filed"]
        return number

    assert await filed("") == 3
    assert await filed("from=2025-02") == 2
    assert await filed("from=2025-02&to=2025-02") == 1
    assert await filed("category=property") == 2
    assert await filed("category=property-lifts") == 1


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("by=colour", 422),
        ("by=place,month,level,kind", 422),
        ("from=2025-13", 422),
        ("category=no-such", 422),
        (f"place={SOUTH}", 403),
        ("place=nowhere", 403),
    ],
)
async def test_what_cannot_be_asked(town: City, asked: str, status: int) -> None:
    answer = await town.get(f"/statistics?{asked}", STAFF, places=(NORTH,))
    assert answer.status_code == status, answer.text


async def test_of_several_places_one_has_to_be_named(town: City) -> None:
    assert (await town.get("/statistics", STAFF, places=(NORTH, SOUTH))).status_code == 422
    assert (await town.get("/statistics", STAFF)).status_code == 403
    assert (await town.get("/statistics", "resident", places=(NORTH,))).status_code == 403


async def test_the_public_is_told_without_reports(town: City) -> None:
    await town.live()
    everything = await town.get(
        f"/statistics?place={DISTRICT}&by=kind", "street-staff", places=(DISTRICT,)
    )
    public = await town.get("/public/statistics?by=kind")
    assert public.headers["Cache-Control"] == "public, max-age=60"
    kinds = {row["kind"] for row in public.json()["items"]}
    assert kinds == {row["kind"] for row in everything.json()["items"]} - {"report"}
    assert (await town.get(f"/public/statistics?place={UNIT}")).status_code == 404


async def test_figures_come_as_csv(town: City) -> None:
    await town.file()
    answer = await town.get("/public/statistics?by=place,month&format=csv")
    head, *rows = answer.text.splitlines()
    assert head == "\ufeffplace,month," + ",".join(Figures().told())
    assert len(rows) == 1
    assert rows[0].startswith(f"{DISTRICT},")


# --- small groups, and what is remembered ---------------------------------------------------------


def group(rated: int) -> Figures:
    return Figures(filed=20, rated=rated, stars=3 * rated, satisfied=rated, solved=rated)


def test_what_few_people_said_is_not_told_of_them() -> None:
    of: dict[tuple[str, ...], Figures] = {
        ("a",): group(9),
        ("b",): group(FEWEST_SHOWN),
        ("c",): group(FEWEST_SHOWN - 1),
    }
    counted = Counted((By.LEVEL,), of, group(18), datetime(2025, 3, 3, tzinfo=UTC))
    rows = {row[By.LEVEL]: row for row in counted.rows(public=True)}
    assert all(rows["c"][name] is None for name in JUDGED)
    # Of the two that are left out neither can be reckoned from the whole.
    assert all(rows["b"][name] is None for name in JUDGED)
    assert rows["a"]["rated"] == 9
    assert rows["c"]["filed"] == 20
    assert {row[By.LEVEL]: row["rated"] for row in counted.rows(public=False)} == {
        "a": 9,
        "b": 5,
        "c": 4,
    }


def test_a_whole_of_few_is_not_told_either() -> None:
    few = Counted((), {}, group(4), datetime(2025, 3, 3, tzinfo=UTC))
    assert few.whole(public=True)["rated"] is None
    assert few.whole(public=False)["rated"] == 4


async def test_an_answer_tells_when_it_was_so_and_the_next_one_what_is_so_now(town: City) -> None:
    ids = [await town.file(), await town.file(LAKE)]
    asked = f"/statistics?place={STREET}&by=place"

    async def told() -> tuple[datetime, dict[str, int]]:
        answer = await town.get(asked, STAFF, places=(STREET,))
        assert answer.status_code == 200, answer.text
        shown = answer.json()
        rows = {row["place"]: row["filed"] for row in shown["items"]}
        return datetime.fromisoformat(shown["as_of"]), rows

    async def filed() -> dict[str, int]:
        groups = await counted_by_hand(town, ids, "place", STREET)
        return {where: counts["filed"] for where, counts in groups.items()}

    before = await told()
    assert before[1] == await filed()
    ids.append(await town.file(UNIT))
    town.clock.put(before[0] + FRESH)
    # At once, as it was counted; and counted anew for who asks next.
    assert await told() == before
    for _ in range(1000):
        await asyncio.sleep(0)  # lets it be counted
        if (after := await told()) != before:
            break
    assert after[1] == await filed() != before[1]
    assert after[0] >= before[0] + FRESH
    ids.append(await town.file(LAKE))
    town.clock.put(after[0] + OLDEST)
    assert (await told())[1] == await filed() != after[1]
