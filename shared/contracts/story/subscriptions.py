"""What becomes of other systems' subscriptions there: values by field, and by event where they
differ.
"""

from typing import Any

from shared.contracts.story.cast import STAFF

VALUES: dict[str, Any] = {"webhook": "019cac0f-7d3e-7b5a-8c1f-60927be342a0"}

VALUES_OF: dict[str, dict[str, Any]] = {
    "WebhookDisabled": {
        "owner": STAFF,
        "because": "unreachable",
        "since": "2026-03-02T01:16:00Z",
    },
}
