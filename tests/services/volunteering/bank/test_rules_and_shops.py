"""The point rules over time, and the shops that take points."""

from dataclasses import replace

import pytest

from services.volunteering.domain.bank.point_rules import (
    MOST_AHEAD,
    CallOffRevision,
    PointRules,
    ReviseRules,
    over_time,
    point_rules,
)
from services.volunteering.domain.bank.shop import (
    Admit,
    CloseShop,
    CountIn,
    ReopenShop,
    ShopFacts,
    ShopPlaced,
    Status,
    TakingsCounted,
    open_verbs,
    shop,
)
from services.volunteering.points import shipped_rules
from shared.contracts.volunteering import (
    PointRulesRevisionCalledOff,
    ShopAdmitted,
    ShopClosed,
)
from shared.contracts.volunteering.hours import Work
from tests.given import given
from tests.services.volunteering.bank.world import DAY, NOON, PATH

NEW = ReviseRules("admin", ((Work.ACTIVITY, 20),), 5, 100, 500, 12, 0, 50, 100, 30)


def test_a_revision_holds_from_its_moment_and_changes_nothing_before() -> None:
    shipped = shipped_rules()
    there = given(point_rules).when(replace(NEW, since=NOON), at=NOON - DAY).then_among()
    rules = over_time(shipped, there.state)
    assert rules.at(NOON - DAY / 24) == shipped.at(NOON)
    assert rules.at(NOON).worth(Work.ACTIVITY, 60) == 20
    assert over_time(shipped, PointRules()) is shipped


def test_what_lies_ahead_is_called_off_and_what_holds_is_not() -> None:
    there = given(point_rules).when(replace(NEW, since=NOON), at=NOON - DAY).then_among()
    there.when(CallOffRevision("admin", 1), at=NOON).then_rejected("nothing-ahead")
    off = there.when(CallOffRevision("admin", 1), at=NOON - DAY).then(
        PointRulesRevisionCalledOff("city", 1)
    )
    assert off.state == PointRules(changes=1)


def test_revisions_are_bounded_dated_and_name_each_kind_once() -> None:
    there = given(point_rules)
    there.when(replace(NEW, since=NOON), at=NOON + DAY).then_rejected("since-past")
    twice = replace(NEW, an_hour=((Work.CARE, 1), (Work.CARE, 2)))
    there.when(twice, at=NOON).then_rejected("kind-named-twice")
    for n in range(1, MOST_AHEAD + 1):
        there = there.when(replace(NEW, since=NOON + n * DAY), at=NOON).then_among()
    there.when(replace(NEW, since=NOON + DAY), at=NOON).then_rejected("revision-there")
    there.when(replace(NEW, since=NOON + 99 * DAY), at=NOON).then_rejected("too-many-ahead")


def test_the_shipped_rules_pay_for_every_kind_of_work() -> None:
    rules = shipped_rules().at(NOON)
    assert all(rules.worth(kind, 60) > 0 for kind in Work)
    assert rules.a_wish > 0
    assert 0 < rules.most_a_day < rules.most_a_month


# --- shops ---------------------------------------------------------------------------------------

FACTS = ShopFacts("o-shop", PATH)


def test_a_shop_is_admitted_closed_and_opened_again() -> None:
    there = given(shop).when(Admit("convenor", "o-shop", "jm"), at=NOON, facts=FACTS)
    admitted = there.then(ShopAdmitted("o-shop", "jm"), ShopPlaced(PATH))
    assert open_verbs(admitted.state) == ("close",)
    closed = admitted.when(CloseShop("convenor"), at=NOON, facts=FACTS).then(ShopClosed("o-shop"))
    assert closed.state.status is Status.CLOSED
    again = closed.when(ReopenShop("convenor"), at=NOON, facts=FACTS).then(
        ShopAdmitted("o-shop", "jm")
    )
    assert (again.state.status, again.state.path) == (Status.OPEN, PATH)


def test_a_shop_is_admitted_once_and_at_a_place_that_is_there() -> None:
    admit = Admit("convenor", "o-shop", "jm")
    given(shop).when(admit, at=NOON, facts=ShopFacts("o-shop")).then_rejected("unknown-place")
    there = given(shop, ShopAdmitted("o-shop", "jm"))
    there.when(admit, at=NOON, facts=FACTS).then_rejected("shop-known")
    there.when(ReopenShop("convenor"), at=NOON, facts=FACTS).then_rejected("wrong-moment")


def test_takings_are_counted_by_month() -> None:
    there = given(shop, ShopAdmitted("o-shop", "jm"))
    for points, at in ((30, NOON), (20, NOON + DAY), (-20, NOON + 40 * DAY)):
        there = there.when(CountIn(points), at=at, facts=FACTS).then_among()
    assert [(one.month, one.points) for one in there.state.takings] == [
        ("2026-03", 50),
        ("2026-04", -20),
    ]
    assert there.state.taken == 30
    many = given(shop, *(TakingsCounted(f"{2000 + n}-01", 1) for n in range(30))).state
    assert len(many.takings) == 24


@pytest.mark.parametrize("command", [CloseShop("x"), ReopenShop("x")])
def test_nothing_is_done_to_a_shop_that_is_none(command: CloseShop | ReopenShop) -> None:
    given(shop).when(command, at=NOON, facts=FACTS).then_rejected("wrong-moment")
