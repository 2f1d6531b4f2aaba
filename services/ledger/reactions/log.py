"""What follows for the log: events with a digest are sealed, once each, in the order they come;
what was sealed is kept where proofs find it.

A service whose events carry digests needs one row of `SEALED`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC
from itertools import groupby
from typing import Any

from services.ledger.domain.log.head import KeepHead, head, head_id
from services.ledger.domain.log.log import LOG, TILE_LEVELS, Seal, log
from services.ledger.domain.log.tile import WIDTH, KeepEntries, KeepHashes, tile, tile_id
from shared.contracts.event import Event
from shared.contracts.ledger import EntriesSealed, TreeHeadSigned
from shared.contracts.mediation import (
    AgreementInForce,
    AgreementKept,
    AgreementSigned,
    EvidenceFiled,
    EvidenceWithdrawn,
)
from shared.contracts.volunteering import CertificateIssued, CertificateWithdrawn
from shared.merkle.entries import Entry, checked
from shared.runtime.aggregate import Aggregate, Command
from shared.runtime.reactions import About, Do, Reactions

reactions = Reactions()


@dataclass(frozen=True, slots=True)
class Row:
    """What an event is sealed as: the kind of its entry, and which field has the digest (SHA-256 in
    hex). Who it concerns is not sealed: a log is for ever, and for everybody.
    """

    kind: str
    digest: Callable[[Any], str] = lambda event: str(event.digest)


SEALED: Mapping[type[Event], Row] = {
    CertificateIssued: Row("certificate"),
    CertificateWithdrawn: Row("withdrawal"),
    EvidenceFiled: Row("evidence"),
    EvidenceWithdrawn: Row("evidence-withdrawal"),
    AgreementSigned: Row("agreement"),
    AgreementInForce: Row("agreement-in-force"),
    AgreementKept: Row("agreement-kept"),
}
"""The events of others that are sealed."""


def entry_of(event: Event, about: About) -> Entry:
    """The entry that an event is sealed as. Raises `shared.merkle.notes.Malformed`."""
    row = SEALED[type(event)]
    time = about.time.astimezone(UTC).isoformat(timespec="milliseconds")
    return checked(
        Entry(row.digest(event).lower(), row.kind, about.id, time.replace("+00:00", "Z"))
    )


@reactions.on(*SEALED)
async def seal(event: Event, about: About, do: Do) -> None:
    """Once for each event; those that come together are one step of the log."""
    await do(log, LOG, Seal(entry_of(event, about)))


@reactions.on(EntriesSealed)
async def keep_entries(event: EntriesSealed, about: About, do: Do) -> None:
    """Each in its tile, and the nodes that they completed in theirs."""
    await do.many(_kept(event))


@reactions.on(TreeHeadSigned)
async def keep_head(event: TreeHeadSigned, about: About, do: Do) -> None:
    """By its size. All that it is of has been kept by then: the log's events come in order."""
    await do(head, head_id(event.size), KeepHead(event.size, event.root, event.note))


def _kept(event: EntriesSealed) -> list[tuple[Aggregate[Any], str, Command]]:
    kept: list[tuple[Aggregate[Any], str, Command]] = []
    numbered = enumerate((Entry(*each) for each in event.entries), event.first)
    for number, group in groupby(numbered, key=lambda each: each[0] // WIDTH):
        its = list(group)
        command = KeepEntries(number, its[0][0] % WIDTH, tuple(entry for _, entry in its))
        kept.append((tile, tile_id(0, number), command))
    for (row, number), nodes in groupby(sorted(event.tiles), key=_tile_of):
        those = list(nodes)
        hashes = KeepHashes(row, number, those[0][1] % WIDTH, tuple(hash for _, _, hash in those))
        kept.append((tile, tile_id(row, number), hashes))
    return kept


def _tile_of(node: tuple[int, int, str]) -> tuple[int, int]:
    level, index, _ = node
    return level // TILE_LEVELS, index // WIDTH
