"""`make audit`: known weaknesses of every pinned version, by pip-audit, which asks PyPI."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from deploy.local.install import LOCK
from deploy.local.layout import PYTHON

PIP_AUDIT = "pip-audit>=2.9,<3"


def main() -> int:
    """pip-audit's exit code: 0 where nothing is known."""
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run([PYTHON, "-m", "venv", scratch], check=True)
        python = Path(scratch) / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", PIP_AUDIT], check=True)
        # The lock is complete, nothing has to be resolved. Strict: what could not be asked about is
        # no good news.
        command: list[str | Path] = [
            python,
            "-m",
            "pip_audit",
            "--strict",
            "--no-deps",
            "--disable-pip",
            "-r",
            LOCK,
        ]
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
