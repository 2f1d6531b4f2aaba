"""`python -m tests.bench.soak`: half of the highest load for a long time, looked at every ten
seconds: does memory grow, does anything fall behind, does anything fail?

Before it, as many petitions are stored and handled as a process keeps in memory to compare new ones
with: that memory fills for longer than a run lasts. The highest load is what all of it carries: the
petitions of a short burst over the time until the last of their effects is stored in notifications.
"""

import argparse
import json
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from deploy.local.layout import BUILD, LocalError
from services.petitions.recent import Keeping
from shared.contracts.envelope import topic
from shared.runtime.relay import LEASE
from tests.bench.accepting import CONNECTIONS
from tests.bench.bench import Bench
from tests.bench.curves import PLOTS, TRIED, draw, say
from tests.bench.drawing import Plot
from tests.bench.honesty import differences
from tests.bench.load import wrk
from tests.bench.machine import machine, versions
from tests.bench.platform import Platform
from tests.bench.report import PAGE, now, put_between, where
from tests.bench.standing import SERVICES
from tests.bench.steadiness import (
    GROWTH_MB_PER_HOUR,
    LAG_MAY_RISE_SECONDS,
    NEEDED,
    Look,
    growth,
    rises,
    second_half,
    unsteady,
)

MINUTES = 30.0
EVERY_SECONDS = 10.0
BURST_SECONDS = 15.0
WARM_UP_SECONDS = 5.0
OPLOG = ("--oplogSize", "1024")
"""Megabytes: nobody reads again what a long run writes."""
JSON_FILE = BUILD / "soak.json"
BEGIN, END = "<!-- soak: begin -->", "<!-- soak: end -->"


@dataclass(slots=True)
class Soak:
    """A run: what was held, what was seen, and what was wrong with it.

    `highest` is petitions per second, None where the rate was given.
    """

    date: str
    machine: Mapping[str, Any]
    versions: Mapping[str, str]
    rate: float
    highest: float | None
    looks: list[Look]
    wrong: list[str]


# --- measuring ------------------------------------------------------------------------------------


def carried(bench: Bench, seconds: float) -> float:
    """Petitions per second that are taken, published and handled."""
    bench.burst(CONNECTIONS, min(WARM_UP_SECONDS, seconds))
    bench.consumer_done()
    began = time.monotonic()
    burst = bench.burst(CONNECTIONS, seconds)
    if burst.refused or burst.broken:
        raise LocalError(f"{burst.refused} petitions refused, {burst.broken} cut")
    bench.consumer_done()
    return burst.accepted / (time.monotonic() - began)


def held(bench: Bench, rate: float, minutes: float) -> list[Look]:
    """Holds the rate interval by interval and looks after each; what it was behind by then is seen
    before the next begins. Ends early where the service does not keep up.
    """
    looks: list[Look] = []
    began = time.monotonic()
    before = bench.platform.published(topic("petitions"))
    while (since := time.monotonic()) - began < minutes * 60:
        load = bench.steady(rate, EVERY_SECONDS)
        relay_behind = _relay_behind(bench)
        lag = bench.lag()
        published = bench.platform.published(topic("petitions"))
        per_second = (published - before) / (time.monotonic() - since)
        before = published
        missed = round(rate * EVERY_SECONDS) - len(load.latencies) if load.overrun else 0
        looks.append(
            Look(
                at=time.monotonic() - began,
                rss_mb=bench.platform.sizes_mb(SERVICES),
                relay_behind=relay_behind,
                consumer_behind=lag / per_second if per_second else float(bool(lag)),
                accepted=load.accepted,
                errors=load.refused + load.broken + missed,
                p99_ms=load.percentile(0.99),
            )
        )
        bench.say(f"  {_in_short(looks[-1])}")
        if load.overrun:
            break
    return looks


def _relay_behind(bench: Bench) -> float:
    """Seconds since the last commit that the broker has acknowledged, by the saved position."""
    lease = bench.platform.store("petitions")["leases"].find_one({"_id": LEASE})
    if lease is None:
        raise LocalError("the relay of petitions has saved no position")
    acknowledged: datetime = lease["position"]["at"]
    return (datetime.now(UTC) - acknowledged).total_seconds()


def _in_short(look: Look) -> str:
    memory = ", ".join(f"{name} {mb:.0f}" for name, mb in look.rss_mb.items())
    return (
        f"{look.at:.0f} s: {look.accepted} accepted, {look.errors} errors, p99 {look.p99_ms:.0f} "
        f"ms; relay {look.relay_behind:.1f} s, consumer {look.consumer_behind:.1f} s behind; MiB: "
        f"{memory}"
    )


# --- telling --------------------------------------------------------------------------------------


def plots(looks: Sequence[Look]) -> dict[str, Plot]:
    """The drawings, by file name."""

    def line(of: Callable[[Look], float]) -> list[tuple[float, float]]:
        return [(look.at / 60, of(look)) for look in looks]

    memory = {
        name: [(look.at / 60, look.rss_mb[name]) for look in looks] for name in looks[0].rss_mb
    }
    behind = {
        "relay": line(lambda look: look.relay_behind),
        "consumer": line(lambda look: look.consumer_behind),
    }
    p99 = {"p99": line(lambda look: look.p99_ms)}
    return {
        "soak-memory": Plot("Memory under steady load", "minutes", "memory, MiB", memory),
        "soak-lag": Plot("Behind under steady load", "minutes", "behind, s", behind),
        "soak-latency": Plot("Latency under steady load", "minutes", "latency, ms", p99),
    }


def page(run: Soak) -> str:
    """The paragraph and the plots, as Markdown."""
    looks = run.looks
    accepted = sum(look.accepted for look in looks)
    errors = sum(look.errors for look in looks)
    half = f"half of {run.highest:,.0f}/s" if run.highest is not None else "as was asked for"
    told = [
        where(run.date, run.machine),
        f"For {looks[-1].at / 60:.0f} minutes {run.rate:,.0f} POST /petitions per second, {half};",
        f"{accepted:,} were accepted, {errors} failed; the p99 of ten seconds was",
        f"{max(look.p99_ms for look in looks):,.0f} ms at worst.",
    ]
    if len(second_half(looks)) >= NEEDED:
        grown = ", ".join(f"{name} {mb:+.1f}" for name, mb in growth(looks).items())
        fell = ", ".join(f"{name} {seconds:+.2f}" for name, seconds in rises(looks).items())
        told.append(
            f"In the second half memory changed by (MiB per hour, at most "
            f"{GROWTH_MB_PER_HOUR:g} allowed): {grown}; what is behind by (seconds from middle to "
            f"end, at most {LAG_MAY_RISE_SECONDS:g} allowed): {fell}."
        )
    told.append(
        f"Not steady: {'; '.join(run.wrong)}."
        if run.wrong
        else "Steady; counted afterwards petitions, events and effects agree to the last."
    )
    shown = [f"![{plot.title}](plots/{name}.svg)" for name, plot in plots(looks).items()]
    return "\n\n".join([" ".join(told), *shown])


def main() -> int:
    """The exit code is 0 where the run was steady and honest."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    options = _parser().parse_args()
    try:
        wrk()
        run = _measured(options.minutes, options.rate)
    except LocalError as error:
        print(error, file=sys.stderr)
        return 1
    JSON_FILE.write_text(json.dumps(asdict(run), indent=2) + "\n", encoding="utf-8")
    tried = options.minutes < MINUTES
    draw(plots(run.looks), TRIED if tried else PLOTS)
    if not tried:
        put_between(PAGE, BEGIN, END, page(run))
    print(f"\n{page(run)}\n\n{JSON_FILE}\n{TRIED if tried else PLOTS}")
    return 1 if run.wrong else 0


def _measured(minutes: float, rate: float | None) -> Soak:
    with Platform(mongo_options=OPLOG) as platform:
        run = Soak(now(), machine(), versions(), 0.0, None, [], [])
        bench = Bench(platform, say)
        bench.ready(consumer=True)
        if minutes >= MINUTES:
            say(f"{Keeping().most:,} petitions beforehand ...")
            bench.fill(Keeping().most)
            bench.consumer_done()
        if rate is None:
            say("how much is carried ...")
            run.highest = carried(bench, BURST_SECONDS)
            rate = run.highest / 2
        run.rate = rate
        say(f"{rate:.0f} petitions/s for {minutes:g} minutes ...")
        run.looks = held(bench, rate, minutes)
        run.wrong = unsteady(run.looks)
        say("counting what was told, stored, published and done ...")
        try:
            run.wrong += differences(bench.told, bench.found())
        except LocalError as error:
            run.wrong.append(f"not counted: {error}")
    return run


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.soak", description=__doc__)
    parser.add_argument(
        "--minutes",
        type=float,
        default=MINUTES,
        metavar="M",
        help=f"with less than {MINUTES:g} it is only tried out: the page stays",
    )
    parser.add_argument(
        "--rate", type=float, metavar="R", help="petitions per second, else found by a burst"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
