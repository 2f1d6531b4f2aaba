"""A head that was signed, kept by its size, with the signatures of those who witnessed it."""

from dataclasses import dataclass, replace
from datetime import datetime

from shared.contracts.event import Event
from shared.runtime.aggregate import Aggregate, Command, Rejected

MOST_COSIGNATURES = 32


@dataclass(frozen=True)
class KeptHead:
    """`note` is the head as the log signed it; `cosignatures` are the lines of others."""

    size: int = 0
    root: str = ""
    note: str = ""
    cosignatures: tuple[str, ...] = ()

    @property
    def signed(self) -> str:
        """The note with all signatures."""
        return self.note + "".join(self.cosignatures)


@dataclass(frozen=True, slots=True)
class KeepHead(Command):
    """Keeps a head that the log signed."""

    size: int
    root: str
    note: str


@dataclass(frozen=True, slots=True)
class Cosign(Command):
    """Adds the signature line of a witness. The caller has verified it."""

    witness: str
    line: str


@dataclass(frozen=True, slots=True)
class HeadKept(Event):
    """The log signed this head."""

    size: int
    root: str
    note: str


@dataclass(frozen=True, slots=True)
class HeadCosigned(Event):
    """A witness saw that the head follows on those before it, and signed it."""

    witness: str
    line: str


def head_id(size: int) -> str:
    """The id of the head of a size."""
    return str(size)


def decide(command: Command, head: KeptHead, now: datetime) -> list[Event]:
    """What follows from a command."""
    match command:
        case KeepHead(size, root, note):
            return [HeadKept(size, root, note)]
        case Cosign(witness, line) if line not in head.cosignatures and head.note:
            if len(head.cosignatures) >= MOST_COSIGNATURES:
                raise Rejected(
                    "too-many-witnesses",
                    f"no more than {MOST_COSIGNATURES} witnesses sign a head",
                    most=MOST_COSIGNATURES,
                )
            return [HeadCosigned(witness, line)]
    return []


def evolve(head: KeptHead, event: Event) -> KeptHead:
    """The head after an event. Signed anew, with another key, it is witnessed anew."""
    match event:
        case HeadKept(size=size, root=root, note=note):
            return KeptHead(size, root, note)
        case HeadCosigned(witness=witness, line=line):
            others = (each for each in head.cosignatures if _witness(each) != witness)
            return replace(head, cosignatures=(*others, line))
    return head


def _witness(line: str) -> str:
    return line.split(" ")[1]


head = Aggregate(
    kind="head",
    initial=KeptHead(),
    decide=decide,
    evolve=evolve,
    events=(HeadKept, HeadCosigned),
)
