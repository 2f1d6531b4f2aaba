"""Who hears what of hours served."""

from datetime import UTC, datetime

from shared.contracts import volunteering as v
from shared.contracts.event import Event
from shared.contracts.volunteering.hours import Work

NOON = datetime(2025, 3, 3, 4, 0, tzinfo=UTC)
LATER = datetime(2025, 6, 30, 16, 0, tzinfo=UTC)
DIGEST = "0" * 64
NUMBER, OTHER = "V0000000126", "V0000000134"

CASES: list[tuple[Event, dict[str, str]]] = [
    (
        v.HoursConfirmed("a1", Work.ACTIVITY, "wang", "area-1", NOON, 90, "chen"),
        {"wang": "hours-confirmed"},
    ),
    (
        v.HoursCorrected("a1", Work.ACTIVITY, "wang", "area-1", NOON, 90, 60, "chen"),
        {"wang": "hours-corrected"},
    ),
    (v.CertificateIssued("c1", NUMBER, "wang", NOON, LATER, 90, DIGEST), {}),
    (
        v.CertificateIssued("c2", OTHER, "wang", NOON, LATER, 60, DIGEST, NUMBER),
        {"wang": "certificate-replaced"},
    ),
    (
        v.CertificateWithdrawn("c1", NUMBER, "wang", DIGEST, "hours-corrected"),
        {"wang": "certificate-withdrawn"},
    ),
]
