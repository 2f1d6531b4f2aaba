"""Makes the wheel of the client: ``python -m deploy.client [DIRECTORY]``, by default build/client.

Prints the wheel's path. Needs a registry of Python packages for setuptools.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from deploy.local.layout import BUILD, ROOT

PACKAGES = ("shared/client", "shared/contracts")


def wheel(into: Path) -> Path:
    """Makes the wheel in a folder; returns its path. Raises subprocess.CalledProcessError."""
    into.mkdir(parents=True, exist_ok=True)
    for old in into.glob("jinlin_client-*.whl"):
        old.unlink()
    with tempfile.TemporaryDirectory() as scratch:
        for package in PACKAGES:
            for module in sorted((ROOT / package).rglob("*.py")):
                copy = Path(scratch) / module.relative_to(ROOT)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(module, copy)
        shutil.copy(ROOT / "shared" / "__init__.py", Path(scratch) / "shared")
        shutil.copy(ROOT / "LICENSE", scratch)
        shutil.copy(Path(__file__).with_name("pyproject.toml"), scratch)
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet"]
        subprocess.run([*pip, "--no-deps", "--wheel-dir", into, scratch], check=True)
    (made,) = into.glob("jinlin_client-*.whl")
    return made


if __name__ == "__main__":
    print(wheel(Path(sys.argv[1]) if len(sys.argv) > 1 else BUILD / "client"))
