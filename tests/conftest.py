"""What every test may ask for."""

import gc
import os

from deploy.local.stack import SECRETS

pytest_plugins = ["tests.servers", "tests.chaos.report"]

# Services in the tests' own process read them from here.
for name, value in SECRETS.items():
    os.environ.setdefault(name, value)

# Thirteen thousand tests are collected, and all of them stay: looking for garbage among them is a
# fifth of the time that it takes.
gc.disable()


def pytest_collection_finish() -> None:
    """From here on there is garbage, and none of it in what was collected."""
    gc.freeze()
    gc.enable()
