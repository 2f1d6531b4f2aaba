"""How long a start takes, and how much memory a service stands on."""

import os
import shutil
import subprocess
import tempfile
import time

from deploy.local.layout import PORTS, ROOT, LocalError
from deploy.local.processes import free_port
from tests.bench.accepting import CONNECTIONS, ROUND_SECONDS
from tests.bench.bench import CONSUMER, Bench
from tests.bench.figure import Figure

SERVICES = ("community", "petitions", CONSUMER)
STORED_AT_RESTART = 100_000


def restart_to_ready_s(bench: Bench) -> Figure:
    """From kill -9 of all of petitions to the last /readyz."""
    bench.ready(consumer=False)
    bench.fill(STORED_AT_RESTART)
    seconds = bench.platform.killed_to_ready("petitions")
    return Figure(seconds, f"{bench.stored()} petitions stored")


def start_s(bench: Bench) -> Figure:
    """`make up` into an empty directory, on ports of its own, next to nothing else."""
    directory = tempfile.mkdtemp(prefix="jinlin-bench-up-")
    ports = {setting.variable: str(free_port()) for setting in PORTS.values()}
    env = {**os.environ, **ports, "JINLIN_VAR": directory, "JINLIN_MODE": "local"}
    try:
        began = time.monotonic()
        _make("up", env)
        seconds = time.monotonic() - began
    finally:
        _make("down", env)
        shutil.rmtree(directory, ignore_errors=True)
    return Figure(seconds, "`make up` with nothing stored, to all ready")


def _make(target: str, env: dict[str, str]) -> None:
    command = ["make", "-s", target]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise LocalError(f"make {target} failed:\n{done.stdout[-500:]}{done.stderr[-1000:]}")


def rss_at_rest_mb(bench: Bench) -> Figure:
    """Memory of the largest service before any load."""
    bench.ready(consumer=True)
    return _largest(bench)


def rss_after_load_mb(bench: Bench) -> Figure:
    """Memory of the largest service after the load of this run."""
    bench.ready(consumer=True)
    bench.burst(CONNECTIONS, ROUND_SECONDS)
    bench.consumer_done()
    return _largest(bench)


def _largest(bench: Bench) -> Figure:
    sizes = bench.platform.sizes_mb(SERVICES)
    return Figure(max(sizes.values()), ", ".join(f"{n} {mb:.0f}" for n, mb in sizes.items()))
