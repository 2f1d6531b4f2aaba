"""The end of a consultation: the joint answer, and the list of what levels could not solve."""

from dataclasses import replace

from services.petitions.domain.commands import Answer, HandUp, Withdraw
from services.petitions.domain.consultation_commands import (
    LeftUnsolved,
    Minute,
    MinuteWritten,
    RuleOut,
)
from services.petitions.domain.ladder import ConsultationLimits
from services.petitions.domain.petition import due, petition
from services.petitions.domain.state import Petition, Status
from services.petitions.domain.verbs import can
from shared.contracts.petitions import (
    ConsultationConcluded,
    DepartmentSilent,
    PetitionAnswered,
)
from shared.contracts.types import Level
from shared.runtime.aggregate import Tick
from tests.given import Given
from tests.services.petitions.domain.test_consultation import (
    ACCEPT,
    CONSULT,
    DELIVER,
    POWER,
    ROADS,
    SECRETARY,
    WATER,
    at_the_community,
    called,
    silent,
)
from tests.services.petitions.town import (
    COMMUNITY_SECRETARY,
    ID,
    MONDAY,
    RESIDENT,
    STREET_OFFICER,
    TOWN,
    TUESDAY,
)

ANSWER = Answer(
    by="water-officer",
    done="主管网已改造，污水不再外溢",
    done_by="自来水公司",
    finished=True,
    org=WATER,
)


def all_in() -> Given[Petition]:
    """Every part is in."""
    steps = (ACCEPT[WATER], ACCEPT[ROADS], DELIVER[WATER], DELIVER[ROADS])
    return called(*((step, MONDAY) for step in steps))


def test_the_answer_waits_for_every_part() -> None:
    waiting = called((ACCEPT[WATER], MONDAY), (DELIVER[WATER], MONDAY))
    refused = waiting.when(ANSWER, facts=TOWN)
    refused.then_rejected("parts-missing")
    assert refused.rejected is not None
    assert refused.rejected.details == {"missing": ROADS}
    own = replace(ANSWER, by=COMMUNITY_SECRETARY, org=None)
    waiting.when(own, facts=TOWN).then_rejected("parts-missing")


def test_the_lead_gives_the_joint_answer_and_no_other_department() -> None:
    other = replace(ANSWER, by="roads-officer", org=ROADS)
    all_in().when(other, facts=TOWN).then_rejected("not-assignee")
    happened = all_in().when(ANSWER, at=TUESDAY, facts=TOWN)
    state = happened.then_among(
        ConsultationConcluded(ID, "answered", COMMUNITY_SECRETARY),
    ).state
    assert any(isinstance(e, PetitionAnswered) and e.by == "water-officer" for e in happened.events)
    assert state.status is Status.ANSWERED
    assert state.consultation is not None
    assert not state.consultation.open


def test_who_has_it_may_give_it_and_must_where_the_lead_was_ruled_out() -> None:
    own = replace(ANSWER, by=COMMUNITY_SECRETARY, org=None)
    all_in().when(own, facts=TOWN).then_among(
        ConsultationConcluded(ID, "answered", COMMUNITY_SECRETARY)
    )
    alone = silent()
    for command in (RuleOut(COMMUNITY_SECRETARY, WATER, "不需要"), DELIVER[ROADS]):
        happened = alone.when(command, at=TUESDAY, facts=TOWN)
        alone = happened.then(*happened.events)
    alone.when(ANSWER, facts=TOWN).then_rejected("not-assignee")
    alone.when(own, facts=TOWN).then_among(
        ConsultationConcluded(ID, "answered", COMMUNITY_SECRETARY)
    )


def test_with_the_petition_the_consultation_is_over() -> None:
    gone = called().when(Withdraw(by=RESIDENT), facts=TOWN)
    state = gone.then_among(ConsultationConcluded(ID, "closed", COMMUNITY_SECRETARY)).state
    assert due(state) is None


def test_departments_and_the_callers_level_write_minutes() -> None:
    for minute in (
        Minute(by="water-officer", text="下周进场", org=WATER),
        Minute(by=COMMUNITY_SECRETARY, text="下周进场"),
    ):
        called().when(minute, facts=TOWN).then(MinuteWritten(minute.by, "下周进场"))


def test_what_is_offered_depends_on_the_department() -> None:
    state = called().state
    assert {"accept-part", "refuse-part"} <= can(state, "water-officer", WATER)
    assert not {"accept-part", "deliver-part", "answer"} & can(state, "power-officer", POWER)
    assert "answer" in can(all_in().state, "water-officer", WATER)
    assert "answer" not in can(all_in().state, "roads-officer", ROADS)


def test_what_the_community_could_not_solve_goes_on_the_list_and_stays_there() -> None:
    assert at_the_community().state.unsolved_since is None
    up = HandUp(by=COMMUNITY_SECRETARY, reason="无权")
    past = at_the_community().when(up, at=TUESDAY, facts=TOWN).then_among(LeftUnsolved(TUESDAY))
    assert past.state.unsolved_since == TUESDAY
    again = past.when(HandUp(by=STREET_OFFICER, reason="无权"), facts=TOWN)
    assert LeftUnsolved not in {type(event) for event in again.events}
    deadline = at_the_community().state.answer_by
    assert deadline is not None
    late = at_the_community((Tick(), at_the_community().state.warn_at or MONDAY))
    late.when(Tick(), at=deadline, facts=TOWN).then_among(LeftUnsolved(deadline))


def test_clocks_that_strike_together_are_heard_together() -> None:
    """A due time is acted on once: what falls due at the same moment must not be left."""
    community = at_the_community().state
    limit = community.limits.answer[Level.COMMUNITY]
    facts = replace(SECRETARY, consultation=ConsultationLimits(accept_within=limit))
    call = Given(petition, community).when(CONSULT, at=MONDAY, facts=facts)
    warning = call.then(*call.events).when(Tick(), at=community.warn_at or MONDAY, facts=facts)
    past = warning.then(*warning.events)
    at = due(past.state)
    assert at == past.state.answer_by
    assert at is not None
    happened = past.when(Tick(), at=at, facts=facts)
    state = happened.then_among(
        DepartmentSilent(ID, WATER, COMMUNITY_SECRETARY, at),
        DepartmentSilent(ID, ROADS, COMMUNITY_SECRETARY, at),
    ).state
    assert state.level is Level.STREET
    assert due(state) != at
    assert petition.decide(Tick(), state, at, facts) == []
