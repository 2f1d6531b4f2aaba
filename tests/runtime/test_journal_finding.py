"""Queries, over every journal."""

from typing import Any

import pytest

from shared.runtime.journal import Behind, Journal, Query
from tests.runtime.journal_material import MONDAY, change, minutes, pages

ONE = minutes(1)
SOME = [
    change("a", status="open", rank=1, tags=["x", "y"], place="p1", due=MONDAY),
    change("b", status="open", rank=2, tags=[], place="p1", due=MONDAY + minutes(1)),
    change("c", status="done", rank=3, tags=["y"], place="p2"),
    change("d", status="done", rank=None, tags=["z"], place="p2", inner={"who": "w"}),
    change("e", status="open", rank=5, place=None, due=MONDAY + minutes(2), urgent=True),
]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ({}, "abcde"),
        ({"status": "open"}, "abe"),
        ({"status": "open", "place": "p1"}, "ab"),
        ({"tags": "y"}, "ac"),
        ({"tags": {"$in": ["x", "z"]}}, "ad"),
        ({"tags": {"$ne": "y"}}, "bde"),
        ({"tags": {"$nin": ["y"]}}, "bde"),
        ({"rank": {"$nin": [2, None]}}, "ace"),
        ({"rank": None}, "d"),
        ({"place": None}, "e"),
        ({"missing": None}, "abcde"),
        ({"inner.who": "w"}, "d"),
        ({"inner.who": {"$ne": "w"}}, "abce"),
        ({"rank": {"$in": [1, 3, None]}}, "acd"),
        ({"rank": {"$in": []}}, ""),
        ({"rank": {"$ne": 2}}, "acde"),
        ({"rank": {"$ne": None}}, "abce"),
        ({"rank": {"$lt": 2}}, "a"),
        ({"rank": {"$lte": 2}}, "ab"),
        ({"rank": {"$gt": 2}}, "ce"),
        ({"rank": {"$gte": 2}}, "bce"),
        ({"rank": {"$gt": 1, "$lt": 5}}, "bc"),
        ({"rank": {"$gt": "a"}}, ""),
        ({"urgent": True}, "e"),
        ({"rank": True}, ""),
        ({"due": None}, "cd"),
        ({"due": {"$ne": None}}, "abe"),
        ({"due": {"$lte": MONDAY + minutes(1)}}, "ab"),
        ({"due": {"$lt": MONDAY + minutes(1)}, "status": "open"}, "a"),
        ({"at": MONDAY}, "abcde"),
        ({"at": {"$gt": MONDAY}}, ""),
        ({"_id": {"$in": ["a", "e", "nobody"]}}, "ae"),
        ({"_id": {"$gte": "d"}}, "de"),
        ({"place": {"$gte": "p1", "$lt": "p1\U0010ffff"}}, "ab"),
    ],
)
async def test_where(journal: Journal, where: dict[str, Any], found: str) -> None:
    await journal.write(SOME)
    page = await journal.find("thing", Query(where))
    assert "".join(item.id for item in page.items) == found
    assert page.next is None
    assert await journal.count("thing", where) == len(found)


async def test_what_has_changed_is_found_by_what_it_is_now(journal: Journal) -> None:
    await journal.write(SOME)
    assert await journal.count("thing", {"status": "open"}) == 3
    await journal.write(
        [change("a", 2, status="done", place=["p2", "p3"]), change("f", place="p2")]
    )
    for where, found in (
        ({"status": "open"}, "be"),
        ({"status": "done"}, "acd"),
        ({"place": "p1"}, "b"),
        ({"place": "p2"}, "acdf"),
        ({"place": "p3"}, "a"),
        ({"place": "p2", "status": "done"}, "acd"),
        ({"_id": "f", "place": "p2"}, "f"),
        ({"place": "p4"}, ""),
    ):
        page = await journal.find("thing", Query(where))
        assert "".join(item.id for item in page.items) == found


@pytest.mark.parametrize(
    "where",
    [
        {"status": {"$regex": "o"}},
        {"status": {"$where": "1"}},
        {"status": {"equals": "open"}},
        {"status": {}},
        {"$or": [{"status": "open"}]},
        {"due": {"$lt": None}},
        {"": 1},
    ],
)
async def test_what_is_no_condition_is_refused(journal: Journal, where: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        await journal.find("thing", Query(where))
    with pytest.raises(ValueError):
        await journal.count("thing", where)


async def test_found_states_are_whole(journal: Journal) -> None:
    await journal.write(SOME)
    page = await journal.find("thing", Query({"_id": "a"}))
    assert page.items == [SOME[0].state]


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ((("_id", 1),), "abcde"),
        ((("_id", -1),), "edcba"),
        ((("due", 1),), "cdabe"),
        ((("due", -1),), "ebadc"),
        ((("rank", 1),), "dabce"),
        ((("rank", -1),), "ecbad"),
        ((("status", 1), ("due", -1)), "dceba"),
        ((("status", -1), ("rank", 1)), "abedc"),
        ((("place", 1), ("_id", -1)), "ebadc"),
        ((("at", 1),), "abcde"),
        ((), "abcde"),
    ],
)
@pytest.mark.parametrize("limit", [1, 2, 5])
async def test_pages_join_without_gap_or_overlap(
    journal: Journal, order: tuple[Any, ...], found: str, limit: int
) -> None:
    await journal.write(SOME)
    got = await pages(journal, Query({}, order, limit))
    assert "".join(id for page in got for id in page) == found
    assert all(len(page) == limit for page in got[:-1])
    assert got[-1]


async def test_paging_through_ties(journal: Journal) -> None:
    ids = [f"{n:02}" for n in range(40)]
    await journal.write(
        [change(id, group=n // 13, due=MONDAY if n % 3 else None) for n, id in enumerate(ids)]
    )
    for group in (1, -1):
        for due in (1, -1):
            asked = Query({}, (("group", group), ("due", due)), 7)
            got = [id for page in await pages(journal, asked) for id in page]
            whole = await journal.find("thing", Query({}, asked.order, 100))
            assert got == [item.id for item in whole.items]
            assert sorted(got) == ids


async def test_a_page_stays_right_when_what_it_ended_at_is_gone(journal: Journal) -> None:
    await journal.write(SOME)
    first = await journal.find("thing", Query({"status": "open"}, (("due", 1),), 1))
    await journal.write([change("a", 2, status="done")])
    query = Query({"status": "open"}, (("due", 1),), 1, first.next)
    assert [item.id for item in (await journal.find("thing", query)).items] == ["b"]


async def test_a_place_of_another_order_is_refused(journal: Journal) -> None:
    with pytest.raises(ValueError):
        await journal.find("thing", Query({}, (("due", 1),), 5, after=("a",)))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("sewer", "adf"),
        ("SEWER", "adf"),
        ("下水道", "be"),
        (".*", ""),
        ("(50 % off)", "c"),
        ("a+b", "c"),
        ("3", "c"),
        ("\0", ""),
        ("line\nbreak", "e"),
        ("école", "f"),
    ],
)
async def test_text_in_the_dossier(journal: Journal, text: str, found: str) -> None:
    await journal.write(
        [
            change("a", texts=("nothing", "the Sewer is blocked"), status="open"),
            change("b", texts=("楼下的下水道堵了",), status="open"),
            change("c", texts=("a+b (50 % off) 3 days",), status="open"),
            change("d", texts=("sewer",), status="done"),
            change("e", texts=("下水道", "line\nbreak"), status="open"),
            change("f", texts=("sewer of the École",), status="open"),
            change("g", text="sewer, but in the state"),
            change("sewer", texts=()),
        ]
    )
    got = await pages(journal, Query({}, (("_id", 1),), 2, text=text))
    assert "".join(id for page in got for id in page) == found
    narrowed = await journal.find("thing", Query({"status": "done"}, text=text))
    assert "".join(item.id for item in narrowed.items) == ("d" if "d" in found else "")


async def test_text_search_finds_whole_states_in_order(journal: Journal) -> None:
    written = [
        change(f"{n}", texts=("it drips",), due=MONDAY + minutes(9 - n), n=n) for n in range(9)
    ]
    await journal.write(written)
    await journal.write([change("8", 2, forgets=True, due=MONDAY)])
    page = await journal.find("thing", Query({}, (("due", 1),), 3, text="drips"))
    assert page.items == [written[7].state, written[6].state, written[5].state]
    assert page.next is not None


async def test_count_stops_at_its_limit(journal: Journal) -> None:
    await journal.write(SOME)
    assert await journal.count("thing", {}) == 5
    assert await journal.count("thing", {}, 3) == 3
    assert await journal.count("thing", {"status": "open"}, 100) == 3
    assert await journal.count("nothing", {}) == 0


@pytest.mark.parametrize(
    ("by", "where", "counts"),
    [
        (["status"], {}, [(("open",), 3), (("done",), 2)]),
        (["place"], {}, [(("p1",), 2), (("p2",), 2), ((None,), 1)]),
        (["urgent"], {}, [((None,), 4), ((True,), 1)]),
        (["missing"], {}, [((None,), 5)]),
        (["inner.who"], {}, [((None,), 4), (("w",), 1)]),
        (["due"], {"status": "open", "place": "p1"}, [((MONDAY,), 1), ((MONDAY + ONE,), 1)]),
        (
            ["status", "place"],
            {},
            [(("done", "p2"), 2), (("open", "p1"), 2), (("open", None), 1)],
        ),
        (["place", "due"], {"due": None}, [(("p2", None), 2)]),
        (["status"], {"tags": "y"}, [(("done",), 1), (("open",), 1)]),
        (["status"], {"tags": {"$in": ["x", "z"]}, "rank": {"$ne": None}}, [(("open",), 1)]),
        (["status"], {"rank": {"$gt": 1, "$lte": 5}}, [(("open",), 2), (("done",), 1)]),
        (["status"], {"place": "nowhere"}, []),
    ],
)
async def test_tally(
    journal: Journal,
    by: list[str],
    where: dict[str, Any],
    counts: list[tuple[tuple[Any, ...], int]],
) -> None:
    await journal.write(SOME)
    assert await journal.tally("thing", by, where) == counts


async def test_the_largest_numbers_of_a_tally_come_first(journal: Journal) -> None:
    ranks = [3, 1, None, 2, 1, True, "1", 2.0, 5, 1]
    await journal.write([change(f"{n}", rank=rank) for n, rank in enumerate(ranks)])
    whole = await journal.tally("thing", ["rank"])
    once = [((None,), 1), ((3,), 1), ((5,), 1), (("1",), 1), ((True,), 1)]
    assert whole == [((1,), 3), ((2,), 2), *once]
    for most in (1, 2, 4, 7, 100):
        assert await journal.tally("thing", ["rank"], most=most) == whole[:most]
    assert await journal.tally("nothing", ["rank"]) == []


async def test_a_list_is_tallied_as_a_whole(journal: Journal) -> None:
    ways = [["d", "s"], ["d"], ["d", "s"], [], None, ["s", "d"], ["d", "s", "c"], ["d", "s"]]
    await journal.write([change(f"{n}", way=way) for n, way in enumerate(ways)])
    once = [(None,), ([],), (["d"],), (["d", "s", "c"],), (["s", "d"],)]
    counts = [((["d", "s"],), 3), *((values, 1) for values in once)]
    assert await journal.tally("thing", ["way"]) == counts
    below = [((["d", "s"],), 3), ((["d", "s", "c"],), 1), ((["s", "d"],), 1)]
    assert await journal.tally("thing", ["way"], {"way": "s"}) == below


async def test_of_a_list_it_is_tallied_what_comes_behind_a_value(journal: Journal) -> None:
    ways = [["d", "s", "n"], ["d", "s"], ["d"], ["d", "s", "m"], [], None, "d", ["e"], ["d", "s"]]
    await journal.write([change(f"{n}", way=way, rank=n % 2) for n, way in enumerate(ways)])
    once = [(("d",), 1), (("e",), 1)]
    behind = {
        "d": [(("s",), 4), ((None,), 3), *once],
        "s": [((None,), 3), (("s",), 2), *once, (("m",), 1), (("n",), 1)],
        "$way": [(("d",), 5), ((None,), 3), (("e",), 1)],
    }
    for value, counts in behind.items():
        assert await journal.tally("thing", [Behind("way", value)]) == counts, value
    below = await journal.tally("thing", ["rank", Behind("way", "s")], {"way": "s"})
    assert below == [((0, "n"), 1), ((0, "s"), 1), ((1, "m"), 1), ((1, "s"), 1)]


@pytest.mark.parametrize(
    "by", [["inner"], ["status", "inner"], [], [""], ["$status"], [Behind("", "a")]]
)
async def test_what_cannot_be_counted_by_is_refused(
    journal: Journal, by: list[str | Behind]
) -> None:
    await journal.write(SOME)
    with pytest.raises(ValueError):
        await journal.tally("thing", by)


async def test_what_no_tally_can_be_of_is_refused(journal: Journal) -> None:
    with pytest.raises(ValueError):
        await journal.tally("thing", ["status"], {"status": {"$regex": "o"}})
    with pytest.raises(ValueError):
        await journal.tally("thing", ["status"], most=0)


async def test_due_is_earliest_first_and_only_what_has_passed(journal: Journal) -> None:
    await journal.write(list(reversed(SOME)))
    one = minutes(1)
    assert await journal.due("thing", MONDAY - one, 10) == []
    assert await journal.due("thing", MONDAY + one, 10) == [("a", MONDAY), ("b", MONDAY + one)]
    assert await journal.due("thing", MONDAY + 9 * one, 1) == [("a", MONDAY)]
    await journal.write([change("a", 2), change("b", 2, due=MONDAY + 5 * one)])
    assert await journal.due("thing", MONDAY + 9 * one, 10) == [
        ("e", MONDAY + 2 * one),
        ("b", MONDAY + 5 * one),
    ]
