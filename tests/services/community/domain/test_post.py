"""Posts: one duty at one place, one holder at a time."""

from datetime import UTC, datetime, timedelta

from services.community.domain.post import post
from services.community.domain.post_commands import (
    AssignPost,
    CallOff,
    EstablishPost,
    PostCalledOff,
    PostEstablished,
    PostScheduled,
    Relieve,
    ReplaceHolder,
    Resign,
)
from services.community.domain.post_state import Site, holder_at
from shared.contracts.community import PostAssigned, PostVacated
from shared.contracts.types import PlaceKind
from shared.runtime.aggregate import Tick
from tests.given import NOTHING_SPECIAL as NOW
from tests.given import given

COMMUNITY = Site(PlaceKind.COMMUNITY)
ESTABLISHED = PostEstablished("jm", "property")
LATER = NOW + timedelta(days=30)
END = NOW + timedelta(days=365)


def assigned(holder: str, since: datetime = NOW, until: datetime | None = None) -> PostAssigned:
    return PostAssigned("jm:property", "property", "jm", holder, since, until)


def vacated(holder: str, because: str) -> PostVacated:
    return PostVacated("jm:property", "property", "jm", holder, because)


def test_a_post_is_established_with_or_without_a_holder() -> None:
    given(post).when(EstablishPost("admin", "jm", "property"), facts=COMMUNITY).then(ESTABLISHED)
    given(post).when(EstablishPost("admin", "jm", "property", "lin"), facts=COMMUNITY).then(
        ESTABLISHED, assigned("lin")
    )


def test_a_post_needs_a_registered_place() -> None:
    given(post).when(EstablishPost("admin", "jm", "property")).then_rejected("unknown-place")


def test_a_duty_at_a_place_is_established_once() -> None:
    again = EstablishPost("admin", "jm", "property", "chen")
    given(post, ESTABLISHED).when(again, facts=COMMUNITY).then_rejected("post-exists")


def test_a_held_post_is_not_assigned_but_replaced() -> None:
    held = given(post, ESTABLISHED, assigned("lin"))
    held.when(AssignPost("admin", "chen")).then_rejected("post-held")
    held.when(ReplaceHolder("admin", "chen")).then(vacated("lin", "replaced"), assigned("chen"))


def test_a_vacant_post_is_not_replaced_but_assigned() -> None:
    vacant = given(post, ESTABLISHED)
    vacant.when(ReplaceHolder("admin", "chen")).then_rejected("post-vacant")
    vacant.when(AssignPost("admin", "chen")).then(assigned("chen"))


def test_the_same_holder_may_have_another_term() -> None:
    given(post, ESTABLISHED, assigned("lin", NOW, LATER)).when(
        ReplaceHolder("admin", "lin", until=END)
    ).then(assigned("lin", NOW, END))


def test_only_the_holder_resigns() -> None:
    held = given(post, ESTABLISHED, assigned("lin"))
    held.when(Resign("chen")).then_rejected("not-the-holder")
    held.when(Resign("lin")).then(vacated("lin", "resigned")).when(Resign("lin")).then_rejected(
        "post-vacant"
    )


def test_a_holder_is_relieved() -> None:
    given(post, ESTABLISHED, assigned("lin")).when(Relieve("admin")).then(
        vacated("lin", "relieved")
    )


def test_a_term_ends_by_the_clock_and_not_before() -> None:
    held = given(post, ESTABLISHED, assigned("lin", NOW, END))
    assert post.due(held.state) == END
    held.when(Tick(), at=END - timedelta(milliseconds=1)).then()
    ended = held.when(Tick(), at=END).then(vacated("lin", "term-ended"))
    assert post.due(ended.state) is None


def test_nobody_is_responsible_after_the_term_even_before_the_clock_ended_it() -> None:
    held = given(post, ESTABLISHED, assigned("lin", NOW, END)).state
    term = holder_at(held, END - timedelta(milliseconds=1))
    assert term is not None
    assert term.holder == "lin"
    assert holder_at(held, END) is None


def test_a_term_that_lies_ahead_begins_by_the_clock() -> None:
    scheduled = PostScheduled("chen", LATER, None)
    waiting = (
        given(post, ESTABLISHED).when(AssignPost("admin", "chen", since=LATER)).then(scheduled)
    )
    assert holder_at(waiting.state, LATER) is None
    assert post.due(waiting.state) == LATER
    begun = waiting.when(Tick(), at=LATER).then(assigned("chen", LATER))
    assert post.due(begun.state) is None
    begun.when(Tick(), at=END).then()


def test_the_holder_stays_until_the_successor_begins() -> None:
    waiting = (
        given(post, ESTABLISHED, assigned("lin"))
        .when(ReplaceHolder("admin", "chen", since=LATER))
        .then(PostScheduled("chen", LATER, None))
    )
    term = holder_at(waiting.state, NOW)
    assert term is not None
    assert term.holder == "lin"
    waiting.when(Tick(), at=LATER).then(vacated("lin", "replaced"), assigned("chen", LATER))


def test_one_tick_ends_a_term_and_begins_the_next() -> None:
    given(post, ESTABLISHED, assigned("lin", NOW, LATER), PostScheduled("chen", LATER, END)).when(
        Tick(), at=LATER
    ).then(vacated("lin", "term-ended"), assigned("chen", LATER, END))


def test_a_term_that_lies_ahead_is_called_off() -> None:
    waiting = given(post, ESTABLISHED, PostScheduled("chen", LATER, None))
    gone = waiting.when(CallOff("admin")).then(PostCalledOff("chen"))
    assert post.due(gone.state) is None
    gone.when(CallOff("admin")).then_rejected("nothing-ahead")


def test_a_term_must_end_after_it_begins_and_after_now() -> None:
    vacant = given(post, ESTABLISHED)
    vacant.when(AssignPost("admin", "lin", since=END, until=LATER)).then_rejected("term-over")
    past = NOW - timedelta(days=1)
    vacant.when(
        AssignPost("admin", "lin", since=past - timedelta(days=1), until=past)
    ).then_rejected("term-over")


def test_times_are_kept_in_utc_and_must_name_their_zone() -> None:
    vacant = given(post, ESTABLISHED)
    bare = datetime(2025, 1, 1)
    vacant.when(AssignPost("admin", "lin", since=bare)).then_rejected("time-without-zone")
    in_shanghai = datetime.fromisoformat("2025-03-01T08:00:00.123456+08:00")
    vacant.when(AssignPost("admin", "lin", since=in_shanghai)).then(
        assigned("lin", datetime(2025, 3, 1, 0, 0, 0, 123_000, tzinfo=UTC))
    )
