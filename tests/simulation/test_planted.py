"""Bugs of the kinds that testing by hand does not find: the simulation does, within 200 seeds."""

import pytest

from tests.simulation.planted import PLANTED
from tests.simulation.simulation import simulate

SEEDS = 200

TRACES = {
    "offsets are committed before the handler has run": ("no effect of",),
    "the store answers before it has written": ("was acknowledged as",),
    "events are published before they are committed": (
        "was published and is in no commit",
        "was published otherwise than committed",
        "is in the topic with two contents",
    ),
    "a comment moves the deadline": ("comment moved the deadline",),
}
"""What each bug looks like from outside: found for another reason, it would not be found."""


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("bug", PLANTED)
def test_a_planted_bug_is_found(bug: str) -> None:
    for seed in range(1, SEEDS + 1):
        violations = simulate(seed, PLANTED[bug]).violations
        if any(trace in violation.text for violation in violations for trace in TRACES[bug]):
            return
    pytest.fail(f"{bug}: not found within {SEEDS} seeds")
