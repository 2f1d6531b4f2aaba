"""Processes: started, watched, paused, ended, found again."""

import http.server
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from deploy.local.layout import HOST, LocalError
from deploy.local.processes import (
    Process,
    Started,
    StartFailed,
    answers,
    free_port,
    need_free_port,
    port_is_free,
    service,
    tail,
)

STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
while True: time.sleep(60)
"""


def _python(code: str, log: Path, **env: str) -> Process:
    return Process("sample", [sys.executable, "-c", code], log=log, env=env)


def _says(process: Process, text: str) -> None:
    process.wait(lambda: text in process.log_tail(), timeout=20, what=f"saying {text}")


def test_a_process_gets_its_settings_and_writes_its_log(tmp_path: Path) -> None:
    code = "import os, time; print(os.environ['WORD'], flush=True); time.sleep(60)"
    with _python(code, tmp_path / "log", WORD="近邻").start() as process:
        _says(process, "近邻")


def test_a_process_that_ends_early_shows_its_log(tmp_path: Path) -> None:
    process = _python("import sys; print('no such street'); sys.exit(3)", tmp_path / "log").start()
    with pytest.raises(StartFailed, match=r"(?s)sample ended with 3 .*no such street"):
        process.wait(lambda: False, timeout=20)


def test_a_process_that_is_never_ready_is_reported(tmp_path: Path) -> None:
    with (
        _python("import time; time.sleep(60)", tmp_path / "log").start() as process,
        pytest.raises(StartFailed, match="sample was not ready after 0 s"),
    ):
        process.wait(lambda: False, timeout=0.2)
    assert process.exit_code == -signal.SIGTERM


def test_a_process_that_does_not_hear_is_killed_after_its_grace(tmp_path: Path) -> None:
    process = _python(STUBBORN, tmp_path / "log").start()
    _says(process, "deaf")
    process.stop(grace=0.2)
    assert process.exit_code == -signal.SIGKILL


def test_a_running_process_is_not_started_twice(tmp_path: Path) -> None:
    with (
        _python("import time; time.sleep(60)", tmp_path / "log").start() as process,
        pytest.raises(LocalError, match="running already"),
    ):
        process.start()


def test_a_process_that_was_not_started_has_no_pid(tmp_path: Path) -> None:
    process = _python("", tmp_path / "log")
    assert not process.running
    with pytest.raises(LocalError, match="not started"):
        _ = process.pid


def test_a_paused_process_stands_still_until_it_is_resumed(tmp_path: Path) -> None:
    with _python("import time; time.sleep(60)", tmp_path / "log").start() as process:
        process.pause()
        process.wait(lambda: _state(process.pid) == "T", timeout=10, what="held")
        process.resume()
        process.wait(lambda: _state(process.pid) != "T", timeout=10, what="going on")


def _state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def test_a_process_is_found_again_by_its_pid_file(tmp_path: Path) -> None:
    file = tmp_path / "run" / "sample.json"
    process = _python("import time; time.sleep(60)", tmp_path / "log")
    process.pid_file, process.port = file, 8101
    process.start()
    found = Started.load(file)
    assert found is not None
    assert (found.pid, found.port) == (process.pid, 8101)
    assert 0 <= found.uptime < 60
    assert found.stop(grace=20)
    assert not file.exists()
    assert process.exit_code == -signal.SIGTERM


def test_a_found_process_that_does_not_hear_is_killed(tmp_path: Path) -> None:
    process = _python(STUBBORN, tmp_path / "log")
    process.pid_file = tmp_path / "sample.json"
    process.start()
    _says(process, "deaf")
    found = Started.load(process.pid_file)
    assert found is not None
    assert not found.stop(grace=0.2)
    assert process.exit_code == -signal.SIGKILL


def test_a_pid_that_came_round_again_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "sample.json"
    file.write_text(json.dumps({"pid": os.getpid(), "port": 1, "born": 1}))
    assert Started.load(file) is None


def test_a_pid_file_of_an_ended_process_counts_for_nothing(tmp_path: Path) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    file = tmp_path / "sample.json"
    file.write_text(json.dumps({"pid": ended.pid, "port": 1, "born": 5}))
    assert Started.load(file) is None
    assert Started.load(tmp_path / "none.json") is None


def test_free_ports_lie_below_those_of_outgoing_connections() -> None:
    lowest_outgoing = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    ports = [free_port() for _ in range(50)]
    assert all(15000 <= port < 32000 for port in ports)
    assert all(port_is_free(port) for port in ports)
    # Where the kernel was told otherwise nothing is promised.
    if lowest_outgoing >= 32000:
        assert max(ports) < lowest_outgoing


def test_a_taken_port_is_seen_and_named() -> None:
    with socket.create_server((HOST, 0)) as other:
        port = other.getsockname()[1]
        assert not port_is_free(port)
        with pytest.raises(LocalError, match=f"port {port} of petitions.*JINLIN_PETITIONS_PORT"):
            need_free_port(port, "petitions", "JINLIN_PETITIONS_PORT")
    need_free_port(port, "petitions")


def test_a_service_is_not_started_on_a_taken_port(tmp_path: Path) -> None:
    with socket.create_server((HOST, 0)) as other:
        port = other.getsockname()[1]
        petitions = service("petitions", port=port, log=tmp_path / "log", env={})
        with pytest.raises(LocalError, match=f"port {port} of petitions"):
            petitions.start()
    assert not petitions.running


def test_a_service_is_told_where_to_listen(tmp_path: Path) -> None:
    petitions = service("petitions", port=8102, log=tmp_path / "log", env={"JINLIN_MODE": "local"})
    assert petitions.url == "http://127.0.0.1:8102"
    assert petitions.env == {
        "JINLIN_MODE": "local",
        "JINLIN_HTTP_HOST": "127.0.0.1",
        "JINLIN_HTTP_PORT": "8102",
    }
    assert petitions.command[1:] == ["-m", "services.petitions.main"]


def test_only_200_is_an_answer() -> None:
    class Door(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/readyz" else 503)
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            """Say nothing."""

    with http.server.HTTPServer((HOST, 0), Door) as door:
        threading.Thread(target=door.serve_forever, daemon=True).start()
        url = f"http://{HOST}:{door.server_port}"
        assert answers(f"{url}/readyz")
        assert not answers(f"{url}/livez")
        door.shutdown()
    assert not answers(f"{url}/readyz")


def test_the_tail_of_a_log_is_its_last_lines(tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert tail(log, 3) == "  (no log)"
    log.write_text("")
    assert tail(log, 3) == "  (empty)"
    log.write_text("".join(f"line {n}\n" for n in range(1000)))
    assert tail(log, 2) == "  line 998\n  line 999"


def test_restart_ends_the_old_process_and_runs_the_same_command(tmp_path: Path) -> None:
    code = "import os, time; print('pid', os.getpid(), flush=True); time.sleep(60)"
    with _python(code, tmp_path / "log").start() as process:
        first = process.pid
        _says(process, f"pid {first}")
        process.restart()
        assert process.pid != first
        assert not Path(f"/proc/{first}").exists()
        _says(process, f"pid {process.pid}")
