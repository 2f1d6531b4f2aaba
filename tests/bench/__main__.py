"""`python -m tests.bench [ROW ...]`: measures the named rows, or all of them; with `--stored N`
those of a store with so many petitions."""

import argparse
import signal
import sys
import time

from deploy.local.layout import LocalError
from tests.bench.bench import Bench
from tests.bench.honesty import Found, Told, differences
from tests.bench.load import wrk, wrk_version
from tests.bench.machine import machine, versions
from tests.bench.platform import Platform
from tests.bench.report import JSON_FILE, PAGE, Report, now, write_json, write_page
from tests.bench.rows import FULL, ROWS
from tests.bench.standing import start_s

OPLOG = ("--oplogSize", "1024")
"""Megabytes: a million petitions would fill a larger one with what nobody reads again."""


def main() -> int:
    """The exit code is 0 where all rows were measured and the run was honest.

    A missed target is not a failure of the run: it stands in the table.
    """
    # Whoever ends the run ends what it started, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    parser = _parser()
    options = parser.parse_args()
    if unknown := set(options.rows) - set(ROWS):
        parser.error(f"no such row: {', '.join(sorted(unknown))}; there are {', '.join(ROWS)}")
    if options.stored is not None:
        return _measure_full(options.stored)
    chosen = [name for name in ROWS if name in options.rows] if options.rows else list(ROWS)
    try:
        wrk()
        report = _report()
        _measure(report, chosen)
    except LocalError as error:
        print(error, file=sys.stderr)
        return 1
    write_json(report)
    if not options.rows:
        # A part of the figures would make the page say less than it did.
        write_page(report)
    print(f"\n{report.table()}\n\n{JSON_FILE}" + ("" if options.rows else f"\n{PAGE}"))
    return 1 if report.failures or report.differences else 0


def _measure_full(stored: int) -> int:
    """The rows of a full store. Fewer petitions than the rows speak of are only tried out."""
    report = _report()
    report.full = True
    with Platform(mongo_options=OPLOG) as platform:
        bench = Bench(platform, _say, stored_by_then=stored)
        for name in FULL:
            _one(report, bench, name)
    if stored >= Bench.stored_by_then and not report.failures:
        write_json(report)
        write_page(report)
    print(f"\n{report.table()}")
    return 1 if report.failures else 0


def _report() -> Report:
    load = {
        "closed": f"{wrk_version()} for what fits through N connections",
        "open": "for held rates a client of our own on uvloop (tests/bench/load.py), as wrk holds "
        "none: each latency counts from the time its request was due",
    }
    return Report(date=now(), machine=machine(), versions=versions(), load=load)


def _measure(report: Report, chosen: list[str]) -> None:
    together: dict[str, list[str]] = {}
    for name in chosen:
        if ROWS[name].measure is start_s:
            # Beside a platform it would share the machine with it.
            _one(report, Bench(Platform(), _say), name)
        else:
            together.setdefault(ROWS[name].apart, []).append(name)
    for apart, names in together.items():
        with Platform() as platform:
            bench = Bench(platform, _say)
            for name in names:
                _one(report, bench, name)
            if not apart:
                _count(report, bench)


def _count(report: Report, bench: Bench) -> None:
    _say("counting what was told, stored, published and done ...")
    try:
        found = bench.found()
    except LocalError as error:
        report.differences = [f"not counted: {error}"]
        return
    report.differences = differences(bench.told, found)
    report.counted = _counted(bench.told, found)


def _one(report: Report, bench: Bench, name: str) -> None:
    _say(f"{name} ...")
    began = time.monotonic()
    try:
        figure = report.rows[name].measure(bench)
    except LocalError as error:
        report.failures[name] = str(error)
        _say(f"  failed: {error}")
        return
    report.figures[name] = figure
    row = report.rows[name]
    verdict = "met" if row.met(figure.value) else "MISSED"
    _say(
        f"  {figure.value:.3g} {row.unit} ({row.comparison} {row.target:g}: {verdict}; "
        f"took {time.monotonic() - began:.0f} s; {figure.note})"
    )


def _counted(told: Told, found: Found) -> dict[str, int]:
    return {
        "petitions acknowledged": told.acknowledged,
        "seeded": told.seeded,
        "stored": found.petitions,
        "public events committed": len(found.committed),
        "published": len(found.published),
        "effects expected": len(found.expected),
        "stored in notifications": len(found.effects),
    }


def _say(text: str) -> None:
    print(text, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=", ".join(ROWS))
    parser.add_argument("--stored", type=int, metavar="N", help="with so many petitions stored")
    return parser


if __name__ == "__main__":
    sys.exit(main())
