"""An archive made of a service's commits."""

from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from deploy.archive.contents import FORMAT, PROOFS, Contents, Month, Proof, save
from deploy.archive.sealed import Digest, Ledger, digests_in
from deploy.archive.tables import Table
from deploy.backup.files import digest_of, private_folder, write_private
from shared.runtime.journal import Commit, Journal
from shared.runtime.service import Service

STREAMS_AT_ONCE = 200


async def archive(
    service: Service, journal: Journal, ledger: Ledger, before: datetime, folder: Path
) -> Contents:
    """Writes the commits of all streams that ended before then into a new folder, a file for each
    month, with the ledger's proofs. Nothing is taken out of the store.

    Raises LocalError where the ledger does not answer.
    """
    private_folder(folder)
    tables: dict[str, Table] = {}
    digests: list[Digest] = []
    streams = 0
    with ExitStack() as open_files:
        async for histories in _ended(service, journal, before):
            for commits in histories:
                streams += 1
                for commit in commits:
                    month = commit.at.astimezone(UTC).strftime("%Y-%m")
                    if month not in tables:
                        table = Table(folder / f"{service.name}-{month}.parquet")
                        tables[month] = open_files.enter_context(table)
                    tables[month].add(commit)
                    digests += digests_in(service.name, commit)
        months = [_written(month, table) for month, table in sorted(tables.items())]
    proofs, unsealed = _proved(ledger, digests)
    write_private(folder / PROOFS, (msgspec.json.encode(one) + b"\n" for one in proofs))
    contents = Contents(
        FORMAT,
        service.name,
        before,
        datetime.now(UTC),
        streams,
        months,
        len(proofs),
        digest_of(folder / PROOFS),
        unsealed,
        ledger.checkpoint(),
    )
    save(folder, contents)
    return contents


async def _ended(
    service: Service, journal: Journal, before: datetime
) -> AsyncIterator[list[list[Commit]]]:
    """Histories of streams in which nothing happened since, and nothing is going to by itself."""
    for aggregate in service.aggregates:
        waiting: list[str] = []
        async for stored in journal.all(aggregate.kind):
            if stored.due is None and stored.at < before:
                waiting.append(aggregate.stream(stored.id))
            if len(waiting) == STREAMS_AT_ONCE:
                yield await _whole(journal, waiting, before)
                waiting = []
        yield await _whole(journal, waiting, before)


async def _whole(journal: Journal, streams: Sequence[str], before: datetime) -> list[list[Commit]]:
    histories = await journal.histories(streams)
    # What began again while the states were read stays for the next archive.
    return [commits for commits in histories.values() if commits[-1].at < before]


def _written(month: str, table: Table) -> Month:
    table.end()
    return Month(month, table.file.name, table.commits, digest_of(table.file))


def _proved(ledger: Ledger, digests: Sequence[Digest]) -> tuple[list[Proof], list[str]]:
    proofs, unsealed = [], []
    for one in digests:
        proof = ledger.proof(one)
        if proof is None:
            unsealed.append(one.event)
        else:
            proofs.append(Proof(one.event, one.digest, proof))
    return proofs, unsealed
