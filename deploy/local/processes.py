"""Processes of a local run: started into a log file, watched, paused, stopped and killed.

What is started lives in a session of its own, so that Ctrl-C in a terminal ends the program that
started it and not the servers; whoever starts a process stops it.
"""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.local.layout import HOST, PYTHON, ROOT, LocalError

LOG_TAIL = 25
"""Lines of a log that an error message shows."""

POLL = 0.05
"""Seconds between two looks at a condition that is waited for."""


class StartFailed(LocalError):
    """A process ended, or was not ready in time; the text ends with the tail of its log."""


class Process:
    """One process with a log file, kept under a name for messages.

    `command` and `env` may be changed between a stop and a restart. With a `pid_file`, each start
    notes the process there, before it is ready, so that another program can find and stop it.
    """

    port: int = 0
    pid_file: Path | None = None

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
    ) -> None:
        """`env` is added to this process's own environment."""
        self.name = name
        self.command = [str(part) for part in command]
        self.log = log
        self.env = dict(env or {})
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id. Raises LocalError before the first start."""
        if self._child is None:
            raise LocalError(f"{self.name} was not started")
        return self._child.pid

    @property
    def running(self) -> bool:
        """Whether the process lives; a paused one does."""
        return self._child is not None and self._child.poll() is None

    @property
    def exit_code(self) -> int | None:
        """The exit code, minus the signal's number when a signal ended it; None while it runs."""
        return None if self._child is None else self._child.poll()

    def start(self) -> Self:
        """Start the process, appending to its log. Raises LocalError when it runs already."""
        if self.running:
            raise LocalError(f"{self.name} is running already (pid {self.pid})")
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env={**os.environ, **self.env},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        if self.pid_file is not None:
            Started.note(self.pid_file, self._child.pid, self.port)
        return self

    def kill(self) -> None:
        """End the process at once, as a crash would (SIGKILL)."""
        self._signal(signal.SIGKILL)
        self._reap(10)

    def stop(self, grace: float = 30) -> None:
        """Ask the process to end (SIGTERM) and wait; after `grace` seconds it is killed."""
        self.resume()
        self._signal(signal.SIGTERM)
        try:
            self._reap(grace)
        except subprocess.TimeoutExpired:
            self.kill()

    def pause(self) -> None:
        """Hold the process still, as a stalled host would (SIGSTOP)."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a paused process go on; nothing happens to one that is not paused."""
        self._signal(signal.SIGCONT)

    def restart(self) -> Self:
        """Start again with the same command and directory; stops the process when it runs."""
        self.stop()
        return self.start()

    def log_tail(self, lines: int = LOG_TAIL) -> str:
        """The last lines of the log."""
        return tail(self.log, lines)

    def wait(self, ready: Callable[[], bool], *, timeout: float, what: str = "ready") -> None:
        """Wait until `ready` says so.

        Raises StartFailed when the process ends first or `timeout` seconds pass.
        """
        limit = time.monotonic() + timeout
        while not ready():
            if not self.running:
                raise self._failed(f"ended with {self.exit_code} before it was {what}")
            if time.monotonic() > limit:
                raise self._failed(f"was not {what} after {timeout:.0f} s")
            time.sleep(POLL)

    def _failed(self, why: str) -> StartFailed:
        return StartFailed(f"{self.name} {why}. The end of {self.log}:\n{self.log_tail()}")

    def _signal(self, number: signal.Signals) -> None:
        if self._child is not None and self._child.poll() is None:
            self._child.send_signal(number)

    def _reap(self, timeout: float) -> None:
        if self._child is not None:
            self._child.wait(timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


class WebProcess(Process):
    """A process of the project that answers HTTP on 127.0.0.1 and has /readyz."""

    def __init__(
        self, name: str, module: str, *, port: int, log: Path, env: Mapping[str, str]
    ) -> None:
        """`module` is run by the checkout's own interpreter."""
        super().__init__(name, [PYTHON, "-m", module], log=log, env=env)
        self.port = port

    @property
    def url(self) -> str:
        """The process's address, without a slash at the end."""
        return f"http://{HOST}:{self.port}"

    def start(self) -> Self:
        """Start the process. Raises LocalError when it runs or something holds its port."""
        if not self.running:
            need_free_port(self.port, self.name)
        return super().start()

    def wait_ready(self, timeout: float = 60) -> Self:
        """Wait for 200 from /readyz. Raises StartFailed when the process ends or time is up."""
        self.wait(lambda: answers(f"{self.url}/readyz"), timeout=timeout)
        return self


def service(name: str, *, port: int, log: Path, env: Mapping[str, str]) -> WebProcess:
    """A service, not yet started: `service("petitions", ...).start().wait_ready()`.

    `env` holds its JINLIN_ settings; the HTTP host and port are set here.
    """
    own = {"JINLIN_HTTP_HOST": HOST, "JINLIN_HTTP_PORT": str(port)}
    return WebProcess(name, f"services.{name}.main", port=port, log=log, env={**env, **own})


# --- ports -----------------------------------------------------------------------------------


def free_port() -> int:
    """A port on 127.0.0.1 that nothing holds now.

    Taken from below the range that outgoing connections use: a client that keeps connecting to a
    killed server's port in that range may meet itself, and then holds the port the server needs.
    """
    for _ in range(200):
        port = random.randint(15000, 31999)  # noqa: S311  any will do
        if port_is_free(port):
            return port
    raise LocalError("no free port between 15000 and 31999 on 127.0.0.1")


def port_is_free(port: int) -> bool:
    """Whether a server could listen on this port of 127.0.0.1."""
    with socket.socket() as probe:
        # As servers do: connections of the one before that still linger do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def need_free_port(port: int, name: str, variable: str | None = None) -> None:
    """Raise LocalError, naming the port and the variable that moves it, when it is taken."""
    if port_is_free(port):
        return
    cure = f"set {variable} to another port" if variable else "choose another port"
    raise LocalError(f"port {port} of {name} is taken by another program: stop that one or {cure}")


# --- looking -----------------------------------------------------------------------------------


def answers(url: str) -> bool:
    """Whether a GET is answered with 200 within two seconds."""
    try:
        # No proxy of the environment stands between this machine and itself.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(url, timeout=2) as response:
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def tail(file: Path, lines: int) -> str:
    """The last lines of a text file, each indented; a note when there is none."""
    if not file.exists():
        return "  (no log)"
    with file.open("rb") as log:
        log.seek(max(0, file.stat().st_size - 400 * lines))
        text = log.read().decode("utf-8", "replace")
    return "\n".join(f"  {line}" for line in text.splitlines()[-lines:]) or "  (empty)"


# --- processes that outlive the program that started them ---------------------------------------


class Started:
    """A process found again by its pid file, started by an earlier program."""

    def __init__(self, file: Path, pid: int, port: int, born: int) -> None:
        self.file = file
        self.pid = pid
        self.port = port
        self.born = born

    @classmethod
    def load(cls, file: Path) -> Started | None:
        """The process of a pid file; None without a file or when that process has ended."""
        if not file.exists():
            return None
        started = cls(file, **json.loads(file.read_text()))
        return started if started.running else None

    @classmethod
    def note(cls, file: Path, pid: int, port: int) -> Started:
        """Write the pid file of a running process."""
        started = cls(file, pid, port, _born(pid))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(
            json.dumps({"pid": started.pid, "port": started.port, "born": started.born})
        )
        return started

    @property
    def running(self) -> bool:
        """Whether that very process lives: a pid that came round again does not count."""
        return self.born != 0 and _born(self.pid) == self.born

    @property
    def uptime(self) -> float:
        """Seconds since the process was started."""
        since_boot = float(Path("/proc/uptime").read_text().split()[0])
        return max(0.0, since_boot - self.born / os.sysconf("SC_CLK_TCK"))

    def stop(self, grace: float) -> bool:
        """End the process and remove its file; False when it had to be killed."""
        willing = self._end(signal.SIGTERM, grace)
        if not willing:
            self._end(signal.SIGKILL, 10)
        self.file.unlink(missing_ok=True)
        return willing

    def _end(self, number: signal.Signals, patience: float) -> bool:
        limit = time.monotonic() + patience
        if self.running:
            os.kill(self.pid, number)
        while self.running:
            if time.monotonic() > limit:
                return False
            time.sleep(POLL)
        return True


def _born(pid: int) -> int:
    """When a process was started, in the kernel's ticks; 0 when it is gone or only a zombie."""
    try:
        # The name, second of the fields, stands in brackets and may itself hold spaces.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    state, started = fields[0], fields[19]
    return 0 if state in "ZX" else int(started)
