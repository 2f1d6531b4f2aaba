"""Counting crowds among the recent petitions, against a count by hand."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.petitions.domain.hot_topic import COOLED, MOST_MEMBERS, Crowd, Heat
from services.petitions.likeness.crowds import crowds
from services.petitions.likeness.sketch import hashes
from services.petitions.likeness.table import Entry, Table

NOW = datetime(2025, 3, 3, tzinfo=UTC)
SINCE = NOW - timedelta(days=7)
HEAT = Heat(petitions=3, supporters=9)
WORDS = hashes("电梯坏了")

EAST, WEST, COMMUNITY = ("d", "c", "east", "b1"), ("d", "c", "west"), ("d", "c")
NEIGHBOURHOODS = {"east", "west"}


def inner(path: tuple[str, ...]) -> tuple[str | None, str | None]:
    near = [code for code in path if code in NEIGHBOURHOODS]
    return (near[0] if near else None), ("c" if "c" in path else None)


def first_level(category: str) -> str:
    return category.partition("-")[0]


def entry(
    n: int,
    path: tuple[str, ...] = EAST,
    category: str = "property",
    supporters: int = 0,
    ago: int = 1,
) -> Entry:
    line = (first_level(category), category)
    return Entry(f"p{n}", path, line, NOW - timedelta(days=ago), supporters, WORDS)


def seen(*entries: Entry) -> tuple[Crowd, ...]:
    table = Table()
    for each in entries:
        table.put(each)
    return crowds(table, SINCE, HEAT, inner)


def test_without_petitions_there_is_no_crowd():
    assert seen() == ()


def test_petitions_about_one_category_in_a_neighbourhood_are_a_crowd():
    found = seen(entry(1), entry(2, category="property-lift", ago=3), entry(3, category="health"))
    assert found == (Crowd("east", "property", ("p1", "p2"), 2, 0, NOW - timedelta(days=3)),)


def test_what_was_filed_before_does_not_count():
    assert seen(entry(1), entry(2, ago=8)) == ()


def test_an_old_one_counts_by_those_who_support_it_now():
    [found] = seen(entry(1, ago=40, supporters=5), entry(2), entry(3, ago=8))
    assert set(found.petitions) == {"p1", "p2"}
    assert (found.count, found.supporters) == (1, 5)
    assert found.since == NOW - timedelta(days=40)
    assert seen(*(entry(n, ago=8, supporters=1) for n in range(9))) == ()


def test_one_petition_with_many_supporters_is_a_crowd():
    [found] = seen(entry(1, supporters=5))
    assert (found.place, found.count, found.supporters) == ("east", 1, 5)


def test_a_community_s_crowd_comes_from_more_than_one_neighbourhood():
    both = seen(entry(1), entry(2, WEST), entry(3, COMMUNITY))
    assert [(each.place, each.count) for each in both] == [("c", 3)]
    assert [each.place for each in seen(entry(1), entry(2))] == ["east"]


def test_what_lies_in_no_neighbourhood_counts_for_the_community_alone():
    [found] = seen(entry(1, COMMUNITY), entry(2, COMMUNITY, supporters=7))
    assert (found.place, found.count, found.supporters) == ("c", 2, 7)


def test_what_lies_in_neither_is_not_counted():
    assert seen(entry(1, ("d",)), entry(2, ("d",), supporters=50)) == ()


def test_the_latest_members_are_named():
    days = [entry(n, ago=1 + n % 3) for n in range(MOST_MEMBERS + 30)]
    [found] = seen(*days)
    assert found.count == len(days)
    assert len(found.petitions) == MOST_MEMBERS
    assert set(found.petitions) > {each.id for each in days if each.filed_at == NOW - timedelta(1)}


petitions = st.lists(
    st.tuples(
        st.sampled_from([EAST, WEST, COMMUNITY, ("d",)]),
        st.sampled_from(["property", "property-lift", "health"]),
        st.integers(0, 30),
        st.integers(1, 9),
    ),
    max_size=30,
)


@given(petitions)
def test_it_counts_as_one_would_by_hand(
    filed: list[tuple[tuple[str, ...], str, int, int]],
):
    entries = [entry(n, *each) for n, each in enumerate(filed)]
    by_hand: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for each in entries:
        for place in inner(each.path):
            if place is not None and (each.filed_at >= SINCE or each.supporters):
                by_hand[place, each.categories[0]].append(each)
    expected = {}
    for (place, category), members in by_hand.items():
        own = [each for each in members if place in NEIGHBOURHOODS or each.path == COMMUNITY]
        supporters = max((each.supporters for each in own), default=0)
        fresh = sum(each.filed_at >= SINCE for each in members)
        sources = {inner(each.path)[0] for each in members}
        is_told_here = place in NEIGHBOURHOODS or len(sources) > 1 or sources == {None}
        if is_told_here and HEAT.of(fresh, supporters) >= COOLED:
            ids = {each.id for each in members}
            expected[place, category] = (ids, fresh, supporters)
    assert {
        (each.place, each.category): (set(each.petitions), each.count, each.supporters)
        for each in seen(*entries)
    } == expected
