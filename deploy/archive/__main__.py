"""`python -m deploy.archive write SERVICE --before 2026-01-01 | verify FOLDER`.

`write` takes the service's settings from the environment, as tools do, and asks the ledger at
`--ledger` for proofs. `verify` needs nothing but the folder; with `--key` it believes no other
ledger. Exit code 1 where something is wrong with the archive, 2 for wrong settings, 3 where the
store cannot be reached.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from deploy.archive.sealed import Ledger
from deploy.archive.verifying import verify
from deploy.archive.writing import archive
from deploy.local.layout import LocalError, var
from deploy.local.stack import service_url
from shared.merkle.notes import Malformed, key_in
from shared.runtime.journal import Journal
from shared.runtime.service import Service
from shared.runtime.settings import Settings
from shared.runtime.tools.replay import moment
from shared.runtime.tools.service_at_hand import run


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; the exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.do(options))
    except (LocalError, Malformed) as error:
        print(error, file=sys.stderr)
        return 1


def _write(options: argparse.Namespace) -> int:
    try:
        before = moment(options.before)
    except ValueError:
        before = None
    if before is None or before > datetime.now(UTC):
        raise LocalError("--before: expected a date in the past, such as 2026-01-01")
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    folder = options.to or var() / "archives" / f"{options.service}-{stamp}"

    async def write(service: Service, journal: Journal, settings: Settings) -> int:
        ledger = Ledger(options.ledger)
        try:
            contents = await archive(service, journal, ledger, before, folder)
        finally:
            ledger.close()
        commits = sum(month.commits for month in contents.months)
        print(
            f"{folder}: {commits} commits of {contents.streams} streams, {contents.proofs} proofs, "
            f"{len(contents.unsealed)} digests that the ledger does not have"
        )
        return 0

    return run(options.service, write)


def _verify(options: argparse.Namespace) -> int:
    contents = verify(options.folder, [key_in(key) for key in options.key])
    commits = sum(month.commits for month in contents.months)
    print(
        f"{options.folder}: {commits} commits of {contents.streams} whole streams of "
        f"{contents.service}, {contents.proofs} proofs, all as they were written"
    )
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy.archive", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("write", help="archive streams that have ended")
    command.add_argument("service")
    command.add_argument("--before", required=True, help="a date (Asia/Shanghai) or RFC 3339 time")
    command.add_argument("--ledger", default=service_url("ledger"), help="the ledger's address")
    command.add_argument("--to", type=Path, help="a new folder (var/archives/<service>-<time>)")
    command.set_defaults(do=_write)
    command = commands.add_parser("verify", help="check an archive, offline")
    command.add_argument("folder", type=Path)
    command.add_argument("--key", action="append", default=[], help="a ledger's public key")
    command.set_defaults(do=_verify)
    return parser


if __name__ == "__main__":
    sys.exit(main())
