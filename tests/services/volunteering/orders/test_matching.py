"""Who is asked first, and why."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.volunteering.domain.orders.matching import MOST_WEIGHED, free_within, weigh
from services.volunteering.domain.orders.record import AtHand, OrderRecord
from services.volunteering.domain.orders.state import Order, Window
from services.volunteering.domain.teams.volunteer_state import FreeTime
from tests.services.volunteering.orders.an_order import (
    DAY,
    HOUR,
    NOW,
    PATH,
    WANTED,
    Story,
    found,
    handy,
    placing,
)


def an_order() -> Order:
    return Story().does(placing()).state


def first(*candidates: object, now: datetime = NOW) -> list[str]:
    return [one.volunteer for one in weigh(an_order(), candidates, now)]  # type: ignore[arg-type]


def test_who_is_nearer_goes_first() -> None:
    assert first(
        found("district", path=("gulou", "dongjie")),
        found("street", path=("gulou", "wufeng", "other")),
        found("here"),
        found("community", path=("gulou", "wufeng", "junmen", "junmen-2")),
    ) == ["here", "community", "street", "district"]


def test_who_has_time_goes_before_who_said_nothing_before_who_has_none() -> None:
    wednesday = FreeTime(2, 9 * 60, 12 * 60)
    sunday = FreeTime(6, 9 * 60, 12 * 60)
    assert first(
        found("sunday", free=(sunday,)), found("unsaid"), found("wednesday", free=(wednesday,))
    ) == ["wednesday", "unsaid", "sunday"]


def test_who_has_less_at_hand_goes_first() -> None:
    busy = OrderRecord(at_hand=(AtHand("a"), AtHand("b")), last=NOW - 40 * DAY)
    idle = OrderRecord(last=NOW - 40 * DAY)
    assert first(found("busy", busy), found("idle", idle)) == ["idle", "busy"]


def test_who_waited_longer_goes_first_and_who_was_never_asked_before_all() -> None:
    assert first(
        found("yesterday", OrderRecord(last=NOW - DAY)),
        found("never"),
        found("last-week", OrderRecord(last=NOW - 7 * DAY)),
    ) == ["never", "last-week", "yesterday"]


def test_who_did_not_come_stands_behind_for_a_time() -> None:
    behind = OrderRecord(behind_until=NOW + DAY)
    assert first(found("behind", behind), found("steady")) == ["steady", "behind"]
    past = OrderRecord(behind_until=NOW)
    assert weigh(an_order(), [found("was-behind", past)], NOW)[0].behind is False


def test_the_matching_explains_itself() -> None:
    record = OrderRecord(at_hand=(AtHand("a"),), last=NOW - 3 * DAY)
    near = ("gulou", "wufeng", "junmen", "junmen-2")
    (one,) = weigh(an_order(), [found("v-1", record, path=near)], NOW)
    assert (one.steps, one.free, one.at_hand, one.waited, one.behind) == (1, None, 1, 3, False)
    assert one.score == 30 + 10 - 10 + 3
    assert one.unfit is None


def test_who_cannot_take_it_stands_last_and_the_reason_is_told() -> None:
    full = OrderRecord(at_hand=tuple(AtHand(f"o-{n}") for n in range(5)))
    weighed = weigh(
        an_order(),
        [
            found("unskilled", skills=("haircut",)),
            found("suspended", suspended_until=NOW + 9 * DAY),
            found("full", full),
            found("fit", path=("taijiang",)),
        ],
        NOW,
    )
    assert weighed[0].volunteer == "fit"
    assert {one.volunteer: one.unfit for one in weighed} == {
        "fit": None,
        "unskilled": "skill-missing",
        "suspended": "volunteer-suspended",
        "full": "enough-at-hand",
    }


def test_among_equals_each_is_first_about_as_often() -> None:
    firsts = {"v-1": 0, "v-2": 0, "v-3": 0}
    for n in range(300):
        order = Order(**{**vars(an_order()), "order": f"order-{n}"})
        candidates = [found(person) for person in firsts]
        firsts[weigh(order, candidates, NOW)[0].volunteer] += 1
    assert min(firsts.values()) > 70


def test_free_time_holds_the_minutes_within_the_window() -> None:
    volunteer = handy(free=(FreeTime(2, 10 * 60, 11 * 60 + 30),))
    assert free_within(volunteer, WANTED, 90)
    assert not free_within(volunteer, WANTED, 91)
    assert not free_within(volunteer, Window(WANTED.begin + DAY, WANTED.end + DAY), 90)
    assert not free_within(volunteer, Window(WANTED.begin, WANTED.begin + HOUR), 90)
    midnight = Window(WANTED.begin + 12 * HOUR, WANTED.begin + 15 * HOUR)
    late = handy(free=(FreeTime(2, 21 * 60, 24 * 60),))
    assert free_within(late, midnight, 180)


records = st.builds(
    OrderRecord,
    at_hand=st.lists(st.builds(AtHand, st.text(max_size=3)), max_size=6).map(tuple),
    last=st.none() | st.integers(0, 100).map(lambda days: NOW - timedelta(days=days)),
    behind_until=st.none() | st.integers(-5, 5).map(lambda days: NOW + timedelta(days=days)),
)


@given(
    st.lists(
        st.tuples(st.integers(0, 99), records, st.booleans(), st.integers(1, 4)),
        max_size=40,
        unique_by=lambda one: one[0],
    )
)
def test_the_line_is_a_fair_total_order_whoever_is_found_first(people: list[Any]) -> None:
    candidates = [
        found(f"v-{n}", record, skills=("repair",) if skilled else (), path=PATH[:depth])
        for n, record, skilled, depth in people
    ]
    weighed = weigh(an_order(), candidates, NOW)
    assert weighed == weigh(an_order(), reversed(candidates), NOW)
    assert len(weighed) == min(len(candidates), MOST_WEIGHED)
    fit = [one for one in weighed if one.unfit is None]
    assert list(weighed[: len(fit)]) == fit
    assert [one.score for one in fit] == sorted((one.score for one in fit), reverse=True)
