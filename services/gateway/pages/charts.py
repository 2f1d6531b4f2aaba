"""Charts as the places of points in a drawing: the template makes SVG of them, and a table beside
it says the same in numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 14, 34
"""Room for what stands beside the axes."""
STEPS = (1, 2, 5)
MARGIN = 0.1
"""Of what readings reach: so much room is above and below them."""
COARSE = 10
"""From such a difference on, readings are told at the axis without decimals."""
SHADES = 5
"""How many shades a heat map has besides none."""


@dataclass(frozen=True, slots=True)
class Point:
    """A value in the drawing, from the upper left corner."""

    x: float
    y: float
    value: float
    label: str


@dataclass(frozen=True, slots=True)
class Trend:
    """Values over time: `points` in order, `path` as SVG has it, `marks` at the left axis."""

    points: tuple[Point, ...]
    marks: tuple[tuple[float, float], ...]
    baseline: float
    bar: float
    """The width of a bar that stands for one value."""
    limits: tuple[float, ...] = ()
    """Where lines run across that values should not reach."""

    @property
    def line(self) -> str:
        """``44,12 70,30``: for a polyline."""
        return " ".join(f"{point.x:g},{point.y:g}" for point in self.points)


def trend(values: Sequence[tuple[str, float]], most: float | None = None) -> Trend:
    """A trend of values with their labels. `most` is what the axis reaches, where it is given."""
    top = _rounded_up(max([1.0, *(value for _, value in values)])) if most is None else most
    return _drawn(values, 0, top, [round(top * share) for share in (0, 0.5, 1)])


def course(values: Sequence[tuple[str, float]], limits: Sequence[float] = ()) -> Trend:
    """Readings with their labels, on an axis that goes no further than they and their `limits` do:
    of a temperature one could see nothing beside zero.
    """
    reached = [*limits, *(value for _, value in values)]
    least, most = min(reached), max(reached)
    room = (most - least) * MARGIN or 1
    digits = 1 if most - least < COARSE else None
    marks = [round(least + (most - least) * share, digits) for share in (0, 0.5, 1)]
    return _drawn(values, least - room, most + room, marks, limits)


def _drawn(
    values: Sequence[tuple[str, float]],
    bottom: float,
    top: float,
    marks: Sequence[float],
    limits: Sequence[float] = (),
) -> Trend:
    inner, height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    room = inner / max(1, len(values))

    def at(value: float) -> float:
        return round(TOP + height * (1 - (value - bottom) / (top - bottom)), 1)

    points = tuple(
        Point(round(LEFT + room * (n + 0.5), 1), at(value), value, label)
        for n, (label, value) in enumerate(values)
    )
    return Trend(
        points,
        tuple((at(mark), mark) for mark in dict.fromkeys(marks)),
        float(TOP + height),
        round(min(room * 0.6, 36), 1),
        tuple(at(one) for one in limits),
    )


@dataclass(frozen=True, slots=True)
class Tile:
    """A part of a heat map, from the upper left corner; as large as its share of the whole."""

    key: str
    x: float
    y: float
    width: float
    height: float


MAP_WIDTH, MAP_HEIGHT = 640.0, 320.0
SMALLEST = 0.03
"""Of the whole: so large is a tile at least, that it can be hit."""


def tiles(values: Sequence[tuple[str, float]]) -> list[Tile]:
    """A heat map without a map: the area is shared out in rows of tiles as square as can be, the
    largest first (a squarified treemap, after Bruls, Huizing and van Wijk).
    """
    whole = sum(value for _, value in values)
    if not values:
        return []
    least = max(whole, 1.0) * SMALLEST
    raised = sorted(((key, max(value, least)) for key, value in values), key=lambda one: -one[1])
    scale = MAP_WIDTH * MAP_HEIGHT / sum(value for _, value in raised)
    left = [(key, value * scale) for key, value in raised]
    made: list[Tile] = []
    x, y, width, height = 0.0, 0.0, MAP_WIDTH, MAP_HEIGHT
    while left:
        along = min(width, height)
        count = _in_a_row([area for _, area in left], along)
        row, left = left[:count], left[count:]
        thick = sum(area for _, area in row) / along
        at = 0.0
        for key, area in row:
            size = area / thick
            place = (x, y + at, thick, size) if width >= height else (x + at, y, size, thick)
            made.append(Tile(key, *(round(one, 1) for one in place)))
            at += size
        if width >= height:
            x, width = x + thick, width - thick
        else:
            y, height = y + thick, height - thick
    return made


def _in_a_row(areas: Sequence[float], along: float) -> int:
    """How many stand side by side, so that the worst of them is as square as can be."""
    best, worst = 1, float("inf")
    for count in range(1, len(areas) + 1):
        row = areas[:count]
        whole = sum(row)
        now = max(along**2 * max(row) / whole**2, whole**2 / (along**2 * min(row)))
        if now > worst:
            break
        best, worst = count, now
    return best


def shade(value: float, most: float) -> int:
    """Which shade a value has beside the largest one: 0 for nothing, `SHADES` for the largest."""
    if value <= 0 or most <= 0:
        return 0
    return min(SHADES, 1 + int(SHADES * value / most * 0.999))


def _rounded_up(value: float) -> float:
    """The next number that an axis can end at: 1, 2, 5, 10, 20 ..."""
    size = 1.0
    while True:
        for step in STEPS:
            if value <= step * size:
                return step * size
        size *= 10
