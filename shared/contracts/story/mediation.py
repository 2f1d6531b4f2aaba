"""A quarrel over goods in a shared corridor: values by field, and by event where they differ."""

from typing import Any

from shared.contracts.story.cast import PATH, RESIDENT, STAFF

VALUES: dict[str, Any] = {
    "awaits": "invitation",
    "dispute": "019cac0f42a07d3e5b8a4c1f60927d01",
    "filed_by": RESIDENT,
    "mediator": "r-71c0a94d3e",
    "parties": [RESIDENT, "r-2b60f4d9e7"],
    "party": "p2",
    "proposed_by": RESIDENT,
    "risk": False,
    "round": 1,
    "settled": True,
    "speaker": "r-2b60f4d9e7",
    "speakers": [RESIDENT, "r-2b60f4d9e7"],
    "spot": f"{PATH[-1]}:shared-space",
}
"""Of disputes."""

_QUARREL: dict[str, Any] = {"kind": "shared-space"}

VALUES_OF: dict[str, dict[str, Any]] = {
    "DisputeFiled": _QUARREL,
    "DisputeBegun": _QUARREL,
    "DisputeEnded": {
        **_QUARREL,
        "outcome": "settled",
        "because": "agreement",
        "to": None,
        "days": 9,
    },
    "DisputeReopened": _QUARREL,
    "DisputeRiskRaised": {"kind": "violence", "informed": STAFF},
    "HotSpotRaised": {**_QUARREL, "count": 3, "days": 90},
    "SettlementHolds": _QUARREL,
    "SettlementNotHolding": _QUARREL,
    "RepresentativeNamed": {"before": None},
}
