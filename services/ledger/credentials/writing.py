"""How credentials and presentations of ours are written.

Source: W3C Verifiable Credentials Data Model v2.0 (https://www.w3.org/TR/vc-data-model-2.0/). What
our own words in them mean stands in their ``@context`` itself: nothing has to be fetched to read
one.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

V2 = "https://www.w3.org/ns/credentials/v2"
OUR_TERMS = "urn:jinlin:credentials#"
SUBJECT = "SaltedClaims"


def moment(at: datetime) -> str:
    """A time as credentials have it: in UTC, to the second."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def credential_address(base: str, code: str) -> str:
    """Where everybody hears how a credential stands: what its QR code says, and its id."""
    return f"{base}/public/credentials/{code}"


def unsigned_credential(
    base: str,
    issuer: str,
    code: str,
    kind: str,
    since: datetime,
    until: datetime,
    status: dict[str, Any],
    digests: Sequence[str],
) -> dict[str, Any]:
    """A credential of a kind (``VolunteeringHoursCredential``) before it is signed."""
    return {
        "@context": [V2, _terms(kind, SUBJECT, "claimDigests")],
        "id": credential_address(base, code),
        "type": ["VerifiableCredential", kind],
        "issuer": issuer,
        "validFrom": moment(since),
        "validUntil": moment(until),
        "credentialStatus": status,
        "credentialSubject": {"type": SUBJECT, "claimDigests": [*digests]},
    }


def presentation(credential: dict[str, Any], disclosures: Sequence[Any]) -> dict[str, Any]:
    """What a holder gives away: the credential, and the claims that they chose to show."""
    return {
        "@context": [V2, _terms("disclosures")],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [credential],
        "disclosures": [*disclosures],
    }


def _terms(*names: str) -> dict[str, Any]:
    return {name: _term(name) for name in names}


def _term(name: str) -> Any:
    address = OUR_TERMS + name
    match name:
        case "claimDigests":
            return {"@id": address, "@container": "@set"}
        case "disclosures":
            return {"@id": address, "@type": "@json"}
    return address
