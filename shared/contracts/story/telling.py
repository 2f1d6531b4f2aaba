"""A storm is coming: what is broadcast, and whom an alarm calls; values by event."""

from datetime import UTC, datetime
from typing import Any

from shared.contracts.story.cast import PATH, STAFF

_CHIEF = "s-90b3aa1c22"
_ALARM = "5f2b7c1e9d3a4f60b8a2c4e6d8f01234"
_ANSWER_BY = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)

VALUES: dict[str, Any] = {
    "broadcast": "019cac0f-9a11-7e20-9c55-60927be39a11",
    "holes": [f"{PATH[-1]}:2"],
}

VALUES_OF: dict[str, dict[str, Any]] = {
    "BroadcastSubmitted": {"place": PATH[1], "group": "residents", "urgent": True, "by": STAFF},
    "BroadcastSentBack": {
        "place": PATH[1],
        "drafted_by": STAFF,
        "by": _CHIEF,
        "because": "wrong-words",
    },
    "BroadcastApproved": {
        "place": PATH[1],
        "group": "residents",
        "urgent": True,
        "drafted_by": STAFF,
        "by": _CHIEF,
        "until": datetime(2026, 3, 2, 13, 0, tzinfo=UTC),
    },
    "BroadcastPageDue": {"page": 2, "most": 500, "after": "r-71c0a94d3e", "at": _ANSWER_BY},
    "BroadcastStopped": {
        "place": PATH[1],
        "drafted_by": STAFF,
        "approved_by": _CHIEF,
        "by": _CHIEF,
        "because": "all-clear",
        "told": 500,
    },
    "BroadcastDone": {
        "place": PATH[1],
        "drafted_by": STAFF,
        "approved_by": _CHIEF,
        "told": 1_204,
    },
    "AlarmRaised": {
        "alarm": _ALARM,
        "because": "danger",
        "duty": "danger",
        "place": PATH[-1],
        "about": "petition-019cac0f42a07d3e5b8a4c1f60927be3",
        "called": [STAFF],
        "rung": 1,
        "answer_by": _ANSWER_BY,
        "alert": None,
    },
    "AlarmClimbed": {
        "alarm": _ALARM,
        "because": "danger",
        "duty": "danger",
        "place": PATH[-1],
        "why": "unanswered",
        "called": [_CHIEF],
        "rung": 3,
        "everybody": False,
        "answer_by": _ANSWER_BY,
        "alert": None,
    },
    "AlarmAcknowledged": {
        "alarm": _ALARM,
        "because": "danger",
        "place": PATH[-1],
        "by": _CHIEF,
        "informed": [STAFF],
        "resolve_by": datetime(2026, 3, 2, 5, 30, tzinfo=UTC),
    },
    "AlarmUnanswered": {"alarm": _ALARM, "because": "danger", "duty": "danger", "place": PATH[-1]},
    "AlarmResolved": {
        "alarm": _ALARM,
        "because": "danger",
        "place": PATH[-1],
        "by": None,
        "informed": [_CHIEF],
    },
}
