"""Where heads are kept besides: a file that can be published, and witnesses that sign them.

``JINLIN_LEDGER_ANCHOR_FILE`` names the file: a line of JSON for each head, the older ones first.
``JINLIN_LEDGER_WITNESSES`` names the witnesses, one a line: its key, a space, its address.
"""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import BinaryIO

import httpx
from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.ledger.domain.log.head import KeptHead
from shared.merkle.ed25519 import verify
from shared.merkle.notes import (
    Head,
    Key,
    Malformed,
    Note,
    base64,
    head_in,
    key_in,
    note_in,
    signatures_in,
)
from shared.merkle.tree import BadProof
from shared.runtime.settings import give_up

SECONDS = 10.0
"""That a witness has to answer."""
LONGEST_ANSWER = 4_000
"""Characters."""
LONGEST_LINE = 64 * 1024
"""Bytes of the file that have its last line in them."""


class Contradicted(Exception):
    """What was anchored before cannot be true together with the log's head: it was forked, or cut
    short.
    """


class NotWitnessed(Exception):
    """A witness did not sign. The text says why."""


class AnchorSettings(BaseSettings):
    """``JINLIN_LEDGER_ANCHOR_FILE``, ``JINLIN_LEDGER_WITNESSES``"""

    model_config = SettingsConfigDict(env_prefix="JINLIN_")

    ledger_anchor_file: Path | None = None
    ledger_witnesses: str = ""


@dataclass(frozen=True, slots=True)
class WitnessAt:
    """A witness: its key, and the address below which it takes heads."""

    key: Key
    url: str


@dataclass(frozen=True, slots=True)
class Anchors:
    """Where heads go."""

    file: Path | None
    witnesses: tuple[WitnessAt, ...]


def anchors_of(settings: AnchorSettings) -> Anchors:
    """What the settings say. Raises `Malformed`."""
    witnesses = []
    for line in settings.ledger_witnesses.splitlines():
        if line.strip():
            key, _, url = line.strip().partition(" ")
            if not url.startswith(("http://", "https://")):
                raise Malformed("a witness is a line with a key and an http(s):// address")
            witnesses.append(WitnessAt(key_in(key), url.strip().rstrip("/")))
    return Anchors(settings.ledger_anchor_file, tuple(witnesses))


@cache
def anchors_in_use() -> Anchors:
    """As the settings say, read once. Ends the process where they are wrong."""
    try:
        return anchors_of(AnchorSettings())
    except (ValidationError, Malformed) as wrong:
        give_up(f"JINLIN_LEDGER_WITNESSES is wrong: {wrong}")


# --- the file ------------------------------------------------------------------------------------


def anchored(file: Path) -> Iterator[Note]:
    """The heads in the file. A last line that was not written to its end is left out. Raises
    `Malformed`.
    """
    if not file.exists():
        return
    with file.open("rb") as lines:
        for line in lines:
            if not line.endswith(b"\n"):
                return
            yield _note_of(line)


def anchor(file: Path, head: KeptHead) -> None:
    """Adds a head to the file, on the disk when it returns; one that is its last already is not
    added again. Raises `Contradicted`, `Malformed`, OSError.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("ab+") as whole:
        last = _last_of(whole)
        if last is not None:
            if last.size > head.size:
                raise Contradicted(
                    f"a head of {last.size} is anchored, and the log has {head.size}"
                )
            if last.size == head.size:
                if last.root.hex() != head.root:
                    raise Contradicted(f"two heads of {head.size} entries have two roots")
                return
        told = {"size": head.size, "root": head.root, "note": head.note}
        whole.write(f"{json.dumps(told, ensure_ascii=False)}\n".encode())
        whole.flush()
        os.fsync(whole.fileno())


def _last_of(whole: BinaryIO) -> Head | None:
    """The last head in the file; a line that was not written to its end is cut off."""
    length = whole.seek(0, os.SEEK_END)
    whole.seek(max(0, length - LONGEST_LINE))
    tail = whole.read()
    *lines, torn = tail.split(b"\n")
    if torn:
        whole.truncate(length - len(torn))
    return head_in(_note_of(lines[-1]).body) if lines else None


def _note_of(line: bytes) -> Note:
    try:
        return note_in(str(json.loads(line)["note"]))
    except (ValueError, TypeError, KeyError):
        raise Malformed("the anchor file has a line that is no head") from None


# --- witnesses -----------------------------------------------------------------------------------


async def ask(
    client: httpx.AsyncClient, witness: WitnessAt, old: int, proof: Sequence[bytes], note: str
) -> tuple[int, str]:
    """The status and text with which a witness answers. Raises `NotWitnessed`."""
    hashes = "".join(f"{base64(each)}\n" for each in proof)
    body = f"old {old}\n{hashes}\n{note}"
    try:
        answer = await client.post(
            f"{witness.url}/add-checkpoint", content=body.encode(), timeout=SECONDS
        )
    except httpx.HTTPError as error:
        raise NotWitnessed(f"not reached: {type(error).__name__}") from error
    return answer.status_code, answer.text[:LONGEST_ANSWER]


def cosignature(witness: WitnessAt, note: str, answer: str) -> str:
    """The witness's signature line in its answer. Raises `NotWitnessed` where it is not one."""
    body = note_in(note).body
    try:
        given = Note(body, tuple(signatures_in(answer)))
        if given.signed_by(witness.key, verify) is None:
            raise NotWitnessed("its answer has no signature of its own")
    except (Malformed, BadProof) as wrong:
        raise NotWitnessed(f"its answer is none: {wrong}") from wrong
    key = witness.key
    own = [one for one in given.signatures if (one.name, one.id) == (key.name, key.id)]
    return str(own[0])
