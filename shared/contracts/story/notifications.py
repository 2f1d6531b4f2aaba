"""How people are told: values by field, and by event where they differ."""

from typing import Any

from shared.contracts.story.cast import RESIDENT

VALUES: dict[str, Any] = {"turn": 1, "way": "email"}

VALUES_OF: dict[str, dict[str, Any]] = {
    "AddressCodeAsked": {"person": RESIDENT, "until": "2026-03-02T01:32:00Z"},
    "DigestDue": {
        "person": RESIDENT,
        "since": "2026-03-01T10:00:00Z",
        "until": "2026-03-02T10:00:00Z",
    },
}
