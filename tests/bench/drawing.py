"""Plots as SVG: lines over an axis, with units, readable on light and on dark ground.

Written by hand, as so little of a plotting library would be used. Lines differ by colour, by dashes
and by the shape of their marks; a table beside the plot says the same in numbers.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from services.gateway.pages.charts import rounded_up

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 76, 36, 70, 58
"""Room for titles, names and what stands beside the axes."""
STEPS = 5
"""About so many marks stand at an axis."""
DASHES = ("", "8 4", "2 4")
SHAPES = ("circle", "square", "diamond")
MOST_MARKED = 20
"""A line of more points is drawn without marks."""
STYLE = """
.ground { fill: #ffffff } text { fill: #1f2328; font: 13px sans-serif }
.title { font-size: 16px; font-weight: bold } .grid { stroke: #d1d9e0 } .axis { stroke: #59636e }
.line { fill: none; stroke-width: 2 } .mark { stroke: none }
.l0 { stroke: #0b57a4 } .l1 { stroke: #a8321c } .l2 { stroke: #1b6e3c }
.m0 { fill: #0b57a4 } .m1 { fill: #a8321c } .m2 { fill: #1b6e3c }
@media (prefers-color-scheme: dark) {
.ground { fill: #0d1117 } text { fill: #f0f6fc } .grid { stroke: #3d444d } .axis { stroke: #9198a1 }
.l0 { stroke: #8ab4f8 } .l1 { stroke: #f4a58a } .l2 { stroke: #81c995 }
.m0 { fill: #8ab4f8 } .m1 { fill: #f4a58a } .m2 { fill: #81c995 }
}
"""

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Plot:
    """What is drawn: lines by their names (three at most), and what the axes tell, with units.

    With `doubling` each step of the axis below is a multiple of the one before, and the points
    themselves are marked; they have to be above zero.
    """

    title: str
    below: str
    beside: str
    lines: Mapping[str, Points]
    doubling: bool = False

    def __post_init__(self) -> None:
        if not any(self.lines.values()):
            raise ValueError(f"nothing to draw: {self.title}")
        if len(self.lines) > len(SHAPES):
            raise ValueError(f"{len(self.lines)} lines could not be told apart: {self.title}")

    def values(self, axis: int) -> list[float]:
        """All that stands at an axis: 0 below, 1 beside; each once, in order."""
        return sorted({point[axis] for line in self.lines.values() for point in line})


def svg(plot: Plot) -> str:
    """The drawing as a file of its own."""
    root = Element(
        "svg",
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        width=str(WIDTH),
        height=str(HEIGHT),
        role="img",
    )
    SubElement(root, "title").text = plot.title
    SubElement(root, "desc").text = f"{plot.beside} over {plot.below}: {', '.join(plot.lines)}"
    SubElement(root, "style").text = STYLE
    SubElement(root, "rect", {"class": "ground", "width": "100%", "height": "100%"})
    _text(root, WIDTH / 2, 26, plot.title, "middle").set("class", "title")
    across = plot.values(0) if plot.doubling else marks(plot.values(0)[-1])
    up = marks(plot.values(1)[-1])

    def x(value: float) -> float:
        if plot.doubling:
            least, most = math.log(across[0]), math.log(across[-1])
            share = (math.log(value) - least) / ((most - least) or 1)
        else:
            share = value / across[-1]
        return round(LEFT + (WIDTH - LEFT - RIGHT) * share, 1)

    def y(value: float) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / up[-1], 1)

    for value in up:
        _straight(root, (LEFT, y(value)), (WIDTH - RIGHT, y(value)), "grid" if value else "axis")
        _text(root, LEFT - 8, y(value) + 4, f"{value:,g}", "end")
    for value in across:
        _straight(root, (x(value), HEIGHT - BOTTOM), (x(value), HEIGHT - BOTTOM + 5), "axis")
        _text(root, x(value), HEIGHT - BOTTOM + 20, f"{value:,g}", "middle")
    _text(root, (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, plot.below, "middle")
    middle = (TOP + HEIGHT - BOTTOM) / 2
    turned = _text(root, 18, middle, plot.beside, "middle")
    turned.set("transform", f"rotate(-90 18 {middle:g})")
    for number, (name, points) in enumerate(plot.lines.items()):
        _line(root, number, [(x(a), y(b)) for a, b in points])
        at = LEFT + number * (WIDTH - LEFT - RIGHT) / len(SHAPES)
        _line(root, number, [(at, 48.0), (at + 30, 48.0)])
        _text(root, at + 38, 52, name, "start")
    indent(root)
    return tostring(root, encoding="unicode") + "\n"


def marks(most: float) -> list[float]:
    """Where numbers stand at an axis from zero on, the last of them at `most` or just above."""
    step = rounded_up(most / STEPS)
    return [step * number for number in range(max(1, math.ceil(most / step)) + 1)]


def table(plot: Plot) -> str:
    """The same in numbers, as Markdown: a row for each point below, a column for each line."""
    told = {name: dict(points) for name, points in plot.lines.items()}
    rows = [f"| {plot.below} | {' | '.join(told)} |", "|---|" + "---|" * len(told)]
    for at in plot.values(0):
        cells = [f"{line[at]:,.4g}" if at in line else "" for line in told.values()]
        rows.append(f"| {at:,.0f} | {' | '.join(cells)} |")
    return "\n".join(rows)


def _line(root: Element, number: int, points: Points) -> None:
    drawn = {
        "class": f"line l{number}",
        "points": " ".join(f"{x:g},{y:g}" for x, y in points),
    }
    if DASHES[number]:
        drawn["stroke-dasharray"] = DASHES[number]
    SubElement(root, "polyline", drawn)
    if len(points) > MOST_MARKED:
        return
    for x, y in points:
        shown = {"class": f"mark m{number}"}
        if SHAPES[number] == "circle":
            SubElement(root, "circle", {**shown, "cx": f"{x:g}", "cy": f"{y:g}", "r": "4"})
            continue
        corner = {"x": f"{x - 4:g}", "y": f"{y - 4:g}", "width": "8", "height": "8"}
        if SHAPES[number] == "diamond":
            corner["transform"] = f"rotate(45 {x:g} {y:g})"
        SubElement(root, "rect", {**shown, **corner})


def _straight(
    root: Element, start: tuple[float, float], end: tuple[float, float], kind: str
) -> None:
    ends = {"x1": start[0], "y1": start[1], "x2": end[0], "y2": end[1]}
    SubElement(root, "line", {"class": kind, **{name: f"{at:g}" for name, at in ends.items()}})


def _text(root: Element, x: float, y: float, text: str, anchor: str) -> Element:
    made = SubElement(root, "text", {"x": f"{x:g}", "y": f"{y:g}", "text-anchor": anchor})
    made.text = text
    return made
