"""Matching a need with resources: which fit, how well, and why; which do not, and why not.

Three things count, each between 0 and 1 and shown beside the whole: how near the resource's place
is in the place tree, how much of the time it is there for, and how much of what is lacking it
covers. What is of another kind does not fit at all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.volunteering.domain.lists.need_state import Need
from services.volunteering.domain.lists.resource_state import Resource, left, why_not, window

WEIGHTS = {"distance": 0.4, "time": 0.3, "quantity": 0.3}
"""How much each counts; together 1."""


@dataclass(frozen=True, slots=True)
class Match:
    """How a resource fits a need. `steps` lie between their places in the tree; it is there for
    `days` of the `days_needed`; `left` is promised to nobody, and `offers` of the lacking can be
    had. `score` is between 0 and 1; `unfit` says why it does not fit, None where it does.
    """

    resource: str
    steps: int
    days: float
    days_needed: float
    left: int
    offers: int
    parts: tuple[tuple[str, float], ...]
    score: float
    unfit: str | None = None


def match(need: Need, resource: Resource) -> Match:
    """How this resource fits, with the reasons."""
    assert need.begin is not None, "what was stated begins"
    assert need.until is not None, "what was stated ends"
    steps = steps_between(need.path, resource.path)
    needed = need.until - need.begin
    time = window(resource, need.begin, need.until)
    share = 0.0 if time is None else (time[1] - time[0]) / needed
    free = 0 if time is None else max(left(resource, *time), 0)
    lacking = max(need.lacking, 0)
    offers = min(free, lacking)
    parts = {
        "distance": 1 / (1 + steps),
        "time": share,
        "quantity": offers / lacking if lacking else 0.0,
    }
    score = sum(WEIGHTS[name] * part for name, part in parts.items())
    day = 24 * 3600
    return Match(
        resource.resource,
        steps,
        round(share * needed.total_seconds() / day, 2),
        round(needed.total_seconds() / day, 2),
        free,
        offers,
        tuple((name, round(part, 3)) for name, part in parts.items()),
        round(score, 3),
        why_not(resource, need.kind, need.path, 1, need.begin, need.until),
    )


def best(need: Need, resources: Iterable[Resource]) -> list[Match]:
    """Those that fit, the best first; where two are as good, the one with the smaller id. Then
    those that do not.
    """
    matches = [match(need, one) for one in resources]
    return sorted(matches, key=lambda one: (one.unfit is not None, -one.score, one.resource))


def steps_between(one: Sequence[str], other: Sequence[str]) -> int:
    """How many steps up and down lead from one place to the other in the tree."""
    common = 0
    for left_code, right_code in zip(one, other, strict=False):
        if left_code != right_code:
            break
        common += 1
    return len(one) + len(other) - 2 * common
