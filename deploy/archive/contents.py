"""What an archive says of itself."""

from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from deploy.backup import described

FILE, PROOFS = "archive.json", "proofs.jsonl"
FORMAT = "cn.jinlin.archive.v1"


class Month(msgspec.Struct, frozen=True):
    """The commits that were written in a month (UTC), in one file."""

    month: str
    file: str
    commits: int
    sha256: str


class Proof(msgspec.Struct, frozen=True):
    """What the ledger says of an event's digest: one line of the file of proofs."""

    event: str
    digest: str
    proof: dict[str, Any]


class Contents(msgspec.Struct, frozen=True):
    """`before` is when the streams had ended; `unsealed` are events whose digest the ledger did not
    have (yet). `checkpoint` is the ledger's latest signed head at that time.
    """

    format: str
    service: str
    before: datetime
    at: datetime
    streams: int
    months: list[Month]
    proofs: int
    proofs_sha256: str
    unsealed: list[str]
    checkpoint: dict[str, Any] | None


def save(folder: Path, contents: Contents) -> None:
    """Writes it, last of all."""
    described.save(folder / FILE, contents)


def load(folder: Path) -> Contents:
    """Reads it. Raises `Damaged`."""
    return described.load(folder / FILE, Contents, FORMAT, "archive")
