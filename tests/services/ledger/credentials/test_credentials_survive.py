"""Credentials are issued once, and end when they must, whatever happens meanwhile."""

import pytest

from tests.services.ledger.credentials.living import held


@pytest.mark.parametrize("seed", range(1, 6))
def test_a_few_lives_end_well(seed: int) -> None:
    wrong, _, had = held(seed)
    assert wrong == []
    assert had > 3


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_many_lives_end_well() -> None:
    found = {seed: held(seed) for seed in range(100, 130)}
    assert {seed: wrong for seed, (wrong, _, _) in found.items() if wrong} == {}
    told = "\n".join(step for _, steps, _ in found.values() for step in steps)
    for happened in ("crashes at before-write", "crashes at after-write", "is without its store"):
        assert happened in told, f"no life has this in it: {happened}"
