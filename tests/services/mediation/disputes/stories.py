"""Who is in the disputes of these tests, and how far they have come."""

from datetime import UTC, datetime, timedelta

from services.mediation.domain.disputes.dispute_commands import (
    ConsentHow,
    FileDispute,
    NamedParty,
    Side,
    Told,
)
from services.mediation.domain.disputes.dispute_events import (
    BeginNoted,
    DisputeTold,
    DisputeWaitsUntil,
    Named,
    PartiesNamed,
)
from services.mediation.domain.disputes.dispute_state import Around
from shared.contracts.event import Event
from shared.contracts.mediation import (
    DisputeBegun,
    DisputeFiled,
    PartyAgreed,
    PartyInvited,
)
from shared.contracts.mediation.disputes import DisputeKind
from shared.contracts.types import PlaceKind
from tests.given import NOTHING_SPECIAL as NOW

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
BEFORE = datetime(2025, 3, 2, 1, 0, tzinfo=UTC)
PATH = ("d", "s", "c", "n")
LIN, CHEN, ZHAO = "r-lin", "r-chen", "r-zhao"
"""Lin files against Chen; Zhao stands with Chen."""
FIRM = "o-property"
MANAGER = "s-manager"
WORKER = "s-worker"
OFFICE = "s-office"
POLICE = "s-police"
MEDIATOR = "r-mediator"
AROUND = Around(
    "d1",
    PlaceKind.NEIGHBOURHOOD,
    PATH,
    homes={LIN: "u1", CHEN: "u2"},
    police_at="c",
    police=POLICE,
    office="c",
    person=OFFICE,
)
SPOKEN = Told(ConsentHow.SPOKEN, BEFORE)
A, B, C = Side.A, Side.B, Side.C


def file(*parties: NamedParty, by: str = LIN, **rest: object) -> FileDispute:
    """Lin files against Chen, or whoever is named."""
    named = parties or (NamedParty(A, LIN), NamedParty(B, CHEN))
    fields = {"org": None, "kind": DisputeKind.NOISE, "place": "n", "title": "半夜", "text": "很吵"}
    return FileDispute(by, parties=named, **{**fields, **rest})  # type: ignore[arg-type]


def filed(*people: str, risk: bool = False, petition: str | None = None) -> DisputeFiled:
    return DisputeFiled("d1", DisputeKind.NOISE, "n", PATH, LIN, people, petition, risk)


def invited(party: str = "p2", speaker: str | None = CHEN, of: str | None = None) -> PartyInvited:
    return PartyInvited("d1", party, "n", speaker, of, NOW + 7 * DAY)


def agreed(party: str = "p2", speaker: str | None = CHEN, by: str | None = None) -> PartyAgreed:
    return PartyAgreed("d1", party, "n", speaker, by or speaker or "")


P1 = Named("p1", "a", LIN, None, None, "u1")
P2 = Named("p2", "b", CHEN, None, None, "u2")
P3 = Named("p3", "b", ZHAO, None, None, None)
OF_TWO = PartiesNamed((P1, P2), "p1", NOW)
OF_THREE = PartiesNamed((P1, P2, P3), "p1", NOW)
WORDS = DisputeTold("p1", "半夜", "很吵")

INVITED: tuple[Event, ...] = (filed(LIN, CHEN), OF_TWO, agreed("p1", LIN), invited())
INVITED_THREE: tuple[Event, ...] = (
    filed(LIN, CHEN, ZHAO),
    OF_THREE,
    agreed("p1", LIN),
    invited(),
    invited("p3", ZHAO),
)
LIMIT = NOW + 30 * DAY


def begun(*people: str, at: datetime = NOW, petition: str | None = None) -> tuple[Event, ...]:
    """All agree, and nobody mediates yet."""
    limit = at + 30 * DAY
    return (
        DisputeBegun("d1", DisputeKind.NOISE, "n", PATH, people, limit, petition),
        BeginNoted(at),
        DisputeWaitsUntil("mediator", at + 5 * DAY),
    )


MEDIATING: tuple[Event, ...] = (*INVITED, agreed(), *begun(LIN, CHEN))
MEDIATING_THREE: tuple[Event, ...] = (
    *INVITED_THREE,
    agreed(),
    agreed("p3", ZHAO),
    *begun(LIN, CHEN, ZHAO),
)
