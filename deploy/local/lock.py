"""`make lock`: requirements.lock written anew from pyproject.toml, for Python 3.11 and later."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from deploy.local.install import LOCK
from deploy.local.layout import PYTHON, ROOT

UV = "uv>=0.9,<1"
HEADER = """\
# Every package of the product, its tests and its tools, with the digests pip checks.
# Made by `make lock` from pyproject.toml; never edited by hand.
"""


def main() -> None:
    """Resolve every dependency with uv; versions in the present lock are kept where they fit."""
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run([PYTHON, "-m", "venv", scratch], check=True)
        python = Path(scratch) / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", UV], check=True)
        command: list[str | Path] = [Path(scratch) / "bin" / "uv", "pip", "compile"]
        command += ["--quiet", "--no-header"]
        command += ["--universal", "--python-version", "3.11", "--generate-hashes"]
        command += ["--extra", "dev", "--extra", "otlp", "--no-emit-index-url"]
        command += ["--output-file", LOCK, *sys.argv[1:], ROOT / "pyproject.toml"]
        subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, "NO_COLOR": "1"})
    LOCK.write_text(HEADER + LOCK.read_text())


if __name__ == "__main__":
    main()
