"""``python -m services.ledger.verify_credential FILE --issuer DID.json [--status-list FILE]``

Checks a credential or a presentation offline: no network, no database. ``--issuer`` is the issuer's
DID document (``/.well-known/did.json``), ``--status-list`` what is published under the address that
the credential names. Ends with 0 where the credential is valid, 1 where it is altered, revoked,
expired or of an unknown issuer, 2 where what was given cannot be used. Says in Chinese and English
what it shows, and what it does not.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from services.ledger.credentials.checking import Verdict, check
from services.ledger.credentials.issuers import WrongKeys, read_did_document, read_moment
from services.ledger.credentials.plain_json import Unreadable, read_json
from services.ledger.credentials.words import said

LARGEST = 4 * 1024 * 1024
"""Bytes of a file."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m services.ledger.verify_credential", description=__doc__
    )
    parser.add_argument("file", type=Path, help="the credential or the presentation")
    parser.add_argument("--issuer", type=Path, required=True, help="the issuer's DID document")
    parser.add_argument("--status-list", type=Path, help="the status list that it names")
    parser.add_argument("--at", help="the time of which is asked; now if left out")
    options = parser.parse_args(arguments)
    try:
        issuer = read_did_document(_read(options.issuer))
        now = datetime.now(UTC) if options.at is None else read_moment(options.at)
        listed = None if options.status_list is None else _read(options.status_list)
        if listed is not None and not isinstance(listed, dict):
            raise Unreadable("the status list is no credential")
        found = check(_read(options.file), issuer, now, listed)
    except (Unreadable, WrongKeys, OSError) as unusable:
        print(f"无法核验 / It cannot be checked: {unusable}", file=sys.stderr)
        return 2
    for sentences in said(found).values():
        print(*sentences, "", sep="\n")
    return 0 if found.verdict is Verdict.VALID else 1


def _read(path: Path) -> Any:
    if path.stat().st_size > LARGEST:
        raise Unreadable(f"{path.name} is too large")
    try:
        return read_json(path.read_bytes())
    except Unreadable as unreadable:
        raise Unreadable(f"{path.name}: {unreadable.reason}") from None


if __name__ == "__main__":
    sys.exit(main())
