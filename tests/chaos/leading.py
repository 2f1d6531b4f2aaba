"""Who leads petitions' relay, and whether its position ever went back."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from pymongo.errors import PyMongoError

from deploy.local.processes import Process, WebProcess
from tests.e2e.town import Town
from tests.e2e.waiting import until

LEADS = 'jinlin_relay_leader{service="petitions"} 1.0'


@dataclass(frozen=True)
class Saved:
    """A position as it was saved, and the fencing number that the lease had then."""

    fence: int
    token: str


class Positions:
    """All positions that were saved while it looked."""

    def __init__(self) -> None:
        self.saved: list[Saved] = []

    def went_forward(self) -> bool:
        """Whether no position and no fencing number ever fell behind the one before.

        MongoDB's resume tokens sort by time as texts. A second leader would save the place that it
        had come to long ago over that of the first.
        """
        numbers = [one.fence for one in self.saved]
        tokens = [one.token for one in self.saved]
        return numbers == sorted(numbers) and tokens == sorted(tokens)


@contextmanager
def watched(town: Town) -> Iterator[Positions]:
    """Follows the lease of petitions' relay while the block runs."""
    positions = Positions()
    leases = town.store("petitions")["leases"]
    lease = leases.find_one({"_id": "relay"})
    fence = int(lease["fence"]) if lease else 0
    stream = leases.watch([{"$match": {"documentKey._id": "relay"}}], max_await_time_ms=200)
    ends = threading.Event()

    def note(change: dict[str, Any], fence: int) -> int:
        fields = change.get("updateDescription", {}).get("updatedFields", {})
        fence = int(fields.get("fence", fence))
        token = fields.get("position", {}).get("token", {}).get("_data") or fields.get(
            "position.token"
        )
        if token is not None:
            text = token if isinstance(token, str) else token["_data"]
            positions.saved.append(Saved(fence, text))
        return fence

    def follow() -> None:
        known = fence
        while not ends.is_set():
            try:
                change = stream.try_next()
            except PyMongoError:  # the server is away: the driver goes on where it was
                continue
            if change is not None:
                known = note(dict(change), known)

    thread = threading.Thread(target=follow, daemon=True)
    thread.start()
    try:
        yield positions
    finally:
        ends.set()
        thread.join()
        stream.close()


def leads(process: WebProcess) -> bool:
    """Whether this process of petitions leads its relay."""
    try:
        answer = httpx.get(f"{process.url}/metrics", timeout=5, trust_env=False)
    except httpx.TransportError:
        return False
    return LEADS in answer.text


def leader_of(processes: list[WebProcess], other_than: Process | None = None) -> WebProcess:
    """Waits until one of them leads; where one is named, another one than it."""

    def look() -> WebProcess | None:
        candidates = (one for one in processes if one is not other_than and one.running)
        return next((one for one in candidates if leads(one)), None)

    found = until(look, "one of the processes leads the relay", 60)
    assert found is not None
    return found
