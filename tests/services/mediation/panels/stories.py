"""What happened before: mediators, a dispute between two neighbours, its panel."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.mediation.domain.disputes.dispute_state import Consent, Dispute, Party, Status
from services.mediation.domain.panels.mediator_state import (
    Mediator,
    Standing,
    Training,
)
from services.mediation.domain.panels.panel import panel
from services.mediation.domain.panels.panel_events import (
    PanelPartiesLearned,
    Speaker,
)
from services.mediation.domain.panels.panel_state import (
    Around,
    Bonds,
)
from shared.contracts.event import Event
from shared.contracts.mediation.disputes import DisputeKind
from shared.contracts.mediation.panels import PanelOpened
from tests.given import Given, given

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PATH = ("d1", "s1", "c1", "n1")
ANN, BEN, LAWYER_OF_BEN = "ann", "ben", "ben-speaks"
DISPUTE = Dispute(
    dispute="q1",
    status=Status.MEDIATING,
    kind=DisputeKind.SHARED_SPACE,
    place="n1",
    path=PATH,
    filed_by=ANN,
    petition="p1",
    parties=(
        Party("p1", "a", ANN, None, None, "n1-b1-u1", Consent.AGREED),
        Party("p2", "b", BEN, None, LAWYER_OF_BEN, "n1-b1-u2", Consent.AGREED),
        Party("p3", "b", None, "company", "speaks-for-company", None, Consent.AGREED),
    ),
)
SPEAKERS = (
    Speaker(ANN, "a"),
    Speaker(BEN, "b"),
    Speaker(LAWYER_OF_BEN, "b"),
    Speaker("speaks-for-company", "b"),
)
OPENED = PanelOpened("q1", DisputeKind.SHARED_SPACE, "n1", PATH, "p1")
STORY: tuple[Event, ...] = (OPENED, PanelPartiesLearned(SPEAKERS))


def a_mediator(person: str, **changes: Any) -> Mediator:
    """Who mediates everything about shared space in the community."""
    known: dict[str, Any] = {
        "person": person,
        "standing": Standing.ACTIVE,
        "place": "c1",
        "serves": ("c1",),
        "fields": (DisputeKind.SHARED_SPACE, DisputeKind.NOISE),
        "languages": ("zh",),
        "most_cases": 4,
        "until": NOW + timedelta(days=300),
        "trainings": (Training("mediation"),),
    }
    return Mediator(**{**known, **changes})


def around(bonds: dict[str, Bonds] | None = None, **mediators: Mediator) -> Around:
    """What the rules are told; `m1` to `m3` mediate."""
    known = {name: a_mediator(name) for name in ("m1", "m2", "m3")}
    return Around(DISPUTE, bonds or {}, {**known, **mediators})


def opened(*more: Event) -> Given[Any]:
    """The panel of the dispute, to which this has happened."""
    return given(panel, *STORY, *more)
