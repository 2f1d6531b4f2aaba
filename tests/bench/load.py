"""Load: as much as fits through N connections (wrk), or a rate that is held whatever happens.

wrk sends the next request of a connection when the last is answered, so it cannot hold a rate: a
slow server is simply asked less. `hold_rate` asks at fixed times and counts each answer from the
time its request was due, so that waiting behind a slow one is part of the latency.
"""

import asyncio
import json
import math
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import uvloop

from deploy.local.layout import HOST, LocalError

HERE = Path(__file__).parent
CONNECTIONS_AT_FIRST = 32
MOST_CONNECTIONS = 512
"""Above this many unanswered requests the server does not keep up: the rate cannot be held."""
ANSWER_WITHIN = 30.0
"""Seconds after the last request in which all answers have to be there."""


@dataclass(frozen=True, slots=True)
class Burst:
    """What wrk counted. `refused` are answers above 399 (above 299 for lifecycles), `broken`
    connections cut or timed out; `lived` are whole lifecycles, `filed` those begun.
    """

    requests: int
    seconds: float
    refused: int
    broken: int
    p50_ms: float
    p99_ms: float
    filed: int = 0
    lived: int = 0

    @property
    def accepted(self) -> int:
        """Answers that were a yes."""
        return self.requests - self.refused

    @property
    def rate(self) -> float:
        """Accepted requests per second."""
        return self.accepted / self.seconds


def wrk() -> str:
    """The wrk on this machine; installed with apt where this is root.

    Raises LocalError with the command otherwise.
    """
    if found := shutil.which("wrk"):
        return found
    install = ["apt-get", "install", "-y", "-q", "wrk"]
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise LocalError(f"the load generator is missing: sudo {' '.join(install)}")
    done = subprocess.run(install, capture_output=True, text=True, check=False)
    found = shutil.which("wrk")
    if found is None:
        raise LocalError(f"wrk was not installed ({' '.join(install)}):\n{done.stderr[-500:]}")
    return found


def wrk_version() -> str:
    """The first line of `wrk -v`."""
    told = subprocess.run([wrk(), "-v"], capture_output=True, text=True, check=False)
    return (told.stdout or told.stderr).partition(" Copyright")[0].strip()


def file_petitions(
    url: str,
    bodies: Sequence[str],
    *,
    connections: int,
    seconds: float,
    tokens: Sequence[str] = (),
) -> Burst:
    """POST /petitions for some seconds, the bodies and the tokens in turn."""
    with tempfile.TemporaryDirectory(prefix="jinlin-bench-") as scratch:
        told = [_lines(Path(scratch) / "bodies", bodies)]
        if tokens:
            told.append(_lines(Path(scratch) / "tokens", tokens))
        return _wrk("file.lua", f"{url}/petitions", connections, seconds, told)


def live_petitions(
    url: str,
    bodies: Sequence[str],
    *,
    connections: int,
    seconds: float,
    petitioner: str,
    staff: str,
    subject: str,
) -> Burst:
    """Whole lives of petitions: `petitioner` and `staff` are tokens, `subject` is the staff's."""
    with tempfile.TemporaryDirectory(prefix="jinlin-bench-") as scratch:
        told = [_lines(Path(scratch) / "bodies", bodies), petitioner, staff, subject]
        return _wrk("lifecycle.lua", url, connections, seconds, told)


@dataclass(frozen=True, slots=True)
class Asked:
    """A POST: the number of its token, path and body (without tabs)."""

    token: int
    path: str
    body: str


def post_once(
    url: str, asked: Sequence[Asked], tokens: Sequence[str], *, connections: int, seconds: float
) -> Burst:
    """Each of these once, one after the other, for some seconds. There have to be enough."""
    with tempfile.TemporaryDirectory(prefix="jinlin-bench-") as scratch:
        lines = [f"{each.token}\t{each.path}\t{each.body}" for each in asked]
        told = [_lines(Path(scratch) / "asked", lines), _lines(Path(scratch) / "tokens", tokens)]
        return _wrk("posts.lua", url, connections, seconds, told)


def file_evidence(
    url: str,
    body: bytes,
    asked: Sequence[tuple[str, str]],
    *,
    connections: int,
    seconds: float,
) -> Burst:
    """The same body to paths in turn, each with its token, for some seconds."""
    with tempfile.TemporaryDirectory(prefix="jinlin-bench-") as scratch:
        file = Path(scratch) / "body"
        file.write_bytes(body)
        lines = [f"{token}\t{path}" for token, path in asked]
        told = [str(file), _lines(Path(scratch) / "asked", lines)]
        return _wrk("evidence.lua", url, connections, seconds, told)


def _lines(file: Path, lines: Sequence[str]) -> str:
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return str(file)


def _wrk(script: str, url: str, connections: int, seconds: float, told: Sequence[str]) -> Burst:
    command = [wrk(), "-t1", f"-c{connections}", f"-d{seconds:g}s", "--timeout", "10s"]
    command += ["-s", str(HERE / script), url, "--", *told]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    last = done.stdout.rstrip().rpartition("\n")[2]
    if done.returncode != 0 or not last.startswith("{"):
        raise LocalError(
            f"wrk failed ({done.returncode}): {done.stdout[-400:]}{done.stderr[-400:]}"
        )
    return Burst(**json.loads(last))


# --- a rate that is held ------------------------------------------------------------------------


@dataclass(slots=True)
class Held:
    """What a held rate gave. Latencies in ms, each from the time its request was due.

    `late_ms` is how far the generator itself was behind its plan at worst: as much of a latency may
    be its own.
    """

    rate: float
    seconds: float
    accepted: int = 0
    refused: int = 0
    broken: int = 0
    late_ms: float = 0.0
    overrun: bool = False
    latencies: list[float] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        """The latency that this share (0 to 1) of the requests did not exceed."""
        return percentile(self.latencies, share)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of the values that this share of them does not exceed (nearest rank)."""
    if not values:
        raise ValueError("no values, no percentile")
    ordered = sorted(values)
    return ordered[max(1, math.ceil(share * len(ordered))) - 1]


def hold_rate(url: str, requests: Sequence[bytes], *, rate: float, seconds: float) -> Held:
    """Sends the prepared requests in turn, `rate` per second, for some seconds.

    Where the server is so far behind that no connection is left it ends early, `overrun`; what was
    sent is answered and counted all the same.
    """
    with _at_once():
        return uvloop.run(_hold(url, requests, rate, seconds))


@contextmanager
def _at_once() -> Iterator[None]:
    """This process runs as soon as it has something to do, where it may ask for that: else requests
    go out late on a machine whose cores are all taken, and wait for nobody but their sender.
    """
    usual, priority = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    except PermissionError:
        yield
        return
    try:
        yield
    finally:
        os.sched_setscheduler(0, usual, priority)


def http_post(url: str, path: str, token: str | None, body: str) -> bytes:
    """A whole HTTP/1.1 request as bytes."""
    content = body.encode()
    head = f"POST {path} HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\n"
    head += f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n"
    if token:
        head += f"Authorization: Bearer {token}\r\n"
    return head.encode() + b"\r\n" + content


class _Connection(asyncio.Protocol):
    """A kept-alive connection with one request under way at most."""

    def __init__(self) -> None:
        self.answer: asyncio.Future[int] | None = None
        self.open = False
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports have the methods of asyncio's, and another ancestry.
        self._transport = cast(asyncio.Transport, transport)
        self.open = True

    def ask(self, request: bytes) -> asyncio.Future[int]:
        """Sends it; the future gives the status, 0 where the connection was cut."""
        assert self._transport is not None
        self.answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self.answer

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, rest = self._received.partition(b"\r\n\r\n")
        if not found or len(rest) < _content_length(head):
            return
        self._received.clear()
        self._settle(int(head[9:12]))

    def connection_lost(self, error: Exception | None) -> None:
        self.open = False
        self._settle(0)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def _settle(self, status: int) -> None:
        answer, self.answer = self.answer, None
        if answer is not None and not answer.done():
            answer.set_result(status)


def _content_length(head: bytes | bytearray) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    return 0


async def _hold(url: str, requests: Sequence[bytes], rate: float, seconds: float) -> Held:
    loop = asyncio.get_running_loop()
    address = urlsplit(url)
    host, port = address.hostname or HOST, address.port or 80
    held = Held(rate, seconds)
    free: list[_Connection] = []
    every: list[_Connection] = []
    under_way: set[asyncio.Task[None]] = set()

    async def connect() -> _Connection:
        _, made = await loop.create_connection(_Connection, host, port)
        every.append(made)
        return made

    async def one(request: bytes, due: float) -> None:
        while free and not free[-1].open:
            free.pop()
        try:
            connection = free.pop() if free else await connect()
        except OSError:
            held.broken += 1
            return
        status = await connection.ask(request)
        held.latencies.append((loop.time() - due) * 1000)
        if 200 <= status < 300:
            held.accepted += 1
        elif status:
            held.refused += 1
        else:
            held.broken += 1
        if connection.open:
            free.append(connection)

    free += [await connect() for _ in range(CONNECTIONS_AT_FIRST)]
    begin = loop.time() + 0.05
    for n in range(int(rate * seconds)):
        due = begin + n / rate
        if (ahead := due - loop.time()) > 0:
            await asyncio.sleep(ahead)
        held.late_ms = max(held.late_ms, (loop.time() - due) * 1000)
        if len(under_way) >= MOST_CONNECTIONS:
            held.overrun = True
            break
        task = asyncio.create_task(one(requests[n % len(requests)], due))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
    if under_way:
        await asyncio.wait_for(asyncio.gather(*under_way), ANSWER_WITHIN)
    for connection in every:
        connection.close()
    return held
