"""The platform keeps its promises whatever happens to it, and a failure found can be repeated."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from opentelemetry.trace import Span

from shared.runtime import store
from shared.runtime.deciding import Pending
from tests.simulation.__main__ import runs
from tests.simulation.simulation import Ran, simulate


def broken(found: list[Ran]) -> dict[int, list[str]]:
    return {ran.seed: [str(v) for v in ran.violations] for ran in found if ran.violations}


def test_a_few_stories_end_well() -> None:
    found = [simulate(seed) for seed in (2, 3)]
    assert broken(found) == {}
    assert all(ran.commits > 50 for ran in found), "nothing happened in these stories"


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_sixty_stories_end_well() -> None:
    found = list(runs(range(1000, 1060), workers=2))
    assert broken(found) == {}
    told = "\n".join(step for ran in found for step in ran.steps)
    for happened in (
        "crashes at before-write",
        "crashes at after-write",
        "crashes at after-publish",
        "crashes at after-handle",
        "loses its store at after-write",
        "loses the broker at after-publish",
        "is without its store",
        "loses its positions",
        "broker: is away",
        "stands still",
        "has a clock that is wrong",
        "is given everything again",
        ": refused",
    ):
        assert happened in told, f"no story has this in it: {happened}"


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_stories_with_batches_side_by_side_end_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a town of few people hardly ever so many wait that another batch begins: here it does."""
    beside = 0
    carry_out = store.Store._carry_out

    async def counted(self: store.Store, waiting: list[Pending], span: Span) -> int:
        nonlocal beside
        beside += len(self._writing) > 1
        return await carry_out(self, waiting, span)

    monkeypatch.setattr(store, "WORTH_BESIDE", (1,) * store.MOST_BATCHES)
    monkeypatch.setattr(store.Store, "_carry_out", counted)
    assert broken([simulate(seed) for seed in range(2000, 2020)]) == {}
    assert beside > 100


def test_a_seed_tells_the_same_story_twice() -> None:
    assert simulate(4).digest == simulate(4).digest
    assert simulate(4).digest != simulate(5).digest


@pytest.mark.slow
def test_a_seed_tells_the_same_story_in_another_process() -> None:
    """Nothing depends on the order in which a process keeps its sets."""
    tell = "from tests.simulation.simulation import simulate; print(simulate(7).digest)"

    def told(hash_seed: str) -> str:
        return subprocess.run(
            [sys.executable, "-c", tell],
            cwd=Path(__file__).parents[2],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        ).stdout.strip()

    assert told("1") == told("2") == simulate(7).digest
