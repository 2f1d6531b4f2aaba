"""Disputes: how many are filed per second, beside what people write by hand."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from statistics import median
from typing import Any

from deploy.local.layout import LocalError
from shared.contracts.mediation.disputes import DisputeKind
from tests.bench.accepting import (
    CONNECTIONS,
    HELD_SECONDS,
    ROUND_SECONDS,
    ROUNDS,
    WARM_UP_SECONDS,
    ratio,
    rounds_of,
)
from tests.bench.bench import Bench, must_be_whole
from tests.bench.bodies import as_json
from tests.bench.figure import Figure
from tests.bench.load import Asked, Burst, hold_rate, http_post, post_once
from tests.bench.platform import DAY, DISTRICT, neighbourhoods, wait_until

PEOPLE = 2000
"""Each files against each of some hundred others."""
MOST_PER_SECOND = 3000
"""So many are at hand for each second: more than are answered."""
FOLLOWED_WITHIN = 600.0
"""Seconds in which all that follows from what was filed has happened."""
VERIFIED = 1
"""Requests that wrk takes from a script before it begins, to look at, and never sends."""


@dataclass(frozen=True, slots=True)
class Filed:
    """Disputes and yardstick's petitions per second by round; latency where a rate is held."""

    rounds: dict[str, list[float]]
    held: Figure


def dispute_file_vs_textbook(bench: Bench) -> Figure:
    """Disputes filed per second over petitions taken by the yardstick."""
    ours, textbook = (_filed(bench).rounds[who] for who in ("disputes", "textbook"))
    return Figure(
        ratio(ours, textbook),
        f"disputes {rounds_of(ours)} req/s, textbook {rounds_of(textbook)} req/s in turn; "
        f"between {PEOPLE} people with tokens of their own, whose homes are looked at; the working "
        "process meanwhile opens panels, counts hot spots and invites",
    )


def dispute_file_p99_ms(bench: Bench) -> Figure:
    """Latency at half of the highest rate."""
    return _filed(bench).held


def _filed(bench: Bench) -> Filed:
    return bench.once("quarrels", lambda: _measured(bench))


def _measured(bench: Bench) -> Filed:
    quarrels = _Quarrels(bench)
    yardstick = bench.platform.yardstick("textbook")
    rounds: dict[str, list[float]] = {"disputes": [], "textbook": []}
    quarrels.burst(WARM_UP_SECONDS)
    bench.yardstick_burst("textbook", CONNECTIONS, WARM_UP_SECONDS)
    for _ in range(ROUNDS):
        rounds["disputes"].append(quarrels.burst(ROUND_SECONDS).rate)
        burst = bench.yardstick_burst("textbook", CONNECTIONS, ROUND_SECONDS)
        rounds["textbook"].append(burst.rate)
        bench.say(f"  disputes {rounds['disputes'][-1]:.0f} req/s, textbook {burst.rate:.0f} req/s")
    yardstick.stop()
    held = quarrels.held(median(rounds["disputes"]) / 2)
    bench.platform.stop("mediation")
    return Filed(rounds, held)


class _Quarrels:
    """Somebody files against somebody else, each pair once."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self.service = bench.ready_for("mediation")
        self._store = bench.platform.store("mediation")
        self._acknowledged = self._unanswered = 0
        wait_until(
            lambda: self._store["state_place"].count_documents({}) >= len(neighbourhoods()),
            60,
            "mediation knows the places",
        )
        issuer = bench.platform.issuer
        self._tokens = [
            issuer.token(f"bench-q{n}", ["resident"], [DISTRICT], lifetime=DAY)
            for n in range(PEOPLE)
        ]
        self._left = _pairs()

    def burst(self, seconds: float) -> Burst:
        """As many as get through; then all that follows from them."""
        asked = self._next(int(seconds * MOST_PER_SECOND) + CONNECTIONS)
        url = self.service.url
        burst = post_once(url, asked, self._tokens, connections=CONNECTIONS, seconds=seconds)
        if burst.refused or burst.broken:
            raise LocalError(f"disputes: {burst.refused} refused, {burst.broken} cut")
        if burst.requests + CONNECTIONS + VERIFIED > len(asked):
            raise LocalError(f"{len(asked)} disputes were at hand, which was not enough")
        self._count(burst.accepted, CONNECTIONS)
        return burst

    def held(self, rate: float) -> Figure:
        """Latency where so many per second are filed."""
        url = self.service.url
        requests = [
            http_post(url, each.path, self._tokens[each.token], each.body)
            for each in self._next(int(rate * HELD_SECONDS))
        ]
        held = hold_rate(url, requests, rate=rate, seconds=HELD_SECONDS)
        must_be_whole(held)
        self._count(held.accepted, 0)
        return Figure(
            held.percentile(0.99),
            f"{rate:.0f} req/s held for {held.seconds:.0f} s, p50 {held.percentile(0.5):.1f} ms; "
            f"the generator was {held.late_ms:.0f} ms late at worst",
        )

    def _next(self, count: int) -> list[Asked]:
        return [
            Asked(one, "/disputes", as_json(_dispute(one, other)))
            for one, other in islice(self._left, count)
        ]

    def _count(self, accepted: int, unanswered: int) -> None:
        """Waits until each dispute has its panel, which is made by reaction. Raises LocalError
        where the store holds anything but what was answered.
        """
        self._acknowledged += accepted
        self._unanswered += unanswered
        found = self._store["state_dispute"].count_documents({})
        if not self._acknowledged <= found <= self._acknowledged + self._unanswered:
            raise LocalError(f"{self._acknowledged} disputes were acknowledged, {found} are stored")
        wait_until(
            lambda: (
                self._store["state_panel"].count_documents({})
                == self._store["state_dispute"].count_documents({})
            ),
            FOLLOWED_WITHIN,
            "every dispute has its panel",
        )


def _pairs() -> Iterator[tuple[int, int]]:
    """Who files against whom: so many numbers apart that nobody is busy twice in a row."""
    for apart in range(1, PEOPLE):
        for n in range(PEOPLE):
            one = (n * 7) % PEOPLE
            yield one, (one + apart) % PEOPLE


def _dispute(one: int, other: int) -> dict[str, Any]:
    chance = random.Random(one * PEOPLE + other)
    return {
        "kind": chance.choice(list(DisputeKind)).value,
        "place": chance.choice(neighbourhoods()),
        "title": f"噪音{one}",
        "text": "每晚十一点后装修，楼下无法入睡，说过几次都没有用。" * chance.randint(1, 4),
        "parties": [
            {"side": "a", "person": f"bench-q{one}", "name": f"居民{one}"},
            {"side": "b", "person": f"bench-q{other}"},
        ],
    }
