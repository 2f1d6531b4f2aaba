"""An archive checked without the platform: its files, its streams, the ledger's proofs."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from deploy.archive.contents import PROOFS, Contents, Proof, load
from deploy.archive.sealed import digests_in
from deploy.archive.tables import commits_in
from deploy.backup.files import digest_of
from deploy.backup.troubles import Damaged
from shared.merkle.ed25519 import verify as made_by
from shared.merkle.notes import Key, Malformed
from shared.merkle.proofs import check
from shared.merkle.tree import BadProof
from shared.runtime.journal import Commit


def verify(folder: Path, trusted: Sequence[Key] = ()) -> Contents:
    """What the archive holds, where all of it is right: every file is what was written, every
    stream is there from its beginning on, and everything that the ledger seals of it is proved, or
    said not to have been sealed. With `trusted` keys, no other ledger is believed. Raises
    `Damaged`.
    """
    contents = load(folder)
    for month in contents.months:
        if digest_of(folder / month.file) != month.sha256:
            raise Damaged(f"{month.file} is not what was written")
    if digest_of(folder / PROOFS) != contents.proofs_sha256:
        raise Damaged(f"{PROOFS} is not what was written")
    versions: dict[str, list[int]] = {}
    digests: dict[str, str] = {}
    for month in contents.months:
        count = 0
        for commit in commits_in(folder / month.file):
            count += 1
            versions.setdefault(commit.stream, []).append(commit.version)
            digests |= {one.event: one.digest for one in digests_in(contents.service, commit)}
        if count != month.commits:
            raise Damaged(f"{month.file}: {count} commits, expected {month.commits}")
    for stream, found in versions.items():
        if sorted(found) != list(range(1, len(found) + 1)):
            raise Damaged(f"{stream} is not whole")
    if len(versions) != contents.streams:
        raise Damaged(f"{len(versions)} streams, expected {contents.streams}")
    proved = _proved(folder, digests, trusted)
    if missing := digests.keys() - proved - set(contents.unsealed):
        raise Damaged(f"there is no proof of {', '.join(sorted(missing))}")
    return contents


def _proved(folder: Path, digests: dict[str, str], trusted: Sequence[Key]) -> set[str]:
    proved: set[str] = set()
    for line in (folder / PROOFS).read_bytes().splitlines():
        try:
            one = msgspec.json.decode(line, type=Proof)
            check(one.proof, digests.get(one.event, ""), made_by, trusted)
        except (msgspec.DecodeError, Malformed, BadProof) as error:
            raise Damaged(f"{PROOFS}, line {len(proved) + 1}: {error}") from None
        proved.add(one.event)
    return proved


def read(folder: Path) -> Iterator[Commit]:
    """The commits of an archive, month by month: each stream's in order of version."""
    for month in load(folder).months:
        yield from commits_in(folder / month.file)
