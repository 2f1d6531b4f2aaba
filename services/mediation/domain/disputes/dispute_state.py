"""A dispute as it stands: the fold of its events."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from shared.contracts.mediation.disputes import (
    DisputeAwaits,
    DisputeKind,
    EndedBecause,
    Outcome,
    PassedTo,
    RiskKind,
)
from shared.contracts.types import PlaceKind


class Status(StrEnum):
    """How far a dispute has come. In `AGREED` an agreement is signed, and not yet in force."""

    NONE = "none"
    FILED = "filed"
    INVITED = "invited"
    MEDIATING = "mediating"
    AGREED = "agreed"
    ENDED = "ended"


class Consent(StrEnum):
    """Whether a party takes part."""

    OPEN = "open"
    AGREED = "agreed"
    DECLINED = "declined"
    LEFT = "left"


WITHIN = frozenset({Consent.OPEN, Consent.AGREED})


@dataclass(frozen=True)
class Party:
    """A person or an organisation. Parties of one `side` stand together. `representative` speaks
    for the party; a person with one may still speak, too. Of who was erased nothing is left but
    key, side and consent.
    """

    key: str
    side: str
    person: str | None
    organisation: str | None
    representative: str | None = None
    household: str | None = None
    consent: Consent = Consent.OPEN

    @property
    def speaker(self) -> str | None:
        """Who is written to: the representative, else the person."""
        return self.representative or self.person

    @property
    def people(self) -> tuple[str, ...]:
        """The person and who represents the party."""
        return tuple(
            dict.fromkeys(one for one in (self.person, self.representative) if one is not None)
        )

    @property
    def within(self) -> bool:
        """It has neither declined nor left."""
        return self.consent in WITHIN


@dataclass(frozen=True)
class Extension:
    """Who proposed to go on until when, and which parties consent so far."""

    proposed_by: str
    until: datetime
    consents: tuple[str, ...] = ()


@dataclass(frozen=True)
class FollowUp:
    """A round of asking whether it holds, with the answers by party; open until then."""

    round: int
    until: datetime
    answers: tuple[tuple[str, bool], ...] = ()
    open: bool = True


@dataclass(frozen=True)
class Oral:
    """The record of what was agreed by word of mouth, and the parties that have confirmed it."""

    number: int
    confirms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wait:
    """What has to be done by when."""

    awaits: DisputeAwaits
    by: datetime


@dataclass(frozen=True)
class Dispute:
    """`people` are all who are or were a party or spoke for one. `filed_for` is the party whose
    matter it is. `until` is the end of the invitation, then of mediation; `left` what remained of
    it when an agreement was signed; `agreements` are all that were. `alerted` were told of a
    risk. `days` is how long mediation lasted; `holds` the last that was heard of a settlement.
    `oral` is the present record of what was agreed by word of mouth, `records` how many there were.
    `circles` counts how often somebody came to take part, or did so no more.
    """

    dispute: str = ""
    status: Status = Status.NONE
    kind: DisputeKind = DisputeKind.OTHER
    place: str = ""
    path: tuple[str, ...] = ()
    filed_by: str | None = None
    filed: datetime | None = None
    filed_for: str = ""
    petition: str | None = None
    linked: bool = False
    parties: tuple[Party, ...] = ()
    people: tuple[str, ...] = ()
    consents: tuple[tuple[str, str], ...] = ()
    risks: tuple[RiskKind, ...] = ()
    alerted: tuple[str, ...] = ()
    mediator: str | None = None
    panel: tuple[str, ...] = ()
    begun: datetime | None = None
    until: datetime | None = None
    told: bool = False
    extension: Extension | None = None
    extended: bool = False
    agreement: str | None = None
    agreements: tuple[str, ...] = ()
    left: timedelta | None = None
    ended: datetime | None = None
    days: int | None = None
    outcome: Outcome | None = None
    because: EndedBecause | None = None
    passed_to: PassedTo | None = None
    asks: tuple[datetime, ...] = ()
    follow_up: FollowUp | None = None
    holds: bool | None = None
    reopen_until: datetime | None = None
    reopened: int = 0
    wait: Wait | None = None
    late: DisputeAwaits | None = None
    circles: int = 0
    oral: Oral | None = None
    records: int = 0

    @property
    def settled_orally(self) -> bool:
        """Whether it ended with what was agreed by word of mouth."""
        over = self.status is Status.ENDED and self.outcome is Outcome.SETTLED
        return over and self.oral is not None and self.agreement is None

    def within(self) -> tuple[Party, ...]:
        """The parties that have neither declined nor left."""
        return tuple(one for one in self.parties if one.within)

    def speakers(self) -> tuple[str, ...]:
        """All persons who are a party, or represent one, that has neither declined nor left."""
        return tuple(dict.fromkeys(who for one in self.within() for who in one.people))

    def party_of(self, subject: str) -> Party | None:
        """The party that somebody is or represents; one that has left is found, too."""
        return next((one for one in self.parties if subject in one.people), None)

    def side_of(self, subject: str) -> str | None:
        """The side on which somebody is or speaks."""
        party = self.party_of(subject)
        return None if party is None else party.side

    def party(self, key: str) -> Party | None:
        """By its key."""
        return next((one for one in self.parties if one.key == key), None)

    def sides(self) -> frozenset[str]:
        """The sides that still have a party."""
        return frozenset(one.side for one in self.within())


@dataclass(frozen=True)
class Around:
    """What the rules are told: the dispute's id; the place named when it is filed (`kind` is None
    where none is registered); the households of the persons named; who has the duty of the
    police, where; the office that an alarm goes to, and who has the duty there.
    """

    dispute: str
    kind: PlaceKind | None = None
    path: tuple[str, ...] = ()
    closed: bool = False
    homes: Mapping[str, str | None] = field(default_factory=dict)
    police_at: str = ""
    police: str | None = None
    office: str = ""
    person: str | None = None
