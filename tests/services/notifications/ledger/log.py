"""Of the log nobody hears."""

from datetime import UTC, datetime

from shared.contracts import ledger
from shared.contracts.event import Event

NOON = datetime(2025, 3, 3, 4, 0, tzinfo=UTC)
DIGEST = "0" * 64

CASES: list[tuple[Event, dict[str, str]]] = [
    (
        ledger.EntriesSealed(
            "main", 0, ((DIGEST, "certificate", "volunteering/c-1/1/0", "t"),), NOON
        ),
        {},
    ),
    (ledger.TreeHeadSigned("main", 1, DIGEST, (DIGEST,), "note"), {}),
    (ledger.LogKeyFollowed("main", "key"), {}),
]
