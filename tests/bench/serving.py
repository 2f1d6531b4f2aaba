"""Volunteers: how many sign up and check in per second, and how soon they are answered."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, islice, zip_longest
from statistics import median
from typing import Any

from deploy.local.layout import LocalError
from deploy.local.stack import SECRETS
from services.volunteering.check_in_codes import code_at
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

VOLUNTEERS = 2000
ACTIVITIES = 2000
PLACES = 40
"""Of each activity: with as many activities, more than a whole measurement fills."""
BEGIN_IN = timedelta(minutes=28)
"""Early enough to check in, and late enough to sign up meanwhile."""
SETTING_UP = 500.0
"""Requests per second by which people and activities are entered."""
FIRST_PER_SECOND = 2500
"""So many are at hand for the warm-up; afterwards `ENOUGH` times as many as were answered."""
ENOUGH = 1.7
VERIFIED = 1
"""Requests that wrk takes from a script before it begins, to look at, and never sends."""


@dataclass(slots=True)
class Serving:
    """The figures by what was asked: ``sign-up`` and ``check-in``."""

    rounds: dict[str, list[float]]
    beside: dict[str, list[float]]
    """The textbook's rounds between those of the same name."""
    held: dict[str, Figure]

    def over_textbook(self, verb: str) -> Figure:
        """Accepted requests over those of the textbook's outbox."""
        ours, textbook = self.rounds[verb], self.beside[verb]
        return Figure(
            ratio(ours, textbook),
            f"{verb} {rounds_of(ours)} req/s, textbook {rounds_of(textbook)} req/s in turn; "
            f"{ACTIVITIES} activities with {PLACES} places, each request by one of {VOLUNTEERS} "
            "volunteers with a token of their own",
        )


def sign_up_vs_textbook(bench: Bench) -> Figure:
    """Places given per second over petitions taken by the yardstick."""
    return _serving(bench).over_textbook("sign-up")


def check_in_vs_textbook(bench: Bench) -> Figure:
    """Check-ins by the code of the minute over petitions taken by the yardstick."""
    return _serving(bench).over_textbook("check-in")


def sign_up_p99_ms(bench: Bench) -> Figure:
    """Latency at half of the highest rate."""
    return _serving(bench).held["sign-up"]


def check_in_p99_ms(bench: Bench) -> Figure:
    """Latency at half of the highest rate."""
    return _serving(bench).held["check-in"]


def _serving(bench: Bench) -> Serving:
    return bench.once("serving", lambda: _measured(bench))


def _measured(bench: Bench) -> Serving:
    town = _Town(bench)
    yardstick = bench.platform.yardstick("textbook")
    rounds: dict[str, list[float]] = {}
    beside: dict[str, list[float]] = {}
    held = {}
    for made in (town.sign_ups, town.check_ins):
        work = made()
        verb = work.verb
        town.burst(work, WARM_UP_SECONDS)
        rounds[verb], beside[verb] = [], []
        for _ in range(ROUNDS):
            rounds[verb].append(town.burst(work, ROUND_SECONDS).rate)
            burst = bench.yardstick_burst("textbook", CONNECTIONS, ROUND_SECONDS)
            beside[verb].append(burst.rate)
            bench.say(f"  {verb} {rounds[verb][-1]:.0f} req/s, textbook {burst.rate:.0f} req/s")
        held[verb] = town.held(work, median(rounds[verb]) / 2)
        if verb == "sign-up":
            # So that enough places are taken to check in at, which is the faster of the two.
            town.burst(work, 2 * ROUND_SECONDS)
    yardstick.stop()
    town.must_be_true()
    bench.platform.stop("volunteering")
    return Serving(rounds, beside, held)


class _Work:
    """What is still to be asked for, each once: an activity and a volunteer's number. `body` is
    made when it is asked for: a code is good for a minute.
    """

    def __init__(
        self, verb: str, whole: Iterable[tuple[str, int]], body: Callable[[str], str]
    ) -> None:
        self.verb = verb
        self._body = body
        self._left = iter(whole)
        self._taken: list[tuple[str, int]] = []

    def next(self, count: int) -> list[Asked]:
        """So many, or all that are left."""
        self._taken = list(islice(self._left, count))
        return [
            Asked(number, f"/activities/{id}/{self.verb}", self._body(id))
            for id, number in self._taken
        ]

    def give_back(self, asked: int) -> None:
        """All of the last ones but the first `asked` were not asked for."""
        self._left = chain(self._taken[asked:], self._left)


class _Town:
    """Volunteers and activities, entered over HTTP."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self.service = bench.ready_for("volunteering")
        self._store = bench.platform.store("volunteering")
        self._signed_up = self._checked_in = self._unanswered = 0
        self._at_hand = float(FIRST_PER_SECOND)
        wait_until(
            lambda: self._store["state_place"].count_documents({}) >= len(neighbourhoods()),
            60,
            "volunteering knows the places",
        )
        self._enter()
        people = [f"bench-v{n}" for n in range(VOLUNTEERS)]
        self._number = {person: n for n, person in enumerate(people)}
        issuer = bench.platform.issuer
        self._tokens = [
            issuer.token(person, ["resident"], [DISTRICT], lifetime=DAY) for person in people
        ]

    def _enter(self) -> None:
        """Registers the volunteers, plans the activities and opens them."""
        places = neighbourhoods()
        self._all(
            [
                (
                    "/volunteers",
                    {
                        "volunteer": f"bench-v{n}",
                        "place": places[n % len(places)],
                        "birth_year": 1980,
                        "name": f"志愿者{n}",
                    },
                )
                for n in range(VOLUNTEERS)
            ]
        )
        begin = datetime.now(UTC) + BEGIN_IN
        self._all(
            [
                (
                    "/activities",
                    {
                        "place": places[n % len(places)],
                        "outline": {
                            "title": f"清洁家园{n}",
                            "theme": "environment",
                            "roles": [{"code": "helper", "number": PLACES}],
                        },
                        "begin": begin.isoformat(),
                        "end": (begin + timedelta(hours=3)).isoformat(),
                    },
                )
                for n in range(ACTIVITIES)
            ]
        )
        self._activities = [each["_id"] for each in self._store["state_activity"].find({}, {})]
        self._all([(f"/activities/{id}/open", {}) for id in self._activities])
        self._bench.relay_done("volunteering")

    def _all(self, posts: Sequence[tuple[str, dict[str, Any]]]) -> None:
        token = self._bench.platform.issuer.token(
            "bench-admin", ["administrator"], [DISTRICT], lifetime=DAY
        )
        url = self.service.url
        requests = [http_post(url, path, token, as_json(body)) for path, body in posts]
        done = hold_rate(url, requests, rate=SETTING_UP, seconds=len(requests) / SETTING_UP)
        must_be_whole(done)
        if done.accepted != len(posts):
            raise LocalError(f"{done.accepted} of {len(posts)} were taken")

    # --- what is asked ---------------------------------------------------------------------------

    def sign_ups(self) -> "_Work":
        """Everybody for many activities, each once: one for all of them, then the next ..."""
        # So many numbers apart that an activity asks nobody twice.
        whole = (
            (id, (a + j * 1637) % VOLUNTEERS)
            for j in range(VOLUNTEERS)
            for a, id in enumerate(self._activities)
        )
        return _Work("sign-up", whole, lambda _id: "{}")

    def check_ins(self) -> "_Work":
        """Everybody who has a place, by the code of the minute in which they are asked for."""
        secret = SECRETS["JINLIN_CHECK_IN_SECRET"]
        taken = [
            [(each["_id"], person) for person in each["s"]["places"]["people"]]
            for each in self._store["state_activity"].find({}, {"s.places.people": 1})
        ]
        whole = (
            (each[0], self._number[each[1]])
            for together in zip_longest(*taken)
            for each in together
            if each is not None
        )
        return _Work(
            "check-in",
            whole,
            lambda id: as_json({"code": code_at(id, datetime.now(UTC), secret)}),
        )

    # --- load ------------------------------------------------------------------------------------

    def burst(self, work: "_Work", seconds: float) -> Burst:
        """As many as get through."""
        asked = work.next(int(seconds * self._at_hand))
        burst = post_once(
            self.service.url, asked, self._tokens, connections=CONNECTIONS, seconds=seconds
        )
        if burst.refused or burst.broken:
            raise LocalError(f"{work.verb}: {burst.refused} refused, {burst.broken} cut")
        work.give_back(VERIFIED + burst.requests + CONNECTIONS)
        self._at_hand = ENOUGH * burst.rate
        self._count(work.verb, burst.accepted, CONNECTIONS)
        self._bench.relay_done("volunteering")
        return burst

    def held(self, work: "_Work", rate: float) -> Figure:
        """Latency where so many per second are asked for."""
        url = self.service.url
        count = int(rate * HELD_SECONDS)
        requests = [
            http_post(url, each.path, self._tokens[each.token], each.body)
            for each in work.next(count)
        ]
        if len(requests) < count:
            raise LocalError(f"{work.verb}: {len(requests)} are left to ask for, not {count}")
        held = hold_rate(url, requests, rate=rate, seconds=HELD_SECONDS)
        must_be_whole(held)
        self._count(work.verb, held.accepted, 0)
        self._bench.relay_done("volunteering")
        return Figure(
            held.percentile(0.99),
            f"{rate:.0f} req/s held for {held.seconds:.0f} s, p50 {held.percentile(0.5):.1f} ms; "
            f"the generator was {held.late_ms:.0f} ms late at worst",
        )

    def _count(self, verb: str, accepted: int, unanswered: int) -> None:
        if verb == "sign-up":
            self._signed_up += accepted
        else:
            self._checked_in += accepted
        self._unanswered += unanswered

    # --- the end ---------------------------------------------------------------------------------

    def must_be_true(self) -> None:
        """Raises LocalError where the store holds anything but what was answered."""
        states = list(self._store["state_activity"].find({}, {"s.places": 1, "s.waiting": 1}))
        most = max(len(each["s"]["places"]["people"]) for each in states)
        if most > PLACES:
            raise LocalError(f"an activity with {PLACES} places gave {most}")
        there = sum(
            len(each["s"][which]["people"]) for each in states for which in ("places", "waiting")
        )
        commits = self._store["commits"]
        arrived = commits.count_documents({"verb": "check-in"})
        for what, told, found in (
            ("places and numbers", self._signed_up, there),
            ("check-ins", self._checked_in, arrived),
        ):
            if not told <= found <= told + self._unanswered:
                raise LocalError(f"{told} {what} were acknowledged, {found} are stored")
