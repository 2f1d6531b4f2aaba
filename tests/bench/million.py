"""A full store beside an empty one.

Apart from the other rows, because filling the store takes minutes. What the services have not been
told of is not counted afterwards: that they tell the truth is shown by the other rows.
"""

import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

import httpx

from deploy.local.layout import LocalError
from tests.bench.accepting import LIFECYCLE_CONNECTIONS, ROUND_SECONDS, ROUNDS
from tests.bench.bench import Bench
from tests.bench.figure import Figure
from tests.bench.lived import RESIDENTS, resident, seed_lives
from tests.bench.load import live_petitions, percentile
from tests.bench.platform import DAY, DISTRICT, STAFF, database_of, wait_until

ASKED = 200
"""Requests of each query, one after the other."""
READ_WITHIN = 600
"""Seconds in which a process has read what it compares: 200,000 petitions."""


def slowdown(bench: Bench) -> Figure:
    """Lives per second with a full store over those with an empty one."""
    return _figures(bench)["slowdown"]


def query_p99_ms(bench: Bench) -> Figure:
    """Work queues, a resident's list, a timeline: the slowest of them."""
    return _figures(bench)["queries"]


def duplicates_p99_ms(bench: Bench) -> Figure:
    """What may be about the same as a draft."""
    return _figures(bench)["duplicates"]


def statistics_s(bench: Bench) -> Figure:
    """Figures of the city and of a community, counted anew."""
    return _figures(bench)["statistics"]


def restart_s(bench: Bench) -> Figure:
    """From kill -9 of petitions to its /readyz."""
    return _figures(bench)["restart"]


def _figures(bench: Bench) -> dict[str, Figure]:
    return bench.once("million", lambda: _measured(bench, bench.stored_by_then))


def _measured(bench: Bench, stored: int) -> dict[str, Figure]:
    bench.ready(consumer=True)
    bench.say("lives with an empty store ...")
    empty = _lives(bench)
    bench.platform.stop("petitions")
    bench.say(f"writing {stored:,} petitions ...")
    began = time.monotonic()
    seed_lives(bench.platform.mongo.uri, database_of("petitions"), stored)
    size = bench.platform.store("petitions").command("dbStats")
    gigabytes = (size["storageSize"] + size["indexSize"]) / 2**30
    bench.say(f"  took {time.monotonic() - began:.0f} s, {gigabytes:.1f} GiB with indexes")
    petitions = bench.platform.service("petitions")
    restart = bench.platform.killed_to_ready("petitions")
    bench.say(f"ready {restart:.2f} s after kill -9; reading what is compared ...")
    with httpx.Client(base_url=petitions.url, timeout=60) as client:
        asked = Asked(bench, client)
        read = wait_until(asked.has_read_all, READ_WITHIN, "all that is compared is read", 1)
        queries = {name: _p99(ask) for name, ask in asked.queries().items()}
        alike = _p99(asked.candidates)
        counted = {
            what: _seconds(asked.statistics, place)
            for what, place in (("the city", DISTRICT), ("a community", f"{DISTRICT}-c0"))
        }
    bench.say("lives with a full store ...")
    full = _lives(bench)
    many = f"{bench.stored():,} petitions, {gigabytes:.1f} GiB with indexes"
    return {
        "slowdown": Figure(
            median(full) / median(empty),
            f"{_rounds(full)} lives/s with {many}; {_rounds(empty)} with none",
        ),
        "queries": Figure(max(queries.values()), _named(queries, "ms")),
        "duplicates": Figure(
            alike,
            f"{ASKED} drafts over HTTP; a process had read all it compares after {read:.0f} s",
        ),
        "statistics": Figure(max(counted.values()), _named(counted, "s", digits=2)),
        "restart": Figure(restart, many),
    }


def _lives(bench: Bench) -> list[float]:
    """Lives per second of each round, after one that warms up."""
    lives_once(bench, ROUND_SECONDS)
    rounds = []
    for _ in range(ROUNDS):
        rounds.append(lives_once(bench, ROUND_SECONDS))
        bench.say(f"  {rounds[-1]:.0f} lives/s")
    return rounds


def lives_once(bench: Bench, seconds: float) -> float:
    """Lives per second of one round, straight to petitions."""
    lives = live_petitions(
        bench.platform.service("petitions").url,
        bench.bodies,
        connections=LIFECYCLE_CONNECTIONS,
        seconds=seconds,
        petitioner=bench.tokens[0],
        staff=bench.platform.staff_token(),
        subject=STAFF,
    )
    if lives.refused or lives.broken:
        raise LocalError(f"{lives.refused} steps refused, {lives.broken} requests cut")
    # Until a round's events are handled, they would slow the next one down.
    wait_until(lambda: _quiet(bench), 120, "its events are handled", 0.5)
    return lives.lived / lives.seconds


def _quiet(bench: Bench) -> bool:
    with bench.offsets() as published:
        before = published()
        time.sleep(1)
        return published() == before and bench.lag() == 0


class Asked:
    """The requests of people, each about somebody or something else than the one before."""

    def __init__(self, bench: Bench, client: httpx.Client) -> None:
        self._bench = bench
        self._client = client
        issuer = bench.platform.issuer
        self._staff = bench.platform.staff_token()
        self._numbers: Iterator[int] = iter(range(0, RESIDENTS, 41))
        self._residents = [
            issuer.token(resident(number), ["resident"], [DISTRICT], lifetime=DAY)
            for number in (next(self._numbers) for _ in range(ASKED))
        ]
        found = bench.platform.store("petitions")["state_petition"]
        self._ids = [one["_id"] for one in found.aggregate([{"$sample": {"size": ASKED}}])]
        self._community = issuer.token(
            "bench-clerk", ["community-staff"], [f"{DISTRICT}-c0"], lifetime=DAY
        )

    def queries(self) -> dict[str, Callable[[int], None]]:
        """The queries that performance asks about, by name."""
        return {
            "work queue of the city": lambda _: self._get("/petitions", self._staff),
            "of a community": lambda _: self._get("/petitions", self._community),
            "a resident's list": lambda n: self._get("/petitions/mine", self._residents[n]),
            "one timeline": lambda n: self._get(f"/petitions/{self._ids[n]}/timeline", self._staff),
        }

    def candidates(self, number: int) -> None:
        """What may be about the same as a draft."""
        self._candidates(number)

    def has_read_all(self) -> bool:
        """Whether the process compares with all that it keeps."""
        return bool(self._candidates(0)["complete"])

    def statistics(self, place: str) -> None:
        """The figures below a place, by three things."""
        self._get(f"/statistics?place={place}&by=category,level,month", self._staff)

    def _candidates(self, number: int) -> dict[str, Any]:
        body = httpx.Response(200, content=self._bench.bodies[number].encode()).json()
        draft = {name: body[name] for name in ("place", "title", "text", "category")}
        token = self._residents[number]
        answer = self._client.post("/petitions/candidates", json=draft, headers=_with(token))
        return _answered(answer)

    def _get(self, path: str, token: str) -> None:
        _answered(self._client.get(path, headers=_with(token)))


def _with(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _answered(answer: httpx.Response) -> dict[str, Any]:
    if answer.is_error:
        raise LocalError(f"{answer.request.url.path}: {answer.status_code} {answer.text[:300]}")
    told: dict[str, Any] = answer.json()
    return told


def _p99(ask: Callable[[int], object]) -> float:
    """Milliseconds, the first request of all included."""
    return percentile([1000 * _seconds(ask, number) for number in range(ASKED)], 0.99)


def _seconds(ask: Callable[[Any], object], about: Any) -> float:
    began = time.perf_counter()
    ask(about)
    return time.perf_counter() - began


def _named(values: dict[str, float], unit: str, digits: int = 0) -> str:
    return ", ".join(f"{name} {value:.{digits}f} {unit}" for name, value in values.items())


def _rounds(rates: list[float]) -> str:
    return "/".join(f"{rate:.0f}" for rate in rates)
