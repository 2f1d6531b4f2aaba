"""What was shown in the quarrel over the corridor, and what was agreed: values by event."""

from datetime import UTC, datetime
from typing import Any

from shared.contracts.story.cast import RESIDENT

MEDIATOR = "r-71c0a94d3e"
NEIGHBOUR = "r-2b60f4d9e7"
DISPUTE = "019cac0f42a07d3e5b8a4c1f60927d01"
DIGEST = "7f83b1657ff1fc53b92dc18148a1d65dfc2d4b1fa3d677284addd200126d9069"

VALUES: dict[str, Any] = {
    "agreement": f"{DISPUTE}.1",
    "debtors": [NEIGHBOUR],
    "evidence": "019cac0f7b3c7d10a2a1b7c0d4e5f601",
    "holders": [RESIDENT, NEIGHBOUR],
    "readers": [MEDIATOR, NEIGHBOUR],
    "signers": [RESIDENT, NEIGHBOUR],
}

_END = datetime(2026, 3, 19, 9, 0, tzinfo=UTC)
_CLAUSE: dict[str, Any] = {"clause": 1, "until": _END}
_ASKED: dict[str, Any] = {**_CLAUSE, "by": NEIGHBOUR, "asked": [RESIDENT]}

VALUES_OF: dict[str, dict[str, Any]] = {
    "EvidenceFiled": {
        "digest": DIGEST,
        "size": 482_113,
        "media_type": "image/jpeg",
        "by": RESIDENT,
        "at": datetime(2026, 3, 4, 2, 30, tzinfo=UTC),
    },
    "EvidenceWidened": {"disclosed": "sides", "sides": ["a", "b"], "by": RESIDENT},
    "EvidenceWithdrawn": {"digest": DIGEST, "because": "replaced", "by": RESIDENT},
    "AgreementDrafted": {"version": 2, "by": MEDIATOR},
    "AgreementSigned": {"version": 2, "digest": DIGEST, "until": None},
    "AgreementRevoked": {"by": NEIGHBOUR},
    "AgreementInForce": {
        "digest": DIGEST,
        "whole": True,
        "judicial_until": datetime(2026, 4, 8, 9, 0, tzinfo=UTC),
    },
    "ClauseDue": _CLAUSE,
    "ClauseOverdue": _CLAUSE,
    "ClauseReported": _ASKED,
    "ClauseConfirmationAsked": _ASKED,
    "ClauseConfirmed": {"clause": 1, "by": RESIDENT},
    "ClauseDisputed": {"clause": 1, "by": RESIDENT},
    "JudicialConfirmationEnding": {"until": datetime(2026, 4, 8, 9, 0, tzinfo=UTC)},
    "JudicialConfirmationSought": {"by": RESIDENT},
    "AgreementKept": {"digest": DIGEST},
    "AgreementBroken": {"clause": 1, "path": "reopen", "by": RESIDENT},
}
