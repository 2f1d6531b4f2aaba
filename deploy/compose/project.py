"""The compose file as a project of its own, with secrets, ports and volumes of its own."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from deploy.local.layout import ROOT, LocalError

Container = Mapping[str, Any]


class Project:
    """`docker compose`, asked again and again for one project with the same `settings`."""

    def __init__(self, name: str, scratch: Path, settings: Mapping[str, str]) -> None:
        self.name = name
        self._settings = scratch / f"{name}.env"
        told = {**settings, "JINLIN_SECRETS": str(scratch / "secrets")}
        self._settings.write_text("".join(f"{key}={value}\n" for key, value in told.items()))

    def run(self, *arguments: str) -> str:
        """What `docker compose ...` prints. Raises LocalError where it fails."""
        done = self._ask(arguments, subprocess.PIPE)
        if done.returncode != 0:
            raise LocalError(
                f"docker compose {' '.join(arguments)} ended with {done.returncode}\n"
                f"{done.stdout}{done.stderr}"
            )
        return str(done.stdout)

    def show(self, *arguments: str) -> None:
        """Lets `docker compose ...` print to the terminal. Raises LocalError where it fails."""
        if (code := self._ask(arguments, None).returncode) != 0:
            raise LocalError(f"docker compose {' '.join(arguments)} ended with {code}")

    def containers(self) -> list[Container]:
        """What there is, ended or not, as `docker compose ps` tells it."""
        lines = self.run("ps", "--all", "--format", "json").splitlines()
        return [json.loads(line) for line in lines if line]

    def running(self) -> list[Container]:
        """What has not ended."""
        return [one for one in self.containers() if one["State"] == "running"]

    def python(self, service: str, program: str, *arguments: str) -> list[str]:
        """The lines that a program prints that is run in a service's container."""
        return self.run("exec", "-T", service, "python", "-c", program, *arguments).splitlines()

    def _ask(
        self, arguments: Sequence[str], output: int | None
    ) -> subprocess.CompletedProcess[str]:
        command = ["docker", "compose", "-p", self.name, "--env-file", str(self._settings)]
        return subprocess.run(
            [*command, *arguments], cwd=ROOT, stdout=output, stderr=output, text=True, check=False
        )
