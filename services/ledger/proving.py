"""What proofs are made of: reads the tiles that a question needs, and no more."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.ledger.domain.log.head import KeptHead, head, head_id
from services.ledger.domain.log.log import LOG, TILE_LEVELS, Log, log
from services.ledger.domain.log.tile import WIDTH, Tile, tile, tile_id
from services.ledger.views.log import latest_head, tiles_with
from shared.merkle.entries import Entry
from shared.merkle.notes import KeyLine, Malformed, key_in, note_in
from shared.merkle.tree import (
    Node,
    Range,
    consistency_ranges,
    frontier_of,
    hash_of,
    inclusion_ranges,
    nodes_in,
    root_of,
)
from shared.runtime.problems import unavailable
from shared.runtime.store import Store


@dataclass(frozen=True, slots=True)
class Found:
    """An entry and its place in the log."""

    index: int
    entry: Entry


async def the_log(store: Store) -> Log:
    """The log as it is now."""
    known = await store.get(log, LOG)
    return Log() if known is None else known.state


async def last_head(store: Store) -> KeptHead | None:
    """The latest head of which everything has been kept."""
    page = await store.journal.find(head.kind, latest_head())
    return store.read(head, page.items[0]) if page.items else None


async def head_of(store: Store, size: int) -> KeptHead | None:
    """The head that was signed of this size."""
    known = await store.get(head, head_id(size))
    return None if known is None else known.state


async def with_digest(store: Store, digest: str) -> list[Found]:
    """The entries with a digest, in the order of the log."""
    page = await store.journal.find(tile.kind, tiles_with(digest))
    tiles = [store.read(tile, stored) for stored in page.items]
    return [
        Found(one.number * WIDTH + place, entry)
        for one in tiles
        for place, entry in enumerate(one.entries)
        if entry is not None and entry.digest == digest
    ]


async def entries_between(store: Store, first: int, end: int) -> list[Found]:
    """The entries from `first` until before `end`, as far as they have been kept without a gap."""
    numbers = range(first // WIDTH, -(-end // WIDTH))
    tiles = await _tiles(store, (tile_id(0, number) for number in numbers))
    found: list[Found] = []
    for index in range(first, end):
        one = tiles.get(tile_id(0, index // WIDTH), Tile())
        place = index % WIDTH
        entry = one.entries[place] if place < len(one.entries) else None
        if entry is None:
            break
        found.append(Found(index, entry))
    return found


async def is_behind(store: Store) -> bool:
    """Whether something was sealed that has not been kept yet."""
    size = (await the_log(store)).size
    return size > 0 and not await entries_between(store, size - 1, size)


async def inclusion(store: Store, index: int, size: int) -> list[bytes]:
    """The proof that the leaf `index` is in the tree of `size`. Raises `Problem` 503 where what it
    takes has not been kept yet.
    """
    return await _hashes(store, inclusion_ranges(index, size))


async def consistency(store: Store, old: int, size: int) -> list[bytes]:
    """The proof that the tree of `old` is the beginning of that of `size`. Raises `Problem` 503."""
    return await _hashes(store, consistency_ranges(old, size) if old else [])


def keys_until(keys: Sequence[KeyLine], note: str) -> list[KeyLine]:
    """The log's keys from the first to the one that signed the note; all where none did."""
    try:
        ids = {one.id for one in note_in(note).signatures}
        signed = [at for at, line in enumerate(keys) if key_in(line.key).id in ids]
    except Malformed:
        signed = []
    return list(keys[: signed[-1] + 1] if signed else keys)


async def _hashes(store: Store, ranges: Sequence[Range]) -> list[bytes]:
    nodes = {node for leaves in ranges for node in nodes_in(leaves)}
    tiles = await _tiles(store, {_tile_of(node) for node in nodes})
    leaves: dict[str, list[bytes | None]] = {id: _in(one) for id, one in tiles.items()}

    def look_up(level: int, index: int) -> bytes:
        begin = (index << level % TILE_LEVELS) % WIDTH
        end = begin + (1 << level % TILE_LEVELS)
        there = leaves.get(_tile_of((level, index)), [])[begin:end]
        hashes = [one for one in there if one is not None]
        if len(hashes) < end - begin:
            raise unavailable()
        return root_of(frontier_of(hashes))

    return [hash_of(one, look_up) for one in ranges]


async def _tiles(store: Store, ids: Iterable[str]) -> dict[str, Tile]:
    found = await store.journal.load(tile.kind, list(ids))
    return {id: store.read(tile, stored) for id, stored in found.items()}


def _tile_of(node: Node) -> str:
    level, index = node
    return tile_id(level // TILE_LEVELS, (index << level % TILE_LEVELS) // WIDTH)


def _in(one: Tile) -> list[bytes | None]:
    if one.level == 0:
        return [None if each is None else each.hash for each in one.entries]
    return [None if each is None else bytes.fromhex(each) for each in one.hashes]
