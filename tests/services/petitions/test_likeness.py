"""Comparing petitions: their sketches, the table they stand in, and what is found."""

from datetime import UTC, datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.petitions.likeness.finding import CLOSER_LOOK, Sought, _closest, alike
from services.petitions.likeness.sketch import HASHES, MOST, hashes, hashes_of
from services.petitions.likeness.table import FIRST_HASHES, Entry, Table

LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
TODAY = datetime(2025, 3, 3, tzinfo=UTC)

LIFT = "三号楼电梯坏了一个多星期，老人上下楼很不方便，物业说等配件一直没有修。"
LIFT_AGAIN = "物业说等配件，三号楼电梯一直没有修，坏了一个多星期了，老人上下楼不方便。"
WATER = "昨天下午开始全楼停水，没有任何通知，到今天早上还没有恢复供水。"
DOGS = "有人遛狗不牵绳，孩子在花园里玩很害怕，请加强管理。"

EAST, WEST = ("d", "s", "c", "east"), ("d", "s", "c", "west")
OTHER_COMMUNITY = ("d", "s", "c2", "north")
AROUND_EAST = ("east", "c")


def entry(
    id: str,
    text: str,
    path: tuple[str, ...] = EAST,
    category: str = "property",
    filed_at: datetime = TODAY,
) -> Entry:
    return Entry(id, path, (category,), filed_at, 0, hashes(text))


def table(*entries: Entry) -> Table:
    made = Table()
    for each in entries:
        made.put(each)
    return made


def found(made: Table, text: str, id: str | None = None) -> list[str]:
    sought = Sought(hashes(text), AROUND_EAST, "property", id)
    return [each.id for each in alike(made, sought)]


OTHERS = (entry("water", WATER), entry("dogs", DOGS))


# --- sketches -------------------------------------------------------------------------------------


def test_scripts_widths_and_punctuation_count_the_same():
    assert np.array_equal(hashes("電梯壞了，ＡＢ１２！"), hashes("电梯坏了 ab12"))


def test_a_text_without_a_pair_has_no_hashes():
    assert not len(hashes("", "！？", "好", "\U0001f600"))


def test_no_pair_reaches_from_the_title_into_the_text():
    assert not set(hashes("电梯", "坏了")) & set(hashes("梯坏"))


def test_a_lone_surrogate_is_passed_over():
    assert np.array_equal(hashes("电梯\ud800"), hashes("电梯"))


@given(st.text(max_size=300))
def test_hashes_are_distinct_rising_and_always_the_same(text: str):
    made = hashes(text)
    assert np.array_equal(made, np.unique(made))
    assert np.array_equal(made, hashes(text))


@given(st.lists(st.lists(st.text(max_size=30), max_size=3), max_size=6))
def test_many_petitions_at_a_time_have_the_hashes_of_each(petitions: list[list[str]]):
    together = hashes_of(petitions)
    assert len(together) == len(petitions)
    for made, texts in zip(together, petitions, strict=True):
        pairs = [set(hashes(text)) for text in texts]
        assert set(made) == set[int]().union(*pairs)


# --- finding --------------------------------------------------------------------------------------


def test_the_same_matter_in_another_order_is_found_and_others_are_not():
    assert found(table(entry("lift", LIFT), *OTHERS), LIFT_AGAIN) == ["lift"]


def test_it_is_found_among_no_others_too():
    assert found(table(entry("lift", LIFT)), LIFT_AGAIN) == ["lift"]


def test_a_petition_does_not_find_itself():
    made = table(entry("lift", LIFT), entry("again", LIFT_AGAIN), *OTHERS)
    assert found(made, LIFT, id="lift") == ["again"]


def test_the_nearer_one_comes_first():
    made = table(entry("west", LIFT, WEST), entry("east", LIFT, EAST), *OTHERS)
    both = alike(made, Sought(hashes(LIFT), AROUND_EAST, "property"))
    assert [(each.id, each.steps) for each in both] == [("east", 0), ("west", 1)]
    assert both[0].score > both[1].score


def test_what_lies_beyond_the_places_around_is_not_found():
    assert found(table(entry("lift", LIFT, OTHER_COMMUNITY), *OTHERS), LIFT) == []


def test_another_category_counts_less():
    made = table(entry("lift", LIFT), *OTHERS)
    [same] = alike(made, Sought(hashes(LIFT), AROUND_EAST, "property"))
    [other] = alike(made, Sought(hashes(LIFT), AROUND_EAST, "health"))
    [unknown] = alike(made, Sought(hashes(LIFT), AROUND_EAST))
    assert same.score == unknown.score > other.score
    assert (same.same_category, other.same_category) == (True, False)


def test_categories_are_the_same_when_their_first_level_is():
    lift = Entry("lift", EAST, ("property", "lifts"), TODAY, 0, hashes(LIFT))
    noise = Entry("noise", EAST, ("property", "noise"), TODAY, 0, hashes(DOGS))
    made = table(lift, noise)

    def same(category: str) -> bool:
        [each] = alike(made, Sought(hashes(LIFT), AROUND_EAST, category))
        return each.same_category

    assert [same(each) for each in ("lifts", "noise", "property", "health")] == [True] * 3 + [False]


def test_of_equals_the_later_comes_first():
    made = table(entry("new", LIFT), entry("old", LIFT, filed_at=LONG_AGO), *OTHERS)
    assert found(made, LIFT) == ["new", "old"]


def test_nothing_is_like_a_text_without_words():
    assert found(table(entry("lift", LIFT), *OTHERS), "！") == []


def test_a_few_common_words_do_not_make_two_texts_alike():
    assert found(table(entry("short", "物业"), *OTHERS), LIFT) == []


def test_a_part_of_a_long_text_finds_it():
    clauses = [
        f"第{n}件事是{chr(0x4E00 + 7 * n)}{chr(0x5E00 + 5 * n)}的办理情况" for n in range(200)
    ]
    assert len(hashes("。".join(clauses))) > MOST * 4
    assert found(table(entry("long", "。".join(clauses)), *OTHERS), "。".join(clauses[40:120])) == [
        "long"
    ]


def test_among_very_many_the_closer_look_still_finds_it():
    made = table(entry("lift", LIFT))
    for n in range(3000):
        made.put(entry(f"{n}", f"{chr(0x4E00 + n)}{WATER[n % 20 :]}{chr(0x5E00 + n)}"))
    assert found(made, LIFT_AGAIN) == ["lift"]


def test_the_closer_look_is_at_those_that_share_most_however_many_share_as_much():
    many, few = CLOSER_LOOK + 500, 7
    for last, shown in ((WATER, range(few)), (LIFT, range(few + 500, few + many))):
        made = table(*(entry(f"lift{n}", LIFT) for n in range(few)))
        for n in range(many):
            made.put(entry(f"{n}", last))
        asked = np.zeros(HASHES + 1, np.float32)
        asked[hashes(LIFT)] = made.weights()[hashes(LIFT)]
        seen = _closest(made, np.arange(len(made)), asked)
        assert len(seen) == CLOSER_LOOK
        assert (np.diff(seen) > 0).all()
        assert set(shown) <= set(seen.tolist())


# --- the table ------------------------------------------------------------------------------------

ids = st.sampled_from([f"p{n}" for n in range(8)])
texts = st.sampled_from([LIFT, LIFT_AGAIN, WATER, DOGS, "", "电梯"])
entries = st.builds(
    entry, ids, texts, st.sampled_from([EAST, WEST]), st.sampled_from(["property", "health"])
)
steps = st.lists(st.one_of(entries, ids), max_size=40)


def played(done: list[Entry | str]) -> Table:
    made = Table()
    for each in done:
        if isinstance(each, str):
            made.drop(each)
        else:
            made.put(each)
    return made


def answers(made: Table) -> list[set[tuple[str, float]]]:
    return [
        {
            (each.id, round(each.score, 5))
            for each in alike(made, Sought(hashes(text), AROUND_EAST, "property"))
        }
        for text in (LIFT, WATER, DOGS)
    ]


@given(steps)
def test_the_table_holds_what_was_put_and_not_dropped(done: list[Entry | str]):
    left: dict[str, Entry] = {}
    for each in done:
        if isinstance(each, str):
            left.pop(each, None)
        else:
            left[each.id] = each
    made = played(done)
    assert set(made) == set(left)
    assert answers(made) == answers(table(*left.values()))
    assert np.allclose(made.weights(), table(*left.values()).weights())
    assert np.array_equal(made.first, made.words[:, :FIRST_HASHES].T)


@given(steps, entries)
def test_putting_the_same_twice_changes_nothing(done: list[Entry | str], again: Entry):
    once, twice = played([*done, again]), played([*done, again, again])
    assert once.ids == twice.ids
    assert answers(once) == answers(twice)


@given(steps)
def test_what_is_all_dropped_leaves_no_trace(done: list[Entry | str]):
    made = played(done)
    for id in list(made):
        made.drop(id)
    assert len(made) == 0
    assert np.array_equal(made.weights(), Table().weights())


def test_the_oldest_is_the_one_filed_first():
    made = table(entry("new", LIFT), entry("old", LIFT, filed_at=LONG_AGO))
    assert made.oldest() == "old"


def test_there_is_room_for_many():
    made = table(*(entry(f"p{n}", LIFT) for n in range(3000)))
    assert len(made) == 3000
    assert made.filed_at(2999) == TODAY
