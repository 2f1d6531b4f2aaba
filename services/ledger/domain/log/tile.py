"""A tile: what proofs need of the tree, kept where it is found: 256 entries in a row, or the hashes
of 256 nodes of a level that is a multiple of 8.

Tiles are fed by the log's own events. Each says where its entries belong, so that it does not
matter in which order they come, or whether one is missing for a while.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from shared.contracts.event import Event
from shared.merkle.entries import Entry
from shared.runtime.aggregate import Aggregate, Command

T = TypeVar("T")

WIDTH = 256


@dataclass(frozen=True)
class Tile:
    """Those of level 0 have `entries`, the others `hashes` in hex; None stands where something is
    still missing. `number` counts the tiles of a level from the left.
    """

    level: int = 0
    number: int = 0
    entries: tuple[Entry | None, ...] = ()
    hashes: tuple[str | None, ...] = ()


@dataclass(frozen=True, slots=True)
class KeepEntries(Command):
    """Keeps entries from a place in the tile on."""

    number: int
    place: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class KeepHashes(Command):
    """Keeps the hashes of nodes from a place in the tile on."""

    level: int
    number: int
    place: int
    hashes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EntriesKept(Event):
    """They stand in the tile from a place on."""

    number: int
    place: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class HashesKept(Event):
    """They stand in the tile from a place on."""

    level: int
    number: int
    place: int
    hashes: tuple[str, ...]


def tile_id(level: int, number: int) -> str:
    """The id of a tile."""
    return f"{level}-{number}"


def decide(command: Command, tile: Tile, now: datetime) -> list[Event]:
    """What follows from a command."""
    match command:
        case KeepEntries(number, place, entries):
            return [EntriesKept(number, place, entries)]
        case KeepHashes(level, number, place, hashes):
            return [HashesKept(level, number, place, hashes)]
    return []


def evolve(tile: Tile, event: Event) -> Tile:
    """The tile after an event."""
    match event:
        case EntriesKept(number=number, place=place, entries=entries):
            return replace(tile, number=number, entries=_put(tile.entries, place, entries))
        case HashesKept(level=level, number=number, place=place, hashes=hashes):
            kept = _put(tile.hashes, place, hashes)
            return replace(tile, level=level, number=number, hashes=kept)
    return tile


def _put(kept: tuple[T | None, ...], place: int, more: tuple[T, ...]) -> tuple[T | None, ...]:
    end = place + len(more)
    missing = (None,) * max(0, place - len(kept))
    return (*kept[:place], *missing, *more, *kept[end:])


tile = Aggregate(
    kind="tile",
    initial=Tile(),
    decide=decide,
    evolve=evolve,
    events=(EntriesKept, HashesKept),
)
