"""`python -m tests.bench.curves`: how figures change with load, connections and what is stored.

Each point is measured once, so a curve shows a course and no exact figure: those are the rows'.
"""

import argparse
import json
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import httpx

from deploy.local.layout import BUILD, LocalError
from tests.bench.accepting import CONNECTIONS, YARDSTICKS
from tests.bench.bench import Bench
from tests.bench.drawing import Plot, Points, svg, table
from tests.bench.lived import seed_lives
from tests.bench.load import wrk
from tests.bench.machine import machine, versions
from tests.bench.million import READ_WITHIN, Asked, lives_once
from tests.bench.platform import Platform, database_of, wait_until
from tests.bench.report import PAGE, now, put_between, where

SECONDS = 4
"""For each point; wrk takes whole ones."""
WARM_UP_SECONDS = 2
COUNTS = (1, 4, 16, 64, 128, 256)
"""Connections."""
SHARES = (0.1, 0.25, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
"""Of the highest rate."""
STORED = (0, 10_000, 100_000)
JSON_FILE = BUILD / "curves.json"
TRIED = BUILD / "plots"
"""Where the drawings of a run with shorter rounds are."""
PLOTS = PAGE.parent / "plots"
BEGIN, END = "<!-- curves: begin -->", "<!-- curves: end -->"

Say = Callable[[str], None]


TITLES = {
    "latency": ("Latency over load", "POST /petitions per second", "latency, ms"),
    "connections": ("Accepted over connections", "connections", "accepted requests per second"),
    "stored": ("Lives over stored petitions", "petitions stored", "whole lives per second"),
}
"""What each drawing is called, and what stands at its axes: below, beside."""


@dataclass(frozen=True, slots=True)
class Curve:
    """What was measured: lines by name, and what a reader has to know besides."""

    lines: Mapping[str, Points]
    note: str = ""


@dataclass(slots=True)
class Curves:
    """A run: its curves by name, and what they were measured with."""

    date: str
    seconds: int
    machine: Mapping[str, Any]
    versions: Mapping[str, str]
    curves: dict[str, Curve] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)


# --- measuring ------------------------------------------------------------------------------------


def accepted_over_connections(bench: Bench, seconds: float) -> Curve:
    """Accepted requests per second, Jinlin and the yardsticks in turn at each count."""
    bench.ready(consumer=False)
    contestants = ("Jinlin", *YARDSTICKS)
    for name in contestants:
        _accepted(bench, name, CONNECTIONS, min(WARM_UP_SECONDS, seconds))
    lines: dict[str, list[tuple[float, float]]] = {name: [] for name in contestants}
    for connections in COUNTS:
        for name, line in lines.items():
            line.append((connections, _accepted(bench, name, connections, seconds)))
        told = ", ".join(f"{name} {line[-1][1]:.0f}" for name, line in lines.items())
        bench.say(f"  {connections} connections: {told} req/s")
    for name in YARDSTICKS:
        bench.platform.yardstick(name).stop()
    return Curve(lines, "Jinlin checks tokens, the yardsticks do not.")


def _accepted(bench: Bench, name: str, connections: int, seconds: float) -> float:
    """Requests per second; returns when the relay is done."""
    if name == "Jinlin":
        burst = bench.burst(connections, seconds)
        bench.relay_done()
    else:
        burst = bench.yardstick_burst(name, connections, seconds)
    if burst.refused or burst.broken:
        raise LocalError(f"{name} refused {burst.refused}, cut {burst.broken} requests")
    return burst.rate


def latency_over_load(bench: Bench, seconds: float) -> Curve:
    """Latency in ms where shares of the highest rate are held, each from the time it was due. The
    curve ends before the first rate that is not kept up with.
    """
    bench.ready(consumer=False)
    highest = bench.burst(CONNECTIONS, seconds).rate
    bench.relay_done()
    lines: dict[str, list[tuple[float, float]]] = {"p50": [], "p99": []}
    note = f"The highest rate, through {CONNECTIONS} connections, was {highest:,.0f} per second."
    for share in SHARES:
        rate = round(share * highest)
        held = bench.steady(rate, seconds)
        bench.relay_done()
        if held.refused or held.broken:
            raise LocalError(f"at {rate}/s {held.refused} refused, {held.broken} cut")
        if held.overrun:
            note += f" {rate:,} per second were not kept up with."
            break
        for name, line in zip(lines, (0.5, 0.99), strict=True):
            lines[name].append((rate, held.percentile(line)))
        told = ", ".join(f"{name} {line[-1][1]:.1f} ms" for name, line in lines.items())
        bench.say(f"  {rate} req/s: {told}")
    if not lines["p50"]:
        raise LocalError(f"not even {rate} req/s were kept up with")
    return Curve(lines, note)


def lives_over_stored(bench: Bench, seconds: float) -> Curve:
    """Whole lives per second with more and more petitions in the store."""
    bench.ready(consumer=True)
    line: list[tuple[float, float]] = []
    written = 0
    for wanted in STORED:
        if wanted:
            _fill(bench, wanted, written)
            written = wanted
        lives_once(bench, min(WARM_UP_SECONDS, seconds))
        # A store grows while it is measured: where the round begins is told.
        stored = bench.stored()
        line.append((stored, lives_once(bench, seconds)))
        bench.say(f"  {stored:,} stored: {line[-1][1]:.0f} lives/s")
    return Curve(
        {"lives/s": line},
        "Straight to petitions, notifications at work; a life is filed, assigned, answered and "
        "rated.",
    )


def _fill(bench: Bench, wanted: int, written: int) -> None:
    bench.platform.stop("petitions")
    seed_lives(
        bench.platform.mongo.uri, database_of("petitions"), wanted - written, written=written
    )
    petitions = bench.platform.service("petitions")
    # What a process compares drafts with it reads at its start, beside its work.
    with httpx.Client(base_url=petitions.url, timeout=60) as client:
        wait_until(Asked(bench, client).has_read_all, READ_WITHIN, "all compared is read", 0.5)


def must_be_stored(bench: Bench) -> None:
    """Raises LocalError where the store has other petitions than clients were told of."""
    least = bench.told.acknowledged + bench.told.seeded
    found = bench.platform.store("petitions")["state_petition"].count_documents({})
    if not least <= found <= least + bench.told.unanswered:
        raise LocalError(f"{least} petitions were acknowledged, {found} are stored")


# --- telling --------------------------------------------------------------------------------------


def plots(curves: Mapping[str, Curve]) -> dict[str, Plot]:
    """The drawings of the curves that were measured, by file name."""
    return {
        name: Plot(*titles, curves[name].lines, doubling=name == "connections")
        for name, titles in TITLES.items()
        if name in curves
    }


def page(run: Curves) -> str:
    """The plots with their tables, as Markdown."""
    parts = [f"{where(run.date, run.machine)} {run.seconds} s for each point."]
    for name, plot in plots(run.curves).items():
        note = run.curves[name].note
        parts += [f"![{plot.title}](plots/{name}.svg)", table(plot), *([note] if note else [])]
    return "\n\n".join(parts)


def draw(drawings: Mapping[str, Plot], directory: Path) -> None:
    """Writes each drawing to `directory`."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, plot in drawings.items():
        (directory / f"{name}.svg").write_text(svg(plot), encoding="utf-8")


def main() -> int:
    """The exit code is 0 where all was measured."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    parser = argparse.ArgumentParser(prog="python -m tests.bench.curves", description=__doc__)
    parser.add_argument(
        "--seconds",
        type=int,
        default=SECONDS,
        metavar="S",
        help=f"for each point; with less than {SECONDS} it is only tried out: the page stays",
    )
    seconds: int = parser.parse_args().seconds
    run = Curves(now(), seconds, machine(), versions())
    try:
        wrk()
        _measure(run)
    except LocalError as error:
        print(error, file=sys.stderr)
        return 1
    JSON_FILE.write_text(json.dumps(asdict(run), indent=2) + "\n", encoding="utf-8")
    tried = seconds < SECONDS
    draw(plots(run.curves), TRIED if tried else PLOTS)
    if not tried and not run.failures:
        put_between(PAGE, BEGIN, END, page(run))
    print(f"\n{page(run)}\n\n{JSON_FILE}\n{TRIED if tried else PLOTS}")
    return 1 if run.failures else 0


def _measure(run: Curves) -> None:
    with Platform() as platform:
        bench = Bench(platform, say)
        _one(run, "connections", bench, accepted_over_connections)
        _one(run, "latency", bench, latency_over_load)
        must_be_stored(bench)
    # In a store of its own: the other already holds what was filed.
    with Platform() as platform:
        _one(run, "stored", Bench(platform, say), lives_over_stored)


def _one(run: Curves, name: str, bench: Bench, measure: Callable[[Bench, float], Curve]) -> None:
    say(f"{name} ...")
    began = time.monotonic()
    try:
        run.curves[name] = measure(bench, run.seconds)
    except LocalError as error:
        # What else is measured is worth telling all the same.
        run.failures[name] = str(error)
        say(f"  failed: {error}")
    say(f"  took {time.monotonic() - began:.0f} s")


def say(text: str) -> None:
    """Tells whoever waits how far it is."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
