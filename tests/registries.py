"""Tests that need packages of other languages are skipped where these cannot be had."""

import shutil
import subprocess
from functools import cache

import pytest


@cache
def _npm_lacks() -> str | None:
    if shutil.which("npm") is None:
        return "there is no npm on the PATH"
    asked = ["npm", "view", "standardwebhooks", "version", "--fetch-retries=0"]
    try:
        told = subprocess.run(asked, capture_output=True, check=False, timeout=30)
    except subprocess.TimeoutExpired:
        return "npm's registry does not answer"
    return None if told.returncode == 0 else "npm's registry is not reached from here"


def need_npm() -> None:
    """Skips the test where npm cannot fetch packages, and says why."""
    if (lacking := _npm_lacks()) is not None:
        pytest.skip(lacking)
