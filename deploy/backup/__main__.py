"""`python -m deploy.backup make|keep|verify|restore`: of the local run, or of what `--platform` or
`--secrets` says.
"""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from deploy.backup.keeping import Ages, keep, stamp, wait_until_due
from deploy.backup.making import make
from deploy.backup.manifest import Manifest, load, verify
from deploy.backup.platform import Platform, contained, described, local
from deploy.backup.restoring import restore
from deploy.backup.sealing import key_in
from deploy.local.layout import LocalError, var


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; the exit code: 1 where a person has to put something right."""
    options = parser().parse_args(arguments)
    try:
        return int(options.do(options))
    except LocalError as error:
        print(error, file=sys.stderr)
        return 1


def _make(options: argparse.Namespace) -> int:
    folder = options.to or var() / "backups" / stamp()
    if folder.exists():
        raise LocalError(f"{folder} is there already: a backup gets a folder of its own")
    began = time.monotonic()
    _told(folder, make(_platform(options), folder, _key(options)), began)
    return 0


def _keep(options: argparse.Namespace) -> int:
    platform, key, ages = _platform(options), _key(options), Ages.read(options.keep)
    if not options.root.is_dir():
        raise LocalError(f"{options.root}: expected a folder that backups are kept in")
    apart = options.every or options.scheduled
    every = None if apart is None else timedelta(hours=apart)
    while True:
        if options.every is not None:
            wait_until_due(options.root, timedelta(hours=options.every))
        began = time.monotonic()
        _told(options.root, keep(platform, options.root, key, ages, every=every), began)
        if options.every is None:
            return 0


def _told(folder: Path, manifest: Manifest, began: float) -> None:
    size = sum(one.bytes for store in manifest.stores for one in store.collections)
    took = time.monotonic() - began
    print(f"{folder}: {size / 1e6:.1f} MB as of {manifest.at.isoformat()}, in {took:.0f} s")


def _verify(options: argparse.Namespace) -> int:
    manifest = load(options.folder)
    verify(options.folder, manifest)
    print(f"{options.folder}: every file is what was written at {manifest.at.isoformat()}")
    return 0


def _restore(options: argparse.Namespace) -> int:
    report = options.report or var() / "restored" / stamp()
    began = time.monotonic()
    done = restore(
        _platform(options),
        options.folder,
        _key(options),
        report,
        services=options.only.split(",") if options.only else (),
        replace=options.replace,
    )
    print("\n".join(done.lines()))
    print(f"in {time.monotonic() - began:.0f} s")
    return 0


def hours(text: str) -> float:
    """A number of hours above nought. Raises ValueError."""
    number = float(text)
    if not 0 < number < float("inf"):
        raise ValueError(text)
    return number


def _platform(options: argparse.Namespace) -> Platform:
    if options.secrets:
        return contained(options.secrets, os.environ)
    return described(options.platform) if options.platform else local()


def _key(options: argparse.Namespace) -> bytes | None:
    return key_in(options.key) if options.key else None


def parser() -> argparse.ArgumentParser:
    """What may be said on the command line."""
    whole = argparse.ArgumentParser(prog="python -m deploy.backup", description=__doc__)
    commands = whole.add_subparsers(required=True, metavar="COMMAND")
    there = argparse.ArgumentParser(add_help=False)
    there.add_argument("--platform", type=Path, help="YAML: where stores and Kafka are")
    there.add_argument("--secrets", type=Path, help="in a container: <service>_backup_uri lie here")
    there.add_argument("--key", type=Path, help="file with the key that seals the backup")

    command = commands.add_parser("make", parents=[there], help="back up, while services run")
    command.add_argument("--to", type=Path, help="a new folder (var/backups/<time>)")
    command.set_defaults(do=_make)

    command = commands.add_parser("keep", parents=[there], help="back up, throw away old ones")
    command.add_argument("--in", dest="root", type=Path, required=True, help="the folder of all")
    command.add_argument(
        "--keep",
        default="2,31,366",
        help="days for which all are kept, the last of each day, the last of each month",
    )
    again = command.add_mutually_exclusive_group()
    again.add_argument("--every", type=hours, help="hours: go on, with one each time (once)")
    again.add_argument(
        "--scheduled", type=hours, help="hours after which something else starts this again"
    )
    command.set_defaults(do=_keep)

    command = commands.add_parser("verify", help="compare every file with its digest")
    command.add_argument("folder", type=Path)
    command.set_defaults(do=_verify)

    command = commands.add_parser("restore", parents=[there], help="put back, services stopped")
    command.add_argument("folder", type=Path)
    command.add_argument("--only", help="these services, with commas between them")
    command.add_argument("--replace", action="store_true", help="throw away what stores have now")
    command.add_argument("--report", type=Path, help="a new folder (var/restored/<time>)")
    command.set_defaults(do=_restore)
    return whole


if __name__ == "__main__":
    sys.exit(main())
