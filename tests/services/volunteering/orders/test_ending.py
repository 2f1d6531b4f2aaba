"""Rated both ways; cancelled; forgotten with a person."""

import pytest

from services.volunteering.domain.orders.commands import (
    Accept,
    Begin,
    Cancel,
    Confirm,
    ErasePerson,
    Finish,
    Flag,
    LookAgain,
    LoseTaker,
    ProposeTime,
    Rate,
    TakeOver,
    Weigh,
)
from services.volunteering.domain.orders.state import Status
from shared.contracts.volunteering.orders import (
    OrderAlarmed,
    OrderCancelled,
    OrderDeclined,
    OrderEnded,
    OrderGivenBack,
    OrderOffered,
    OrderRated,
)
from tests.services.volunteering.orders.an_order import (
    DAY,
    HOST,
    HOUR,
    NOW,
    WANTED,
    Story,
    accepted,
    handy,
    offered,
    placing,
)

TEN = WANTED.begin + HOUR
END = TEN + HOUR


def done() -> Story:
    story = accepted().does(ProposeTime("v-1", TEN)).does(Begin("v-1"), at=TEN)
    return story.does(Finish("v-1"), at=END).does(Confirm(HOST), at=END)


def test_each_side_rates_the_other_once() -> None:
    story = done().does(Rate(HOST, 5, frozenset({Flag.KIND, Flag.SKILLED}), "谢谢"), at=END)
    rated = story.one(OrderRated)
    assert (rated.person, rated.stars, rated.flags) == ("v-1", 5, ("kind", "skilled"))
    assert "RatingWorded" in story.names()
    story.refuses(Rate(HOST, 1), "rated-already", at=END)
    story.does(Rate("v-1", 4), at=END)
    assert story.one(OrderRated).person == HOST
    story.refuses(Rate("v-9", 4), "not-your-side", at=END)


def test_whoever_speaks_for_the_resident_rates_with_them_as_one_side() -> None:
    story = done()
    story.state = type(story.state)(**{**vars(story.state), "placed_by": "grid-1"})
    story.does(Rate("grid-1", 5), at=END).refuses(Rate(HOST, 5), "rated-already", at=END)


def test_after_thirty_days_nothing_is_rated() -> None:
    done().refuses(Rate(HOST, 5), "rated-too-late", at=END + 31 * DAY)


@pytest.mark.parametrize(
    ("stars", "flags", "called"),
    [(2, (), True), (5, (Flag.ASKED_FOR_MONEY,), True), (3, (Flag.LATE,), False)],
)
def test_what_is_grave_calls_the_office(stars: int, flags: tuple[Flag, ...], called: bool) -> None:
    story = done().does(Rate(HOST, stars, frozenset(flags)), at=END)
    assert ("OrderAlarmed" in story.names()) == called
    if called:
        assert story.one(OrderAlarmed).because == "rated-low"


def test_a_rating_of_somebody_without_an_account_is_nobodys() -> None:
    story = Story().does(placing(by="grid-1", on_behalf=True))
    story.state = type(story.state)(
        **{**vars(done().state), "resident": None, "placed_by": "grid-1"}
    )
    story.does(Rate("v-1", 4), at=END)
    assert story.one(OrderRated).person is None


def test_who_is_asked_hears_that_it_is_cancelled() -> None:
    story = offered("v-1", "v-2").does(Cancel(HOST))
    assert set(story.one(OrderCancelled).offered) == {"v-1", "v-2"}
    assert story.aggregate.due(story.state) is None
    story.refuses(Accept("v-1"), "order-over")
    story.refuses(Cancel(HOST), "order-wrong-moment")


def test_what_has_begun_is_finished_not_cancelled() -> None:
    story = accepted().does(ProposeTime("v-1", TEN)).does(Begin("v-1"), at=TEN)
    story.refuses(Cancel(HOST), "order-wrong-moment", at=TEN)


# --- a person is erased -------------------------------------------------------------------------


def test_the_order_of_an_erased_resident_ends_and_is_forgotten() -> None:
    story = offered("v-1").does(ErasePerson(HOST))
    assert story.names() == ["OrderEnded", "OrderForgotten"]
    assert story.one(OrderEnded).because == "erased"
    assert (story.state.resident, story.state.placed_by) == (None, "")
    over = done().does(ErasePerson(HOST))
    assert over.names() == ["OrderForgotten"]


def test_an_erased_volunteer_makes_room() -> None:
    story = accepted().does(ErasePerson("v-1"))
    assert story.one(OrderGivenBack).because == "erased"
    assert story.state.status is Status.SEEKING


def test_who_is_asked_and_erased_is_followed_by_the_next() -> None:
    story = offered("v-1", "v-2", "v-3", "v-4")
    gone, (next_one,) = story.state.offers[0].volunteer, story.state.line
    story.does(ErasePerson(gone))
    assert story.one(OrderDeclined).volunteer == gone
    assert story.one(OrderOffered).volunteers == (next_one,)


def test_the_words_of_what_an_erased_volunteer_did_go_and_the_office_sees_to_the_rest() -> None:
    assert done().does(ErasePerson("v-1")).names() == ["OrderWordsForgotten"]
    begun = accepted().does(ProposeTime("v-1", TEN)).does(Begin("v-1"), at=TEN)
    assert begun.does(ErasePerson("v-1"), at=END).one(OrderAlarmed).because == "unconfirmed"


def test_who_serves_no_more_or_not_then_has_it_no_more() -> None:
    story = accepted().does(LoseTaker("v-1", "stopped"))
    assert story.one(OrderGivenBack).because == "stopped"
    agreed = accepted().does(ProposeTime("v-1", TEN))
    assert agreed.does(LoseTaker("v-1", "suspended", TEN)).last == []
    suspended = agreed.does(LoseTaker("v-1", "suspended", END))
    assert suspended.one(OrderGivenBack).because == "suspended"
    asked = offered("v-1").does(LoseTaker("v-1", "suspended", NOW + DAY))
    assert asked.one(OrderDeclined).volunteer == "v-1"


def test_who_lacks_what_is_asked_has_it_no_more() -> None:
    child = {"volunteers": {"v-1": handy(birth_year=2012)}}
    assert accepted().does(LookAgain("v-1")).last == []
    lost = accepted().does(LookAgain("v-1"), **child)
    assert lost.one(OrderGivenBack).because == "unfit"
    assert lost.state.volunteer is None
    agreed = accepted().does(ProposeTime("v-1", TEN))
    late = {"volunteers": {"v-1": handy(suspended_until=TEN)}}
    assert agreed.does(LookAgain("v-1"), **late).last == []
    assert agreed.does(LookAgain("v-1"), **child).one(OrderGivenBack).because == "unfit"
    asked = offered("v-1", "v-2").does(LookAgain("v-1"), **child)
    assert asked.one(OrderDeclined).volunteer == "v-1"
    assert asked.does(LookAgain("v-9"), volunteers={}).last == []


def test_what_has_begun_or_the_office_does_is_not_looked_at_again() -> None:
    child = {"volunteers": {"v-1": handy(birth_year=2012), "lin": None}}
    begun = accepted().does(ProposeTime("v-1", TEN)).does(Begin("v-1"), at=TEN)
    assert begun.does(LookAgain("v-1"), at=TEN, **child).last == []
    called = Story().does(placing()).does(Weigh(1, ()))
    theirs = called.does(TakeOver("lin"))
    assert theirs.state.by_office
    assert theirs.does(LookAgain("lin"), **child).last == []


def test_who_has_nothing_to_do_with_it_is_erased_without_a_trace() -> None:
    assert offered("v-1").does(ErasePerson("v-9")).last == []
