"""Status list: which entries of a list were given to credentials, and which of them are revoked.

Entries are given in an order that a seed makes and that looks like none: neither when a credential
was issued nor what came before or after it can be told from its entry. What is scarce belongs to
one stream: no entry is given twice.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from shared.contracts.event import Event
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick

ENTRIES = 131_072
"""In a list: as few as there may be, for who is one of them is nobody."""

_HALF = 9
_ROUNDS = 8
_MASK = (1 << _HALF) - 1


@dataclass(frozen=True)
class StatusList:
    """`last` is the entry given last; in `revoked` the first entry is the leftmost bit."""

    seed: str = ""
    given: int = 0
    last: int = -1
    full: bool = False
    revoked: bytes = b""


@dataclass(frozen=True, slots=True)
class GiveEntry(Command):
    """A credential is to be issued."""


@dataclass(frozen=True, slots=True)
class RevokeEntry(Command):
    """The credential with this entry was revoked."""

    entry: int


@dataclass(frozen=True, slots=True)
class StatusListOpened(Event):
    """The seed makes the order in which entries are given. It is told to nobody."""

    seed: str


@dataclass(frozen=True, slots=True)
class StatusEntryGiven(Event):
    """It belongs to one credential from now on."""

    entry: int


@dataclass(frozen=True, slots=True)
class StatusEntryRevoked(Event):
    """Its bit is set, for ever."""

    entry: int


def decide(command: Command, known: StatusList, now: datetime, seed: str = "") -> list[Event]:
    """What follows from a command; `GiveEntry` is told a seed, in case that the list is new."""
    match command:
        case Tick():
            return []
        case GiveEntry() if not known.seed:
            return [StatusListOpened(seed), StatusEntryGiven(entry_of(0, seed))]
        case GiveEntry() if not known.full:
            return [StatusEntryGiven(entry_of(known.given, known.seed))]
        case RevokeEntry(entry=entry):
            return [] if is_revoked(known, entry) else [StatusEntryRevoked(entry)]
    raise Rejected("status-list-full", "every entry of this list was given: take the next list")


def evolve(known: StatusList, event: Event) -> StatusList:
    """The list after an event."""
    match event:
        case StatusListOpened(seed=seed):
            return replace(known, seed=seed, revoked=bytes(ENTRIES // 8))
        case StatusEntryGiven(entry=entry):
            given = known.given + 1
            return replace(known, given=given, last=entry, full=given == ENTRIES)
        case StatusEntryRevoked(entry=entry):
            bits = bytearray(known.revoked)
            bits[entry // 8] |= 0x80 >> entry % 8
            return replace(known, revoked=bytes(bits))
    return known


def is_revoked(known: StatusList, entry: int) -> bool:
    """Whether the bit of an entry is set."""
    return bool(known.revoked[entry // 8] & 0x80 >> entry % 8)


def entry_of(nth: int, seed: str) -> int:
    """The entry that is given as the `nth`, from 0: another one for each, in an order that follows
    from the seed alone.

    A Feistel network over 18 bits, walked until it ends within the 17 of the list: each round can
    be undone, so no two come to the same entry.
    """
    value = nth
    while True:
        left, right = value >> _HALF, value & _MASK
        for turn in range(_ROUNDS):
            mixed = sha256(f"{seed}:{turn}:{right}".encode()).digest()
            left, right = right, left ^ (int.from_bytes(mixed[:2]) & _MASK)
        value = left << _HALF | right
        if value < ENTRIES:
            return value


status_list = Aggregate(
    kind="status-list",
    initial=StatusList(),
    decide=decide,
    evolve=evolve,
    events=(StatusListOpened, StatusEntryGiven, StatusEntryRevoked),
)
