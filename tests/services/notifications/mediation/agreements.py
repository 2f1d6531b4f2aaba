"""Who is told what of agreements: an event, and each who is told with the kind."""

from datetime import UTC, datetime

from shared.contracts import mediation as m
from shared.contracts.event import Event
from shared.contracts.mediation.agreements import BreachPath

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
Q = "0195f00000000000000000000000d15b"
A = f"{Q}.1"
ANN, BEN, PEACE = "ann", "ben", "peace"
DIGEST = "ab" * 32
BOTH = (ANN, BEN)


def signed(until: datetime | None) -> m.AgreementSigned:
    return m.AgreementSigned(A, Q, 2, DIGEST, BOTH, BOTH, PEACE, until)


CASES: list[tuple[Event, dict[str, str]]] = [
    (
        m.AgreementDrafted(A, Q, 1, PEACE, BOTH, PEACE),
        {ANN: "agreement-to-sign", BEN: "agreement-to-sign"},
    ),
    (
        m.AgreementDrafted(A, Q, 2, ANN, BOTH, PEACE),
        {BEN: "agreement-to-sign", PEACE: "agreement-drafted"},
    ),
    (signed(None), {}),
    (
        signed(NOON),
        {ANN: "agreement-signed", BEN: "agreement-signed", PEACE: "agreement-signed"},
    ),
    (
        m.AgreementRevoked(A, Q, BEN, BOTH, PEACE),
        {ANN: "agreement-revoked", PEACE: "agreement-revoked"},
    ),
    (
        m.AgreementInForce(A, Q, DIGEST, True, BOTH, None, NOON),
        {ANN: "agreement-in-force", BEN: "agreement-in-force"},
    ),
    (
        m.AgreementInForce(A, Q, DIGEST, False, (ANN,), PEACE, NOON),
        {ANN: "agreement-in-force-partly", PEACE: "agreement-in-force-partly"},
    ),
    (m.ClauseDue(A, Q, 1, NOON, (ANN,)), {ANN: "clause-due"}),
    (
        m.ClauseOverdue(A, Q, 1, NOON, (ANN,), BOTH, PEACE),
        {ANN: "clause-overdue-yours", BEN: "clause-overdue", PEACE: "clause-overdue"},
    ),
    (m.ClauseReported(A, Q, 1, ANN, (BEN,), NOON), {BEN: "clause-reported"}),
    (m.ClauseConfirmationAsked(A, Q, 1, (BEN,), NOON), {BEN: "clause-asked-again"}),
    (m.ClauseConfirmed(A, Q, 1, BEN, (ANN,)), {ANN: "clause-confirmed"}),
    (
        m.ClauseDisputed(A, Q, 1, BEN, (ANN,), PEACE),
        {ANN: "clause-disputed-yours", PEACE: "clause-disputed"},
    ),
    (
        m.JudicialConfirmationEnding(A, Q, NOON, BOTH),
        {ANN: "judicial-ending", BEN: "judicial-ending"},
    ),
    (m.JudicialConfirmationSought(A, Q, ANN, BOTH), {BEN: "judicial-sought"}),
    (
        m.AgreementKept(A, Q, DIGEST, BOTH, PEACE),
        {ANN: "agreement-kept", BEN: "agreement-kept", PEACE: "agreement-kept"},
    ),
    (
        m.AgreementBroken(A, Q, 1, BreachPath.COURT, BEN, BOTH, PEACE),
        {ANN: "agreement-broken", PEACE: "agreement-broken"},
    ),
]
