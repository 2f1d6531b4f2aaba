"""What every test may ask for."""

import os

from deploy.local.stack import SECRETS

pytest_plugins = ["tests.servers", "tests.chaos.report"]

# Services in the tests' own process read them from here.
for name, value in SECRETS.items():
    os.environ.setdefault(name, value)
