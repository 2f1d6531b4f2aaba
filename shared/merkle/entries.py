"""What the ledger seals: a digest, what it is of, and where it came from; never content."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.merkle.notes import Malformed
from shared.merkle.tree import leaf_hash

_FIELDS = {
    "digest": re.compile(r"[0-9a-f]{64}"),
    "kind": re.compile(r"[a-z0-9][a-z0-9-]{0,63}"),
    "source": re.compile(r"[!#-\[\]-~]{1,600}"),
    "time": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"),
}
"""What each may look like: nothing that JSON would have to escape."""


@dataclass(frozen=True, slots=True)
class Entry:
    """`digest` is a SHA-256 in hex, `source` the id of the event that told it, `time` when that was
    recorded (UTC, milliseconds).
    """

    digest: str
    kind: str
    source: str
    time: str

    @property
    def leaf(self) -> bytes:
        """The entry as it stands in the tree: JSON as RFC 8785 writes it. What `checked` lets pass
        has nothing that would have to be escaped.
        """
        return (
            f'{{"digest":"{self.digest}","kind":"{self.kind}",'
            f'"source":"{self.source}","time":"{self.time}"}}'
        ).encode()

    @property
    def hash(self) -> bytes:
        """Its leaf's hash."""
        return leaf_hash(self.leaf)


def entry_in(document: Any) -> Entry:
    """Reads an entry; other fields are passed over. Raises `Malformed`."""
    if not isinstance(document, Mapping):
        raise Malformed("not an entry")
    values = {name: document.get(name) for name in _FIELDS}
    return checked(Entry(**values))  # type: ignore[arg-type]


def checked(entry: Entry) -> Entry:
    """The entry itself, where its fields look as they must. Raises `Malformed`."""
    for name, looks in _FIELDS.items():
        value = getattr(entry, name)
        if not isinstance(value, str) or not looks.fullmatch(value):
            raise Malformed(f"not an entry: `{name}` is missing or wrong")
    return entry
