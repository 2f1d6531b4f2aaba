"""Who hears what of credentials."""

from datetime import UTC, datetime

from shared.contracts import ledger as led
from shared.contracts.event import Event
from shared.contracts.ledger.credentials import CredentialEnd, CredentialKind

LATER = datetime(2028, 3, 2, 4, 0, tzinfo=UTC)
HOURS = CredentialKind.VOLUNTEERING_HOURS
DIGEST = "0" * 64

CASES: list[tuple[Event, dict[str, str]]] = [
    (
        led.CredentialIssued("k1", HOURS, "wang", DIGEST, LATER),
        {"wang": "credential-issued"},
    ),
    (
        led.CredentialIssued("k2", HOURS, "wang", DIGEST, LATER, "k1"),
        {"wang": "credential-issued"},
    ),
    (led.CredentialRevoked("k1", HOURS, "wang", CredentialEnd.REISSUED), {}),
    (
        led.CredentialRevoked("k1", HOURS, "wang", CredentialEnd.DOCUMENT_WITHDRAWN),
        {"wang": "credential-revoked"},
    ),
    (
        led.CredentialRevoked("k1", HOURS, "wang", CredentialEnd.MISUSED, "root"),
        {"wang": "credential-revoked"},
    ),
    (led.CredentialRevoked("k1", HOURS, "wang", CredentialEnd.GIVEN_UP, "wang"), {}),
    (led.CredentialRevoked("k1", HOURS, None, CredentialEnd.MISUSED, "root"), {}),
    (
        led.CredentialExpired("k1", CredentialKind.SETTLEMENT, "wang"),
        {"wang": "credential-expired"},
    ),
    (led.CredentialExpired("k1", HOURS, None), {}),
]
