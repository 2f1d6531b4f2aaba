"""``python -m services.ledger.verify FILE PROOF``: checks offline that a file was sealed.

No network, no database. Ends with 0 where it is proved, 1 where it is not, 2 where the two cannot
be used. Says in Chinese and English what the proof shows, and what it does not; the words stand in
`verify.html`, the page that does the same.
"""

import argparse
import json
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from hashlib import file_digest
from pathlib import Path
from typing import Any

from shared.merkle.ed25519 import verify
from shared.merkle.notes import Key, Malformed, key_in
from shared.merkle.proofs import Proved, check
from shared.merkle.tree import BadProof

LANGUAGES = ("zh", "en")
LARGEST_PROOF = 1024 * 1024
"""Bytes."""

_WORDS = re.compile(r'<script id="words" type="application/json">(.*?)</script>', re.DOTALL)

Statement = tuple[str, Mapping[str, Any]]


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m services.ledger.verify", description=__doc__)
    parser.add_argument("file", type=Path, help="what is said to have been sealed")
    parser.add_argument("proof", type=Path, help="the JSON document of GET /proof")
    parser.add_argument(
        "--key", action="append", default=[], help="a key of the ledger that you trust"
    )
    parser.add_argument("--witness", action="append", default=[], help="a witness's key")
    options = parser.parse_args(arguments)
    try:
        keys, witnesses = _keys(options.key), _keys(options.witness)
        with options.file.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
        proved = check(_proof(options.proof), digest, verify, keys, witnesses)
    except BadProof as bad:
        _tell([("not-proved", {"why": bad})])
        return 1
    except (Malformed, OSError) as unusable:
        _tell([("unusable", {"why": unusable})])
        return 2
    shows, shows_not = statements(proved)
    _tell([("proved", {}), ("shows", {}), *shows, ("shows-not", {}), *shows_not])
    return 0


def statements(proved: Proved) -> tuple[list[Statement], list[Statement]]:
    """What a proof shows, and what it does not."""
    entry, head = proved.entry, proved.head
    values = {
        "digest": entry.digest,
        "kind": entry.kind,
        "source": entry.source,
        "time": entry.time,
        "log": head.origin,
        "number": proved.index + 1,
        "size": head.size,
        "signed": _moment(proved.signed),
        "fingerprint": proved.keys[-1].fingerprint,
    }
    shows: list[Statement] = [("is-sealed", values), ("no-later", values), ("no-change", {})]
    shows_not: list[Statement] = []
    if proved.trusted:
        shows.append(("key-trusted", {}))
    else:
        shows_not.append(("not-key", values))
    shows += [
        ("witnessed", {"name": name, "time": _moment(seconds)})
        for name, seconds in proved.witnessed
    ]
    if not proved.witnessed:
        shows_not.append(("not-everybody", {}))
    shows_not += [("not-in-force", {}), ("not-true", {}), ("not-when", {})]
    return shows, shows_not


@cache
def words() -> dict[str, dict[str, str]]:
    """What is said, by language and name."""
    page = Path(__file__).with_name("verify.html").read_text(encoding="utf-8")
    found = _WORDS.search(page)
    assert found is not None, "the page has its words"
    read: dict[str, dict[str, str]] = json.loads(found[1])
    return read


def _tell(statements: Sequence[Statement]) -> None:
    for language in LANGUAGES:
        for name, values in statements:
            text = words()[language][name].format_map(dict(values))
            print(text if name in _TITLES else f"- {text}")
        print()


_TITLES = {"proved", "not-proved", "unusable", "shows", "shows-not"}


def _proof(path: Path) -> Any:
    if path.stat().st_size > LARGEST_PROOF:
        raise Malformed("the proof is too large")
    try:
        return json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        raise Malformed("the proof is no JSON") from None


def _keys(texts: Sequence[str]) -> list[Key]:
    return [key_in(text) for text in texts]


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


if __name__ == "__main__":
    sys.exit(main())
