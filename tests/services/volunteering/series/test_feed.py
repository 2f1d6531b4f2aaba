"""A person's calendar feed: its address can be taken back."""

from services.volunteering.domain.series.feed import (
    CloseFeed,
    FeedClosed,
    FeedForgotten,
    FeedOpened,
    ForgetFeed,
    OpenFeed,
    RenewFeed,
    calendar_feed,
    feed_id,
)
from services.volunteering.feed_codes import code_for, is_code
from tests.given import given

ID = feed_id("wang")
OPENED = FeedOpened(ID, "wang")
SECRET = "of-the-tests-only-and-known-to-everybody"


def test_a_feed_is_opened_once_and_keeps_its_address() -> None:
    after = given(calendar_feed).when(OpenFeed("wang")).then(OPENED)
    assert after.state.turn == 1
    after.when(OpenFeed("wang")).then()


def test_renewed_closed_and_opened_again_it_never_has_an_address_it_had() -> None:
    renewed = given(calendar_feed, OPENED).when(RenewFeed("wang")).then(OPENED)
    assert renewed.state.turn == 2
    closed = renewed.when(CloseFeed("wang")).then(FeedClosed())
    assert not closed.state.open
    assert closed.when(OpenFeed("wang")).then(OPENED).state.turn == 3


def test_what_is_closed_cannot_be_renewed() -> None:
    given(calendar_feed, OPENED, FeedClosed()).when(RenewFeed("wang")).then_rejected("feed-closed")
    given(calendar_feed).when(CloseFeed("wang")).then_rejected("feed-closed")


def test_it_is_forgotten_with_its_person() -> None:
    after = given(calendar_feed, OPENED).when(ForgetFeed()).then(FeedForgotten())
    assert (after.state.person, after.state.open) == (None, False)
    after.when(ForgetFeed()).then()


def test_the_code_goes_with_the_turn_and_the_secret() -> None:
    code = code_for(ID, 1, SECRET)
    assert is_code(code, ID, 1, SECRET)
    assert not is_code(code, ID, 2, SECRET)
    assert not is_code(code, ID, 1, SECRET[::-1])
    assert not is_code(code, feed_id("li"), 1, SECRET)
    assert not is_code("密码", ID, 1, SECRET)
    assert len(code) == 32
    assert "wang" not in ID
