"""The log: what was sealed, its signed heads, its keys. Digests, ids and times.

What these say can be checked by whoever hears it: `shared.merkle.watcher`.
"""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.event import Event


@dataclass(frozen=True, slots=True)
class EntriesSealed(Event):
    """The log has these entries since `sealed_at`, from the index `first` on: of each the digest
    (SHA-256 in hex), its kind, the id of the event that told it, and when that was recorded.
    `tiles` are nodes of the tree that are complete with them: level (a multiple of 8), index and
    hash in hex.
    """

    log: str
    first: int
    entries: tuple[tuple[str, str, str, str], ...]
    sealed_at: datetime
    tiles: tuple[tuple[int, int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TreeHeadSigned(Event):
    """The log signed for all entries until now: `size` of them, with this `root` (hex). `note` is
    the signed note (c2sp.org/tlog-checkpoint), `frontier` the hashes (hex) of the largest perfect
    subtrees, from left to right, from which the root follows.
    """

    log: str
    size: int
    root: str
    frontier: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class LogKeyFollowed(Event):
    """From now on the log signs with `key`; by `succession`, a signed note, the key before it
    vouches for it. None for the first.
    """

    log: str
    key: str
    succession: str | None = None
