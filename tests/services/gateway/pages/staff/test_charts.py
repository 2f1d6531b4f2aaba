"""Values become places in a drawing."""

import pytest

from services.gateway.pages.staff.charts import HEIGHT, SHADES, WIDTH, shade, trend


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


@pytest.mark.parametrize(
    ("value", "most", "expected"), [(0, 10, 0), (1, 10, 1), (10, 10, SHADES), (3, 0, 0)]
)
def test_a_shade_grows_with_the_value(value: int, most: int, expected: int) -> None:
    assert shade(value, most) == expected
