"""Keeping: reminders, what is overdue, what the others say, what a breach leads to."""

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given as held_for
from hypothesis import settings
from hypothesis import strategies as st

from services.mediation.domain.agreements.agreement import due
from services.mediation.domain.agreements.agreement_commands import (
    ConfirmDone,
    DisputeDone,
    ReportBreach,
    ReportDone,
    SeekConfirmation,
)
from services.mediation.domain.agreements.agreement_events import AgreementSaid
from services.mediation.domain.agreements.agreement_state import Done, Status
from services.mediation.domain.agreements.terms import (
    ANSWER_WITHIN,
    ASK_AGAIN_BEFORE,
    JUDICIAL_REMIND_BEFORE,
    JUDICIAL_WITHIN,
    REMIND_BEFORE,
)
from shared.contracts.event import Event
from shared.contracts.mediation.agreements import (
    AgreementBroken,
    AgreementKept,
    BreachPath,
    ClauseConfirmationAsked,
    ClauseConfirmed,
    ClauseDisputed,
    ClauseDue,
    ClauseOverdue,
    ClauseReported,
    JudicialConfirmationEnding,
    JudicialConfirmationSought,
)
from shared.runtime.aggregate import Tick
from tests.services.mediation.agreements.stories import (
    DAY,
    DRAFT,
    NOW,
    PAYS,
    REMOVES,
    around,
    do,
    later,
    signed,
)

HOLDERS = ("wang", "li", "lawyer")
OTHERS = ("li", "lawyer")
IDS = ("d1.1", "d1")


def test_its_debtors_are_reminded_and_all_hear_when_the_time_has_passed() -> None:
    past = signed()
    assert due(past.state) == REMOVES.until - REMIND_BEFORE
    past = past.when(Tick(), at=REMOVES.until - REMIND_BEFORE, facts=around()).then(
        ClauseDue(*IDS, 1, REMOVES.until, ("wang",))
    )
    past = past.when(Tick(), at=REMOVES.until, facts=around()).then(
        ClauseOverdue(*IDS, 1, REMOVES.until, ("wang",), HOLDERS, "chen")
    )
    assert past.state.clauses[0].late
    past.when(Tick(), at=REMOVES.until, facts=around()).then()


def test_after_a_long_silence_of_the_service_only_the_worse_is_told() -> None:
    events = signed().when(Tick(), at=NOW + 15 * DAY, facts=around()).events
    assert events == [ClauseOverdue(*IDS, 1, REMOVES.until, ("wang",), HOLDERS, "chen")]


def test_what_is_reported_and_confirmed_by_the_others_is_kept() -> None:
    until = NOW + ANSWER_WITHIN
    past = signed()
    past = past.when(ReportDone("wang", 1, "都搬走了"), at=NOW, facts=around()).then(
        ClauseReported(*IDS, 1, "wang", OTHERS, until), AgreementSaid("report-done", 1, "都搬走了")
    )
    past = past.when(ConfirmDone("li", 1), at=NOW, facts=around()).then(
        ClauseConfirmed(*IDS, 1, "li", ("wang",))
    )
    past = do(past, ReportDone("lawyer", 2))
    digest = past.state.digest
    past = past.when(ConfirmDone("wang", 2), at=NOW, facts=around()).then(
        ClauseConfirmed(*IDS, 2, "wang", OTHERS), AgreementKept(*IDS, digest, HOLDERS, "chen")
    )
    assert past.state.status is Status.KEPT
    assert due(past.state) is None


def test_what_is_said_of_a_clause_is_said_by_the_right_side() -> None:
    past = signed()
    for by, code in (("li", "not-your-clause"), ("chen", "not-your-clause")):
        past.when(ReportDone(by, 1), at=NOW, facts=around()).then_rejected(code)
    past.when(ReportDone("wang", 3), at=NOW, facts=around()).then_rejected("unknown-clause")
    past.when(ConfirmDone("li", 1), at=NOW, facts=around()).then_rejected("not-reported")
    past = do(past, ReportDone("wang", 1))
    past.when(ReportDone("wang", 1), at=NOW, facts=around()).then_rejected("clause-done")
    for command in (ConfirmDone("wang", 1), DisputeDone("wang", 1, "x")):
        past.when(command, at=NOW, facts=around()).then_rejected("own-clause")
    past = do(past, ConfirmDone("li", 1))
    past.when(DisputeDone("li", 1, "x"), at=NOW, facts=around()).then_rejected("clause-done")


def test_who_is_asked_twice_and_says_nothing_has_agreed() -> None:
    past = do(do(signed(), ReportDone("lawyer", 2)), ReportDone("wang", 1))
    end = NOW + ANSWER_WITHIN
    events = past.when(Tick(), at=end - ASK_AGAIN_BEFORE, facts=around()).events
    assert events == [
        ClauseConfirmationAsked(*IDS, 1, OTHERS, end),
        ClauseConfirmationAsked(*IDS, 2, ("wang",), end),
    ]
    past = later(past, end - DAY)
    assert [one.done for one in past.state.clauses] == [Done.REPORTED] * 2
    past.when(Tick(), at=end, facts=around()).then(
        ClauseConfirmed(*IDS, 1, None, ("wang",)),
        ClauseConfirmed(*IDS, 2, None, OTHERS),
        AgreementKept(*IDS, past.state.digest, HOLDERS, "chen"),
    )


def test_what_is_disputed_can_be_done_and_reported_again() -> None:
    past = do(signed(), ReportDone("wang", 1))
    past = past.when(DisputeDone("li", 1, "还有三箱"), at=NOW, facts=around()).then(
        ClauseDisputed(*IDS, 1, "li", ("wang",), "chen"),
        AgreementSaid("dispute-done", 1, "还有三箱"),
    )
    assert later(past, NOW + 15 * DAY).state.clauses[0].done is Done.DISPUTED
    past = do(do(past, ReportDone("wang", 1), at=NOW + DAY), ConfirmDone("li", 1), at=NOW + DAY)
    assert past.state.clauses[0].done is Done.CONFIRMED


@pytest.mark.parametrize("path", list(BreachPath))
def test_a_breach_goes_the_way_that_is_chosen(path: BreachPath) -> None:
    past = later(signed(), REMOVES.until)
    past = past.when(ReportBreach("li", 1, path), at=REMOVES.until, facts=around()).then(
        AgreementBroken(*IDS, 1, path, "li", HOLDERS, "chen")
    )
    assert (past.state.status, past.state.broken, past.state.path) == (
        Status.BROKEN,
        1,
        path.value,
    )
    assert due(past.state) is None


def test_what_is_a_breach_and_who_says_so() -> None:
    past = signed()
    breach = ReportBreach("li", 1, BreachPath.COURT, "一箱没搬")
    early = past.when(breach, at=REMOVES.until - DAY, facts=around())
    early.then_rejected("not-broken")
    for by in ("wang", "police"):
        when = past.when(replace(breach, by=by), at=REMOVES.until, facts=around())
        when.then_rejected("not-your-breach")
    when = past.when(replace(breach, by="chen"), at=REMOVES.until, facts=around())
    assert AgreementSaid("report-breach", 1, "一箱没搬") in when.events
    past = do(past, ReportDone("wang", 1))
    past.when(breach, at=REMOVES.until, facts=around()).then_rejected("not-broken")
    past = do(past, DisputeDone("li", 1, "没搬"))
    assert do(past, breach, at=NOW + DAY).state.status is Status.BROKEN


def test_the_court_confirms_within_thirty_days_and_its_end_is_told() -> None:
    end = NOW + JUDICIAL_WITHIN
    draft = replace(DRAFT, clauses=(replace(PAYS, until=NOW + 200 * DAY),))
    past = signed(draft=draft)
    assert due(past.state) == end - JUDICIAL_REMIND_BEFORE
    past.when(Tick(), at=end - JUDICIAL_REMIND_BEFORE, facts=around()).then(
        JudicialConfirmationEnding(*IDS, end, HOLDERS)
    )
    applied = past.when(SeekConfirmation("li"), at=end - DAY, facts=around()).then(
        JudicialConfirmationSought(*IDS, "li", HOLDERS)
    )
    applied.when(SeekConfirmation("wang"), at=end - DAY, facts=around()).then()
    assert due(applied.state) == NOW + 200 * DAY - REMIND_BEFORE
    past.when(SeekConfirmation("li"), at=end, facts=around()).then_rejected("judicial-too-late")
    late = later(past, NOW + 200 * DAY)
    breach = ReportBreach("wang", 1, BreachPath.JUDICIAL)
    late.when(breach, at=NOW + 200 * DAY, facts=around()).then_rejected("judicial-too-late")


MOVES = st.tuples(
    st.sampled_from(["report", "confirm", "dispute", "wait", "wait"]),
    st.sampled_from(["wang", "li"]),
    st.integers(1, 2),
    st.integers(1, 9),
)


@settings(max_examples=200)
@held_for(st.lists(MOVES, max_size=20))
def test_kept_is_what_has_all_its_clauses_confirmed(moves: list[tuple[str, str, int, int]]) -> None:
    past, at = signed(), NOW
    told: list[Event] = []
    for what, by, clause, days in moves:
        if what == "wait":
            at += days * DAY
            past, seen = _waited(past, at)
            told += seen
            continue
        command = {
            "report": ReportDone(by, clause),
            "confirm": ConfirmDone(by, clause),
            "dispute": DisputeDone(by, clause, "没有"),
        }[what]
        when = past.when(command, at=at, facts=around())
        if when.rejected is None:
            past = when.then(*when.events)
            told += when.events
    all_done = all(one.done is Done.CONFIRMED for one in past.state.clauses)
    assert all_done == (past.state.status is Status.KEPT)
    assert sum(isinstance(one, AgreementKept) for one in told) == all_done
    for n, clause in enumerate(past.state.clauses, start=1):
        overdue = [one for one in told if isinstance(one, ClauseOverdue) and one.clause == n]
        assert len(overdue) <= 1
        if clause.done is Done.OPEN and clause.until <= at and past.state.status is Status.IN_FORCE:
            assert overdue


def _waited(past: object, at: datetime) -> tuple[object, list[Event]]:
    told: list[Event] = []
    while (moment := due(past.state)) is not None and moment <= at:  # type: ignore[attr-defined]
        when = past.when(Tick(), at=moment, facts=around())  # type: ignore[attr-defined]
        told += when.events
        past = when.then(*when.events)
    return past, told
