"""What the ledger seals and issues there: values by field, and by event where they differ."""

from typing import Any

from shared.contracts.story.cast import RESIDENT, STAFF

VALUES: dict[str, Any] = {}
"""Of the log."""

VALUES |= {
    "about": "volunteering-hours",
    "credential": "6d3f0b9a52c84e17a4d2c1905be8f743",
    "revoked_by": STAFF,
    "valid_until": "2029-05-02T02:10:00Z",
}
"""Of credentials."""

VALUES_OF: dict[str, dict[str, Any]] = {
    "CredentialIssued": {
        "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "holder": RESIDENT,
        "replaces": "b27f4c8d01e94a36a5f3de702c6b9188",
    },
    "CredentialRevoked": {"holder": RESIDENT, "because": "misused"},
    "CredentialExpired": {"holder": RESIDENT},
}
