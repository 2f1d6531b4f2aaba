"""Whether a run for hours changed anything: judged by a line through what was seen.

The first half of a run is left out: caches and copies fill until they are as large as they get.
"""

from collections.abc import Sequence
from dataclasses import dataclass

GROWTH_MB_PER_HOUR = 40.0
"""MiB by which a service's memory may seem to grow in an hour, as measurements waver. At 500
petitions a second that is 23 bytes for each: nothing that is kept of one is as small.
"""
LAG_MAY_RISE_SECONDS = 2.0
"""By so much relay and consumer may be further behind at the end of the second half."""
NEEDED = 3
"""Through fewer looks in the second half a line would say nothing."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen at one time, and in the interval that ended there.

    `at` is in seconds since the load began, `rss_mb` in MiB by service. `relay_behind` and
    `consumer_behind` are seconds: the age of what the relay has had acknowledged, and how long what
    waits for the consumer took to come. `errors` are requests refused, cut or never sent because
    the service did not keep up.
    """

    at: float
    rss_mb: dict[str, float]
    relay_behind: float
    consumer_behind: float
    accepted: int
    errors: int
    p99_ms: float


def second_half(looks: Sequence[Look]) -> list[Look]:
    """Those of the second half of the time."""
    return [look for look in looks if look.at >= looks[-1].at / 2]


def slope(points: Sequence[tuple[float, float]]) -> float:
    """By how much the straight line that fits best rises for each step to the right.

    Raises ValueError where all points lie above each other.
    """
    middle_x = sum(x for x, _ in points) / len(points)
    middle_y = sum(y for _, y in points) / len(points)
    spread = sum((x - middle_x) ** 2 for x, _ in points)
    if not spread:
        raise ValueError("points above each other have no slope")
    return sum((x - middle_x) * (y - middle_y) for x, y in points) / spread


def growth(looks: Sequence[Look]) -> dict[str, float]:
    """MiB per hour by which each service grew in the second half."""
    half = second_half(looks)
    return {
        name: 3600 * slope([(look.at, look.rss_mb[name]) for look in half])
        for name in half[0].rss_mb
    }


def rises(looks: Sequence[Look]) -> dict[str, float]:
    """Seconds by which relay and consumer fell behind from the middle to the end."""
    half = second_half(looks)
    seconds = half[-1].at - half[0].at
    return {
        "relay": seconds * slope([(look.at, look.relay_behind) for look in half]),
        "consumer": seconds * slope([(look.at, look.consumer_behind) for look in half]),
    }


def unsteady(looks: Sequence[Look]) -> list[str]:
    """What did not stay as it was, in words; empty for a steady run."""
    wrong = []
    if errors := sum(look.errors for look in looks):
        wrong.append(f"{errors} requests failed")
    if not looks or len(second_half(looks)) < NEEDED:
        return [*wrong, f"too short to judge: {len(looks)} looks"]
    wrong += [
        f"{name} grew by {mb:.0f} MiB per hour"
        for name, mb in growth(looks).items()
        if mb > GROWTH_MB_PER_HOUR
    ]
    wrong += [
        f"the {name} fell {seconds:.1f} s behind"
        for name, seconds in rises(looks).items()
        if seconds > LAG_MAY_RISE_SECONDS
    ]
    return wrong
