"""What can be done with a dispute. `by` is the caller, `org` the organisation they act for."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from shared.contracts.mediation.disputes import DisputeKind, PassedTo, RiskKind
from shared.contracts.types import Id, PlaceCode, Text, Title, Word, at_most, between
from shared.runtime.aggregate import Command

MOST_PARTIES = 20

PartyNumber = Annotated[int, between(1, MOST_PARTIES)]
"""Counted from 1."""


class Side(StrEnum):
    """Parties of one side stand together."""

    A = "a"
    B = "b"
    C = "c"


class ConsentHow(StrEnum):
    """How somebody told staff what they want."""

    SPOKEN = "spoken"
    WRITTEN = "written"


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody said so to staff, in this way, then."""

    how: ConsentHow
    given: datetime


@dataclass(frozen=True, slots=True)
class NamedParty:
    """A `person` or an `organisation` on a side; `name`, `phone` and `address` for who mediates.
    A `representative` is named only for the party that files.
    """

    side: Side
    person: Id | None = None
    organisation: Id | None = None
    representative: Id | None = None
    name: Title | None = None
    phone: Title | None = None
    address: Title | None = None


@dataclass(frozen=True, slots=True)
class FileDispute(Command):
    """Bring a dispute forward: one's own, or (`on_behalf`, staff only) for the party with that
    number among the `parties`, counted from 1, which has agreed. With a `risk` the police are told
    at once, and the others are invited when staff have looked. It may come out of a `petition`.
    """

    by: Id
    org: Id | None
    kind: DisputeKind
    place: PlaceCode
    title: Title
    text: Text
    parties: Annotated[tuple[NamedParty, ...], at_most(MOST_PARTIES)]
    petition: Id | None = None
    risk: RiskKind | None = None
    on_behalf: bool = False
    for_party: PartyNumber = 1
    consent: Told | None = None


@dataclass(frozen=True, slots=True)
class InviteParties(Command):
    """Ask the others, after having looked at the risk."""

    verb = "invite"
    by: Id


@dataclass(frozen=True, slots=True)
class NameRepresentative(Command):
    """Somebody else speaks for the party from now on."""

    by: Id
    org: Id | None
    party: Id
    person: Id


@dataclass(frozen=True, slots=True)
class TellDispute(Command):
    """Say in one's own words what it is about."""

    verb = "tell"
    by: Id
    text: Text
    title: Word = ""


@dataclass(frozen=True, slots=True)
class AgreeToMediate(Command):
    """Take part. Who acts for an organisation for which nobody speaks yet speaks for it then."""

    verb = "agree"
    by: Id
    org: Id | None


@dataclass(frozen=True, slots=True)
class DeclineToMediate(Command):
    """Not take part."""

    verb = "decline"
    by: Id
    org: Id | None
    reason: Word = ""


@dataclass(frozen=True, slots=True)
class RecordAnswer(Command):
    """Write down what a party told staff."""

    by: Id
    party: Id
    agrees: bool
    consent: Told


@dataclass(frozen=True, slots=True)
class LeaveDispute(Command):
    """Take part no more, whenever one wants."""

    verb = "leave"
    by: Id
    reason: Word = ""


@dataclass(frozen=True, slots=True)
class WithdrawDispute(Command):
    """Take it back: who filed it, or for whom it was filed."""

    verb = "withdraw"
    by: Id
    reason: Word = ""


@dataclass(frozen=True, slots=True)
class RaiseRisk(Command):
    """Something may happen at any time: the police are told at once."""

    by: Id
    kind: RiskKind
    text: Word = ""


@dataclass(frozen=True, slots=True)
class ProposeExtension(Command):
    """Go on for as long again. All parties have to consent; it can be extended once."""

    by: Id


@dataclass(frozen=True, slots=True)
class ConsentExtension(Command):
    """Consent to go on."""

    by: Id


@dataclass(frozen=True, slots=True)
class RefuseExtension(Command):
    """Not go on for longer."""

    by: Id


@dataclass(frozen=True, slots=True)
class FailDispute(Command):
    """There will be no agreement."""

    verb = "fail"
    by: Id
    reason: Text


@dataclass(frozen=True, slots=True)
class PassOnDispute(Command):
    """Somebody else has to deal with it."""

    verb = "pass-on"
    by: Id
    to: PassedTo
    reason: Text


@dataclass(frozen=True, slots=True)
class AnswerFollowUp(Command):
    """Whether what was settled holds."""

    by: Id
    holds: bool
    note: Word = ""


@dataclass(frozen=True, slots=True)
class ReopenDispute(Command):
    """Mediate again what does not hold."""

    verb = "reopen"
    by: Id
    reason: Text


# --- what follows from events --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LearnLink(Command):
    """The petition says that the dispute came out of it."""

    petition: str


@dataclass(frozen=True, slots=True)
class LearnMediator(Command):
    """Somebody mediates from now on."""

    mediator: str


@dataclass(frozen=True, slots=True)
class LearnMediatorGone(Command):
    """They mediate no more."""

    mediator: str


@dataclass(frozen=True, slots=True)
class LearnPanel(Command):
    """The panel is complete."""

    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LearnSeatEmpty(Command):
    """Somebody sits on the panel no more."""

    person: str


@dataclass(frozen=True, slots=True)
class LearnSigned(Command):
    """All have signed an agreement."""

    agreement: str


@dataclass(frozen=True, slots=True)
class LearnInForce(Command):
    """It binds: of the whole dispute, or of a part."""

    agreement: str
    whole: bool


@dataclass(frozen=True, slots=True)
class LearnRevoked(Command):
    """It was revoked in its cooling-off."""

    agreement: str


@dataclass(frozen=True, slots=True)
class LearnKept(Command):
    """All that was agreed was done."""

    agreement: str


@dataclass(frozen=True, slots=True)
class LearnBroken(Command):
    """It was broken; `reopen` where the dispute is to be mediated again."""

    agreement: str
    reopen: bool
