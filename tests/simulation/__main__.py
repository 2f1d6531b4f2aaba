"""``python -m tests.simulation --seeds N [--start S] [--workers W]``, or ``--seed S`` for one, told
step by step. Exit code 1 where a promise was broken.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

from deploy.local.stack import SECRETS
from tests.simulation.simulation import Ran, simulate

SHOWN = 10
"""Violations shown of one seed."""


def main() -> int:
    """Runs what the command line asks for."""
    parser = argparse.ArgumentParser(prog="simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=100, help="how many seeds")
    parser.add_argument("--start", type=int, default=1, help="the first seed")
    parser.add_argument("--workers", type=int, default=2, help="processes side by side")
    parser.add_argument("--seed", type=int, help="one seed, with all its steps")
    options = parser.parse_args()
    for name, value in SECRETS.items():
        os.environ.setdefault(name, value)
    if options.seed is not None:
        ran = simulate(options.seed)
        print("\n".join(ran.steps))
        print(
            f"seed {ran.seed}: {ran.commands} commands, {ran.commits} commits in {ran.lived}, "
            f"history {ran.digest[:16]}"
        )
        return _tell([ran])
    return _many(range(options.start, options.start + options.seeds), options.workers)


def _many(seeds: range, workers: int) -> int:
    started = time.perf_counter()
    failed = 0
    for ran in runs(seeds, workers):
        failed += _tell([ran])
    took = time.perf_counter() - started
    print(f"{len(seeds)} seeds, {failed} failed, {len(seeds) / took:.2f} seeds per second")
    return min(failed, 1)


def runs(seeds: range, workers: int) -> Iterator[Ran]:
    """Plays them side by side; in order of the seeds."""
    if workers == 1:
        yield from map(simulate, seeds)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(simulate, seeds)


def _tell(runs: list[Ran]) -> int:
    for ran in runs:
        if ran.violations:
            print(
                f"seed {ran.seed} FAILED; again with: python -m tests.simulation --seed {ran.seed}"
            )
            for violation in ran.violations[:SHOWN]:
                print(f"  {violation}")
            if len(ran.violations) > SHOWN:
                print(f"  and {len(ran.violations) - SHOWN} more")
    return int(any(ran.violations for ran in runs))


if __name__ == "__main__":
    sys.exit(main())
