"""How much is accepted, how soon, and beside what people write by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from deploy.local.layout import LocalError
from tests.bench.bench import Bench, must_be_whole
from tests.bench.figure import Figure
from tests.bench.load import Burst, live_petitions
from tests.bench.platform import STAFF

CONNECTIONS = 128
ROUNDS = 5
ROUND_SECONDS = 5.0
WARM_UP_SECONDS = 2.0
HELD_SECONDS = 12.0
LIFECYCLE_CONNECTIONS = 64
YARDSTICKS = ("crud", "textbook")


@dataclass(frozen=True, slots=True)
class Accepted:
    """Accepted requests per second by round, for Jinlin and for each yardstick."""

    rounds: dict[str, list[float]]

    def rate(self, name: str) -> float:
        """The median of the rounds."""
        return median(self.rounds[name])

    def over(self, name: str) -> float:
        """Jinlin over a yardstick."""
        return ratio(self.rounds["jinlin"], self.rounds[name])

    def note(self, name: str) -> str:
        """The rounds in words."""
        shown = {who: rounds_of(self.rounds[who]) for who in ("jinlin", name)}
        return (
            f"jinlin {shown['jinlin']} req/s, {name} {shown[name]} req/s in turn; "
            "Jinlin checks tokens, the yardsticks do not"
        )


def accepted(bench: Bench) -> Accepted:
    """Rounds in turn on the same servers, each relay done before the next round begins."""
    return bench.once("accepted", lambda: _accepted(bench))


def _accepted(bench: Bench) -> Accepted:
    bench.ready(consumer=False)
    for name in YARDSTICKS:
        bench.platform.yardstick(name)
    contestants = ("jinlin", *YARDSTICKS)
    for name in contestants:
        _round(bench, name, WARM_UP_SECONDS)
    rounds: dict[str, list[float]] = {name: [] for name in contestants}
    for number in range(ROUNDS):
        for name in contestants:
            burst = _round(bench, name, ROUND_SECONDS)
            if burst.refused or burst.broken:
                raise LocalError(f"{name} refused {burst.refused}, cut {burst.broken} requests")
            rounds[name].append(burst.rate)
            bench.say(f"  round {number + 1} of {ROUNDS}: {name} {burst.rate:.0f} req/s")
    for name in YARDSTICKS:
        bench.platform.yardstick(name).stop()
    return Accepted(rounds)


def _round(bench: Bench, name: str, seconds: float) -> Burst:
    if name == "jinlin":
        burst = bench.burst(CONNECTIONS, seconds)
        bench.relay_done()
        return burst
    return bench.yardstick_burst(name, CONNECTIONS, seconds)


def ratio(ours: Sequence[float], others: Sequence[float]) -> float:
    """Our rounds over those of the same turn: the median. The machine is not equally fast at all
    times, and what is minutes apart is not compared.
    """
    return median(our / other for our, other in zip(ours, others, strict=True))


def rounds_of(rates: Sequence[float]) -> str:
    """The rates of some rounds in words."""
    return "/".join(f"{rate:.0f}" for rate in rates)


def accept_vs_textbook(bench: Bench) -> Figure:
    """Accepted requests over those of the textbook's outbox."""
    rates = accepted(bench)
    return Figure(rates.over("textbook"), rates.note("textbook"))


def accept_vs_crud(bench: Bench) -> Figure:
    """Accepted requests over those of one insert without events."""
    rates = accepted(bench)
    return Figure(rates.over("crud"), rates.note("crud"))


def accept_p99_ms(bench: Bench) -> Figure:
    """Latency at half of the highest rate, from the time each request was due."""
    rate = accepted(bench).rate("jinlin") / 2
    bench.ready(consumer=False)
    held = bench.steady(rate, HELD_SECONDS)
    must_be_whole(held)
    bench.relay_done()
    return Figure(
        held.percentile(0.99),
        f"{rate:.0f} req/s held for {held.seconds:.0f} s, p50 {held.percentile(0.5):.1f} ms; "
        f"the generator was {held.late_ms:.0f} ms late at worst",
    )


def gateway_adds_p50_ms(bench: Bench) -> Figure:
    """What the gateway adds in the middle, at half of what gets through it: rounds in turn."""
    bench.ready(consumer=False)
    rate = bench.burst(CONNECTIONS, ROUND_SECONDS, bench.door()).rate / 2
    bench.relay_done()
    middles: dict[str | None, list[float]] = {None: [], bench.door(): []}
    for _ in range(ROUNDS):
        for url, found in middles.items():
            held = bench.steady(rate, ROUND_SECONDS, url)
            must_be_whole(held)
            found.append(held.percentile(0.5))
            bench.relay_done()
    straight, through = (median(found) for found in middles.values())
    return Figure(
        through - straight,
        f"{rate:.0f} POST /petitions per second: straight {straight:.1f} ms, "
        f"through the gateway {through:.1f} ms, tokens checked by both",
    )


def lifecycle_rate(bench: Bench) -> Figure:
    """File, assign, answer, rate: lives per second, every service at work."""
    bench.ready(consumer=True)
    lives = live_petitions(
        bench.door(),
        bench.bodies,
        connections=LIFECYCLE_CONNECTIONS,
        seconds=ROUND_SECONDS,
        petitioner=bench.tokens[0],
        staff=bench.platform.staff_token(),
        subject=STAFF,
    )
    bench.told.acknowledged += lives.filed
    bench.told.unanswered += LIFECYCLE_CONNECTIONS + lives.broken
    if lives.refused or lives.broken:
        raise LocalError(f"{lives.refused} steps refused, {lives.broken} requests cut")
    bench.consumer_done()
    return Figure(
        lives.lived / lives.seconds,
        f"through the gateway, tokens checked, notifications at work; "
        f"{lives.requests / lives.seconds:.0f} req/s, p99 {lives.p99_ms:.0f} ms",
    )
