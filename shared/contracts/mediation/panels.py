"""Mediators (和事佬) and 4+X panels. Ids, codes and times.

A panel belongs to one dispute and has its id. `place` is where the dispute lies.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.contracts.event import Event
from shared.contracts.mediation.disputes import DisputeKind


class Conflict(StrEnum):
    """What keeps somebody from mediating between these parties, or from sitting on the panel."""

    PARTY = "party"
    """Is one of them, or speaks for one."""
    KIN = "kin"
    HOUSEHOLD = "household"
    EMPLOYED = "employed"
    """Belongs to an organisation that is a party."""
    ANSWERED = "answered"
    """Has answered the petition that the dispute came of."""
    INTEREST = "interest"
    """Has something to gain or to lose by it."""
    OTHER = "other"


class NotFilled(StrEnum):
    """Why a seat is free again, or why whoever was asked to mediate does not."""

    CONFLICT = "conflict"
    DECLINED = "declined"
    ERASED = "erased"
    LAPSED = "lapsed"
    REFUSED = "refused"
    REPLACED = "replaced"
    RETIRED = "retired"
    STEPPED_DOWN = "stepped-down"
    SUSPENDED = "suspended"


# --- mediators -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MediatorRegistered(Event):
    """Somebody mediates from now on, until the term ends."""

    mediator: str
    place: str
    until: datetime


@dataclass(frozen=True, slots=True)
class MediatorTermSet(Event):
    """The term ends then."""

    mediator: str
    place: str
    until: datetime


@dataclass(frozen=True, slots=True)
class MediatorTrained(Event):
    """Took part in this training, which holds until then; None: for good."""

    mediator: str
    training: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class MediatorValidityEnding(Event):
    """The term (`what` is ``term``), or the training of that code, ends soon."""

    mediator: str
    place: str
    what: str
    until: datetime


@dataclass(frozen=True, slots=True)
class MediatorSuspended(Event):
    """Mediates nothing until resumed; cases at hand go to others."""

    mediator: str
    place: str
    by: str


@dataclass(frozen=True, slots=True)
class MediatorResumed(Event):
    """Mediates again."""

    mediator: str
    place: str
    by: str


@dataclass(frozen=True, slots=True)
class MediatorRetired(Event):
    """Mediates no more: ``retired``, ``erased``, ``term`` (what is at hand is brought to its end
    then). `by` is None for time and for erasure.
    """

    mediator: str
    place: str
    because: str
    by: str | None


@dataclass(frozen=True, slots=True)
class PanelOpened(Event):
    """A dispute was filed: its panel has the fixed seats, all vacant."""

    dispute: str
    kind: DisputeKind
    place: str
    path: tuple[str, ...]
    petition: str | None


# --- the mediator of a dispute -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MediatorAsked(Event):
    """Is asked to mediate, and answers until then. `by` is the convenor."""

    dispute: str
    mediator: str
    place: str
    by: str
    until: datetime


@dataclass(frozen=True, slots=True)
class MediatorNotWon(Event):
    """Whoever was asked does not mediate. `convenor` asked them."""

    dispute: str
    mediator: str
    place: str
    because: NotFilled
    convenor: str


@dataclass(frozen=True, slots=True)
class MediatorAppointed(Event):
    """Has accepted and mediates from now on; `parties` are all who speak for one."""

    dispute: str
    mediator: str
    place: str
    parties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MediatorReleased(Event):
    """Mediates this dispute no more."""

    dispute: str
    mediator: str
    because: NotFilled


@dataclass(frozen=True, slots=True)
class MediatorSought(Event):
    """Nobody is left to be asked: the convenor names others."""

    dispute: str
    place: str
    convenor: str


# --- the seats of a panel ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PanelMemberAsked(Event):
    """Is asked to take this seat: declares what ties them to the parties until then."""

    dispute: str
    person: str
    seat: str
    place: str
    by: str
    until: datetime


@dataclass(frozen=True, slots=True)
class PanelMemberSeated(Event):
    """Has declared that nothing ties them to the parties, and sits from now on."""

    dispute: str
    person: str
    seat: str


@dataclass(frozen=True, slots=True)
class PanelMemberLeft(Event):
    """Sits no more."""

    dispute: str
    person: str
    seat: str


@dataclass(frozen=True, slots=True)
class PanelSeatVacant(Event):
    """The seat has nobody, and nobody is left to be asked: the convenor names somebody else."""

    dispute: str
    seat: str
    place: str
    because: NotFilled
    convenor: str


@dataclass(frozen=True, slots=True)
class PanelComplete(Event):
    """There is a mediator and enough members: these; told again when another one sits."""

    dispute: str
    members: tuple[str, ...]
