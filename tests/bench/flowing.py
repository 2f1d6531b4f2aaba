"""How soon and how fast what is committed reaches its consumer."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bson import Timestamp

from deploy.local.layout import LocalError
from tests.bench.bench import CONSUMER, Bench, must_be_whole, samples
from tests.bench.figure import Figure
from tests.bench.load import percentile

WARM_UP_SECONDS = 2.0
HELD_SECONDS = 12.0
AT_REST = 20.0
"""Petitions per second that leave the machine at rest."""
UNDER_LOAD = 500.0
BACKLOG_EVENTS = 30_000
WAITING_COMMITS = 25_000
CATCH_UP_WITHIN = 300.0
OF_PETITIONS: dict[str, Any] = {"causation": {"$regex": "^petitions/"}}
"""Commits that an event of petitions led to."""


@dataclass(frozen=True, slots=True)
class Delays:
    """Milliseconds from a commit in petitions to each effect in notifications."""

    all: list[float]
    rate: float

    def figure(self, share: float) -> Figure:
        return Figure(
            percentile(self.all, share),
            f"{len(self.all)} effects at {self.rate:.0f} petitions/s, by the time of each "
            "transaction in MongoDB's log",
        )


def delays(bench: Bench, rate: float) -> Delays:
    """Files at a rate and takes from MongoDB's log when each commit and each effect was stored."""
    return bench.once(f"delays at {rate}", lambda: _delays(bench, rate))


def _delays(bench: Bench, rate: float) -> Delays:
    bench.ready(consumer=True)
    bench.steady(rate, WARM_UP_SECONDS)
    bench.consumer_done()
    client = bench.platform.client
    assert client is not None, "the platform runs"
    begin: Timestamp = client.admin.command("ping")["operationTime"]
    held = bench.steady(rate, HELD_SECONDS)
    must_be_whole(held)
    bench.consumer_done()
    committed = {
        f"petitions/{commit['_id']}": at for commit, at in _written(bench, "petitions", begin)
    }
    found = [
        (at - committed[event]).total_seconds() * 1000
        for commit, at in _written(bench, CONSUMER, begin)
        if (event := commit.get("causation", "").rpartition("/")[0]) in committed
    ]
    if len(found) < held.accepted:
        raise LocalError(f"{held.accepted} petitions led to {len(found)} effects only")
    return Delays(found, rate)


def _written(bench: Bench, service: str, since: Timestamp) -> list[tuple[dict[str, Any], Any]]:
    """Commits of a service written since then, each with the server's time of its transaction."""
    commits = bench.platform.store(service)["commits"]
    kept = {"fullDocument._id": 1, "fullDocument.causation": 1, "wallTime": 1}
    stages: list[dict[str, Any]] = [
        {"$match": {"operationType": "insert", "fullDocument.v": {"$gt": 0}}},
        {"$project": kept},
    ]
    found: list[tuple[dict[str, Any], Any]] = []
    with commits.watch(stages, start_at_operation_time=since, max_await_time_ms=500) as changes:
        while (change := changes.try_next()) is not None:
            found.append((change["fullDocument"], change["wallTime"]))
    return found


def consume_rate(bench: Bench) -> Figure:
    """The consumer is started with a backlog: events per second turned into stored effects."""
    bench.ready(consumer=False)
    effects = bench.platform.store(CONSUMER)["commits"]
    before = effects.count_documents(OF_PETITIONS)
    bench.relay_done()
    if bench.lag() < BACKLOG_EVENTS:
        bench.seed(BACKLOG_EVENTS // 2)
        bench.relay_done()
    known = _turned(effects)
    waiting = bench.lag()
    if waiting < BACKLOG_EVENTS:
        raise LocalError(f"only {waiting} events wait for the consumer")
    # Watched from before its start: it handles events before it says that it is ready.
    began = time.monotonic()
    last_change, last_count = began, effects.estimated_document_count()
    seen = [(began, last_count)]
    bench.platform.service(CONSUMER, wait=False)
    while True:
        now, count = time.monotonic(), effects.estimated_document_count()
        seen.append((now, count))
        if count != last_count:
            last_change, last_count = now, count
        elif now - last_change > 1 and bench.lag() == 0:
            break
        if now - began > CATCH_UP_WITHIN:
            raise LocalError(f"the consumer is not done after {CATCH_UP_WITHIN:.0f} s")
        time.sleep(0.05)
    turned = _turned(effects) - known
    # The looks after the last effect only made sure that nothing followed.
    _, seconds, _ = pace([look for look in seen if look[0] <= last_change], seen[0][1])
    stored = effects.count_documents(OF_PETITIONS) - before
    return Figure(
        turned / seconds,
        f"{waiting} events waited; {turned} of them tell somebody and led to {stored} messages in "
        f"{seconds:.1f} s: {stored / seconds:,.0f} messages/s, {waiting / seconds:,.0f} events/s "
        "read",
    )


def _turned(effects: Any) -> int:
    """Events of petitions with an effect stored."""
    stages = [
        {"$match": OF_PETITIONS},
        {"$group": {"_id": "$causation"}},
        {"$count": "n"},
    ]
    return sum(int(row["n"]) for row in effects.aggregate(stages, allowDiskUse=True))


def relay_catch_up(bench: Bench) -> Figure:
    """The broker comes back with commits waiting: how many per second are published."""
    bench.ready(consumer=False)
    bench.relay_done()
    kafka = bench.platform.kafka
    before = bench.public_events()
    kafka.stop()
    bench.seed(WAITING_COMMITS)
    events = bench.public_events() - before
    kafka.start()
    back = time.monotonic()
    with bench.offsets() as published:
        seen = list(samples(published, before + events, CATCH_UP_WITHIN))
    if seen[-1][1] < before + events:
        raise LocalError(f"{before + events - seen[-1][1]} events are still not published")
    done, seconds, begun = pace(seen, before)
    if done < events / 2:
        raise LocalError(f"{events - done} of {events} events were published before the first look")
    return Figure(
        WAITING_COMMITS * done / events / seconds,
        f"{WAITING_COMMITS} commits with {events} events waited; {done} events were watched for "
        f"{seconds:.1f} s from {begun - back:.1f} s after the broker answered",
    )


def pace(seen: Sequence[tuple[float, int]], before: int) -> tuple[int, float, float]:
    """How much was done in how many seconds, beginning when, by looks (time, count) at a count.

    Counted from the last look that showed nothing new. Where the first one did already, what was
    done before it does not count, as nobody knows how long it took.
    """
    idle = [look for look in seen if look[1] <= before]
    begun, count = idle[-1] if idle else seen[0]
    return seen[-1][1] - count, seen[-1][0] - begun, begun
