"""The events of a dispute that are not published: its parties, its clocks, and all words."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from shared.contracts.event import Event, Personal


@dataclass(frozen=True, slots=True)
class Named:
    """A party as it was named. `household` is the person's, where it is known."""

    key: str
    side: str
    person: str | None
    organisation: str | None
    representative: str | None
    household: str | None


@dataclass(frozen=True, slots=True)
class PartiesNamed(Event):
    """Who is in it; `filed_for` is the party whose matter it is: it has agreed by filing, then."""

    parties: tuple[Named, ...]
    filed_for: str
    filed: datetime


@dataclass(frozen=True, slots=True)
class ConsentRecorded(Event):
    """A party told staff then, in that way, what it wants."""

    party: str
    how: str
    given: datetime


@dataclass(frozen=True, slots=True)
class DisputeWaitsUntil(Event):
    """Somebody has to do something by then."""

    awaits: str
    by: datetime


@dataclass(frozen=True, slots=True)
class ExtensionConsented(Event):
    """The party consents to the extension that was proposed."""

    party: str


@dataclass(frozen=True, slots=True)
class MediatorKnown(Event):
    """Who mediates from now on, or nobody."""

    mediator: str | None


@dataclass(frozen=True, slots=True)
class PanelKnown(Event):
    """Who sits on the panel from now on."""

    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgreementKnown(Event):
    """All have signed it: the clock stops, with so much left."""

    agreement: str
    left: timedelta


@dataclass(frozen=True, slots=True)
class MediationResumed(Event):
    """The agreement was revoked: what was left of the time runs on."""

    until: datetime


@dataclass(frozen=True, slots=True)
class BeginNoted(Event):
    """Mediation began then."""

    begun: datetime


@dataclass(frozen=True, slots=True)
class EndNoted(Event):
    """It ended then; and when it will be asked whether it holds, where something was settled."""

    ended: datetime
    asks: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class SettlementTold(Event):
    """The agreement says of itself that it was kept, or broken."""

    holds: bool


@dataclass(frozen=True, slots=True)
class FollowUpAnswered(Event):
    """What the party says."""

    party: str
    holds: bool


@dataclass(frozen=True, slots=True)
class FollowUpClosed(Event):
    """The round is over."""

    round: int


@dataclass(frozen=True, slots=True)
class FilerForgotten(Event):
    """Who filed it for somebody else was erased."""


@dataclass(frozen=True, slots=True)
class PersonForgotten(Event):
    """Somebody was erased who was in it: no word of the dispute is left, nor who they
    were.
    """

    person: str

    forgets: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class SettlementConfirmed(Event):
    """`by` says for the party that it was settled as the present record says."""

    party: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SettlementWritten(Personal):
    """What was agreed by word of mouth, as the mediator recorded it."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class DisputeTold(Personal):
    """What the quarrel is about, in words of `party`, or (None) of staff."""

    party: str | None
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class PartyContactGiven(Personal):
    """What the party is called, and how to reach it."""

    party: str
    name: str | None
    phone: str | None
    address: str | None


@dataclass(frozen=True, slots=True)
class DisputeReasonGiven(Personal):
    """Why something was done (`verb`), in words of `by`."""

    verb: str
    by: str
    text: str
