"""A rota is shared out evenly, kindly to those who had a duty yesterday, the same every time."""

from datetime import date, timedelta
from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.neighbourhood.drawing import MOST_CARRIED, carried_over, crews_drawn, drawn

FIRST = date(2026, 10, 1)


Plan = tuple[list[date], list[frozenset[int]], list[int]]
"""The days of shifts, who is free for each, and what each begins with."""


def days_of(count: int, a_day: int = 1) -> list[date]:
    return [FIRST + timedelta(days=n // a_day) for n in range(count)]


def loads(taken: list[int], carried: list[int]) -> list[int]:
    return [carried[one] + taken.count(one) for one in range(len(carried))]


def running(taken: list[int], days: list[date]) -> int:
    """How often somebody has two shifts on one day or on two days running."""
    return sum(
        taken[a] == taken[b] and abs(days[b] - days[a]) <= timedelta(days=1)
        for a in range(len(days))
        for b in range(a)
    )


@st.composite
def plans(draw: st.DrawFn, most_members: int, most_shifts: int) -> Plan:
    members = draw(st.integers(1, most_members))
    count = draw(st.integers(1, most_shifts))
    free = [frozenset(draw(st.sets(st.integers(0, members - 1), min_size=1))) for _ in range(count)]
    carried = draw(st.lists(st.integers(0, MOST_CARRIED), min_size=members, max_size=members))
    return days_of(count, draw(st.integers(1, 2))), free, carried


@given(st.integers(1, 12), st.integers(1, 60), st.integers(1, 3))
def test_where_all_are_free_nobody_has_more_than_one_above_another(
    members: int, shifts: int, a_day: int
) -> None:
    everybody = frozenset(range(members))
    taken = drawn(days_of(shifts, a_day), [everybody] * shifts, [0] * members)
    even = loads(taken, [0] * members)
    assert max(even) - min(even) <= 1


@given(plans(4, 6))
@settings(max_examples=150)
def test_loads_are_as_even_as_who_is_free_allows(plan: Plan) -> None:
    days, free, carried = plan
    taken = drawn(days, free, carried)
    assert all(who in can for who, can in zip(taken, free, strict=True))

    def unevenness(shared: list[int]) -> int:
        return sum(load * load for load in loads(shared, carried))

    best = min(unevenness(list(one)) for one in product(*free))
    assert unevenness(taken) == best


@given(plans(8, 40))
@settings(max_examples=60)
def test_the_same_question_has_the_same_answer(plan: Plan) -> None:
    assert drawn(*plan) == drawn(*plan)


@given(st.integers(3, 12), st.integers(1, 60))
def test_nobody_is_on_duty_two_days_running_where_that_is_avoidable(
    members: int, shifts: int
) -> None:
    days = days_of(shifts)
    taken = drawn(days, [frozenset(range(members))] * shifts, [0] * members)
    assert running(taken, days) == 0


def test_a_trade_spares_somebody_two_days_running() -> None:
    # The first takes what comes first; who can come only on the second day must have it.
    free = [frozenset({0, 1}), frozenset({0}), frozenset({1, 0}), frozenset({0, 1})]
    days = [FIRST, FIRST + timedelta(days=1), FIRST + timedelta(days=5), FIRST + timedelta(days=9)]
    taken = drawn(days, free, [0, 0])
    assert loads(taken, [0, 0]) == [2, 2]
    assert running(taken, days) == 0


def test_what_somebody_did_before_counts_within_bounds() -> None:
    members = ("an", "bo", "chen", "new")
    carried = carried_over(members, {"an": 2, "bo": 1, "chen": 40})
    assert carried == [1, 0, MOST_CARRIED, 0]
    taken = drawn(days_of(8), [frozenset(range(4))] * 8, carried)
    assert loads(taken, carried) == [3, 3, 3, 3]
    assert carried_over(("an",), {}) == [0]


# --- crews ---------------------------------------------------------------------------------------


@st.composite
def crew_plans(draw: st.DrawFn) -> tuple[Plan, int]:
    crew = draw(st.integers(1, 3))
    members = draw(st.integers(crew, 5))
    count = draw(st.integers(1, 4))
    free = [
        frozenset(draw(st.sets(st.integers(0, members - 1), min_size=crew))) for _ in range(count)
    ]
    carried = draw(st.lists(st.integers(0, MOST_CARRIED), min_size=members, max_size=members))
    return (days_of(count), free, carried), crew


@given(crew_plans())
@settings(max_examples=150)
def test_a_crew_is_of_different_people_and_loads_are_as_even_as_can_be(
    asked: tuple[Plan, int],
) -> None:
    (days, free, carried), crew = asked
    taken = crews_drawn(days, free, carried, crew)
    for together, can in zip(taken, free, strict=True):
        assert len(set(together)) == crew
        assert can.issuperset(together)

    def unevenness(shared: list[int]) -> int:
        return sum(load * load for load in loads(shared, carried))

    best = min(
        unevenness([one for together in shared for one in together])
        for shared in product(*(combinations(sorted(can), crew) for can in free))
    )
    assert unevenness([one for together in taken for one in together]) == best
