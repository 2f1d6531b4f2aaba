"""Curves are drawn from what was measured, and from nothing else."""

import json
import re
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest

from deploy.local.layout import LocalError
from tests.bench import curves
from tests.bench.curves import (
    BEGIN,
    COUNTS,
    END,
    SHARES,
    Curve,
    Curves,
    accepted_over_connections,
    draw,
    latency_over_load,
    must_be_stored,
    page,
    plots,
)
from tests.bench.drawing import HEIGHT, WIDTH, Plot, marks, svg, table
from tests.bench.honesty import Told
from tests.bench.load import Burst, Held
from tests.bench.report import PAGE, put_between

SVG = "{http://www.w3.org/2000/svg}"
MACHINE = {"cores": 2, "ram_gb": 23.4, "processor": "P", "load_before": 0.1}
PLOT = Plot("T <1>", "req/s", "ms", {"p50": [(100, 5), (200, 10)], "p99": [(100, 20), (200, 90)]})
RUN = Curves(
    "2026-01-01 00:00 UTC",
    4,
    MACHINE,
    {"python": "3.11"},
    {
        "connections": Curve({"Jinlin": [(1, 200), (256, 2000)], "crud": [(1, 300)]}),
        "latency": Curve({"p50": [(100, 5.25)], "p99": [(100, 20.5)]}, "As was said."),
        "stored": Curve({"lives/s": [(0, 190), (100_000, 185)]}),
    },
)


def lines_of(plot: Plot) -> list[list[tuple[float, float]]]:
    """The points of each line in the drawing, without those of the legend."""
    root = ElementTree.fromstring(svg(plot))
    drawn = [each.get("points", "").split() for each in root.iter(f"{SVG}polyline")]
    places = [[(float(x), float(y)) for x, y in (p.split(",") for p in line)] for line in drawn]
    return places[::2]


# --- drawing --------------------------------------------------------------------------------------


def test_every_point_is_in_the_drawing_and_a_larger_value_higher() -> None:
    first, second = lines_of(PLOT)
    assert all(0 < x < WIDTH and 0 < y < HEIGHT for x, y in (*first, *second))
    assert first[0][0] == second[0][0] < first[1][0]
    assert second[1][1] < second[0][1] < first[1][1] < first[0][1]


def test_a_drawing_says_what_its_axes_are_and_is_escaped() -> None:
    texts = [each.text for each in ElementTree.fromstring(svg(PLOT)).iter(f"{SVG}text")]
    assert {"T <1>", "req/s", "ms", "p50", "p99", "0", "100"} <= set(texts)
    assert "prefers-color-scheme: dark" in svg(PLOT)


def test_doubling_steps_are_equally_wide() -> None:
    (line,) = lines_of(Plot("T", "x", "y", {"a": [(1, 1), (4, 1), (16, 1)]}, doubling=True))
    assert line[1][0] - line[0][0] == pytest.approx(line[2][0] - line[1][0], abs=0.11)


def test_an_axis_ends_at_or_just_above_the_most() -> None:
    assert marks(90) == [0, 20, 40, 60, 80, 100]
    assert marks(0.3) == [0, 1]
    assert marks(0) == [0, 1]
    assert marks(2000)[-1] == 2000


def test_a_point_that_was_not_measured_is_empty_in_the_table() -> None:
    told = table(Plot("T", "connections", "y", {"a": [(1, 1.23456), (4, 2000)], "b": [(1, 7)]}))
    assert told.splitlines() == [
        "| connections | a | b |",
        "|---|---|---|",
        "| 1 | 1.235 | 7 |",
        "| 4 | 2,000 |  |",
    ]


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing to draw"):
        Plot("T", "x", "y", {"a": []})
    with pytest.raises(ValueError, match="could not be told apart"):
        Plot("T", "x", "y", {name: [(1, 1)] for name in "abcd"})


# --- measuring ------------------------------------------------------------------------------------


class Rounds:
    """A bench of whose loads the outcome is known: `capacity` requests per second."""

    def __init__(self, capacity: float) -> None:
        self.capacity = capacity
        self.asked: list[tuple[str, int]] = []
        self.told = Told()
        self.stored = 0
        nothing = SimpleNamespace(stop=lambda: None)
        self.platform = SimpleNamespace(yardstick=lambda name: nothing, store=self.store)

    def store(self, name: str) -> dict[str, Any]:
        assert name == "petitions"
        return {"state_petition": SimpleNamespace(count_documents=lambda query: self.stored)}

    def ready(self, *, consumer: bool) -> None:
        assert not consumer

    def say(self, text: str) -> None:
        pass

    def relay_done(self) -> None:
        pass

    def burst(self, connections: int, seconds: float) -> Burst:
        return self.yardstick_burst("Jinlin", connections, seconds)

    def yardstick_burst(self, name: str, connections: int, seconds: float) -> Burst:
        self.asked.append((name, connections))
        return Burst(round(self.capacity * seconds), seconds, 0, 0, 1.0, 2.0)

    def steady(self, rate: float, seconds: float) -> Held:
        latencies = [float(n) for n in range(1, 101)]
        return Held(rate, seconds, latencies=latencies, overrun=rate > 700)


def test_contestants_take_turns_at_each_count_of_connections() -> None:
    bench: Any = Rounds(1000)
    curve = accepted_over_connections(bench, 4)
    assert set(curve.lines) == {"Jinlin", "crud", "textbook"}
    assert list(curve.lines["Jinlin"]) == [(count, 1000) for count in COUNTS]
    assert [name for name, _ in bench.asked] == ["Jinlin", "crud", "textbook"] * (len(COUNTS) + 1)


def test_the_latency_ends_before_the_first_rate_that_is_not_kept_up_with() -> None:
    bench: Any = Rounds(1000)
    curve = latency_over_load(bench, 4)
    rates = [round(1000 * share) for share in SHARES if share <= 0.7]
    assert list(curve.lines["p50"]) == [(rate, 50) for rate in rates]
    assert list(curve.lines["p99"]) == [(rate, 99) for rate in rates]
    assert "800 per second were not kept up with" in curve.note


def test_where_no_rate_is_kept_up_with_there_is_no_curve() -> None:
    bench: Any = Rounds(10_000)
    with pytest.raises(LocalError, match="not even 1000 req/s"):
        latency_over_load(bench, 4)


def test_a_petition_that_was_acknowledged_and_is_not_stored_is_seen() -> None:
    bench: Any = Rounds(1)
    bench.told = Told(acknowledged=5, unanswered=2)
    for stored in (5, 7):
        bench.stored = stored
        must_be_stored(bench)
    for stored in (4, 8):
        bench.stored = stored
        with pytest.raises(LocalError):
            must_be_stored(bench)


# --- telling --------------------------------------------------------------------------------------


def test_the_page_has_each_plot_with_its_numbers(tmp_path: Path) -> None:
    draw(plots(RUN.curves), tmp_path / "plots")
    file = tmp_path / "performance.md"
    file.write_text(f"# Before\n{BEGIN}\nold\n{END}\nafter\n")
    put_between(file, BEGIN, END, page(RUN))
    text = file.read_text()
    assert text.startswith("# Before\n")
    assert text.endswith(f"{END}\nafter\n")
    assert "old" not in text
    shown = re.findall(r"!\[[^]]+\]\(([^)]+)\)", text)
    assert shown == ["plots/latency.svg", "plots/connections.svg", "plots/stored.svg"]
    assert all((tmp_path / path).exists() for path in shown)
    assert "| 100 | 5.25 | 20.5 |" in text
    assert "As was said." in text


def test_what_was_not_measured_is_not_drawn() -> None:
    assert set(plots({"stored": RUN.curves["stored"]})) == {"stored"}


def test_a_run_can_be_kept_for_programs() -> None:
    kept = json.loads(json.dumps(asdict(RUN)))
    assert kept["curves"]["stored"]["lines"]["lives/s"] == [[0, 190], [100_000, 185]]
    assert kept["machine"] == MACHINE


def test_the_real_page_has_a_place_for_them() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text.index(BEGIN) < text.index(END)
    for path in re.findall(r"\]\((plots/[^)]+)\)", text):
        assert (curves.PLOTS.parent / path).exists()
