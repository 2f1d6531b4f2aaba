"""Promises fall due, are asked after, and reopen the petition when they were broken."""

from datetime import date, timedelta

from services.petitions.domain.commands import Answer, ConfirmSolved, Step
from services.petitions.domain.petition import due
from services.petitions.domain.promises import (
    JUDGED_WITHIN,
    JudgePromise,
    PromiseUnjudged,
    PromiseWritten,
    ReportPromise,
)
from services.petitions.domain.state import Petition, Status
from shared.contracts.petitions import (
    PetitionReachedLevel,
    PetitionReopened,
    PromiseFellDue,
    PromiseJudged,
    PromiseReported,
)
from shared.contracts.types import Level
from shared.runtime.aggregate import Tick
from tests.given import Given
from tests.services.petitions.town import (
    FILE,
    GRID_HEAD,
    ID,
    MONDAY,
    RESIDENT,
    TOWN,
    TUESDAY,
    local,
    told,
)

PROMISE = Answer(
    by=GRID_HEAD,
    done="已报修电梯",
    done_by="物业",
    follows=(Step("六月前更换主板", date(2025, 6, 1)),),
)
DUE = local(6, 2, 0)


def promised() -> Given[Petition]:
    """Answered with a promise, and closed as solved: the promise is waited for all the same."""
    return told((FILE, MONDAY), (PROMISE, TUESDAY), (ConfirmSolved(by=RESIDENT), TUESDAY))


def fallen_due() -> Given[Petition]:
    past = promised().when(Tick(), at=DUE, facts=TOWN)
    return past.then(
        PromiseFellDue(
            petition=ID,
            promise=1,
            due=DUE,
            judge_by=DUE + JUDGED_WITHIN,
            by=GRID_HEAD,
            place="banyan",
            petitioner=RESIDENT,
        )
    )


def test_a_closed_petition_is_asked_after_on_the_day_of_its_promise() -> None:
    past = promised()
    assert (past.state.status, due(past.state)) == (Status.CLOSED, DUE)
    past.when(Tick(), at=DUE - timedelta(seconds=1), facts=TOWN).then()
    assert due(fallen_due().state) == DUE + JUDGED_WITHIN


def test_staff_say_what_was_done_and_the_petitioner_judges() -> None:
    past = fallen_due()
    report = ReportPromise(by=GRID_HEAD, promise=1, text="主板已换")
    past = past.when(report, at=DUE, facts=TOWN).then(
        PromiseReported(ID, 1, GRID_HEAD, RESIDENT), PromiseWritten(1, "主板已换", "reported")
    )
    kept = PromiseJudged(ID, 1, True, GRID_HEAD, "banyan", "sanitation")
    past = past.when(JudgePromise(by=RESIDENT, promise=1, kept=True), at=DUE, facts=TOWN).then(kept)
    assert due(past.state) is None
    past.when(JudgePromise(by=RESIDENT, promise=1, kept=True), facts=TOWN).then_rejected(
        "nothing-promised"
    )


def test_a_broken_promise_reopens_it_one_level_above() -> None:
    broken = JudgePromise(by=RESIDENT, promise=1, kept=False, word="还是老样子")
    judged = fallen_due().when(broken, at=DUE, facts=TOWN)
    state = judged.then_among(
        PromiseJudged(ID, 1, False, GRID_HEAD, "banyan", "sanitation"),
        PromiseWritten(1, "还是老样子", "judged"),
        PetitionReopened(ID, 1, Level.AREA, RESIDENT),
    ).state
    assert any(isinstance(event, PetitionReachedLevel) for event in judged.events)
    assert (state.status, state.level, state.outcome) == (Status.UNASSIGNED, Level.AREA, None)


def test_a_promise_is_not_broken_before_its_day() -> None:
    early = JudgePromise(by=RESIDENT, promise=1, kept=False)
    promised().when(early, at=TUESDAY, facts=TOWN).then_rejected("promise-not-due")


def test_only_the_petitioner_judges_and_only_what_was_promised() -> None:
    past = fallen_due()
    other = JudgePromise(by=GRID_HEAD, promise=1, kept=True)
    past.when(other, at=DUE, facts=TOWN).then_rejected("not-petitioner")
    unknown = JudgePromise(by=RESIDENT, promise=2, kept=True)
    past.when(unknown, at=DUE, facts=TOWN).then_rejected("no-such-promise")


def test_who_does_not_judge_it_is_asked_no_more() -> None:
    past = fallen_due().when(Tick(), at=DUE + JUDGED_WITHIN, facts=TOWN).then(PromiseUnjudged(1))
    assert due(past.state) is None
