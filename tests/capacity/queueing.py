"""A process that writes commands in groups, as a queue: `shared.runtime.store`, and nothing else.

One group is under way at a time. Whoever comes meanwhile waits, and is written with the next: a
group takes some time whatever its size (a transaction, the journal on disk, the way there and
back), and some more for each commit in it. Now and then all of it stands still: a checkpoint,
somebody else's turn on the processor.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from shared.runtime.store import MAX_BATCH

STALLS = 1.0
"""A second. How long they last is found out from the slowest of a hundred requests."""
SEED = 7
SECONDS = 60.0
"""That are simulated."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Seconds of a group, of each commit in it, and of a stall in the middle."""

    group: float
    commit: float
    stall: float = 0.0

    def takes(self, commits: float) -> float:
        """Seconds for a group of so many, without stalls."""
        return self.group + self.commit * commits

    def slowed(self, times: float) -> Writer:
        """The same, where others have part of the processor."""
        return replace(self, group=self.group * times, commit=self.commit * times)


def rate_through(writer: Writer, connections: int) -> float:
    """Answers a second where each connection asks again at once: while half of them are written,
    the other half waits.
    """
    together = min(connections / 2, MAX_BATCH)
    return together / writer.takes(together)


def rate_of_backlog(writer: Writer) -> float:
    """Commits a second where more wait than fit into a group."""
    return MAX_BATCH / writer.takes(MAX_BATCH)


def held(writer: Writer, rate: float) -> list[float]:
    """Latencies in seconds, in rising order, where requests come at fixed times."""
    chance = random.Random(SEED)
    come = [n / rate for n in range(round(rate * SECONDS))]
    latencies: list[float] = []
    free, first = 0.0, 0
    while first < len(come):
        begin = max(free, come[first])
        last = min(first + MAX_BATCH, math.floor(begin * rate + 1e-9) + 1, len(come))
        last = max(last, first + 1)
        free = begin + _with_stalls(writer, last - first, chance)
        latencies += [free - at for at in come[first:last]]
        first = last
    return sorted(latencies)


def kept_busy(writer: Writer, connections: int) -> list[float]:
    """Latencies in seconds, in rising order, where each connection asks again at once: the group
    that is being written, then one's own.
    """
    chance = random.Random(SEED)
    together = min(connections // 2, MAX_BATCH)
    groups = [
        _with_stalls(writer, together, chance)
        for _ in range(round(SECONDS / writer.takes(together)))
    ]
    return sorted(before + own for before, own in pairwise(groups))


def percentile(sorted_values: Sequence[float], share: float) -> float:
    """The value that such a share of them does not exceed."""
    return sorted_values[min(len(sorted_values) - 1, math.ceil(share * len(sorted_values)) - 1)]


def _with_stalls(writer: Writer, commits: int, chance: random.Random) -> float:
    seconds = writer.takes(commits)
    if writer.stall and chance.random() < 1 - math.exp(-STALLS * seconds):
        seconds += chance.expovariate(1 / writer.stall)
    return seconds
