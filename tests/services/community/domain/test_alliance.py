"""Alliances and what their members promise for a year."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from services.community.domain.alliance import (
    AdmitOrganisation,
    DismissOrganisation,
    Dissolve,
    FoundAlliance,
    Known,
    LeaveAlliance,
    PassChair,
    alliance,
    open_verbs,
)
from services.community.domain.promise import (
    JudgePromise,
    MakePromise,
    PromiseAccounted,
    PromiseWorded,
    ReportPromise,
    Ring,
    Status,
    due,
    promise,
)
from services.community.domain.promise import open_verbs as promise_verbs
from shared.contracts.community import (
    AllianceChairPassed,
    AllianceDissolved,
    AllianceFounded,
    AllianceMemberJoined,
    AllianceMemberLeft,
    AlliancePromiseJudged,
    AlliancePromiseMade,
    AlliancePromiseOverdue,
    AlliancePromiseReported,
)
from shared.runtime.aggregate import Tick
from tests.given import given

FOUNDED = AllianceFounded("a1", "jm", "军门联盟", "o1", ("o1", "o2", "o3"))
FOUND = FoundAlliance("staff", "jm", "军门联盟", "o1", ("o3", "o1", "o2"))
KNOWN = Known("a1")


def test_known_organisations_found_it_for_a_known_place() -> None:
    given(alliance).when(FOUND, facts=Known("a1", place=False)).then_rejected("unknown-place")
    given(alliance).when(FOUND, facts=Known("a1", missing=("o2",))).then_rejected(
        "unknown-organisation"
    )
    given(alliance).when(FOUND, facts=KNOWN).then(FOUNDED).when(FOUND, facts=KNOWN).then_rejected(
        "alliance-exists"
    )
    given(alliance).when(Dissolve("staff"), facts=KNOWN).then_rejected("unknown-alliance")


def test_members_come_and_go_but_not_from_the_chair() -> None:
    here = given(alliance, FOUNDED)
    here.when(AdmitOrganisation("staff", "o2"), facts=KNOWN).then()
    here.when(AdmitOrganisation("staff", "o4"), facts=Known("a1", missing=("o4",))).then_rejected(
        "unknown-organisation"
    )
    here.when(AdmitOrganisation("staff", "o4"), facts=KNOWN).then(AllianceMemberJoined("a1", "o4"))
    here.when(LeaveAlliance("wang", "o2"), facts=KNOWN).then(AllianceMemberLeft("a1", "o2"))
    here.when(LeaveAlliance("wang", None), facts=KNOWN).then_rejected("no-organisation")
    here.when(DismissOrganisation("staff", "o9"), facts=KNOWN).then_rejected("not-in-the-alliance")
    here.when(LeaveAlliance("wang", "o1"), facts=KNOWN).then_rejected("in-the-chair")
    here.when(PassChair("staff", "o1"), facts=KNOWN).then()
    passed = here.when(PassChair("staff", "o2"), facts=KNOWN).then(
        AllianceChairPassed("a1", "o2", "o1")
    )
    passed.when(LeaveAlliance("wang", "o1"), facts=KNOWN).then(AllianceMemberLeft("a1", "o1"))


def test_a_full_alliance_takes_nobody() -> None:
    many = tuple(f"o{n}" for n in range(1, 101))
    full = given(alliance, AllianceFounded("a1", "jm", "联盟", "o1", many))
    full.when(AdmitOrganisation("staff", "new"), facts=KNOWN).then_rejected("too-many-members")


def test_a_dissolved_one_takes_nothing() -> None:
    ended = given(alliance, FOUNDED).when(Dissolve("staff"), facts=KNOWN)
    ended.then(AllianceDissolved("a1")).when(Dissolve("staff"), facts=KNOWN).then_rejected(
        "alliance-dissolved"
    )
    assert open_verbs(ended.then(AllianceDissolved("a1")).state) == ()


# --- promises ----------------------------------------------------------------------------------

RING = Ring("p1", "jm", "o1", ("o1", "o2", "o3"))
DUE = datetime(2025, 6, 30, 16, 0, tzinfo=UTC)
MAKE = MakePromise("wang", "o2", "a1", 2025, "给小区装二十盏灯", DUE)
MADE = AlliancePromiseMade("p1", "a1", "jm", "o2", 2025, DUE)
REPORTED = AlliancePromiseReported("p1", "a1", "o2", True)
OVERDUE = AlliancePromiseOverdue("p1", "a1", "jm", "o2", DUE)


def test_a_member_promises_something_within_the_year() -> None:
    given(promise).when(MAKE, facts=RING).then(MADE, PromiseWorded("给小区装二十盏灯"))
    given(promise).when(MAKE, facts=Ring("p1")).then_rejected("unknown-alliance")
    for org in ("o9", None):
        given(promise).when(replace(MAKE, org=org), facts=RING).then_rejected("not-in-the-alliance")
    given(promise).when(replace(MAKE, text=""), facts=RING).then_rejected("promise-empty")
    for at in (datetime(2024, 12, 1, tzinfo=UTC), datetime(2025, 12, 31, 17, tzinfo=UTC)):
        given(promise).when(replace(MAKE, due=at), facts=RING).then_rejected("not-in-the-year")
    given(promise).when(ReportPromise("wang", True), facts=RING).then_rejected("unknown-promise")


def test_the_member_reports_and_the_chair_judges() -> None:
    made = given(promise, MADE)
    judge = JudgePromise("chen", "o1", False)
    made.when(judge, facts=RING).then_rejected("not-reported")
    reported = made.when(ReportPromise("wang", True, "都装好了"), facts=RING).then(
        REPORTED, PromiseAccounted("都装好了")
    )
    assert due(reported.state) is None
    for org in ("o2", "o3", "o9", None):
        reported.when(replace(judge, org=org), facts=RING).then_rejected("not-to-judge")
    judged = reported.when(judge, facts=RING).then(AlliancePromiseJudged("p1", "a1", "o2", False))
    assert judged.state.status is Status.MISSED
    assert promise_verbs(judged.state) == ()
    judged.when(ReportPromise("wang", True), facts=RING).then_rejected("promise-judged")


def test_another_member_judges_what_the_chair_promised() -> None:
    own = given(
        promise,
        AlliancePromiseMade("p1", "a1", "jm", "o1", 2025, DUE),
        AlliancePromiseReported("p1", "a1", "o1", True),
    )
    own.when(JudgePromise("chen", "o1", True), facts=RING).then_rejected("not-to-judge")
    own.when(JudgePromise("li", "o3", True), facts=RING).then(
        AlliancePromiseJudged("p1", "a1", "o1", True)
    )


def test_what_nobody_reports_on_is_overdue_once_and_can_be_judged() -> None:
    made = given(promise, MADE)
    assert due(made.state) == DUE
    made.when(Tick(), at=DUE - timedelta(milliseconds=1), facts=RING).then()
    late = made.when(Tick(), at=DUE, facts=RING).then(OVERDUE)
    assert due(late.state) is None
    late.when(Tick(), at=DUE, facts=RING).then()
    assert promise_verbs(late.state) == ("report", "judge")
    late.when(JudgePromise("chen", "o1", False), facts=RING).then(
        AlliancePromiseJudged("p1", "a1", "o2", False)
    )
