"""Evidence: how many files of one megabyte are filed per second, and how much memory that takes."""

import random
from dataclasses import dataclass
from hashlib import sha256
from statistics import median
from typing import Any

import httpx

from deploy.local.layout import LocalError
from tests.bench.accepting import ROUND_SECONDS, ROUNDS, WARM_UP_SECONDS, rounds_of
from tests.bench.bench import Bench
from tests.bench.figure import Figure
from tests.bench.load import Burst, file_evidence
from tests.bench.machine import peak_rss_mb, rss_mb
from tests.bench.platform import DAY, DISTRICT, neighbourhoods, wait_until

MB = 1024 * 1024
DISPUTES = 40
"""Each takes 200 pieces: more than the rounds file."""
CONNECTIONS = 8
BODY = b"\xff\xd8\xff\xe0" + random.Random(1).randbytes(MB - 4)
"""What begins like a photo: random, as what a camera has compressed is."""


@dataclass(slots=True)
class Shown:
    """Pieces per second by round, and the memory of the process before and at most, in MiB."""

    rounds: list[float]
    before: float
    most: float


def evidence_rate(bench: Bench) -> Figure:
    """Pieces of one megabyte per second, durable and recorded."""
    shown = _shown(bench)
    return Figure(
        median(shown.rounds),
        f"{rounds_of(shown.rounds)} files of 1 MB/s, {CONNECTIONS} connections, "
        f"in {DISPUTES} disputes; digest, type and record included",
    )


def evidence_growth_mb(bench: Bench) -> Figure:
    """How much the process grew by at most while it took them in."""
    shown = _shown(bench)
    return Figure(
        shown.most - shown.before,
        f"from {shown.before:.0f} MiB after the warm-up to {shown.most:.0f} MiB at most",
    )


def _shown(bench: Bench) -> Shown:
    return bench.once("showing", lambda: _measured(bench))


def _measured(bench: Bench) -> Shown:
    process = bench.ready_for("mediation")
    store = bench.platform.store("mediation")
    wait_until(
        lambda: store["state_place"].count_documents({}) >= len(neighbourhoods()),
        60,
        "mediation knows the places",
    )
    asked = _quarrels(bench, process.url)
    accepted = _burst(process.url, asked, WARM_UP_SECONDS).accepted
    before = rss_mb(process.pid)
    rounds: list[float] = []
    for _ in range(ROUNDS):
        burst = _burst(process.url, asked, ROUND_SECONDS)
        accepted += burst.accepted
        rounds.append(burst.rate)
        bench.say(f"  {burst.rate:.0f} files of 1 MB/s, p99 {burst.p99_ms:.0f} ms")
    most = peak_rss_mb(process.pid)
    _must_be_true(store, accepted)
    process.stop()
    return Shown(rounds, before, most)


def _quarrels(bench: Bench, url: str) -> list[tuple[str, str]]:
    """Disputes whose parties have both agreed: a token and a path for evidence in each."""
    places = neighbourhoods()
    asked: list[tuple[str, str]] = []
    with httpx.Client(base_url=url, trust_env=False, timeout=30) as client:
        for n in range(DISPUTES):
            one, other = (
                bench.platform.issuer.token(who, ["resident"], [DISTRICT], lifetime=DAY)
                for who in (f"bench-a{n}", f"bench-b{n}")
            )
            body = {
                "kind": "noise",
                "place": places[n % len(places)],
                "title": f"噪音{n}",
                "text": "每晚十一点后装修",
                "parties": [
                    {"side": "a", "person": f"bench-a{n}"},
                    {"side": "b", "person": f"bench-b{n}"},
                ],
            }
            id = _done(client, "/disputes", one, body)
            _done(client, f"/disputes/{id}/agree", other, {})
            asked.append((one, f"/disputes/{id}/evidence"))
    return asked


def _done(client: httpx.Client, path: str, token: str, body: dict[str, Any]) -> str:
    answer = client.post(path, json=body, headers={"Authorization": f"Bearer {token}"})
    if answer.is_error:
        raise LocalError(f"{path}: {answer.status_code} {answer.text}")
    id: str = answer.json()["id"]
    return id


def _burst(url: str, asked: list[tuple[str, str]], seconds: float) -> Burst:
    burst = file_evidence(url, BODY, asked, connections=CONNECTIONS, seconds=seconds)
    if burst.refused or burst.broken:
        raise LocalError(f"evidence: {burst.refused} refused, {burst.broken} cut")
    return burst


def _must_be_true(store: Any, accepted: int) -> None:
    """Raises LocalError where the store holds anything but what was answered."""
    digest = sha256(BODY).hexdigest()
    found = store["state_evidence"].count_documents({"s.digest": digest})
    whole = store["fs.files"].count_documents({"metadata.sha256": digest, "length": len(BODY)})
    # Every burst ends in the middle of as many requests as there are connections.
    unanswered = CONNECTIONS * (ROUNDS + 1)
    if not accepted <= found <= accepted + unanswered or whole < found:
        raise LocalError(f"{accepted} pieces were acknowledged, {found} recorded, {whole} kept")
