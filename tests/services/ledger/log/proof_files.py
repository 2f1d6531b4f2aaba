"""A file that was sealed, and its proof, on the disk."""

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from shared.merkle.ed25519 import Signer, new_signer
from shared.merkle.entries import Entry
from tests.merkle.logs import NAME, SmallLog, an_entry

WORDS = "某某在一号楼服务了九十分钟。\n".encode()
PLACE, SIZE = 12, 21


@dataclass
class Sealed:
    """A log in which the file's digest stands, with a key that followed another."""

    folder: Path
    log: SmallLog
    witness: Signer

    @property
    def file(self) -> Path:
        return self.folder / "certificate.txt"

    @property
    def digest(self) -> str:
        return sha256(WORDS).hexdigest()

    def proof(self, **changes: Any) -> Path:
        """The proof, perhaps with something changed in it."""
        path = self.folder / "proof.json"
        told = {**self.log.proof(PLACE, cosigners=[self.witness]), **changes}
        path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        return path


def sealed(folder: Path) -> Sealed:
    """It, with its file written."""
    entries = [an_entry(number) for number in range(SIZE)]
    source = "volunteering/certificate-1/1/0"
    entries[PLACE] = Entry(
        sha256(WORDS).hexdigest(), "certificate", source, "2026-03-02T01:16:00.000Z"
    )
    log = SmallLog(entries, [new_signer(NAME), new_signer(NAME)])
    made = Sealed(folder, log, new_signer("witness.test/one"))
    made.file.write_bytes(WORDS)
    return made
