"""Consultation: who calls, what each department owes until when, and when the answer is given."""

from dataclasses import replace
from datetime import datetime

import pytest

from services.petitions.domain.commands import HandUp
from services.petitions.domain.consultation_commands import (
    AcceptPart,
    Consult,
    DeliverPart,
    HandOver,
    Insist,
    Minute,
    PartWritten,
    QuestionPut,
    RefusePart,
    RuleOut,
)
from services.petitions.domain.departments import Body, PartStatus
from services.petitions.domain.dossier import ReasonGiven
from services.petitions.domain.petition import due
from services.petitions.domain.state import Petition
from shared.contracts.petitions import (
    ConsultationCalled,
    DepartmentAccepted,
    DepartmentCalled,
    DepartmentDelivered,
    DepartmentHandedOver,
    DepartmentInsisted,
    DepartmentLate,
    DepartmentRefused,
    DepartmentRuledOut,
    DepartmentSilent,
)
from shared.contracts.types import Level
from shared.runtime.aggregate import Command, Tick
from tests.given import Given
from tests.services.petitions.town import (
    COMMUNITY_SECRETARY,
    FILE,
    GRID_HEAD,
    HAND_UP,
    ID,
    MONDAY,
    STREET_OFFICER,
    TOWN,
    TUESDAY,
    local,
    told,
)

WATER, ROADS, POWER, PARKS = "water-works", "roads-office", "power-company", "parks-office"
SECRETARY = replace(TOWN, standing=Level.COMMUNITY)
"""As the community's secretary meets it."""
STREET = replace(TOWN, standing=Level.STREET)
CONSULT = Consult(
    by=COMMUNITY_SECRETARY, departments=(WATER, ROADS), lead=WATER, question="谁来改造主管网？"
)
ACCEPT_BY = local(3, 3, 18)
"""A working day after Monday morning."""
PART_BY = local(3, 7, 18)
"""Five working days after Monday morning."""
ACCEPT = {org: AcceptPart(by=f"{org}-officer", org=org) for org in (WATER, ROADS, POWER, PARKS)}
DELIVER = {
    org: DeliverPart(by=f"{org}-officer", text="已完成", org=org)
    for org in (WATER, ROADS, POWER, PARKS)
}


def at_the_community(*more: tuple[Command, datetime]) -> Given[Petition]:
    """A petition that the community's secretary has had since Monday morning, and what followed."""
    up = (HAND_UP, MONDAY), (HandUp(by="area-staff", reason="无权"), MONDAY)
    return told((FILE, MONDAY), *up, *more, facts=SECRETARY)


def called(*more: tuple[Command, datetime]) -> Given[Petition]:
    """Two departments were called on Monday morning, and what followed."""
    return at_the_community((CONSULT, MONDAY), *more)


def part(past: Given[Petition], department: str) -> PartStatus:
    """How a department's part stands."""
    consultation = past.state.consultation
    assert consultation is not None
    found = consultation.part(department)
    assert found is not None
    return found.status


def test_who_has_it_calls_departments_and_one_leads() -> None:
    past = (
        at_the_community()
        .when(CONSULT, at=MONDAY, facts=TOWN)
        .then(
            ConsultationCalled(
                petition=ID,
                by=COMMUNITY_SECRETARY,
                level=Level.COMMUNITY,
                place="xingang",
                category="sanitation",
                lead=WATER,
                departments=(WATER, ROADS),
            ),
            DepartmentCalled(ID, WATER, ACCEPT_BY),
            DepartmentCalled(ID, ROADS, ACCEPT_BY),
            QuestionPut(COMMUNITY_SECRETARY, "谁来改造主管网？"),
        )
    )
    assert past.state.answer_by == at_the_community().state.answer_by, "its own clock runs on"
    assert due(past.state) == ACCEPT_BY


def test_a_leader_above_calls_too_and_nobody_below() -> None:
    low = told((FILE, MONDAY))
    low.when(CONSULT, at=MONDAY, facts=SECRETARY).then_among(DepartmentCalled(ID, WATER, ACCEPT_BY))
    own = replace(CONSULT, by=GRID_HEAD)
    low.when(own, at=MONDAY, facts=TOWN).then_rejected("not-a-leader")
    other = replace(CONSULT, by="area-head")
    area = replace(TOWN, standing=Level.AREA)
    at_the_community().when(other, at=MONDAY, facts=area).then_rejected("not-a-leader")
    at_the_community().when(other, at=MONDAY, facts=TOWN).then_rejected("not-a-leader")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"departments": (WATER,)}, "wrong-departments"),
        ({"departments": (WATER, WATER)}, "wrong-departments"),
        ({"departments": tuple(f"d{n}" for n in range(13))}, "wrong-departments"),
        ({"lead": POWER}, "lead-not-called"),
    ],
)
def test_two_to_twelve_departments_are_called(changes: dict[str, object], code: str) -> None:
    wrong = replace(CONSULT, **changes)  # type: ignore[arg-type]
    at_the_community().when(wrong, at=MONDAY, facts=SECRETARY).then_rejected(code)


def test_a_body_complained_of_is_not_called() -> None:
    complaint = replace(FILE, complained_of=WATER)
    facts = replace(STREET, bodies=lambda _person: frozenset())
    past = told((complaint, MONDAY), facts=facts)
    past.when(replace(CONSULT, by=STREET_OFFICER), at=MONDAY, facts=facts).then_rejected("partial")


def test_there_is_one_consultation_at_a_time() -> None:
    called().when(CONSULT, at=MONDAY, facts=SECRETARY).then_rejected("consultation-open")


def test_a_department_accepts_and_has_its_own_time() -> None:
    past = (
        called()
        .when(ACCEPT[WATER], at=MONDAY, facts=TOWN)
        .then(DepartmentAccepted(ID, WATER, COMMUNITY_SECRETARY, PART_BY))
    )
    assert part(past, WATER) is PartStatus.ACCEPTED
    past.when(ACCEPT[WATER], at=MONDAY, facts=TOWN).then_rejected("part-stands-otherwise")


def test_only_officers_of_departments_called_speak_for_them() -> None:
    for org in (POWER, None):
        stranger = replace(ACCEPT[WATER], org=org)
        called().when(stranger, facts=TOWN).then_rejected("department-not-called")
    at_the_community().when(ACCEPT[WATER], facts=TOWN).then_rejected("no-consultation")


def test_a_refusal_has_a_reason_and_waits_for_the_callers_level() -> None:
    refuse = RefusePart(by="roads-officer", reason="不是市政道路", org=ROADS)
    past = (
        called()
        .when(refuse, at=MONDAY, facts=TOWN)
        .then(
            DepartmentRefused(ID, ROADS, COMMUNITY_SECRETARY),
            ReasonGiven("refuse-part", "不是市政道路"),
        )
    )
    assert part(past, ROADS) is PartStatus.REFUSED
    past.when(refuse, at=MONDAY, facts=TOWN).then_rejected("part-stands-otherwise")
    past.when(ACCEPT[ROADS], at=MONDAY, facts=TOWN).then_among(
        DepartmentAccepted(ID, ROADS, COMMUNITY_SECRETARY, PART_BY)
    )


def test_silence_is_told_once_for_every_department() -> None:
    past = (
        called()
        .when(Tick(), at=ACCEPT_BY, facts=TOWN)
        .then(
            DepartmentSilent(ID, WATER, COMMUNITY_SECRETARY, ACCEPT_BY),
            DepartmentSilent(ID, ROADS, COMMUNITY_SECRETARY, ACCEPT_BY),
        )
    )
    past.when(Tick(), at=ACCEPT_BY, facts=TOWN).then()
    assert due(past.state) == past.state.warn_at


def silent() -> Given[Petition]:
    """Both departments said nothing; the roads office took its part on late."""
    return called((Tick(), ACCEPT_BY), (ACCEPT[ROADS], ACCEPT_BY))


def test_the_callers_level_insists() -> None:
    insist = Insist(by=STREET_OFFICER, department=WATER, reason="这是你们的管网")
    past = (
        silent()
        .when(insist, at=TUESDAY, facts=STREET)
        .then(DepartmentInsisted(ID, WATER, local(3, 10, 18)), ReasonGiven("insist", insist.reason))
    )
    assert part(past, WATER) is PartStatus.ACCEPTED
    refuse = RefusePart(by="water-officer", reason="不归我们", org=WATER)
    past.when(refuse, facts=TOWN).then_rejected("part-stands-otherwise")


@pytest.mark.parametrize(
    "command",
    [
        Insist(by=GRID_HEAD, department=WATER, reason="要办"),
        HandOver(by=GRID_HEAD, department=WATER, instead=POWER, reason="换一家"),
        RuleOut(by=GRID_HEAD, department=WATER, reason="不需要"),
        Minute(by=GRID_HEAD, text="会上说好了"),
    ],
)
def test_nobody_else_decides(command: Command) -> None:
    area = replace(TOWN, standing=Level.AREA)
    silent().when(command, facts=area).then_rejected("not-the-callers-level")


def test_a_part_is_handed_over_once() -> None:
    over = HandOver(by=COMMUNITY_SECRETARY, department=WATER, instead=POWER, reason="归他们管")
    past = (
        silent()
        .when(over, at=TUESDAY, facts=TOWN)
        .then(
            DepartmentHandedOver(ID, WATER, POWER),
            DepartmentCalled(ID, POWER, local(3, 4, 18), again=True),
            ReasonGiven("hand-over", "归他们管"),
        )
    )
    assert past.state.consultation is not None
    assert past.state.consultation.lead == POWER, "the lead goes with the part"
    assert not past.state.consultation.called(WATER)
    late = past.when(Tick(), at=local(3, 4, 18), facts=TOWN)
    waiting = late.then(*late.events)
    again = HandOver(by=COMMUNITY_SECRETARY, department=POWER, instead=PARKS, reason="归他们管")
    waiting.when(again, facts=TOWN).then_rejected("handed-over-before")
    waiting.when(RuleOut(COMMUNITY_SECRETARY, POWER, "不需要"), facts=TOWN).then_among(
        DepartmentRuledOut(ID, POWER, COMMUNITY_SECRETARY)
    )
    back = replace(over, instead=ROADS)
    silent().when(back, facts=TOWN).then_rejected("called-before")


def test_decisions_are_about_parts_in_doubt() -> None:
    past = called((ACCEPT[WATER], MONDAY))
    rule_out = RuleOut(by=COMMUNITY_SECRETARY, department=WATER, reason="不需要")
    past.when(rule_out, facts=TOWN).then_rejected("nothing-to-decide")
    past.when(replace(rule_out, department=POWER), facts=TOWN).then_rejected("no-such-part")


def test_a_late_part_is_told_once_and_may_still_be_delivered_or_ruled_out() -> None:
    past, told_late = silent(), 0
    part_by = local(3, 10, 18)
    while (at := due(past.state)) is not None and at <= part_by:
        happened = past.when(Tick(), at=at, facts=TOWN)
        told_late += DepartmentLate(ID, ROADS, COMMUNITY_SECRETARY, part_by) in happened.events
        past = happened.then(*happened.events)
    late = past
    assert told_late == 1
    assert part(late, ROADS) is PartStatus.LATE
    late.when(DELIVER[ROADS], facts=TOWN).then(
        DepartmentDelivered(ID, ROADS, COMMUNITY_SECRETARY, in_time=False),
        PartWritten(ROADS, "roads-office-officer", "已完成"),
    )
    late.when(Insist(COMMUNITY_SECRETARY, ROADS, "快办"), facts=TOWN).then_rejected("part-accepted")
    late.when(RuleOut(COMMUNITY_SECRETARY, ROADS, "不需要"), facts=TOWN).then_among(
        DepartmentRuledOut(ID, ROADS, COMMUNITY_SECRETARY)
    )


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (Body.UNKNOWN, "unknown-department"),
        (Body.CLOSED, "department-closed"),
        (Body.UNFIT, "no-department"),
    ],
)
def test_only_what_exists_and_answers_is_called(body: Body, code: str) -> None:
    facts = replace(SECRETARY, body=lambda one: body if one == ROADS else Body.FIT)
    at_the_community().when(CONSULT, facts=facts).then_rejected(code)
    refused = called((RefusePart(by="w", reason="不归我们", org=WATER), MONDAY))
    over = HandOver(by=COMMUNITY_SECRETARY, department=WATER, instead=PARKS, reason="归他们管")
    gone = replace(SECRETARY, body=lambda one: body if one == PARKS else Body.FIT)
    refused.when(over, facts=gone).then_rejected(code)
