"""``python -m services.ledger.audit [URL]`` (make ledger-audit): is the log what it always was?

Reads all entries and heads as everybody can, reckons the tree anew, and compares: each head with
its signature and with the tree, the anchor file and the witnesses' signatures with both. Ends with
0 where everything fits, 1 where something does not, and names it; 2 where it could not be read.

Who audits from outside brings their own copy of the anchor file, and the keys that they trust.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from services.ledger.anchors import AnchorSettings, anchored, anchors_of
from shared.merkle.ed25519 import verify
from shared.merkle.entries import entry_in
from shared.merkle.notes import (
    Head,
    Key,
    KeyLine,
    Malformed,
    Note,
    head_in,
    key_chain,
    key_in,
    note_in,
)
from shared.merkle.tree import BadProof, grown, root_of

PAGE = 1_024
SECONDS = 30.0
MOST_FINDINGS = 50


class NotRead(Exception):
    """The log could not be read. The text says why."""


@dataclass
class Audited:
    """What an audit has found: how much it compared, and what does not fit."""

    entries: int = 0
    heads: int = 0
    anchors: int = 0
    cosignatures: int = 0
    findings: list[str] = field(default_factory=list)

    def find(self, what: str) -> None:
        """Something does not fit."""
        self.findings.append(what)


@dataclass(frozen=True, slots=True)
class Claim:
    """A signed head, and where it was found."""

    where: str
    head: Head
    note: Note


class Reader:
    """A log as everybody can read it."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def get(self, path: str, **query: int) -> dict[str, Any]:
        """An answer. Raises `NotRead`."""
        try:
            answer = self._client.get(path, params=query)
            answer.raise_for_status()
            told: dict[str, Any] = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise NotRead(f"{path}: {error}") from error
        return told

    def keys(self) -> list[KeyLine]:
        """The log's keys."""
        return [KeyLine(each["key"], each["succession"]) for each in self.get("/keys")["keys"]]

    def heads(self) -> Iterator[str]:
        """All signed heads, the smallest first."""
        after: int | None = 0
        while after is not None:
            page = self.get("/heads", after=after, limit=200)
            yield from (each["head"] for each in page["items"])
            after = page["next"]

    def leaves(self) -> Iterator[tuple[int, bytes]]:
        """The index that is told of each entry, and the hash of its leaf."""
        following: int | None = 0
        while following is not None:
            page = self.get("/entries", **{"from": following, "limit": PAGE})
            for each in page["items"]:
                yield each["index"], entry_in(each).hash
            following = page["next"]


def audit(
    reader: Reader,
    anchor_file: Path | None = None,
    trusted: Sequence[Key] = (),
    witnesses: Sequence[Key] = (),
) -> Audited:
    """Compares everything with everything. Raises `NotRead`, `Malformed`."""
    found = Audited()
    # Heads first: the entries of a head that is read are there already.
    claims = [Claim("the log", *_read(text)) for text in reader.heads()]
    found.heads = len(claims)
    if anchor_file is not None:
        kept = [Claim("the anchor file", head_in(n.body), n) for n in anchored(anchor_file)]
        found.anchors = len(kept)
        claims += kept
    lines = reader.keys()
    keys = _keys(found, lines, claims, trusted)
    for claim in claims:
        _signatures(found, claim, keys, witnesses)
    _roots(found, reader, claims)
    return found


def _read(text: str) -> tuple[Head, Note]:
    note = note_in(text)
    return head_in(note.body), note


def _keys(
    found: Audited, lines: Sequence[KeyLine], claims: Sequence[Claim], trusted: Sequence[Key]
) -> list[Key]:
    if not claims:
        return []
    origin = claims[0].head.origin
    try:
        keys = key_chain(origin, lines, verify)
    except BadProof as bad:
        found.find(f"the log's keys: {bad}")
        return []
    if trusted and not {str(key) for key in trusted} & {str(key) for key in keys}:
        found.find("the log's keys are none of those that are trusted")
    return keys


def _signatures(
    found: Audited, claim: Claim, keys: Sequence[Key], witnesses: Sequence[Key]
) -> None:
    where = f"the head of {claim.head.size} in {claim.where}"
    try:
        if all(claim.note.signed_by(key, verify) is None for key in keys):
            found.find(f"{where} is not signed by a key of the log's")
        for witness in witnesses:
            found.cosignatures += claim.note.signed_by(witness, verify) is not None
    except BadProof as bad:
        found.find(f"{where}: {bad}")


def _roots(found: Audited, reader: Reader, claims: Sequence[Claim]) -> None:
    by_size: dict[int, list[Claim]] = {}
    for claim in claims:
        by_size.setdefault(claim.head.size, []).append(claim)
    frontier: list[bytes] = []
    size = 0
    for index, leaf in reader.leaves():
        if index != size:
            found.find(f"entry {size} is called {index}")
        frontier, _ = grown(frontier, size, leaf)
        size += 1
        for claim in by_size.pop(size, ()):
            if root_of(frontier) != claim.head.root:
                found.find(
                    f"the entries do not lead to the head of {size} in {claim.where}: "
                    "one of them was altered, moved or exchanged, or the tree was forked"
                )
    found.entries = size
    for larger in sorted(by_size):
        for claim in by_size[larger]:
            found.find(f"the log has {size} entries, and {claim.where} a head of {larger}")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m services.ledger.audit", description=__doc__)
    parser.add_argument(
        "url", nargs="?", help="of the ledger; of the local run where none is given"
    )
    parser.add_argument("--anchors", type=Path, help="the anchor file")
    parser.add_argument("--key", action="append", default=[], help="a key that you trust")
    parser.add_argument("--witness", action="append", default=[], help="a witness's key")
    options = parser.parse_args(arguments)
    host = os.environ.get("JINLIN_HTTP_HOST", "127.0.0.1")
    url = options.url or f"http://{host}:{os.environ.get('JINLIN_HTTP_PORT', '8106')}"
    try:
        settings = AnchorSettings()
        known = [each.key for each in anchors_of(settings).witnesses]
        with httpx.Client(base_url=url, timeout=SECONDS) as client:
            found = audit(
                Reader(client),
                options.anchors or settings.ledger_anchor_file,
                [key_in(each) for each in options.key],
                [*known, *(key_in(each) for each in options.witness)],
            )
    except (NotRead, Malformed, OSError) as trouble:
        print(f"could not be read: {trouble}", file=sys.stderr)
        return 2
    print(
        f"{found.entries} entries, {found.heads} heads, {found.anchors} anchored, "
        f"{found.cosignatures} signatures of witnesses"
    )
    for what in found.findings[:MOST_FINDINGS]:
        print(f"WRONG: {what}")
    if not found.findings:
        print("everything fits")
    return 1 if found.findings else 0


if __name__ == "__main__":
    sys.exit(main())
