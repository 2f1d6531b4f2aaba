"""The compose file as a project: the one that runs here, or one of its own to be tried out."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from deploy.local.layout import ROOT, LocalError

Container = Mapping[str, Any]
NOTHING: Mapping[str, str] = {}


class Project:
    """`docker compose`, asked again and again with the same `options`, which stand before the
    command; without any it is the project that whoever asks has here.
    """

    def __init__(self, *options: str) -> None:
        self._command = ("docker", "compose", *options)

    @classmethod
    def apart(cls, name: str, scratch: Path, settings: Mapping[str, str], *files: Path) -> Self:
        """A project that shares nothing with others: its settings and secrets are in `scratch`.
        What else the compose file is told stands in `files`; `settings` go before those.
        """
        told = {**settings, "JINLIN_SECRETS": str(scratch / "secrets")}
        written = scratch / f"{name}.env"
        written.write_text("".join(f"{key}={value}\n" for key, value in told.items()))
        given = [part for file in (*files, written) for part in ("--env-file", str(file))]
        return cls("-p", name, *given)

    def changed_by(self, file: Path) -> Self:
        """The same project, with a file that changes what the compose file says."""
        whole = ("-f", str(ROOT / "docker-compose.yml"), "-f", str(file))
        return type(self)(*self._command[2:], *whole)

    def run(self, *arguments: str, told: Mapping[str, str] = NOTHING) -> str:
        """What `docker compose ...` prints; `told` goes before all settings in files. Raises
        LocalError where it fails.
        """
        done = self._ask(arguments, subprocess.PIPE, told)
        if done.returncode != 0:
            raise LocalError(
                f"docker compose {' '.join(arguments)} ended with {done.returncode}\n"
                f"{done.stdout}{done.stderr}"
            )
        return str(done.stdout)

    def show(self, *arguments: str) -> None:
        """Lets `docker compose ...` print to the terminal. Raises LocalError where it fails."""
        if (code := self._ask(arguments, None, NOTHING).returncode) != 0:
            raise LocalError(f"docker compose {' '.join(arguments)} ended with {code}")

    def services(self, *, told: Mapping[str, str] = NOTHING) -> dict[str, dict[str, Any]]:
        """What would run, as Docker reads the compose file."""
        read: dict[str, dict[str, Any]]
        read = json.loads(self.run("config", "--format", "json", told=told))["services"]
        return read

    def has_image(self, service: str) -> bool:
        """Whether its image is here, or is now, as a registry gave it."""
        asked = ("pull", "--quiet", "--policy", "missing", service)
        return self._ask(asked, subprocess.PIPE, NOTHING).returncode == 0

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
        self, arguments: tuple[str, ...], output: int | None, told: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        try:
            return subprocess.run(
                [*self._command, *arguments],
                cwd=ROOT,
                env={**os.environ, **told},
                stdout=output,
                stderr=output,
                text=True,
                check=False,
            )
        except FileNotFoundError:
            raise LocalError("there is no Docker here: it needs docker with compose") from None
