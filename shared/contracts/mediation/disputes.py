"""Disputes (纠纷): who is in them, whether they agree to mediation, how it ends, whether it holds.

A dispute has parties on sides; each party has a key (``p1``, ``p2``) in it. `parties` are the
subjects of all who are parties or speak for one. `path` runs from the district down to `place`.
What the quarrel is about stands in no event.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.contracts.event import Event


class DisputeKind(StrEnum):
    """邻里 物业 公共空间 噪音 漏水 停车 家庭 劳动 医疗 消费 其他"""

    NEIGHBOURS = "neighbours"
    PROPERTY_COMPANY = "property-company"
    SHARED_SPACE = "shared-space"
    NOISE = "noise"
    WATER_LEAK = "water-leak"
    PARKING = "parking"
    FAMILY = "family"
    LABOUR = "labour"
    MEDICAL = "medical"
    CONSUMER = "consumer"
    OTHER = "other"


class Outcome(StrEnum):
    """How a dispute ended: settled, settled in part, no agreement, taken back, in other hands."""

    SETTLED = "settled"
    PARTLY = "partly"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    PASSED_ON = "passed-on"


class EndedBecause(StrEnum):
    """What ended it."""

    AGREEMENT = "agreement"
    DECLINED = "declined"
    ERASED = "erased"
    LEFT = "left"
    NO_AGREEMENT = "no-agreement"
    NO_ANSWER = "no-answer"
    PASSED_ON = "passed-on"
    TIME_OVER = "time-over"
    WITHDRAWN = "withdrawn"


class PassedTo(StrEnum):
    """Who has it after mediation: 街道 法院 仲裁 公安 职能部门 其他"""

    STREET = "street"
    COURT = "court"
    ARBITRATION = "arbitration"
    POLICE = "police"
    DEPARTMENT = "department"
    OTHER = "other"


class RiskKind(StrEnum):
    """What may happen at any time: to others, to oneself, to things."""

    VIOLENCE = "violence"
    SELF_HARM = "self-harm"
    DAMAGE = "damage"


class DisputeAwaits(StrEnum):
    """What somebody has to do for a dispute, and has not done."""

    INVITATION = "invitation"
    MEDIATOR = "mediator"


@dataclass(frozen=True, slots=True)
class DisputeFiled(Event):
    """A dispute was brought forward. With a `petition` it is said to come out of that; with `risk`
    nobody is invited before staff have looked.
    """

    dispute: str
    kind: DisputeKind
    place: str
    path: tuple[str, ...]
    filed_by: str
    parties: tuple[str, ...]
    petition: str | None
    risk: bool


@dataclass(frozen=True, slots=True)
class DisputeLinked(Event):
    """The petition knows of the dispute: each names the other."""

    dispute: str
    petition: str
    place: str


@dataclass(frozen=True, slots=True)
class PartyInvited(Event):
    """Whether they agree to mediation is asked of who speaks for the party, until then. Of an
    organisation for which nobody speaks yet, `speaker` is None.
    """

    dispute: str
    party: str
    place: str
    speaker: str | None
    organisation: str | None
    until: datetime


@dataclass(frozen=True, slots=True)
class PartyReminded(Event):
    """There is no answer yet."""

    dispute: str
    party: str
    place: str
    speaker: str | None
    organisation: str | None
    until: datetime


@dataclass(frozen=True, slots=True)
class PartyAgreed(Event):
    """The party takes part; `by` is its speaker, or staff who recorded the answer."""

    dispute: str
    party: str
    place: str
    speaker: str | None
    by: str


@dataclass(frozen=True, slots=True)
class PartyDeclined(Event):
    """The party does not take part; `speakers` are those of the others."""

    dispute: str
    party: str
    place: str
    speaker: str | None
    speakers: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True)
class PartyLeft(Event):
    """The party takes part no more; `speakers` are those of the others."""

    dispute: str
    party: str
    place: str
    speaker: str | None
    speakers: tuple[str, ...]
    mediator: str | None


@dataclass(frozen=True, slots=True)
class RepresentativeNamed(Event):
    """`person` speaks for the party from now on, `before` no more."""

    dispute: str
    party: str
    place: str
    person: str
    before: str | None
    by: str


@dataclass(frozen=True, slots=True)
class DisputeRiskRaised(Event):
    """Something may happen at any time: whoever has the duty of the police at `office` is told at
    once, and the community's office. `person` and `informed` are None where nobody is there.
    """

    dispute: str
    kind: RiskKind
    place: str
    path: tuple[str, ...]
    by: str
    office: str
    person: str | None
    informed: str | None


@dataclass(frozen=True, slots=True)
class DisputeBegun(Event):
    """All parties agree: mediation lasts until then."""

    dispute: str
    kind: DisputeKind
    place: str
    path: tuple[str, ...]
    parties: tuple[str, ...]
    until: datetime
    petition: str | None


@dataclass(frozen=True, slots=True)
class DisputeNearsLimit(Event):
    """Mediation ends soon, unless it is extended or an agreement signed."""

    dispute: str
    place: str
    speakers: tuple[str, ...]
    mediator: str | None
    until: datetime


@dataclass(frozen=True, slots=True)
class ExtensionProposed(Event):
    """Somebody proposes to go on until then; `speakers` are to consent."""

    dispute: str
    place: str
    proposed_by: str
    speakers: tuple[str, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class ExtensionRefused(Event):
    """A party does not consent: the limit stays."""

    dispute: str
    place: str
    proposed_by: str
    by: str


@dataclass(frozen=True, slots=True)
class DisputeExtended(Event):
    """All consent: mediation lasts until then. There is no second extension."""

    dispute: str
    place: str
    speakers: tuple[str, ...]
    mediator: str | None
    petition: str | None
    until: datetime


@dataclass(frozen=True, slots=True)
class SettlementRecorded(Event):
    """The mediator has recorded what was agreed by word of mouth: the `speakers` are asked whether
    it was so. With the last of them the dispute ends.
    """

    dispute: str
    place: str
    number: int
    speakers: tuple[str, ...]
    mediator: str


@dataclass(frozen=True, slots=True)
class SettlementObjectedTo(Event):
    """A party says that it was not agreed so: the record is void."""

    dispute: str
    place: str
    number: int
    by: str
    mediator: str | None


@dataclass(frozen=True, slots=True)
class DisputeEnded(Event):
    """Mediation is over. `days` is how long it lasted from its beginning, 0 where it never began;
    `to` who has the dispute now where it was passed on.
    """

    dispute: str
    kind: DisputeKind
    place: str
    path: tuple[str, ...]
    parties: tuple[str, ...]
    mediator: str | None
    petition: str | None
    outcome: Outcome
    because: EndedBecause
    to: PassedTo | None
    days: int


@dataclass(frozen=True, slots=True)
class DisputeReopened(Event):
    """What was settled does not hold: mediation goes on, until then."""

    dispute: str
    kind: DisputeKind
    place: str
    path: tuple[str, ...]
    parties: tuple[str, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class FollowUpAsked(Event):
    """Does it hold? The speakers are asked, for the first or the second time."""

    dispute: str
    place: str
    round: int
    speakers: tuple[str, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class SettlementHolds(Event):
    """All who answered say that it holds."""

    dispute: str
    kind: DisputeKind
    place: str
    path: tuple[str, ...]
    mediator: str | None
    round: int


@dataclass(frozen=True, slots=True)
class SettlementNotHolding(Event):
    """Somebody says that it does not hold: the dispute can be reopened until then."""

    dispute: str
    kind: DisputeKind
    place: str
    path: tuple[str, ...]
    speakers: tuple[str, ...]
    mediator: str | None
    round: int
    by: str
    until: datetime


@dataclass(frozen=True, slots=True)
class DisputeWaits(Event):
    """Something was not done in time: `person` at the office of the place `office` is told, None
    where nobody has that duty.
    """

    dispute: str
    place: str
    awaits: DisputeAwaits
    office: str
    person: str | None


@dataclass(frozen=True, slots=True)
class HotSpotRaised(Event):
    """So many disputes of a kind in a place within so many days; once for a wave. `person` has the
    duty at the place `office`.
    """

    spot: str
    kind: DisputeKind
    place: str
    path: tuple[str, ...]
    count: int
    days: int
    office: str
    person: str | None
