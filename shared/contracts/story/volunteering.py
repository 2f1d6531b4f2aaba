"""What volunteers do there: values by field, and by event where they differ."""

from typing import Any

from shared.contracts.story.cast import PATH, RESIDENT, STAFF

VALUES: dict[str, Any] = {
    "before": 150,
    "begun": "2026-05-03T00:30:00Z",
    "confirmed_by": STAFF,
    "corrected_by": STAFF,
    "minutes": 120,
    "team": "019cac0f42a07d3e5b8a4c1f60927c01",
    "volunteer": "r-2b60f4d9e7",
    "work": "019cac0f42a07d3e5b8a4c1f60927c02",
}
"""Of what volunteers do."""

VALUES |= {
    "awaited": "confirmation",
    "office": PATH[-3],
    "on_behalf": False,
    "owner": RESIDENT,
    "poster": "s-92c4d07e11",
    "wish": "019cac0f42a07d3e5b8a4c1f60927c21",
}
"""Of wishes."""

VALUES |= {
    "a_wish": 20,
    "account": "person:r-2b60f4d9e7",
    "an_hour": [["activity", 10], ["care", 15]],
    "expires": "2028-05-31T16:00:00Z",
    "lasts_months": 24,
    "legs": [["issuing", -20], ["person:r-2b60f4d9e7", 20]],
    "lots": [["2028-05-31T16:00:00Z", 20]],
    "most_a_day": 80,
    "most_a_month": 600,
    "most_at_a_till": 200,
    "most_given": 200,
    "most_given_a_month": 500,
    "owed": 5,
    "points": 20,
    "price": 20,
    "purchase": "person:r-2b60f4d9e7.3",
    "redemption": "person:r-2b60f4d9e7.4",
    "reward": "019cac0f42a07d3e5b8a4c1f60927c31",
    "rules": "city",
    "sender": "person:r-2b60f4d9e7",
    "shop": "o-a90be2",
    "stock": 50,
    "team_percent": 10,
    "transfer": "person:r-2b60f4d9e7.2",
    "worth": 20,
}
"""Of the points bank."""

VALUES |= {
    "activity": "019cac0f42a07d3e5b8a4c1f60927c02",
    "begin": "2026-05-03T00:30:00Z",
    "changed": True,
    "former": [STAFF],
    "late": False,
    "missing": ["r-5c7710aa02"],
    "organisers": [STAFF],
    "places": 20,
    "present": 17,
    "series": "019cac0f42a07d3e5b8a4c1f60927c03",
    "theme": "environment",
    "volunteers": ["r-2b60f4d9e7", "r-5c7710aa02"],
    "waited": ["r-91d3ee4b7f"],
    "withdraw_until": "2026-05-02T00:30:00Z",
}
"""Of activities."""

VALUES |= {
    "checkins": ["6f1ed002ab5595859014ebf0951522d9"],
    "need": "019cac0f42a07d3e5b8a4c1f60927c31",
    "needs": ["019cac0f42a07d3e5b8a4c1f60927c31"],
    "project": "019cac0f42a07d3e5b8a4c1f60927c32",
    "quantity": 2,
    "renews": True,
    "resource": "019cac0f42a07d3e5b8a4c1f60927c33",
    "resources": ["019cac0f42a07d3e5b8a4c1f60927c33"],
    "task": 1,
    "met": True,
}
"""Of resources, needs and projects."""

VALUES |= {
    "by_office": False,
    "earliest": "2026-05-03T01:00:00Z",
    "flags": ["kind", "punctual"],
    "latest": "2026-05-03T05:00:00Z",
    "least_age": 18,
    "offered": ["r-5c7710aa02"],
    "order": "019cac0f42a07d3e5b8a4c1f60927c41",
    "passed_over": ["r-5c7710aa02", "r-91d3ee4b7f"],
    "placed_by": STAFF,
    "service": "repair",
    "skill": "repair",
    "trainings": ["first-aid"],
}
"""Of orders."""

VALUES_OF: dict[str, dict[str, Any]] = {
    "HoursConfirmed": {"kind": "activity"},
    "HoursCorrected": {"kind": "activity"},
}

VALUES_OF |= {
    **{f"Wish{step}": {"kind": "repair"} for step in ("Posted", "Opened", "Fulfilled")},
    "WishEnded": {"kind": "repair", "outcome": "withdrawn"},
    "WishReleased": {"because": "given-back"},
    "WishDisputed": {"by": RESIDENT, "because": "not-done"},
}

VALUES_OF |= {
    "PointsEarned": {"kind": "activity"},
    "PointsReversed": {"kind": "activity", "legs": [["person:r-2b60f4d9e7", -15], ["issuing", 15]]},
    "PointsClaimed": {"points": 5, "legs": [["person:r-2b60f4d9e7", -5], ["issuing", 5]]},
    "PointsExpired": {"legs": [["person:r-2b60f4d9e7", -20], ["expired", 20]]},
    "PointsSent": {
        "to": f"person:{RESIDENT}",
        "legs": [["person:r-2b60f4d9e7", -20], ["transit:person:r-2b60f4d9e7.2", 20]],
    },
    "PointsReceived": {
        "account": f"person:{RESIDENT}",
        "legs": [["transit:person:r-2b60f4d9e7.2", -20], [f"person:{RESIDENT}", 20]],
    },
    "PointsReturned": {
        "account": f"person:{RESIDENT}",
        "because": "declined",
        "legs": [[f"person:{RESIDENT}", -20], ["transit:person:r-2b60f4d9e7.2", 20]],
    },
    "PointsTakenBack": {
        "because": "declined",
        "legs": [["transit:person:r-2b60f4d9e7.2", -20], ["person:r-2b60f4d9e7", 20]],
    },
    "PointsHeld": {
        "by": "r-2b60f4d9e7",
        "legs": [["person:r-2b60f4d9e7", -20], ["held:person:r-2b60f4d9e7.3", 20]],
    },
    "PointsSpent": {
        "by": "r-2b60f4d9e7",
        "legs": [["held:person:r-2b60f4d9e7.3", -20], ["shop:o-a90be2", 20]],
    },
    "PointsReleased": {
        "by": "r-2b60f4d9e7",
        "because": "sold-out",
        "legs": [["held:person:r-2b60f4d9e7.3", -20], ["person:r-2b60f4d9e7", 20]],
    },
    "PointsRedeemed": {"legs": [["person:r-2b60f4d9e7", -20], ["shop:o-a90be2", 20]]},
    "PointsRefunded": {"legs": [["shop:o-a90be2", -20], ["person:r-2b60f4d9e7", 20]]},
    "RewardFreed": {"because": "lapsed"},
    "RewardRefused": {"because": "sold-out"},
    "RewardReserved": {"by": "r-2b60f4d9e7"},
}

VALUES_OF |= {
    "ActivityCalledOff": {"because": "weather"},
    "ActivityDisputeDecided": {"by": "s-92c4d07e11"},
    "ActivityHoursDisputed": {"called": "s-92c4d07e11", "place": PATH[-3]},
    "ActivityHoursUnsettled": {"called": "s-92c4d07e11", "place": PATH[-3]},
    "ActivityOfferEnded": {"because": "lapsed", "role": "helper"},
    "ActivityPlaceGivenUp": {"because": "withdrawn", "role": "helper"},
    "ActivityPlaceOffered": {"role": "helper", "until": "2026-05-01T10:00:00Z"},
    "ActivityWaitingEnded": {"because": "withdrawn", "role": "helper"},
    "VolunteerPutOnWaitingList": {"role": "helper", "number": 3},
    "VolunteerSignedUp": {"by": "r-2b60f4d9e7", "role": "helper"},
    **{
        name: {"end": "2026-05-03T03:30:00Z"}
        for name in ("ActivityBegun", "ActivityDone", "ActivityMoved", "ActivityOpened")
    },
}

VALUES |= {
    "captain": "r-2b60f4d9e7",
    "deputies": ["r-61d80ac1f5"],
    "guardian": "r-8e21f0a6c3",
    "leaders": ["r-2b60f4d9e7", "r-61d80ac1f5"],
    "training": "first-aid",
    "works": ["activity", "wish"],
}
"""Of teams and guardians."""

VALUES_OF |= {
    "CaptainChanged": {"captain": "r-61d80ac1f5", "former": "r-2b60f4d9e7", "deputies": []},
    "CaptainSought": {"person": "r-61d80ac1f5", "until": "2026-05-04T01:00:00Z"},
    "TeamApplicationEnded": {"because": "refused"},
    "TeamApplicationWaiting": {"until": "2026-05-30T01:00:00Z", "called": STAFF},
    "TeamFounded": {"kind": "silver-haired", "name": "莲坂银龄志愿服务队"},
    "TeamInsured": {
        "until": "2027-03-01T16:00:00Z",
        "volunteers": ["r-2b60f4d9e7", "r-61d80ac1f5"],
    },
    "TeamLeaderless": {
        "place": PATH[2],
        "called": STAFF,
        "number": 1,
        "until": "2026-05-11T01:00:00Z",
    },
    "TeamMemberLeft": {"because": "left"},
    "TeamMemberSuspended": {"because": "absent", "until": "2026-06-01T16:00:00Z"},
    "VolunteerFitnessChanged": {"because": "training"},
    "TeamRenamed": {"name": "莲坂夕阳红志愿服务队"},
    "TeamSuspended": {"because": "unsafe", "until": "2026-06-01T16:00:00Z"},
    "TeamTrained": {
        "until": "2028-03-01T16:00:00Z",
        "volunteers": ["r-2b60f4d9e7", "r-61d80ac1f5"],
    },
    "ValidityEnding": {"kind": "training"},
    "VolunteerStopped": {"because": "own-wish"},
    "VolunteerSuspended": {"because": "broke-rules", "until": "2026-06-01T16:00:00Z"},
}

VALUES_OF |= {
    **{
        name: {"kind": "venue"}
        for name in ("ResourceOffered", "NeedStated", "NeedAsked", "NeedOffered")
    },
    "NeedEnded": {"kind": "venue", "outcome": "fulfilled"},
    "NeedLeftOut": {"because": "not-enough"},
    "NeedNotGiven": {"instead": None},
    "ProjectLeadChanged": {"former": "s-92c4d07e11"},
    "ProjectTaskGiven": {"former": None},
    "ResourceFreed": {"because": "declined"},
    "ResourceRefused": {"because": "not-enough"},
}

_SHIFT = "019cac0f42a07d3e5b8a4c1f60927c41.0"

VALUES |= {
    "by_hand": 1,
    "checkpoints": 6,
    "crew": ["r-2b60f4d9e7", "r-90c1aa35de"],
    "ended": "2026-05-03T14:05:00Z",
    "finding": "019cac0f42a07d3e5b8a4c1f60927c11",
    "matters": 1,
    "news": "answered",
    "passed": 6,
    "people": 2,
    "route": "019cac0f42a07d3e5b8a4c1f60927c42",
    "shift": _SHIFT,
    "vacant": 0,
    "way": "sign",
}
"""Of patrols."""

_PATROL = {
    "kind": "safety",
    "rota": "019cac0f42a07d3e5b8a4c1f60927c41",
    "begin": "2026-05-03T12:00:00Z",
    "end": "2026-05-03T14:00:00Z",
}

VALUES_OF |= {
    **dict.fromkeys(
        (
            "PatrolRotaPublished",
            "PatrolShiftPlanned",
            "PatrolShiftCalledOff",
            "PatrolNear",
            "PatrolBegun",
            "PatrolNotBegun",
            "PatrolMissed",
            "PatrolNotEnded",
            "FindingBecamePetition",
            "FindingHeard",
        ),
        _PATROL,
    ),
    "PatrolRotaChanged": {
        **_PATROL,
        "before": "r-2b60f4d9e7",
        "person": "r-90c1aa35de",
        "because": "stand-in",
    },
    "PatrolCrewChanged": {
        **_PATROL,
        "before": "r-2b60f4d9e7",
        "person": "r-90c1aa35de",
        "because": "stand-in",
    },
    "PatrolShiftCalledOff": {**_PATROL, "because": "weather"},
    "PatrolSwapProposed": {**_PATROL, "to": "r-90c1aa35de", "until": "2026-05-01T11:30:00Z"},
    "PatrolSwapEnded": {**_PATROL, "to": "r-90c1aa35de", "because": "declined"},
    "PatrolCheckpointMissed": {"due": "2026-05-03T12:20:00Z"},
    "PatrolEnded": {**_PATROL, "begun": "2026-05-03T12:00:00Z", "late": 1},
    "PatrolHandedOver": {"successor": None, "until": "2026-05-04T02:05:00Z"},
    "PatrolHandoverAwaited": {
        "shift": "019cac0f42a07d3e5b8a4c1f60927c41.1",
        "former": _SHIFT,
        "until": "2026-05-03T14:30:00Z",
    },
    "PatrolTakenOver": {"successor": "019cac0f42a07d3e5b8a4c1f60927c41.1"},
    "PatrolNotTakenOver": {"successor": "019cac0f42a07d3e5b8a4c1f60927c41.1"},
    "PatrolAlarmClimbed": {
        "kind": "not-begun",
        "number": None,
        "since": "2026-05-03T12:15:00Z",
        "level": "community",
        "called": STAFF,
    },
    "PatrolAlarmSettled": {"kind": "checkpoint-missed"},
    "PatrolFindingRecorded": {"kind": "safety", "until": "2026-05-04T13:10:00Z"},
    "PatrolFindingWaiting": {"until": "2026-05-04T13:10:00Z"},
    "PatrolFindingClimbed": {
        "since": "2026-05-04T13:10:00Z",
        "level": "community",
        "called": STAFF,
    },
    "PatrolFindingSettled": {"kind": "safety", "because": "put-right"},
    "FindingHeard": {"outcome": None},
}

VALUES |= {
    "alarm": 1,
    "informed": [STAFF, "s-92c4d07e11"],
    "plan": "019cac0f42a07d3e5b8a4c1f60927c41",
    "rung": "team",
    "visitor": "r-2b60f4d9e7",
}
"""Of care plans."""

VALUES_OF |= {
    "CareAlarmRaised": {"because": "care-reading", "answer_by": "2026-05-03T01:30:00Z"},
    "CareAlarmClimbed": {"because": "care-missed", "rung": "community"},
    "CarePlanEnded": {"because": "care-ended"},
    "CarePlanPaused": {"since": "2026-05-03T00:30:00Z", "until": "2026-05-17T00:30:00Z"},
    "CarePlanProposed": {"until": "2026-06-02T00:30:00Z"},
    "CareVisitDue": {"called": ["r-2b60f4d9e7"], "until": "2026-05-03T04:00:00Z"},
    "CareVisitMade": {
        "visit": 1,
        "begun": "2026-05-03T01:00:00Z",
        "end": "2026-05-03T01:30:00Z",
        "minutes": 30,
    },
    "CareVisitMissed": {"called": ["r-2b60f4d9e7"], "until": "2026-05-03T04:00:00Z"},
    "CareVisitUnmet": {"visit": 1, "outcome": "not-home"},
    "CareVisitorAway": {"until": "2026-05-17T00:30:00Z"},
    "CareVisitorChanged": {"former": "r-5c7710aa02"},
}

_CERTIFIED = {
    "certificate": "019cac0f42a07d3e5b8a4c1f60927c04",
    "number": "V0000000126",
    "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}
_OCCASION = {"activity": "019cac0f42a07d3e5b8a4c1f60927c03.20260503"}
VALUES_OF |= {
    "CertificateIssued": {
        **_CERTIFIED,
        "since": "2025-12-31T16:00:00Z",
        "until": "2026-06-30T16:00:00Z",
        "replaces": "V0000000043",
    },
    "CertificateWithdrawn": {**_CERTIFIED, "because": "hours-corrected"},
    "OccasionDue": _OCCASION,
    "OccasionLeftOut": {"because": "holiday"},
    "OccasionMoved": {"former": "2026-05-02T00:30:00Z"},
    "OccasionNotMade": _OCCASION,
    "SeriesBegan": {"since": "2026-05-03T00:30:00Z", "until": "2026-12-31T16:00:00Z"},
    "SeriesEnded": {"because": "decided", "call_off_from": "2026-05-02T16:00:00Z"},
}
"""Of series, and of hours that are certified."""

VALUES_OF |= {
    "ServiceDefined": {"zh": "上门读报", "en": "Reading aloud", "service": "reading"},
    "ServiceRevised": {"zh": "家电小修", "en": "Small repairs", "number": 2},
    "ServiceRetired": {"number": 3},
    "ServiceChangeCalledOff": {"number": 3},
    "OrderAlarmed": {"because": "overdue", "called": "s-92c4d07e11", "place": PATH[-3]},
    "OrderCancelled": {"by": RESIDENT},
    "OrderBegun": {"by": "r-2b60f4d9e7"},
    "OrderBeginConfirmed": {"by": RESIDENT},
    "OrderClimbed": {"level": "community", "called": "s-92c4d07e11", "place": PATH[-3]},
    "OrderEnded": {"because": "no-means"},
    "OrderEntrustmentEnded": {"because": "returned"},
    "OrderFinished": {"by": "r-2b60f4d9e7"},
    "OrderGivenBack": {"because": "ill"},
    "OrderPresenceDisputed": {"by": RESIDENT},
    "OrderRated": {"by": RESIDENT, "stars": 5},
    "OrderTimeProposed": {"by": "r-2b60f4d9e7", "to": RESIDENT},
    "TakersSought": {"until": "2026-03-02T01:30:00Z"},
}
