"""Double check-in: of persons, confirmed by the community, and of units."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.community.domain.check_in import (
    CONFIRM_WITHIN,
    CheckIn,
    CheckInAsked,
    CheckInDescribed,
    CheckInForgotten,
    CheckInState,
    CheckOut,
    ConfirmCheckIn,
    ForgetCheckIn,
    Offer,
    Reason,
    RefuseCheckIn,
    Scene,
    Status,
    check_in,
    due,
    id_of,
    open_verbs,
)
from shared.contracts.community import CheckedIn, CheckedOut, CheckInRefused
from shared.contracts.types import PlaceKind
from shared.runtime.aggregate import Tick
from tests.given import NOTHING_SPECIAL, given

HERE = Scene(PlaceKind.NEIGHBOURHOOD)
ME = CheckIn("wang", None, "n1", frozenset({Offer.LAW, Offer.ELDERS}), "周末都有空")
ID = id_of(ME)
LAPSES = NOTHING_SPECIAL + CONFIRM_WITHIN
ASKED = CheckInAsked(ID, "n1", "wang", None, ("elders", "law"), LAPSES)
IN = CheckedIn(ID, "n1", "wang", None, ("elders", "law"))
UNIT = CheckIn("wang", "o1", "n1", frozenset({Offer.VENUE}), as_unit=True)


def test_a_person_checks_in_and_the_community_confirms() -> None:
    asked = given(check_in).when(ME, facts=HERE).then(ASKED, CheckInDescribed("周末都有空"))
    asked.when(ME, facts=HERE).then_rejected("checked-in")
    asked.when(ConfirmCheckIn("wang")).then_rejected("own-confirmation")
    inside = asked.when(ConfirmCheckIn("staff")).then(IN)
    assert due(inside.state) is None
    out = inside.when(CheckOut("wang")).then(CheckedOut(ID, "n1", "wang", None))
    out.when(CheckOut("wang")).then_rejected("not-checked-in")
    out.when(replace(ME, text=""), facts=HERE).then(ASKED)


def test_a_unit_that_is_seated_elsewhere_checks_in_at_once() -> None:
    unit = CheckedIn(id_of(UNIT), "n1", None, "o1", ("venue",))
    given(check_in).when(UNIT, facts=HERE).then(unit)
    given(check_in).when(replace(UNIT, org=None), facts=HERE).then_rejected("no-organisation")
    for scene, code in (
        (replace(HERE, known=False), "unknown-organisation"),
        (replace(HERE, seated_here=True), "seated-here"),
        (Scene(PlaceKind.UNIT), "too-small"),
        (None, "unknown-place"),
    ):
        given(check_in).when(UNIT, facts=scene).then_rejected(code)
    assert len({ID, id_of(UNIT), id_of(replace(ME, org="o1")), id_of(replace(ME, by="li"))}) == 3


def test_who_is_not_confirmed_is_told_and_forgotten() -> None:
    asked = given(check_in, ASKED)
    asked.when(RefuseCheckIn("staff", Reason.NOT_KNOWN)).then(
        CheckInRefused(ID, "n1", "wang", "not-known")
    )
    asked.when(Tick(), at=LAPSES - timedelta(milliseconds=1)).then()
    lapsed = asked.when(Tick(), at=LAPSES).then(CheckInRefused(ID, "n1", "wang", "lapsed"))
    assert due(lapsed.state) is None
    assert all(event.forgets for event in (CheckInRefused, CheckedOut, CheckInForgotten))


@pytest.mark.parametrize("past", [(ASKED,), (IN,), (IN, CheckedOut(ID, "n1", "wang", None))])
def test_of_an_erased_persons_nothing_is_left(past: tuple[CheckedIn, ...]) -> None:
    gone = given(check_in, *past).when(ForgetCheckIn()).then(CheckInForgotten())
    assert gone.state == CheckInState(status=Status.FORGOTTEN)
    assert due(gone.state) is None
    assert open_verbs(gone.state) == ()
    gone.when(ForgetCheckIn()).then()
    gone.when(Tick()).then()
