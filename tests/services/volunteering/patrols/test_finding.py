"""Findings: recorded on patrol, put right or filed in time, followed as petitions."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.volunteering.domain.patrols.duty import PassOn
from services.volunteering.domain.patrols.finding import open_verbs, patrol_finding
from services.volunteering.domain.patrols.finding_state import (
    FinderForgotten,
    FindingDescribed,
    FindingForgotten,
    FindingStatus,
    FindingWitnessed,
    ForgetFinder,
    HearOfPetition,
    LinkPetition,
    RecordFinding,
    Scene,
    Settled,
    SettleFinding,
    SettlementDescribed,
)
from services.volunteering.domain.patrols.shift_commands import HandOver, Join
from shared.contracts.types import Level, Urgency
from shared.contracts.volunteering import (
    FindingBecamePetition,
    FindingHeard,
    PatrolFindingClimbed,
    PatrolFindingRecorded,
    PatrolFindingSettled,
    PatrolFindingWaiting,
)
from shared.contracts.volunteering.patrol_findings import (
    FindingNews,
)
from shared.contracts.volunteering.patrols import (
    PatrolKind,
)
from shared.runtime.aggregate import Tick
from tests.given import Given, given
from tests.services.volunteering.patrols.world import (
    AN,
    BEGIN,
    CAPTAIN,
    CHEN,
    DENG,
    DEPUTY,
    END,
    GARAGE,
    OFFICES,
    PATHS,
    after,
    planned,
    running,
)

SAFETY = PatrolKind.SAFETY
SHIFT = after(running(), Join(DENG), BEGIN).state
SCENE = Scene("f1", SHIFT, PATHS[GARAGE], OFFICES)
AT = BEGIN + timedelta(minutes=20)
BY = AT + timedelta(hours=24)
RECORD = RecordFinding(CHEN, "w1.0", GARAGE, "fire-exits", "消防通道被堵", "电动车堵住消防通道。")
CREW, ORGANISERS = (CHEN, DENG), (CAPTAIN, DEPUTY, "wu")
PATH = PATHS[GARAGE]
RECORDED = (
    PatrolFindingRecorded(
        "f1", "w1.0", GARAGE, PATH, "fire-exits", Urgency.NORMAL, SAFETY, "safety", CHEN, BY
    ),
    FindingWitnessed(AT, CREW, "wu", ORGANISERS),
    FindingDescribed("消防通道被堵", "电动车堵住消防通道。"),
)
OPEN: Given[Any] = given(patrol_finding, *RECORDED)
BECAME = FindingBecamePetition(
    "f1", "p1", "w1.0", GARAGE, PATH, "fire-exits", SAFETY, "safety", CREW
)
FILED: Given[Any] = given(patrol_finding, *RECORDED, BECAME)


def test_who_patrols_records_what_they_see() -> None:
    made = given(patrol_finding).when(RECORD, at=AT, facts=SCENE).then(*RECORDED)
    assert patrol_finding.due(made.state) == BY
    assert open_verbs(made.state) == ("settle",)
    made.when(RECORD, at=AT, facts=SCENE).then_rejected("finding-exists")
    urgent = given(patrol_finding).when(replace(RECORD, urgency=Urgency.URGENT), at=AT, facts=SCENE)
    soon = urgent.then(*urgent.events).state
    assert patrol_finding.due(soon) == AT + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("command", "scene", "after_end", "code"),
    [
        (RECORD, replace(SCENE, shift=None), 0, "not-on-patrol"),
        (RECORD, replace(SCENE, shift=planned().state), 0, "not-on-patrol"),
        (replace(RECORD, by=AN), SCENE, 0, "not-on-patrol"),
        (RECORD, replace(SCENE, path=()), 0, "unknown-place"),
        (RECORD, replace(SCENE, path=PATHS["n2"]), 0, "found-elsewhere"),
        (
            RECORD,
            replace(SCENE, shift=after(running(), HandOver(CHEN), END).state),
            3,
            "found-too-late",
        ),
    ],
)
def test_what_is_not_recorded(
    command: RecordFinding, scene: Scene, after_end: int, code: str
) -> None:
    at = END + timedelta(hours=after_end)
    given(patrol_finding).when(command, at=at, facts=scene).then_rejected(code)


def test_what_is_put_right_on_the_spot_needs_no_petition() -> None:
    settle = SettleFinding(DENG, Settled.PUT_RIGHT, "已联系车主挪走")
    settled = OPEN.when(settle, at=AT, facts=SCENE).then(
        PatrolFindingSettled(
            "f1", "w1.0", GARAGE, PATH, "fire-exits", SAFETY, "safety", DENG, "put-right"
        ),
        SettlementDescribed("已联系车主挪走"),
    )
    assert patrol_finding.due(settled.state) is None
    settled.when(settle, at=AT, facts=SCENE).then_rejected("finding-closed")
    settled.when(LinkPetition("p1", CHEN), at=AT, facts=SCENE).then()
    given(patrol_finding).when(settle, at=AT, facts=SCENE).then_rejected("unknown-finding")


def test_what_is_neither_put_right_nor_filed_in_time_alarms_and_climbs() -> None:
    waiting = OPEN.when(Tick(), at=BY, facts=SCENE).then(
        PatrolFindingWaiting("f1", "w1.0", GARAGE, CHEN, ORGANISERS, BY)
    )
    hour, day = BY + timedelta(hours=1), BY + timedelta(days=1)
    climbed = waiting.when(Tick(), at=hour, facts=SCENE).then(
        PatrolFindingClimbed("f1", "w1.0", GARAGE, BY, Level.COMMUNITY, "c1", "officer-c1")
    )
    top = climbed.when(Tick(), at=day, facts=SCENE).then(
        PatrolFindingClimbed("f1", "w1.0", GARAGE, BY, Level.STREET, "s1", None)
    )
    assert patrol_finding.due(top.state) is None
    filed = top.when(LinkPetition("p1", CHEN), at=day, facts=SCENE).then(BECAME)
    assert filed.state.waiting is None


def test_the_petition_of_somebody_of_the_patrol_is_linked_and_no_strangers() -> None:
    for petitioner in (CHEN, DENG, CAPTAIN):
        linked = OPEN.when(LinkPetition("p1", petitioner), at=AT, facts=SCENE).then(BECAME)
        linked.when(LinkPetition("p2", CHEN), at=AT, facts=SCENE).then()
    for other in ("stranger", None):
        OPEN.when(LinkPetition("p1", other), at=AT, facts=SCENE).then()
    given(patrol_finding).when(LinkPetition("p1", CHEN), at=AT, facts=SCENE).then()


def test_the_patrol_hears_what_became_of_it() -> None:
    finding = FILED
    for news, outcome, status in (
        (FindingNews.ANSWERED, None, FindingStatus.ANSWERED),
        (FindingNews.REOPENED, None, FindingStatus.FILED),
        (FindingNews.ANSWERED, None, FindingStatus.ANSWERED),
        (FindingNews.CLOSED, "solved", FindingStatus.CLOSED),
    ):
        heard = FindingHeard("f1", "p1", "w1.0", GARAGE, news, outcome, CREW, ORGANISERS)
        told = finding.when(HearOfPetition("p1", news, outcome), at=AT, facts=SCENE)
        finding = told.then(heard)
        assert finding.state.status is status
    FILED.when(HearOfPetition("p2", FindingNews.CLOSED), at=AT, facts=SCENE).then()
    OPEN.when(HearOfPetition("p1", FindingNews.CLOSED), at=AT, facts=SCENE).then()


def test_with_who_wrote_it_down_its_words_go() -> None:
    gone = OPEN.when(ForgetFinder(CHEN), at=AT, facts=SCENE)
    left = gone.then(FindingForgotten(), FinderForgotten(CHEN)).state
    assert repr(CHEN) not in str(left)
    assert patrol_finding.due(left) == BY
    with_them = OPEN.when(ForgetFinder(DENG), at=AT, facts=SCENE).then(FinderForgotten(DENG))
    assert with_them.state.crew == (CHEN,)
    OPEN.when(ForgetFinder("stranger"), at=AT, facts=SCENE).then()


def test_the_duty_passes_on() -> None:
    passed = after(OPEN, PassOn(("new",), (CAPTAIN,)), AT, SCENE)
    assert passed.state.organisers == ("new", "wu")
