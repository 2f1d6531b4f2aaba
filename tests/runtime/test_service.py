"""A service as a process: what it says when something it needs is not there."""

import os
import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest

from deploy.local.processes import free_port
from tests.runtime.lamp_service import ENVIRONMENT

pytestmark = pytest.mark.slow
"""Each starts processes."""

PROGRAM = "from tests.runtime.lamp import lamps; lamps().run()"


def start(port: int, **changes: str) -> subprocess.Popen[str]:
    """The service of lamps on a port, with a store and a broker that are not there."""
    environment = {
        **os.environ,
        **ENVIRONMENT,
        "JINLIN_HTTP_PORT": str(port),
        "JINLIN_OIDC_ISSUER": "http://127.0.0.1:1",
        **changes,
    }
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_a_port_that_is_taken_ends_it_with_one_clear_line() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        out, errors = start(port).communicate(timeout=60)
    assert errors == (
        f"JINLIN_HTTP_PORT {port} on 127.0.0.1 is taken by another program: "
        "stop that one or choose another port\n"
    )
    assert out == ""


def test_without_store_and_broker_it_lives_waits_and_says_so_until_told_to_stop() -> None:
    port = free_port()
    process = start(port)
    try:
        limit = time.monotonic() + 60
        while True:
            try:
                alive = httpx.get(f"http://127.0.0.1:{port}/livez", trust_env=False)
                break
            except httpx.TransportError:
                assert time.monotonic() < limit
                assert process.poll() is None
                time.sleep(0.05)
        ready = httpx.get(f"http://127.0.0.1:{port}/readyz", trust_env=False)
        assert (alive.status_code, ready.status_code) == (200, 503)
        assert "waiting" in ready.json()["parts"]["store"]
    finally:
        process.send_signal(signal.SIGTERM)
        out, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert '"event":"serving"' in out
    assert '"event":"stopped"' in out
    assert "Traceback" not in errors


@pytest.mark.parametrize("address", ["mongodb://127.0.0.1:1/?replicaSet=rs&w=no&journal=what"])
def test_an_address_of_the_store_that_cannot_be_read_ends_it_with_one_line(address: str) -> None:
    process = start(free_port(), JINLIN_MONGO_URI=address)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert errors.splitlines()[-1].startswith("JINLIN_MONGO_URI is wrong: ")
