"""One event of every kind and course of patrols."""

from datetime import UTC, datetime

from shared.contracts import volunteering as v
from shared.contracts.event import Event
from shared.contracts.types import Level, Urgency
from shared.contracts.volunteering.patrol_findings import (
    FindingNews,
)
from shared.contracts.volunteering.patrols import (
    CheckWay,
    PatrolAlarm,
    PatrolKind,
)

NOON = datetime(2025, 3, 3, 4, 0, tzinfo=UTC)
ROTA, SHIFT, FINDING, ROUTE = "0195f0", "0195f0.0", "0195f1", "0195f2"
PETITION = "0195f00000000000000000000000abcd"
PATH, KIND, TEAM = ("gl", "n1"), PatrolKind.SAFETY, "team-1"
CREW, LED = ("chen", "deng"), ("captain", "chen")
HEAR = ("chen", "captain")
CAPTAIN, OFFICER = "captain", "officer"


def crew_changed(before: str | None, person: str | None, because: str, vacant: int) -> Event:
    return v.PatrolCrewChanged(SHIFT, "n1", NOON, NOON, before, person, because, vacant, (CAPTAIN,))


def heard(news: FindingNews, outcome: str | None = None) -> v.FindingHeard:
    return v.FindingHeard(FINDING, PETITION, SHIFT, "n1", news, outcome, ("chen",), LED)


def climbed(kind: PatrolAlarm, called: str | None = OFFICER) -> v.PatrolAlarmClimbed:
    return v.PatrolAlarmClimbed(SHIFT, "n1", kind, None, NOON, Level.COMMUNITY, "c1", called)


CASES: list[tuple[Event, dict[str, str]]] = [
    (v.PatrolRouteLaidOut(ROUTE, "n1", PATH, 3), {}),
    (v.PatrolRouteRevised(ROUTE, "n1", 2, 3), {}),
    (v.PatrolRouteClosed(ROUTE, "n1"), {}),
    (
        v.PatrolRotaPublished(ROTA, "n1", PATH, ROUTE, 8, NOON, CREW),
        dict.fromkeys(CREW, "patrol-rota-published"),
    ),
    (v.PatrolRotaChanged(ROTA, "n1", 0, "chen", "deng", "swapped"), {}),
    (v.PatrolSwapProposed(ROTA, "n1", "chen", "deng", 0, 1, NOON), {"deng": "swap-proposed"}),
    (v.PatrolSwapEnded(ROTA, "n1", "chen", "deng", 0, 1, "declined"), {"chen": "swap-ended"}),
    (v.PatrolSwapEnded(ROTA, "n1", "chen", "deng", 0, 1, "withdrawn"), {}),
    (
        v.PatrolShiftPlanned(
            SHIFT, ROTA, 0, ROUTE, "n1", PATH, KIND, TEAM, NOON, NOON, CREW, (CAPTAIN,)
        ),
        {},
    ),
    (
        crew_changed("chen", "deng", "stand-in", 0),
        {"deng": "shift-given", "chen": "shift-taken"},
    ),
    (
        crew_changed("chen", None, "suspended", 1),
        {"chen": "shift-taken", CAPTAIN: "patrol-crew-short"},
    ),
    (crew_changed("chen", None, "erased", 1), {CAPTAIN: "patrol-crew-short"}),
    *(
        (
            v.PatrolShiftCalledOff(SHIFT, "n1", NOON, CREW, (CAPTAIN,), because),
            dict.fromkeys(CREW, "patrol-called-off"),
        )
        for because in ("weather", "event", "too-few", "planned-in-error")
    ),
    (
        v.PatrolShiftCalledOff(SHIFT, "n1", NOON, CREW, (CAPTAIN,), "team-stops"),
        dict.fromkeys((*CREW, CAPTAIN), "patrol-called-off"),
    ),
    (v.PatrolNear(SHIFT, "n1", NOON, CREW), dict.fromkeys(CREW, "patrol-near")),
    (v.PatrolBegun(SHIFT, ROUTE, 1, "n1", KIND, TEAM, "chen", True), {}),
    (
        v.PatrolNotBegun(SHIFT, "n1", KIND, TEAM, NOON, CREW, LED),
        {**dict.fromkeys(CREW, "patrol-begin-now"), CAPTAIN: "patrol-not-begun"},
    ),
    (v.PatrolMissed(SHIFT, "n1", PATH, KIND, TEAM, NOON, NOON), {}),
    (v.PatrolCheckpointPassed(SHIFT, ROUTE, "n1", 0, CheckWay.SIGN, True, "chen"), {}),
    (
        v.PatrolCheckpointMissed(SHIFT, ROUTE, "n1", 0, NOON, (CAPTAIN,)),
        {CAPTAIN: "patrol-checkpoint-missed"},
    ),
    (
        v.PatrolNotEnded(SHIFT, "n1", NOON, CREW, LED),
        {**dict.fromkeys(CREW, "patrol-report-back"), CAPTAIN: "patrol-not-back"},
    ),
    (v.PatrolEnded(SHIFT, "n1", PATH, KIND, TEAM, NOON, NOON, 2, 3, 3, 0, 0, "chen"), {}),
    (
        v.PatrolHandedOver(SHIFT, "n1", "chen", 1, None, NOON, LED),
        {CAPTAIN: "patrol-matters-left"},
    ),
    (v.PatrolHandedOver(SHIFT, "n1", "chen", 0, "0195f0.1", NOON, LED), {}),
    (
        v.PatrolHandoverAwaited("0195f0.1", SHIFT, "n1", CREW, NOON),
        dict.fromkeys(CREW, "patrol-take-over"),
    ),
    (v.PatrolTakenOver(SHIFT, "n1", "deng", "0195f0.1", 1), {}),
    (
        v.PatrolNotTakenOver(SHIFT, "n1", 1, "0195f0.1", (CAPTAIN,)),
        {CAPTAIN: "patrol-not-taken-over"},
    ),
    (v.PatrolHoursWaiting(SHIFT, "n1", (CAPTAIN,)), {CAPTAIN: "patrol-hours-waiting"}),
    *((climbed(kind), {OFFICER: "patrol-alarm"}) for kind in PatrolAlarm),
    (climbed(PatrolAlarm.NOT_BEGUN, None), {}),
    (v.PatrolAlarmSettled(SHIFT, "n1", PatrolAlarm.NOT_ENDED, None, CAPTAIN), {}),
    (
        v.PatrolFindingRecorded(
            FINDING, SHIFT, "n1", PATH, "parking", Urgency.NORMAL, KIND, TEAM, "chen", NOON
        ),
        {},
    ),
    (
        v.PatrolFindingWaiting(FINDING, SHIFT, "n1", "chen", LED, NOON),
        dict.fromkeys(HEAR, "patrol-finding-waiting"),
    ),
    (
        v.PatrolFindingClimbed(FINDING, SHIFT, "n1", NOON, Level.COMMUNITY, "c1", OFFICER),
        {OFFICER: "patrol-finding-alarm"},
    ),
    (v.PatrolFindingSettled(FINDING, SHIFT, "n1", PATH, "parking", KIND, TEAM, "chen", "x"), {}),
    (
        v.FindingBecamePetition(FINDING, PETITION, SHIFT, "n1", PATH, "parking", KIND, TEAM, CREW),
        dict.fromkeys(CREW, "finding-became-petition"),
    ),
    (heard(FindingNews.ANSWERED), dict.fromkeys(HEAR, "finding-answered")),
    (heard(FindingNews.REOPENED), dict.fromkeys(HEAR, "finding-reopened")),
    (heard(FindingNews.CLOSED, "solved"), dict.fromkeys(HEAR, "finding-closed")),
]
