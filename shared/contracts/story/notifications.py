"""How people are told: values by event, for elsewhere these names mean something else."""

from typing import Any

from shared.contracts.story.cast import RESIDENT

VALUES: dict[str, Any] = {}

VALUES_OF: dict[str, dict[str, Any]] = {
    "AddressCodeAsked": {
        "person": RESIDENT,
        "way": "email",
        "turn": 1,
        "until": "2026-03-02T01:32:00Z",
    },
    "DigestDue": {
        "person": RESIDENT,
        "since": "2026-03-01T10:00:00Z",
        "until": "2026-03-02T10:00:00Z",
    },
}
