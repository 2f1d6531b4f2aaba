"""`make lock`: requirements.lock written anew from pyproject.toml, for Python 3.11 and later, and
deploy/image.lock, what of it the image needs.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from deploy.local.install import LOCK
from deploy.local.layout import PYTHON, ROOT

UV = "uv>=0.9,<1"
IMAGE_LOCK = ROOT / "deploy" / "image.lock"
MADE = "# Made by `make lock` from pyproject.toml; never edited by hand.\n"
HEADER = f"""\
# Every package of the product, its tests and its tools, with the digests pip checks.
{MADE}"""
IMAGE_HEADER = f"""\
# Every package of the product alone, in the versions of requirements.lock, for the image.
{MADE}"""


def main() -> None:
    """Resolve every dependency with uv; versions in the present lock are kept where they fit."""
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run([PYTHON, "-m", "venv", scratch], check=True)
        python = Path(scratch) / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", UV], check=True)
        uv: list[str | Path] = [Path(scratch) / "bin" / "uv", "pip", "compile"]
        uv += ["--quiet", "--no-header", "--no-emit-index-url", "--generate-hashes"]
        both = ["--universal", "--python-version", "3.11", "--extra", "otlp"]
        _compile([*uv, *both, "--extra", "dev", "--output-file", LOCK, *sys.argv[1:]])
        LOCK.write_text(HEADER + LOCK.read_text())
        _compile([*uv, *both, "--constraints", LOCK, "--output-file", IMAGE_LOCK])
        IMAGE_LOCK.write_text(IMAGE_HEADER + IMAGE_LOCK.read_text())


def _compile(command: Sequence[str | Path]) -> None:
    quiet = {**os.environ, "NO_COLOR": "1"}
    subprocess.run([*command, ROOT / "pyproject.toml"], check=True, cwd=ROOT, env=quiet)


if __name__ == "__main__":
    main()
