"""Who is told what of mediators and panels: an event, and each who is told with the kind."""

from datetime import UTC, datetime

from shared.contracts import mediation as m
from shared.contracts.event import Event
from shared.contracts.mediation.disputes import DisputeKind
from shared.contracts.mediation.panels import NotFilled

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
Q, PATH = "0195f00000000000000000000000d15b", ("gl", "n1")
PEACE, DESK, ANN, BEN, LAWYER = "peace", "desk", "ann", "ben", "lawyer"


def not_won(because: NotFilled) -> m.MediatorNotWon:
    return m.MediatorNotWon(Q, PEACE, "n1", because, DESK)


CASES: list[tuple[Event, dict[str, str]]] = [
    (m.MediatorRegistered(PEACE, "n1", NOON), {PEACE: "mediator-registered"}),
    (m.MediatorTermSet(PEACE, "n1", NOON), {PEACE: "mediator-term-set"}),
    (m.MediatorTrained(PEACE, "mediation", NOON), {}),
    (m.MediatorValidityEnding(PEACE, "n1", "term", NOON), {PEACE: "mediator-term-ending"}),
    (
        m.MediatorValidityEnding(PEACE, "n1", "mediation", NOON),
        {PEACE: "mediator-training-ending"},
    ),
    (m.MediatorSuspended(PEACE, "n1", DESK), {PEACE: "mediator-suspended"}),
    (m.MediatorResumed(PEACE, "n1", DESK), {PEACE: "mediator-resumed"}),
    (m.MediatorRetired(PEACE, "n1", "retired", DESK), {PEACE: "mediator-retired"}),
    (m.MediatorRetired(PEACE, "n1", "retired", PEACE), {}),
    (m.MediatorRetired(PEACE, "n1", "term", None), {PEACE: "mediator-term-over"}),
    (m.MediatorRetired(PEACE, "n1", "erased", None), {}),
    (m.PanelOpened(Q, DisputeKind.NOISE, "n1", PATH, None), {}),
    (m.MediatorAsked(Q, PEACE, "n1", DESK, NOON), {PEACE: "mediation-asked"}),
    (not_won(NotFilled.DECLINED), {DESK: "mediator-not-won"}),
    (not_won(NotFilled.LAPSED), {PEACE: "mediation-not-yours", DESK: "mediator-not-won"}),
    (not_won(NotFilled.REPLACED), {PEACE: "mediation-not-yours"}),
    (
        m.MediatorAppointed(Q, PEACE, "n1", (ANN, BEN)),
        {ANN: "mediator-appointed", BEN: "mediator-appointed"},
    ),
    (m.MediatorReleased(Q, PEACE, NotFilled.REFUSED), {PEACE: "mediator-released"}),
    (m.MediatorReleased(Q, PEACE, NotFilled.STEPPED_DOWN), {}),
    (m.MediatorSought(Q, "n1", DESK), {DESK: "mediator-sought"}),
    (m.PanelMemberAsked(Q, LAWYER, "lawyer", "n1", DESK, NOON), {LAWYER: "panel-asked"}),
    (m.PanelMemberSeated(Q, LAWYER, "lawyer"), {}),
    (m.PanelMemberLeft(Q, LAWYER, "lawyer"), {LAWYER: "panel-left"}),
    (
        m.PanelSeatVacant(Q, "lawyer", "n1", NotFilled.LAPSED, DESK),
        {DESK: "panel-seat-vacant"},
    ),
    (m.PanelComplete(Q, (LAWYER, "secretary", "officer")), {}),
]
