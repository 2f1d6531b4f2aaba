"""What every test may ask for."""

import os

from deploy.local.stack import QUERY_CODE_SECRET

pytest_plugins = ["tests.servers"]

# Services in the tests' own process read it from here.
os.environ.setdefault("JINLIN_QUERY_CODE_SECRET", QUERY_CODE_SECRET)
