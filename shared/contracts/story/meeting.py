"""Who mediates the quarrel over the corridor, who sits on its panel, and when they meet: values by
event.
"""

from typing import Any

from shared.contracts.story.cast import PATH, RESIDENT, STAFF

MEDIATOR = "r-71c0a94d3e"
NEIGHBOUR = "r-2b60f4d9e7"
PLACE = PATH[-1]
_ALL = [RESIDENT, NEIGHBOUR, MEDIATOR]
_BOTH = [RESIDENT, NEIGHBOUR]
_BEGIN, _END = "2026-03-07T01:30:00Z", "2026-03-07T03:00:00Z"
_DAY = "2026-03-07"

VALUES: dict[str, Any] = {
    "convenor": STAFF,
    "room": "hall-n7",
    "seat": "lawyer",
    "session": "019cac0f42a07d3e5b8a4c1f60927d11",
}

_TERM: dict[str, Any] = {"place": PLACE, "until": "2028-12-31T16:00:00Z"}
_ASKED: dict[str, Any] = {"by": STAFF, "until": "2026-03-04T01:15:00Z"}
_MEMBER: dict[str, Any] = {"person": "r-0c4478e1aa"}
_AT: dict[str, Any] = {"begin": _BEGIN, "end": _END, "turn": 1}
_DRAFT: dict[str, Any] = {"version": 2}
_RELEASE: dict[str, Any] = {"release": 1, "to": "r-9f5be02c41"}

VALUES_OF: dict[str, dict[str, Any]] = {
    "MediatorRegistered": _TERM,
    "MediatorTermSet": _TERM,
    "MediatorTrained": {"training": "mediation", "until": "2027-12-31T16:00:00Z"},
    "MediatorValidityEnding": {**_TERM, "what": "term"},
    "MediatorSuspended": {"by": STAFF},
    "MediatorResumed": {"by": STAFF},
    "MediatorRetired": {"because": "term", "by": None},
    "PanelOpened": {"kind": "shared-space"},
    "MediatorAsked": _ASKED,
    "MediatorNotWon": {"because": "declined"},
    "MediatorAppointed": {"parties": _BOTH},
    "MediatorReleased": {"because": "refused"},
    "PanelMemberAsked": {**_ASKED, **_MEMBER},
    "PanelMemberSeated": _MEMBER,
    "PanelMemberLeft": _MEMBER,
    "PanelSeatVacant": {"because": "lapsed"},
    "PanelComplete": {"members": ["r-0c4478e1aa", "r-5ab1c2209d", "r-e30977bd14"]},
    "SessionConvened": {
        "invited": _ALL,
        "answer_by": "2026-03-05T04:00:00Z",
        "by": MEDIATOR,
        "after": None,
    },
    "SessionTimesProposed": {
        "invited": _ALL,
        "answer_by": "2026-03-05T04:00:00Z",
        "by": MEDIATOR,
    },
    "SessionRoomWanted": {**_AT, "day": _DAY},
    "SessionRoomGivenUp": {"day": _DAY, "turn": 1},
    "SessionUnmet": {"because": "no-common-time", "convener": MEDIATOR, "told": []},
    "SessionSet": {**_AT, "day": _DAY, "invited": _ALL, "sequence": 1},
    "SessionNear": {"begin": _BEGIN, "invited": _ALL},
    "SessionCalledOff": {"because": "by-convener", "invited": _ALL, "by": MEDIATOR},
    "SessionHeld": {"begun": _BEGIN, "ended": _END, "present": _ALL},
    "SessionAdjourned": {"invited": _ALL, "by": MEDIATOR},
    "MinutesDrafted": {**_DRAFT, "asked": _BOTH, "drafted": "2026-03-07T04:00:00Z"},
    "MinutesObjectedTo": {**_DRAFT, "by": NEIGHBOUR},
    "MinutesAwaited": {**_DRAFT, "awaited": [NEIGHBOUR]},
    "MinutesAgreed": {**_DRAFT, "told": _ALL},
    "MinutesReleaseAsked": {**_RELEASE, "by": RESIDENT, "asked": _BOTH},
    "MinutesReleased": {**_RELEASE, "until": "2026-04-10T04:00:00Z"},
    "MinutesReleaseEnded": {**_RELEASE, "told": [RESIDENT], "by": NEIGHBOUR, "given": False},
    "RoomOpened": {"capacity": 12},
    "RoomHeld": _AT,
    "RoomRefused": _AT,
    "RoomFreed": {"begin": _BEGIN, "end": _END},
}
