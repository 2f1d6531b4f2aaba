"""The proof that a digest stands in the log: one JSON document, checked without anything else.

``{"format", "log", "entry", "index", "inclusion", "head", "keys"}``: hashes in hex, `head` a signed
note with the signatures of log and witnesses, `keys` the log's keys from the first to the one that
signed the head, each after the first with the note by which its predecessor vouches for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.merkle.entries import Entry, entry_in
from shared.merkle.notes import (
    Head,
    Key,
    KeyLine,
    Malformed,
    Verify,
    head_in,
    key_chain,
    note_in,
)
from shared.merkle.tree import LENGTH, BadProof, verify_inclusion

FORMAT = "cn.jinlin.ledger.proof.v1"
MOST_HASHES = 64
MOST_KEYS = 100


@dataclass(frozen=True, slots=True)
class Proved:
    """What a proof shows: the entry is at `index` of the log that had this head when it was signed
    (POSIX seconds) with the last of `keys`. `trusted` when one of these was known to whoever
    checked; `witnessed` names the known witnesses that saw the head, with their times.
    """

    entry: Entry
    index: int
    head: Head
    signed: int
    keys: tuple[Key, ...]
    trusted: bool
    witnessed: tuple[tuple[str, int], ...]


def document(
    entry: Entry,
    index: int,
    inclusion: Sequence[bytes],
    head: str,
    origin: str,
    keys: Sequence[KeyLine],
) -> dict[str, Any]:
    """The proof as plain values; `head` is the signed note."""
    return {
        "format": FORMAT,
        "log": origin,
        "entry": {
            "digest": entry.digest,
            "kind": entry.kind,
            "source": entry.source,
            "time": entry.time,
        },
        "index": index,
        "inclusion": [one.hex() for one in inclusion],
        "head": head,
        "keys": [
            {"key": line.key}
            if line.succession is None
            else {"key": line.key, "succession": line.succession}
            for line in keys
        ],
    }


def check(
    proof: Any,
    digest: str,
    verify: Verify,
    trusted: Sequence[Key] = (),
    witnesses: Sequence[Key] = (),
) -> Proved:
    """What the proof shows of a digest (SHA-256 in hex). With `trusted` keys, one of them must be
    among the log's. Raises `BadProof` where it does not show it, `Malformed` where it is no proof.
    """
    fields = _fields(proof)
    entry = entry_in(fields["entry"])
    note = note_in(fields["head"])
    head = head_in(note.body)
    if entry.digest != digest:
        raise BadProof("the file is not the one whose digest was sealed")
    if head.origin != fields["log"]:
        raise BadProof("the head is of another log")
    keys = key_chain(head.origin, _key_lines(fields["keys"]), verify)
    signed = note.signed_by(keys[-1], verify)
    if signed is None:
        raise BadProof("the head is not signed by the log's latest key")
    known = {str(key) for key in trusted}
    is_trusted = any(str(key) in known for key in keys)
    if trusted and not is_trusted:
        raise BadProof("the log's keys are none of those that are trusted")
    verify_inclusion(
        fields["index"], head.size, entry.hash, _hashes(fields["inclusion"]), head.root
    )
    seen = [(one.name, note.signed_by(one, verify)) for one in witnesses]
    return Proved(
        entry,
        fields["index"],
        head,
        signed,
        tuple(keys),
        is_trusted,
        tuple((name, seconds) for name, seconds in seen if seconds is not None),
    )


_TYPES: dict[str, type] = {
    "format": str,
    "log": str,
    "entry": Mapping,
    "index": int,
    "inclusion": list,
    "head": str,
    "keys": list,
}


def _fields(proof: Any) -> Mapping[str, Any]:
    if not isinstance(proof, Mapping) or proof.get("format") != FORMAT:
        raise Malformed(f"not a proof: expected a document with the format {FORMAT}")
    for name, kind in _TYPES.items():
        value = proof.get(name)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise Malformed(f"not a proof: `{name}` is missing or wrong")
    return proof


def _hashes(texts: Sequence[Any]) -> list[bytes]:
    if len(texts) > MOST_HASHES:
        raise Malformed("not a proof: `inclusion` is too long")
    try:
        hashes = [bytes.fromhex(each) for each in texts]
    except (TypeError, ValueError):
        raise Malformed("not a proof: `inclusion` has something other than hashes") from None
    # As they are written here and no other way: a proof is compared by its characters, too.
    if any(
        len(one) != LENGTH or one.hex() != text for one, text in zip(hashes, texts, strict=True)
    ):
        raise Malformed("not a proof: `inclusion` has something other than hashes")
    return hashes


def _key_lines(lines: Sequence[Any]) -> list[KeyLine]:
    if len(lines) > MOST_KEYS:
        raise Malformed("not a proof: `keys` is too long")
    read = []
    for line in lines:
        key, succession = (
            (line.get("key"), line.get("succession")) if isinstance(line, Mapping) else (None, None)
        )
        if not isinstance(key, str) or not isinstance(succession, str | None):
            raise Malformed("not a proof: `keys` has something other than keys")
        read.append(KeyLine(key, succession))
    return read
