"""Whoever follows a log notices when it is not what it was: no store, no network, no trust.

`Seen` is what a watcher keeps. It grows by what the log's events tell, one after the other:

    seen = after_entries(seen, event.first, event.entries)
    seen = after_head(seen, event.note, event.frontier, verify)

or, for whoever fetches heads, by `after_proof`. What does not fit raises `Caught`, and with it the
two statements that the log signed and that cannot both be true.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shared.merkle.entries import Entry
from shared.merkle.notes import Head, KeyLine, Malformed, Verify, head_in, key_chain, note_in
from shared.merkle.tree import BadProof, grown, nodes_of, root_of, verify_consistency


class Caught(Exception):
    """The log is not what it was, or says what is not so. `evidence` are the signed notes that show
    it, or the one that is wrong.
    """

    def __init__(self, what: str, *evidence: str) -> None:
        super().__init__(what)
        self.evidence = evidence


class Missed(Exception):
    """Some entries were not seen: what comes later cannot be judged. Begin again with a head that a
    consistency proof leads to.
    """


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a log: the keys it signs with, its latest head with the time of its
    signature (POSIX seconds), and the tree as far as its entries were seen (`frontier` of `size`).
    """

    keys: tuple[KeyLine, ...]
    head: Head | None = None
    note: str = ""
    signed: int = 0
    size: int = 0
    frontier: tuple[bytes, ...] = ()


def after_entries(seen: Seen, first: int, entries: Sequence[Entry]) -> Seen:
    """After entries were sealed; those that were seen before are passed over. Raises `Missed`."""
    if first > seen.size:
        raise Missed(f"the entries from {seen.size} to {first - 1} were not seen")
    frontier, size = list(seen.frontier), seen.size
    for entry in entries[size - first :]:
        frontier, _ = grown(frontier, size, entry.hash)
        size += 1
    return replace(seen, size=size, frontier=tuple(frontier))


def after_head(seen: Seen, note: str, frontier: Sequence[bytes], verify: Verify) -> Seen:
    """After a head was signed. Whoever sees a log's head first takes its `frontier`, which its root
    vouches for; an older head that comes again is passed over. Raises `Caught`, `Missed`.
    """
    head, signed = _read(seen, note, verify)
    if _is_smaller(seen, head, signed, note):
        return seen
    if len(frontier) != len(nodes_of(head.size)) or root_of(frontier) != head.root:
        raise Caught("the head's root is not that of its frontier", note)
    if seen.head is None and seen.size == 0:
        seen = replace(seen, size=head.size, frontier=tuple(frontier))
    if seen.size < head.size:
        raise Missed(f"the entries from {seen.size} to {head.size - 1} were not seen")
    if seen.size == head.size and root_of(seen.frontier) != head.root:
        raise Caught("the log's head is not that of the entries it told", seen.note, note)
    if seen.size > head.size and (seen.head is None or seen.head.size < head.size):
        raise Missed("entries were seen before the head that they follow on")
    _same(seen, head, note)
    return replace(seen, head=head, note=note, signed=signed)


def after_proof(seen: Seen, note: str, proof: Sequence[bytes], verify: Verify) -> Seen:
    """After a head that was fetched with the consistency proof from the latest one that was seen.
    Raises `Caught`.
    """
    head, signed = _read(seen, note, verify)
    if seen.head is None:
        return replace(seen, head=head, note=note, signed=signed)
    if _is_smaller(seen, head, signed, note):
        return seen
    _same(seen, head, note)
    try:
        verify_consistency(seen.head.size, head.size, proof, seen.head.root, head.root)
    except BadProof as bad:
        raise Caught(
            f"the log of {head.size} does not begin with that of {seen.head.size}: {bad}",
            seen.note,
            note,
        ) from None
    return replace(seen, head=head, note=note, signed=signed)


def after_key(seen: Seen, line: KeyLine, verify: Verify) -> Seen:
    """After the log began to sign with another key. Raises `Caught`."""
    if any(one.key == line.key for one in seen.keys):
        return seen
    origin = line.key.partition("+")[0]
    try:
        key_chain(origin, (*seen.keys, line), verify)
    except (BadProof, Malformed) as bad:
        raise Caught(f"the log changed its key: {bad}", line.succession or "") from None
    return replace(seen, keys=(*seen.keys, line))


def _read(seen: Seen, text: str, verify: Verify) -> tuple[Head, int]:
    """A head, and when it was signed."""
    try:
        note = note_in(text)
        head = head_in(note.body)
        keys = key_chain(head.origin, seen.keys, verify)
        times = [note.signed_by(key, verify) for key in keys]
    except (BadProof, Malformed) as bad:
        raise Caught(f"a head that is none: {bad}", text) from None
    signed = [one for one in times if one is not None]
    if not signed:
        raise Caught("a head that the log's keys did not sign", text)
    return head, max(signed)


def _is_smaller(seen: Seen, head: Head, signed: int, note: str) -> bool:
    """Whether it is a head of before; raises `Caught` for one that was signed afterwards."""
    if seen.head is None or head.size >= seen.head.size:
        return False
    if signed > seen.signed:
        raise Caught(f"the log shrank from {seen.head.size} to {head.size}", seen.note, note)
    return True


def _same(seen: Seen, head: Head, note: str) -> None:
    if seen.head is not None and head.size == seen.head.size and head.root != seen.head.root:
        raise Caught(f"two heads of {head.size} entries have two roots", seen.note, note)
