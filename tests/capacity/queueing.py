"""A process that writes commands in groups, as a queue: `shared.runtime.store`, and nothing else.

A group takes the processor for each commit in it, then waits some time whatever its size (a
transaction, the journal on the disk, the way there and back). While it waits another may begin, if
enough wait for it. Whoever comes meanwhile is written with the next. Now and then all of it stands
still: a checkpoint, somebody else's turn on the processor.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from shared.runtime.store import MAX_BATCH, MOST_BATCHES, WORTH_BESIDE, WORTH_SHARING

STALLS = 1.0
"""A second. How long they last is found out from the slowest of a hundred requests."""
SEED = 7
SECONDS = 30.0
"""That are simulated."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Seconds that a group waits, that each commit takes, and of a stall on average."""

    group: float
    commit: float
    stall: float = 0.0
    at_once: int = MOST_BATCHES

    def takes(self, commits: float) -> float:
        """Seconds for a group of so many while as many as may be are under way, without stalls."""
        return self.group + self.at_once * self.commit * commits


def together(connections: int, at_once: int = MOST_BATCHES) -> float:
    """Commits in a group, where each connection asks again at once: some groups are being written,
    and one more gathers.
    """
    return min(connections / (at_once + 1), MAX_BATCH)


def rate_through(writer: Writer, connections: int) -> float:
    """Answers a second where each connection asks again at once."""
    commits = together(connections, writer.at_once)
    return writer.at_once * commits / writer.takes(commits)


def rate_of_backlog(writer: Writer) -> float:
    """Commits a second where more wait than fit into a group."""
    return writer.at_once * MAX_BATCH / writer.takes(MAX_BATCH)


def held(writer: Writer, rate: float) -> list[float]:
    """Latencies in seconds, in rising order, where requests come at fixed times."""
    chance = random.Random(SEED)
    count = round(rate * SECONDS)
    latencies: list[float] = []
    under_way: list[float] = []
    now, free, first = 0.0, 0.0, 0
    while first < count:
        under_way = [end for end in under_way if end > now]
        waiting = min(count, math.floor(now * rate + 1e-6) + 1) - first
        full = len(under_way) == writer.at_once
        least = 0 if full else WORTH_BESIDE[len(under_way)]
        if full or waiting < least:
            comes = (first + least - 1) / rate
            now = min([*under_way, *([] if full or comes <= now else [comes])])
            continue
        share = math.ceil(waiting / (writer.at_once - len(under_way)))
        commits = min(waiting, MAX_BATCH, max(WORTH_SHARING, share))
        free = max(now, free) + writer.commit * commits
        stall = _stall(writer, writer.group + writer.commit * commits, chance)
        free += stall
        under_way.append(free + writer.group)
        latencies += [free + writer.group - n / rate for n in range(first, first + commits)]
        first += commits
    return sorted(latencies)


def percentile(sorted_values: Sequence[float], share: float) -> float:
    """The value that such a share of them does not exceed."""
    return sorted_values[min(len(sorted_values) - 1, math.ceil(share * len(sorted_values)) - 1)]


def _stall(writer: Writer, seconds: float, chance: random.Random) -> float:
    """How long everything stands still within so many seconds, mostly not at all."""
    if writer.stall and chance.random() < 1 - math.exp(-STALLS * seconds):
        return chance.expovariate(1 / writer.stall)
    return 0.0
