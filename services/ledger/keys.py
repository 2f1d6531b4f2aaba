"""``python -m services.ledger.keys new NAME | show``: the keys that the log signs with.

``new`` writes a private key, one line, to standard output: it belongs into the file that
``JINLIN_LEDGER_KEY_FILE`` names, below those before it. ``show`` writes the public halves of the
keys in use, with their fingerprints: what is to be published.
"""

import argparse
import sys
from collections.abc import Sequence

from services.ledger.signing import SECRET, signers_in
from shared.merkle.ed25519 import new_signer
from shared.merkle.notes import Malformed, key_in
from shared.runtime.settings import WrongSettings, read_secret


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m services.ledger.keys", description=__doc__)
    what = parser.add_subparsers(dest="what", required=True)
    new = what.add_parser("new", help="make a key")
    new.add_argument("name", help="the log's name, as an address without https://")
    what.add_parser("show", help="the public keys in use")
    options = parser.parse_args(arguments)
    try:
        if options.what == "new":
            signer = new_signer(options.name)
            key_in(str(signer.key))
            print(signer.secret)
            print(f"{signer.key}\n{signer.key.fingerprint}", file=sys.stderr)
            return 0
        for signer in signers_in(read_secret(SECRET)):
            print(f"{signer.key}\n{signer.key.fingerprint}")
    except (Malformed, WrongSettings) as wrong:
        print(wrong, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
