"""Routes: laid out in order within a place, revised with the signs that stay, closed."""

from dataclasses import replace

import pytest

from services.volunteering.domain.patrols.duty import OrganisersPassed, PassOn
from services.volunteering.domain.patrols.route import (
    Checkpoint,
    CloseRoute,
    ForgetRouteKeeper,
    LayOut,
    RenewSign,
    ReviseRoute,
    RouteDrawn,
    RouteKept,
    SignRenewed,
    Stop,
    open_verbs,
    patrol_route,
)
from services.volunteering.domain.teams.team_state import TeamStatus
from shared.contracts.volunteering import (
    PatrolRouteClosed,
    PatrolRouteLaidOut,
    PatrolRouteRevised,
)
from tests.given import given
from tests.services.volunteering.patrols.world import (
    BO,
    CAPTAIN,
    CHECKPOINTS,
    DEPUTY,
    GARAGE,
    GATE,
    PATH,
    ROUTE,
    SAFETY,
    SPOT,
    STOPS,
    TERRAIN,
)

LAY_OUT = LayOut("wu", "n1", "夜巡一线", STOPS)
LAID_OUT = (
    PatrolRouteLaidOut("r1", "n1", PATH, 3),
    RouteKept(None, "wu", ("wu",)),
    RouteDrawn("夜巡一线", CHECKPOINTS, 3),
)
OPEN = given(patrol_route, *LAID_OUT)


def test_a_route_has_its_checkpoints_in_order_and_a_version() -> None:
    laid_out = given(patrol_route).when(LAY_OUT, facts=TERRAIN).then(*LAID_OUT)
    assert laid_out.state == ROUTE
    assert open_verbs(laid_out.state) == ("revise", "renew-sign", "close")


def test_leaders_of_a_team_answer_for_the_route_that_one_of_them_laid_out() -> None:
    led = replace(LAY_OUT, by=BO, team="safety")
    terrain = replace(TERRAIN, team=SAFETY)
    kept = RouteKept("safety", BO, (CAPTAIN, DEPUTY))
    given(patrol_route).when(led, facts=terrain).then(LAID_OUT[0], kept, LAID_OUT[2])
    for team, code in (
        (None, "team-not-active"),
        (replace(SAFETY, status=TeamStatus.SUSPENDED), "team-not-active"),
        (replace(SAFETY, captain="hu", deputies=()), "not-a-leader"),
        (replace(SAFETY, place="n2"), "not-its-place"),
    ):
        refused = given(patrol_route).when(led, facts=replace(TERRAIN, team=team))
        refused.then_rejected(code)


@pytest.mark.parametrize(
    ("stops", "code"),
    [
        ((), "no-checkpoints"),
        ((STOPS[1], STOPS[0]), "checkpoints-out-of-order"),
        ((Stop("对面小区", "n2", 10),), "checkpoint-elsewhere"),
        ((Stop("没有的地方", "nowhere", 10),), "checkpoint-elsewhere"),
        ((replace(STOPS[0], key=0),), "unknown-checkpoint-key"),
    ],
)
def test_what_is_no_route(stops: tuple[Stop, ...], code: str) -> None:
    asked = replace(LAY_OUT, checkpoints=stops)
    given(patrol_route).when(asked, facts=TERRAIN).then_rejected(code)


def test_a_place_that_is_not_there_has_no_route() -> None:
    asked = replace(LAY_OUT, place="nowhere")
    given(patrol_route).when(asked, facts=TERRAIN).then_rejected("unknown-place")
    OPEN.when(LAY_OUT, facts=TERRAIN).then_rejected("route-exists")
    given(patrol_route).when(CloseRoute("wu"), facts=TERRAIN).then_rejected("unknown-route")


def test_a_checkpoint_that_stays_keeps_its_sign_and_a_new_one_never_gets_an_old_ones() -> None:
    renewed = OPEN.when(RenewSign("wu", 1), facts=TERRAIN).then(SignRenewed(1))
    stops = (Stop("东门", GATE, 10), replace(STOPS[1], key=1, minutes=30))
    checkpoints = (
        Checkpoint(3, "东门", GATE, 10),
        Checkpoint(1, "地下车库", GARAGE, 30, SPOT, turn=1),
    )
    revised = renewed.when(ReviseRoute("wu", "夜巡二线", stops), facts=TERRAIN).then(
        PatrolRouteRevised("r1", "n1", 2, 2), RouteDrawn("夜巡二线", checkpoints, 4)
    )
    assert (revised.state.version, revised.state.checkpoints) == (2, checkpoints)
    for twice in ((stops[1], stops[1]), (replace(STOPS[1], key=0),)):
        asked = ReviseRoute("wu", "夜巡二线", twice)
        revised.when(asked, facts=TERRAIN).then_rejected("unknown-checkpoint-key")
    revised.when(RenewSign("wu", 0), facts=TERRAIN).then_rejected("unknown-checkpoint")


def test_nothing_is_done_with_a_closed_route() -> None:
    closed = OPEN.when(CloseRoute("wu"), facts=TERRAIN).then(PatrolRouteClosed("r1", "n1"))
    assert open_verbs(closed.state) == ()
    for command in (CloseRoute("wu"), RenewSign("wu", 0), ReviseRoute("wu", "x", STOPS)):
        closed.when(command, facts=TERRAIN).then_rejected("route-closed")


def test_the_duty_passes_on_with_the_team_and_ends_with_the_person() -> None:
    led = given(
        patrol_route, LAID_OUT[0], RouteKept("safety", CAPTAIN, (CAPTAIN, DEPUTY)), LAID_OUT[2]
    )
    passed = led.when(PassOn(("hu", DEPUTY), (CAPTAIN,)), facts=TERRAIN)
    passed.then(OrganisersPassed(("hu", DEPUTY), None))
    led.when(PassOn((CAPTAIN, DEPUTY)), facts=TERRAIN).then()
    OPEN.when(PassOn(("hu",), ("wu",)), facts=TERRAIN).then()
    OPEN.when(ForgetRouteKeeper("wu"), facts=TERRAIN).then(OrganisersPassed((), None))
    OPEN.when(ForgetRouteKeeper("hu"), facts=TERRAIN).then()
