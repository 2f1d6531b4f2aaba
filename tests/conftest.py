"""What every test may ask for."""

import gc
import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

from deploy.local.stack import SECRETS

pytest_plugins = ["tests.servers", "tests.chaos.report"]

# Services in the tests' own process read them from here.
for name, value in SECRETS.items():
    os.environ.setdefault(name, value)

# How long an example takes tells how busy the machine is: tests have a time limit, examples none.
settings.register_profile("examples", deadline=None)
settings.load_profile("examples")

# Told to end, it ends as by Ctrl-C: with the servers that fixtures have started.
signal.signal(signal.SIGTERM, signal.default_int_handler)

# Thirteen thousand tests are collected, and all of them stay: looking for garbage among them is a
# fifth of the time that it takes.
gc.disable()


@pytest.fixture(autouse=True)
def _signals_are_given_back() -> Iterator[None]:
    """Of a server that a test leaves in charge of them, later ones take the end for theirs."""
    yield
    assert signal.getsignal(signal.SIGTERM) is signal.default_int_handler


def pytest_collection_finish() -> None:
    """From here on there is garbage, and none of it in what was collected."""
    gc.freeze()
    gc.enable()
