"""The log: an append-only Merkle tree by RFC 6962 over digests, and its signed heads.

The state is what the tree grows from (`shared.merkle.tree`: its frontier), not the tree. A head is
signed as soon as `SIGN_EVERY` entries have none, or the first of them has waited `SIGN_WITHIN`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.contracts.event import Event
from shared.contracts.ledger.log import EntriesSealed, LogKeyFollowed, TreeHeadSigned
from shared.merkle.entries import Entry
from shared.merkle.notes import Head, KeyLine, Note, Signature, succession_body
from shared.merkle.tree import grown, root_of
from shared.runtime.aggregate import Aggregate, Command, Tick, Together

LOG = "main"
"""The id of the only log that a ledger keeps."""
SIGN_EVERY = 1_000
SIGN_WITHIN = timedelta(seconds=2)
TILE_LEVELS = 8
"""A tile has 2**8 hashes; the nodes of every eighth level are kept."""


class NotVouchedFor(Exception):
    """The log is to sign with a key that the one before it does not vouch for: that one's private
    half is needed once more.
    """


@dataclass(frozen=True)
class Log:
    """`frontier` are hashes in hex. `head` is the signed note of the latest head, of `signed_size`
    entries; `unsigned_since` is when the first entry after it was sealed. `keys` are those that
    ever signed, the present one last.
    """

    size: int = 0
    frontier: tuple[str, ...] = ()
    head: str = ""
    signed_size: int = 0
    unsigned_since: datetime | None = None
    keys: tuple[KeyLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Signing:
    """What signs: the key with which heads are signed now, how, and how a former key (a line of
    text) signs a text once more, None where its private half is not at hand.
    """

    origin: str
    key: str
    sign: Callable[[str, int], Signature]
    vouch: Callable[[str, str, int], Signature | None]


@dataclass(frozen=True, slots=True)
class Seal(Command):
    """Puts a digest into the log. The caller sees to it that its fields look as they must."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class SealAll(Command):
    """Puts several into the log, in this order."""

    entries: tuple[Entry, ...]


def together(commands: Sequence[Seal]) -> SealAll:
    """Several that arrive at once, as one."""
    return SealAll(tuple(each.entry for each in commands))


def decide(command: Command, log: Log, now: datetime, signing: Signing) -> list[Event]:
    """What follows from a command."""
    match command:
        case Seal(entry):
            return sealed(log, (entry,), now, signing)
        case SealAll(entries):
            return sealed(log, entries, now, signing)
        case Tick() if (moment := due(log)) is not None and now >= moment:
            return signed(log, now, signing)
    return []


def sealed(log: Log, entries: Sequence[Entry], now: datetime, signing: Signing) -> list[Event]:
    """The entries come next; where many have no head, it is signed at once."""
    frontier, size = _bytes(log.frontier), log.size
    tiles: list[tuple[int, int, str]] = []
    for entry in entries:
        frontier, completed = grown(frontier, size, entry.hash)
        tiles += [
            (level, size >> level, completed[level].hex())
            for level in range(TILE_LEVELS, len(completed), TILE_LEVELS)
        ]
        size += 1
    told = tuple((each.digest, each.kind, each.source, each.time) for each in entries)
    growth = EntriesSealed(LOG, log.size, told, now, tuple(tiles))
    if size - log.signed_size < SIGN_EVERY:
        return [growth]
    after = replace(log, size=size, frontier=_texts(frontier))
    try:
        return [growth, *signed(after, now, signing)]
    except NotVouchedFor:
        return [growth]  # sealing goes on; the clock says that signing does not


def signed(log: Log, now: datetime, signing: Signing) -> list[Event]:
    """A head of all entries until now. Raises `NotVouchedFor`."""
    seconds = int(now.timestamp())
    frontier = _bytes(log.frontier)
    head = Head(signing.origin, log.size, root_of(frontier))
    note = Note(head.body, (signing.sign(head.body, seconds),))
    return [
        *_key(log, seconds, signing),
        TreeHeadSigned(LOG, log.size, head.root.hex(), log.frontier, str(note)),
    ]


def _key(log: Log, seconds: int, signing: Signing) -> list[Event]:
    if not log.keys:
        return [LogKeyFollowed(LOG, signing.key)]
    former = log.keys[-1].key
    if former == signing.key:
        return []
    body = succession_body(signing.origin, signing.key)
    vouched = signing.vouch(former, body, seconds)
    if vouched is None:
        raise NotVouchedFor
    return [LogKeyFollowed(LOG, signing.key, str(Note(body, (vouched,))))]


def evolve(log: Log, event: Event) -> Log:
    """The log after an event."""
    match event:
        case EntriesSealed(entries=entries, sealed_at=sealed_at):
            frontier, size = _bytes(log.frontier), log.size
            for each in entries:
                frontier, _ = grown(frontier, size, Entry(*each).hash)
                size += 1
            return replace(
                log,
                size=size,
                frontier=_texts(frontier),
                unsigned_since=log.unsigned_since or sealed_at,
            )
        case TreeHeadSigned(size=size, note=note):
            return replace(log, head=note, signed_size=size, unsigned_since=None)
        case LogKeyFollowed(key=key, succession=succession):
            return replace(log, keys=(*log.keys, KeyLine(key, succession)))
    return log


def due(log: Log) -> datetime | None:
    """When the entries without a head have waited long enough."""
    return None if log.unsigned_since is None else log.unsigned_since + SIGN_WITHIN


def _bytes(texts: Sequence[str]) -> list[bytes]:
    return [bytes.fromhex(each) for each in texts]


def _texts(hashes: Sequence[bytes]) -> tuple[str, ...]:
    return tuple(each.hex() for each in hashes)


log = Aggregate(
    kind="log",
    initial=Log(),
    decide=decide,
    evolve=evolve,
    events=(EntriesSealed, TreeHeadSigned, LogKeyFollowed),
    due=due,
    together=Together(Seal, together),
)
