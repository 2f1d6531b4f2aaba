"""Visits: planned for a purpose, made or missed, and told to nobody outside whom they are about."""

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from services.community.domain.visit import (
    Because,
    CallOffVisit,
    Door,
    ForgetVisit,
    Found,
    PlanVisit,
    Purpose,
    RecordVisit,
    Status,
    Visit,
    VisitAddressed,
    VisitForgotten,
    VisitFound,
    VisitNoted,
    due,
    open_verbs,
    visit,
)
from shared.contracts.community import VisitCalledOff, VisitMade, VisitMissed, VisitPlanned
from shared.contracts.event import Event
from shared.contracts.types import PlaceKind
from shared.runtime.aggregate import Tick
from tests.given import NOTHING_SPECIAL, given

DOOR = Door("v1", PlaceKind.UNIT, "n1")
DUE = NOTHING_SPECIAL + timedelta(days=2)
PLAN = PlanVisit("staff", "b3-301", Purpose.LONE_ELDER, "grid-1", DUE, "wang")
PLANNED = VisitPlanned("v1", "n1", "lone-elder", "grid-1", DUE)
ADDRESSED = VisitAddressed("b3-301", "wang")
MISSED = VisitMissed("v1", "n1", "lone-elder", "grid-1", DUE)
MADE = VisitMade("v1", "n1", "lone-elder", "grid-1", True)
CALLED_OFF = VisitCalledOff("v1", "n1", "grid-1", "not-wanted")
RECORD = RecordVisit("grid-1", frozenset({Found.HELP_GIVEN, Found.ALL_WELL}), "需要换灯泡")


def test_a_visit_is_planned_to_a_unit_and_only_its_place_is_public() -> None:
    given(visit).when(PLAN, facts=DOOR).then(PLANNED, ADDRESSED)
    assert "b3-301" not in msgspec.json.encode(PLANNED).decode()
    assert "wang" not in msgspec.json.encode(PLANNED).decode()
    given(visit).when(PLAN, facts=Door("v1")).then_rejected("unknown-place")
    given(visit).when(PLAN, facts=Door("v1", PlaceKind.GRID, "n1")).then_rejected("not-a-unit")
    passed = replace(PLAN, due=NOTHING_SPECIAL)
    given(visit).when(passed, facts=DOOR).then_rejected("due-passed")


def test_a_visit_is_recorded_with_a_note_in_the_dossier() -> None:
    planned = given(visit, PLANNED, ADDRESSED)
    planned.when(replace(RECORD, found=frozenset())).then_rejected("nothing-found")
    found = VisitFound(("all-well", "help-given"))
    made = planned.when(RECORD).then(MADE, found, VisitNoted("需要换灯泡"))
    assert (made.state.status, made.state.found) == (Status.MADE, ("all-well", "help-given"))
    assert due(made.state) is None
    made.when(RECORD).then_rejected("visit-over")
    planned.when(replace(RECORD, note="")).then(MADE, found)


def test_a_visit_that_is_due_is_missed_loudly_and_can_still_be_made() -> None:
    planned = given(visit, PLANNED, ADDRESSED)
    assert due(planned.state) == DUE
    planned.when(Tick(), at=DUE - timedelta(milliseconds=1)).then()
    missed = planned.when(Tick(), at=DUE).then(MISSED)
    assert due(missed.state) is None
    missed.when(RECORD, at=DUE).then_among(replace(MADE, in_time=False))
    missed.when(CallOffVisit("grid-1", Because.NOT_WANTED)).then(CALLED_OFF)


def test_a_visit_that_was_called_off_is_over() -> None:
    over = given(visit, PLANNED, ADDRESSED, CALLED_OFF)
    over.when(RECORD).then_rejected("visit-over")
    over.when(Tick(), at=DUE).then()
    assert open_verbs(over.state) == ()


@pytest.mark.parametrize("then", [(), (MISSED,), (MADE,), (CALLED_OFF,)])
def test_of_an_erased_persons_visit_nothing_is_left(then: tuple[Event, ...]) -> None:
    gone = given(visit, PLANNED, ADDRESSED, *then).when(ForgetVisit()).then(VisitForgotten())
    assert gone.state == Visit(status=Status.FORGOTTEN)
    assert due(gone.state) is None
    assert VisitForgotten.forgets
    gone.when(ForgetVisit()).then()
    given(visit).when(ForgetVisit()).then()
