"""Values become places in a drawing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.pages.charts import (
    HEIGHT,
    MAP_HEIGHT,
    MAP_WIDTH,
    SHADES,
    WIDTH,
    course,
    shade,
    tiles,
    trend,
)


def test_all_points_lie_in_the_drawing_and_the_largest_highest() -> None:
    drawn = trend([("2026-01", 3), ("2026-02", 17), ("2026-03", 0)])
    assert all(0 <= point.x <= WIDTH and 0 <= point.y <= HEIGHT for point in drawn.points)
    assert min(drawn.points, key=lambda point: point.y).label == "2026-02"
    assert drawn.points[2].y == drawn.baseline
    assert [value for _, value in drawn.marks] == [0, 10, 20]


def test_nothing_filed_is_a_trend_all_the_same() -> None:
    assert [point.y for point in trend([("2026-01", 0)]).points] == [trend([]).baseline]


def test_a_share_reaches_a_hundred() -> None:
    drawn = trend([("2026-01", 100)], most=100)
    assert drawn.points[0].y == drawn.marks[-1][0]


def test_readings_are_told_apart_though_they_are_far_from_nothing() -> None:
    drawn = course([("1", 36.5), ("2", 38.5)], limits=(39.1,))
    low, high = drawn.points
    assert low.y - high.y > HEIGHT / 2
    (limit,) = drawn.limits
    assert 0 < limit < high.y
    assert [mark for _, mark in drawn.marks] == [36.5, 37.8, 39.1]


def test_readings_that_are_all_the_same_are_a_line_all_the_same() -> None:
    drawn = course([("1", 72), ("2", 72)])
    assert len({point.y for point in drawn.points}) == 1
    assert 0 < drawn.points[0].y < HEIGHT


@pytest.mark.parametrize(
    ("value", "most", "expected"), [(0, 10, 0), (1, 10, 1), (10, 10, SHADES), (3, 0, 0)]
)
def test_a_shade_grows_with_the_value(value: int, most: int, expected: int) -> None:
    assert shade(value, most) == expected


@given(st.lists(st.integers(0, 500), min_size=1, max_size=60))
def test_tiles_fill_the_map_and_none_lies_on_another(values: list[int]) -> None:
    made = tiles([(str(n), value) for n, value in enumerate(values)])
    assert {one.key for one in made} == {str(n) for n in range(len(values))}
    assert sum(one.width * one.height for one in made) == pytest.approx(
        MAP_WIDTH * MAP_HEIGHT, rel=0.02
    )
    for one in made:
        assert min(one.width, one.height) > 0
        assert -0.2 <= one.x <= one.x + one.width <= MAP_WIDTH + 0.2
        assert -0.2 <= one.y <= one.y + one.height <= MAP_HEIGHT + 0.2
    for n, one in enumerate(made):
        for other in made[n + 1 :]:
            apart = (
                one.x + one.width <= other.x + 0.3
                or other.x + other.width <= one.x + 0.3
                or one.y + one.height <= other.y + 0.3
                or other.y + other.height <= one.y + 0.3
            )
            assert apart, (one, other)


def test_a_tile_is_as_large_as_its_share() -> None:
    large, small = tiles([("small", 10), ("large", 30)])
    assert (large.key, small.key) == ("large", "small")
    ratio = large.width * large.height / (small.width * small.height)
    assert ratio == pytest.approx(3, rel=0.02)


def test_no_places_make_no_map() -> None:
    assert tiles([]) == []
