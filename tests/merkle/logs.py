"""A log small enough to be held in a list, and one who signs for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.merkle.ed25519 import Signer, new_signer
from shared.merkle.entries import Entry
from shared.merkle.notes import Head, KeyLine, Note, succession_body
from shared.merkle.proofs import document
from shared.merkle.tree import (
    consistency_ranges,
    frontier_of,
    hash_of,
    inclusion_ranges,
    root_of,
)

NAME = "log.test/ledger"
SECONDS = 1_772_414_220


def an_entry(number: int, kind: str = "certificate") -> Entry:
    """An entry of its own for each number."""
    return Entry(f"{number:064x}", kind, f"volunteering/c-{number}/1/0", "2026-03-02T01:16:00.000Z")


@dataclass
class SmallLog:
    """Its entries, in order, and the keys that sign for it."""

    entries: list[Entry] = field(default_factory=list)
    signers: list[Signer] = field(default_factory=lambda: [new_signer(NAME)])

    @classmethod
    def of(cls, count: int) -> "SmallLog":
        """With so many entries."""
        return cls([an_entry(number) for number in range(count)])

    @property
    def keys(self) -> list[KeyLine]:
        """Each vouched for by the one before it."""
        lines = [KeyLine(str(self.signers[0].key))]
        for former, signer in zip(self.signers, self.signers[1:], strict=False):
            body = succession_body(NAME, str(signer.key))
            note = Note(body, (former.sign(body, SECONDS),))
            lines.append(KeyLine(str(signer.key), str(note)))
        return lines

    def node(self, level: int, index: int) -> bytes:
        """The hash of a node, reckoned from the entries."""
        those = self.entries[index << level : (index + 1) << level]
        return root_of(frontier_of([one.hash for one in those]))

    def frontier(self, size: int) -> list[bytes]:
        """Of its first entries."""
        return frontier_of([one.hash for one in self.entries[:size]])

    def head(self, size: int | None = None, seconds: int = SECONDS) -> str:
        """The signed head of its first entries, or of all."""
        size = len(self.entries) if size is None else size
        head = Head(NAME, size, root_of(self.frontier(size)))
        return str(Note(head.body, (self.signers[-1].sign(head.body, seconds),)))

    def consistency(self, old: int, size: int) -> list[bytes]:
        """That the one tree begins with the other."""
        return [hash_of(leaves, self.node) for leaves in consistency_ranges(old, size)]

    def proof(self, index: int, cosigners: Sequence[Signer] = ()) -> dict[str, Any]:
        """That an entry is in it."""
        size = len(self.entries)
        path = [hash_of(leaves, self.node) for leaves in inclusion_ranges(index, size)]
        note = self.head()
        body = Head(NAME, size, root_of(self.frontier(size))).body
        note += "".join(str(each.sign(body, SECONDS + 5)) for each in cosigners)
        return document(self.entries[index], index, path, note, NAME, self.keys)
