"""Golden samples: one whole message per event version, as its first emitter sent it.

A sample is written once and never again: it shows what older emitters sent, and must stay readable.
The values tell one story, of a blocked sewer in a neighbourhood of Xiamen.
"""

from dataclasses import MISSING, fields
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from shared.contracts.envelope import Envelope
from shared.contracts.event import Event, emitting_service, name_and_version

_BEGIN = datetime(2026, 3, 2, 1, 15, tzinfo=UTC)

_PETITION = "019cac0f42a07d3e5b8a4c1f60927be3"
_PATH = ["350203", "350203005", "350203005004", "350203005004-a2", "350203005004-n7"]
_UNIT = "350203005004-n7-b3-u1"
_STAFF = "s-5d0c71e94b"
_RESIDENT = "r-8e21f0a6c3"

_VALUES: dict[str, Any] = {
    "alliance": "019cac0f42a07d3e5b8a4c1f60927bf0",
    "again_at": "2026-03-05T00:30:00Z",
    "answer_by": "2026-03-04T01:15:00Z",
    "answered_by": _STAFF,
    "assignee": _STAFF,
    "because": "filed",
    "by": _STAFF,
    "category": "drainage",
    "categories": ["drainage", "sanitation"],
    "chair": "o-7d11c9",
    "checkin": "6f1ed002ab5595859014ebf0951522d9",
    "channel": "web",
    "code": _PATH[-1],
    "count": 12,
    "days": 0,
    "due": "2026-06-30T16:00:00Z",
    "duty": "neighbourhood-head",
    "follow_up_until": "2026-03-10T02:40:00Z",
    "holder": _STAFF,
    "home": _PATH[-3],
    "hotlist": "city",
    "household": _UNIT,
    "in_time": True,
    "keeper": _STAFF,
    "kept": True,
    "kind": "complaint",
    "level": "neighbourhood",
    "lives_here": True,
    "members": ["o-7d11c9", "o-a90be2"],
    "message": "d66d14bcf811a6706945145ac2bc6a60",
    "offers": ["repairs", "venue"],
    "organisation": "o-a90be2",
    "outcome": "rated",
    "parent": _PATH[-2],
    "path": _PATH,
    "person": "r-2b60f4d9e7",
    "petition": _PETITION,
    "petitioner": _RESIDENT,
    "petitions": [_PETITION, "019cac0f42a07d3e5b8a4c1f60927bf9"],
    "place": _PATH[-1],
    "post": "350203005004-n7:neighbourhood-head",
    "promise": 1,
    "purpose": "safety-check",
    "raised_at": "2026-03-01T12:04:00Z",
    "recipient": _RESIDENT,
    "resident": _RESIDENT,
    "role": "member",
    "serves": [_PATH[-1]],
    "since": "2026-01-01T00:00:00Z",
    "solved": False,
    "stars": 2,
    "supporters": 21,
    "times": 1,
    "to": "area",
    "topic": "350203005004-n7:drainage",
    "until": "2028-12-31T16:00:00Z",
    "urgency": "normal",
    "visit": "019cac0f42a07d3e5b8a4c1f60927bf2",
    "warn_at": "2026-03-03T07:15:00Z",
    "department": "market-supervision",
    "en": "Lifts out of order",
    "number": 1,
    "origin": "patrol-finding:019cac0f42a07d3e5b8a4c1f60927c11",
    "pace": "emergency",
    "successor": "property-repairs",
    "zh": "电梯故障",
    "year": 2026,
    "accept_by": "2026-03-02T10:00:00Z",
    "caller": _STAFF,
    "departments": ["market-supervision", "water-works"],
    "instead": "water-works",
    "judge": _RESIDENT,
    "judge_by": "2026-03-06T01:15:00Z",
    "lead": "water-works",
    "part_by": "2026-03-09T01:15:00Z",
    "reason": "season",
    "report_by": "2026-03-03T01:15:00Z",
    "reported_by": "s-92c4d07e11",
    "suspended_until": "2026-03-31T00:30:00Z",
    "whistle": "019cac0f42a07d3e5b8a4c1f60927bfa",
    "whistler": _RESIDENT,
}

_VALUES |= {
    "deputy": "s-92c4d07e11",
    "dropped": [],
    "duties": ["grid-head", "grid-worker"],
    "end": "2026-05-01T09:00:00Z",
    "every_day": False,
    "fill_within_days": 14,
    "languages": ["zh-Hans", "en"],
    "mine": 0,
    "pattern": "one-head-five-members",
    "rota": "350203005004-n7:labour-day",
    "shifts": [
        ["2026-05-01T01:00:00Z", "2026-05-01T09:00:00Z", _STAFF],
        ["2026-05-02T01:00:00Z", "2026-05-02T09:00:00Z", "s-92c4d07e11"],
    ],
    "spans": [[510, 720], [870, 1080]],
    "start": "2026-05-01T01:00:00Z",
    "successors": ["350203005004-n8"],
    "theirs": 1,
}
"""Of the place's own working, and of its rota."""

_VALUES |= {
    "before": 150,
    "begun": "2026-05-03T00:30:00Z",
    "confirmed_by": _STAFF,
    "corrected_by": _STAFF,
    "minutes": 120,
    "team": "019cac0f42a07d3e5b8a4c1f60927c01",
    "volunteer": "r-2b60f4d9e7",
    "work": "019cac0f42a07d3e5b8a4c1f60927c02",
}
"""Of what volunteers do."""

_VALUES |= {
    "called": [_STAFF, "s-92c4d07e11"],
    "danger": "gas",
    "given_by": _STAFF,
    "households": 3,
    "into": "019cac0f42a07d3e5b8a4c1f60927bf9",
    "member": "019cac0f42a07d3e5b8a4c1f60927bf9",
    "merged": 2,
    "out_of": "019cac0f42a07d3e5b8a4c1f60927bf9",
    "reached": True,
    "tries": 1,
}
"""Of danger, voices, merging, promises and follow-up."""

_VALUES |= {
    "awaited": "confirmation",
    "office": _PATH[-3],
    "on_behalf": False,
    "owner": _RESIDENT,
    "poster": "s-92c4d07e11",
    "wish": "019cac0f42a07d3e5b8a4c1f60927c21",
}
"""Of wishes."""

_VALUES |= {
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

_VALUES |= {
    "activity": "019cac0f42a07d3e5b8a4c1f60927c02",
    "begin": "2026-05-03T00:30:00Z",
    "changed": True,
    "former": [_STAFF],
    "late": False,
    "missing": ["r-5c7710aa02"],
    "organisers": [_STAFF],
    "places": 20,
    "present": 17,
    "series": "019cac0f42a07d3e5b8a4c1f60927c03",
    "theme": "environment",
    "volunteers": ["r-2b60f4d9e7", "r-5c7710aa02"],
    "waited": ["r-91d3ee4b7f"],
    "withdraw_until": "2026-05-02T00:30:00Z",
}
"""Of activities."""

_VALUES |= {
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

_VALUES |= {
    "by_office": False,
    "earliest": "2026-05-03T01:00:00Z",
    "flags": ["kind", "punctual"],
    "latest": "2026-05-03T05:00:00Z",
    "least_age": 18,
    "offered": ["r-5c7710aa02"],
    "order": "019cac0f42a07d3e5b8a4c1f60927c41",
    "passed_over": ["r-5c7710aa02", "r-91d3ee4b7f"],
    "placed_by": _STAFF,
    "service": "repair",
    "skill": "repair",
    "trainings": ["first-aid"],
}
"""Of orders."""

_VALUES_OF: dict[str, dict[str, Any]] = {
    "AllianceChairPassed": {"chair": "o-a90be2", "before": "o-7d11c9"},
    **{
        f"AlliancePromise{step}": {"promise": "019cac0f42a07d3e5b8a4c1f60927bf1"}
        for step in ("Made", "Reported", "Overdue", "Judged")
    },
    "AllianceFounded": {"name": "莲坂共建联盟"},
    "CategoryDefined": {"category": "property-lifts", "parent": "property-repairs"},
    "CategoryRevised": {"category": "property-lifts", "number": 2, "pace": "everyday"},
    "CategoryRetired": {"category": "property-lifts", "number": 3},
    "CategoryRevisionCalledOff": {"category": "property-lifts", "number": 3},
    "CheckInRefused": {"because": "lapsed"},
    "OrganisationRegistered": {"kind": "partner-unit", "name": "莲坂小学"},
    "OrganisationRenamed": {"name": "莲坂实验小学"},
    "VisitCalledOff": {"because": "done-otherwise"},
    "MessagePosted": {
        "kind": "petition-assigned",
        "about": f"petition-{_PETITION}",
        "event": f"petitions/petition-{_PETITION}/3/0",
    },
    "PetitionClosed": {"level": "area", "place": _PATH[-2]},
    "PetitionCommented": {"by": _RESIDENT},
    "PetitionLinked": {"to": "019cac0f42a07d3e5b8a4c1f60927bf9"},
    "PetitionMemberRefused": {"because": "full"},
    "PetitionReachedLevel": {"before": None},
    "PetitionSigned": {"by": _RESIDENT},
    "PetitionSignatureWithdrawn": {"by": _RESIDENT},
    "PetitionSplit": {"because": "split"},
    "PetitionSupported": {"by": "r-2b60f4d9e7"},
    "PetitionSupportWithdrawn": {"by": "r-2b60f4d9e7"},
    "PetitionReopened": {"level": "area"},
    "PlaceMoved": {"code": _UNIT, "parent": "350203005004-n7-b3", "path": [*_PATH, _UNIT]},
    "PlaceRegistered": {"kind": "neighbourhood", "name": "莲坂新城"},
    "PlaceRenamed": {"name": "莲坂新城一期"},
    "PostVacated": {"because": "term-ended"},
    "PlaceSplit": {"into": ["350203005004-n8", "350203005004-n9"]},
    "PostVacancyOverdue": {"to": _PATH[-2]},
    "RotaShiftChanged": {
        "number": 0,
        "before": _STAFF,
        "person": "s-92c4d07e11",
        "because": "swapped",
    },
    "RotaSwapEnded": {"to": "s-92c4d07e11", "because": "unanswered"},
    "RotaSwapProposed": {"to": "s-92c4d07e11", "until": "2026-05-01T01:00:00Z"},
    "MoveRefused": {"because": "not-known"},
    "RegistrationRefused": {"because": "lapsed"},
    "ResidentMoved": {"before": "350203005004-n7-b1-u2"},
    "ResidentVouchedFor": {"by": "r-2b60f4d9e7"},
    "PetitionSuspended": {"until": "2026-03-31T00:30:00Z"},
    "PetitionResumed": {"because": "until", "answer_by": "2026-04-01T10:00:00Z"},
    "ConsultationConcluded": {"because": "answered"},
    "WhistleBlown": {"by": _RESIDENT},
    "WhistleCalled": {"called": "s-92c4d07e11", "duty": "property-company", "because": "blown"},
    "WhistleClimbed": {"before": "neighbourhood", "because": "overdue", "whistler": None},
    "WhistleReported": {"by": "s-92c4d07e11"},
    "WhistleReportAccepted": {"by": _RESIDENT, "judge": None, "judge_by": None},
    "WhistleReportRefused": {"by": _RESIDENT},
    "WhistleOverdue": {"called": "s-92c4d07e11"},
    "WhistleClosed": {"called": "s-92c4d07e11"},
}

_VALUES_OF |= {
    "HoursConfirmed": {"kind": "activity"},
    "HoursCorrected": {"kind": "activity"},
}

_VALUES_OF |= {
    **{f"Wish{step}": {"kind": "repair"} for step in ("Posted", "Opened", "Fulfilled")},
    "WishEnded": {"kind": "repair", "outcome": "withdrawn"},
    "WishReleased": {"because": "given-back"},
    "WishDisputed": {"by": _RESIDENT, "because": "not-done"},
}

_VALUES_OF |= {
    "PointsEarned": {"kind": "activity"},
    "PointsReversed": {"kind": "activity", "legs": [["person:r-2b60f4d9e7", -15], ["issuing", 15]]},
    "PointsClaimed": {"points": 5, "legs": [["person:r-2b60f4d9e7", -5], ["issuing", 5]]},
    "PointsExpired": {"legs": [["person:r-2b60f4d9e7", -20], ["expired", 20]]},
    "PointsSent": {
        "to": f"person:{_RESIDENT}",
        "legs": [["person:r-2b60f4d9e7", -20], ["transit:person:r-2b60f4d9e7.2", 20]],
    },
    "PointsReceived": {
        "account": f"person:{_RESIDENT}",
        "legs": [["transit:person:r-2b60f4d9e7.2", -20], [f"person:{_RESIDENT}", 20]],
    },
    "PointsReturned": {
        "account": f"person:{_RESIDENT}",
        "because": "declined",
        "legs": [[f"person:{_RESIDENT}", -20], ["transit:person:r-2b60f4d9e7.2", 20]],
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

_VALUES_OF |= {
    "ActivityCalledOff": {"because": "weather"},
    "ActivityDisputeDecided": {"by": "s-92c4d07e11"},
    "ActivityHoursDisputed": {"called": "s-92c4d07e11", "place": _PATH[-3]},
    "ActivityHoursUnsettled": {"called": "s-92c4d07e11", "place": _PATH[-3]},
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

_VALUES |= {
    "captain": "r-2b60f4d9e7",
    "deputies": ["r-61d80ac1f5"],
    "guardian": "r-8e21f0a6c3",
    "leaders": ["r-2b60f4d9e7", "r-61d80ac1f5"],
    "training": "first-aid",
    "works": ["activity", "wish"],
}
"""Of teams and guardians."""

_VALUES_OF |= {
    "CaptainChanged": {"captain": "r-61d80ac1f5", "former": "r-2b60f4d9e7", "deputies": []},
    "CaptainSought": {"person": "r-61d80ac1f5", "until": "2026-05-04T01:00:00Z"},
    "TeamApplicationEnded": {"because": "refused"},
    "TeamApplicationWaiting": {"until": "2026-05-30T01:00:00Z", "called": _STAFF},
    "TeamFounded": {"kind": "silver-haired", "name": "莲坂银龄志愿服务队"},
    "TeamInsured": {
        "until": "2027-03-01T16:00:00Z",
        "volunteers": ["r-2b60f4d9e7", "r-61d80ac1f5"],
    },
    "TeamLeaderless": {
        "place": _PATH[2],
        "called": _STAFF,
        "number": 1,
        "until": "2026-05-11T01:00:00Z",
    },
    "TeamMemberLeft": {"because": "left"},
    "TeamMemberSuspended": {"because": "absent", "until": "2026-06-01T16:00:00Z"},
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

_VALUES_OF |= {
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

_VALUES |= {
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

_VALUES_OF |= {
    **{
        name: _PATROL
        for name in (
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
        )
    },
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
        "called": _STAFF,
    },
    "PatrolAlarmSettled": {"kind": "checkpoint-missed"},
    "PatrolFindingRecorded": {"kind": "safety", "until": "2026-05-04T13:10:00Z"},
    "PatrolFindingWaiting": {"until": "2026-05-04T13:10:00Z"},
    "PatrolFindingClimbed": {
        "since": "2026-05-04T13:10:00Z",
        "level": "community",
        "called": _STAFF,
    },
    "PatrolFindingSettled": {"kind": "safety", "because": "put-right"},
    "FindingHeard": {"outcome": None},
}

_VALUES |= {
    "alarm": 1,
    "informed": [_STAFF, "s-92c4d07e11"],
    "plan": "019cac0f42a07d3e5b8a4c1f60927c41",
    "rung": "team",
    "visitor": "r-2b60f4d9e7",
}
"""Of care plans."""

_VALUES_OF |= {
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
_VALUES_OF |= {
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

_VALUES_OF |= {
    "ServiceDefined": {"zh": "上门读报", "en": "Reading aloud", "service": "reading"},
    "ServiceRevised": {"zh": "家电小修", "en": "Small repairs", "number": 2},
    "ServiceRetired": {"number": 3},
    "ServiceChangeCalledOff": {"number": 3},
    "OrderAlarmed": {"because": "overdue", "called": "s-92c4d07e11", "place": _PATH[-3]},
    "OrderCancelled": {"by": _RESIDENT},
    "OrderBegun": {"by": "r-2b60f4d9e7"},
    "OrderBeginConfirmed": {"by": _RESIDENT},
    "OrderClimbed": {"level": "community", "called": "s-92c4d07e11", "place": _PATH[-3]},
    "OrderEnded": {"because": "no-means"},
    "OrderEntrustmentEnded": {"because": "returned"},
    "OrderFinished": {"by": "r-2b60f4d9e7"},
    "OrderGivenBack": {"because": "ill"},
    "OrderPresenceDisputed": {"by": _RESIDENT},
    "OrderRated": {"by": _RESIDENT, "stars": 5},
    "OrderTimeProposed": {"by": "r-2b60f4d9e7", "to": _RESIDENT},
    "TakersSought": {"until": "2026-03-02T01:30:00Z"},
}

_STREAMS = {
    "checkin": "check-in",
    "code": "place",
    "rules": "point-rules",
    "work": "activity",
    "finding": "patrol-finding",
    "route": "patrol-route",
    "shift": "patrol-shift",
    "plan": "care-plan",
}
"""Kinds of stream that are not named like the id in the event's first field."""


def sample(type: str, cls: type[Event], position: int) -> Envelope:
    """The sample of an event version. `position`, from 1, is its place in the story of its service.

    Raises LookupError when a field has no value here.
    """
    name, _ = name_and_version(cls)
    values = {**_VALUES, **_VALUES_OF.get(name, {})}
    chosen = {}
    for field in fields(cls):  # type: ignore[arg-type]
        if field.name in values:
            chosen[field.name] = values[field.name]
        elif field.default is MISSING:
            raise LookupError(f"{name}.{field.name} has no sample value: give it one in {__name__}")
    data = msgspec.to_builtins(msgspec.convert(chosen, cls))
    key = fields(cls)[0].name  # type: ignore[arg-type]
    stream = f"{_STREAMS.get(key, key)}-{data[key]}"
    service = emitting_service(cls)
    # A message is made in reaction to an event; the others here follow from a request.
    cause = data.get("event")
    return Envelope(
        id=f"{service}/{stream}/{position}/0",
        type=type,
        source=f"/jinlin/{service}",
        subject=stream,
        time=_BEGIN + timedelta(minutes=position),
        data=data,
        sequence=position,
        correlationid=(cause or f"{service}/{stream}/{position}/0").rpartition("/")[0],
        causationid=cause,
        traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    )
