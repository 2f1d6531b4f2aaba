"""Leave, deputies and vacancies: who is responsible always has an answer."""

from datetime import datetime, timedelta

import pytest

from services.community.domain.post import open_verbs, post
from services.community.domain.post_commands import (
    AssignPost,
    DeputyNamed,
    EndWithPlace,
    EstablishPost,
    LeaveCalledOff,
    LeavePlanned,
    NameDeputy,
    PostCalledOff,
    PostEstablished,
    PostReleased,
    PostRequired,
    PostScheduled,
    ReleasePost,
    Relieve,
    ReplaceHolder,
    RequirePost,
    Resign,
    ReturnEarly,
    TakeLeave,
)
from services.community.domain.post_state import Site, responsible_at
from services.community.domain.vacancy import CLIMBS_AFTER
from shared.contracts.community import (
    DeputyStandsIn,
    HolderAway,
    HolderReturned,
    PostAssigned,
    PostVacancyOverdue,
    PostVacant,
    PostVacated,
)
from shared.contracts.types import PlaceKind
from shared.runtime.aggregate import Command, Tick
from tests.given import NOTHING_SPECIAL as NOW
from tests.given import given

POST = "g1:grid-head"
ESTABLISHED = PostEstablished("g1", "grid-head")
ASSIGNED = PostAssigned(POST, "grid-head", "g1", "lin", NOW)
HELD = given(post, ESTABLISHED, ASSIGNED)
MONDAY, FRIDAY = NOW + timedelta(days=7), NOW + timedelta(days=11)
DUE = NOW + timedelta(days=14)
VACANT = PostVacant(POST, "grid-head", "g1", DUE, NOW)
SITE = Site(PlaceKind.GRID, above=(("jm", "secretary"), ("st", None), ("gl", "officer")))


def stands_in(deputy: str, since: datetime = NOW) -> DeputyStandsIn:
    return DeputyStandsIn(POST, "g1", "grid-head", "lin", deputy, since, FRIDAY)


def away(since: datetime = NOW) -> HolderAway:
    return HolderAway(POST, "g1", "grid-head", "lin", since, FRIDAY)


BACK = HolderReturned(POST, "g1", "grid-head", "lin")


# --- leave


def test_while_the_holder_is_away_the_deputy_is_responsible() -> None:
    named = HELD.when(NameDeputy("lin", "chen")).then(DeputyNamed("chen"))
    gone = named.when(TakeLeave("lin", FRIDAY)).then(LeavePlanned(NOW, FRIDAY), stands_in("chen"))
    assert responsible_at(gone.state, NOW) == "chen"
    assert post.due(gone.state) == FRIDAY
    back = gone.when(Tick(), at=FRIDAY).then(BACK)
    assert responsible_at(back.state, FRIDAY) == "lin"
    assert post.due(back.state) is None


def test_without_a_deputy_nobody_is_until_one_is_named() -> None:
    gone = HELD.when(TakeLeave("lin", FRIDAY)).then(LeavePlanned(NOW, FRIDAY), away())
    assert responsible_at(gone.state, NOW) is None
    helped = gone.when(NameDeputy("admin", "chen")).then(DeputyNamed("chen"), stands_in("chen"))
    assert responsible_at(helped.state, NOW) == "chen"
    alone = helped.when(NameDeputy("admin")).then(DeputyNamed(None), away())
    assert responsible_at(alone.state, NOW) is None


def test_a_leave_that_lies_ahead_begins_and_ends_by_the_clock() -> None:
    waiting = (
        given(post, ESTABLISHED, ASSIGNED, DeputyNamed("chen"))
        .when(TakeLeave("lin", FRIDAY, MONDAY))
        .then(LeavePlanned(MONDAY, FRIDAY))
    )
    assert responsible_at(waiting.state, NOW) == "lin"
    # Even before the clock has said so, the deputy is responsible.
    assert responsible_at(waiting.state, MONDAY) == "chen"
    assert post.due(waiting.state) == MONDAY
    begun = waiting.when(Tick(), at=MONDAY).then(stands_in("chen", MONDAY))
    begun.when(Tick(), at=FRIDAY).then(BACK)
    waiting.when(Tick(), at=FRIDAY).then(BACK)
    waiting.when(ReturnEarly("lin")).then(LeaveCalledOff())


def test_who_returns_early_is_responsible_at_once() -> None:
    gone = given(post, ESTABLISHED, ASSIGNED, LeavePlanned(NOW, FRIDAY), away())
    back = gone.when(ReturnEarly("lin")).then(BACK)
    assert responsible_at(back.state, NOW) == "lin"
    back.when(ReturnEarly("lin")).then_rejected("not-on-leave")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (NameDeputy("lin", "lin"), "own-deputy"),
        (TakeLeave("lin", NOW), "leave-over"),
        (TakeLeave("lin", MONDAY, FRIDAY), "leave-over"),
        (TakeLeave("lin", datetime(2025, 5, 1)), "time-without-zone"),
    ],
)
def test_what_leave_cannot_be(command: Command, code: str) -> None:
    HELD.when(command).then_rejected(code)


def test_one_leave_at_a_time_and_only_of_a_holder() -> None:
    gone = given(post, ESTABLISHED, ASSIGNED, LeavePlanned(NOW, FRIDAY), away())
    gone.when(TakeLeave("lin", FRIDAY)).then_rejected("leave-taken")
    for command in (TakeLeave("a", FRIDAY), NameDeputy("a", "b"), ReturnEarly("a")):
        given(post, ESTABLISHED).when(command).then_rejected("post-vacant")


def test_leave_and_deputy_go_with_the_holder() -> None:
    gone = given(
        post, ESTABLISHED, ASSIGNED, DeputyNamed("chen"), LeavePlanned(NOW, FRIDAY), away()
    )
    left = gone.when(Relieve("admin")).then(PostVacated(POST, "grid-head", "g1", "lin", "relieved"))
    assert (left.state.leave, left.state.deputy) == (None, None)
    assert post.due(left.state) is None


# --- vacancies


def test_a_post_that_a_pattern_asks_for_is_established_and_vacant() -> None:
    asked = RequirePost("g1", "grid-head", 14)
    vacant = given(post).when(asked).then(ESTABLISHED, PostRequired(14), VACANT)
    vacant.when(asked).then()
    assert post.due(vacant.state) == DUE
    filled = vacant.when(AssignPost("admin", "lin"), facts=SITE).then(ASSIGNED)
    assert (filled.state.vacancy, post.due(filled.state)) == (None, None)


def test_a_held_post_is_vacant_when_its_holder_has_gone() -> None:
    asked = HELD.when(RequirePost("g1", "grid-head", 14)).then(PostRequired(14))
    resigned = PostVacated(POST, "grid-head", "g1", "lin", "resigned")
    asked.when(Resign("lin")).then(resigned, VACANT)
    asked.when(ReplaceHolder("admin", "chen"), facts=SITE).then(
        PostVacated(POST, "grid-head", "g1", "lin", "replaced"),
        PostAssigned(POST, "grid-head", "g1", "chen", NOW),
    )


def test_a_term_that_ends_leaves_a_vacancy_unless_the_next_begins() -> None:
    until = PostAssigned(POST, "grid-head", "g1", "lin", NOW, MONDAY)
    ended = PostVacated(POST, "grid-head", "g1", "lin", "term-ended")
    ending = given(post, ESTABLISHED, PostRequired(14), until)
    due = MONDAY + timedelta(days=14)
    ending.when(Tick(), at=MONDAY).then(ended, PostVacant(POST, "grid-head", "g1", due, MONDAY))
    followed = given(post, ESTABLISHED, PostRequired(14), until, PostScheduled("chen", MONDAY))
    followed.when(Tick(), at=MONDAY).then(
        ended, PostAssigned(POST, "grid-head", "g1", "chen", MONDAY)
    )


def test_the_next_level_hears_once_of_a_vacancy_that_is_overdue() -> None:
    vacant = given(post, ESTABLISHED, PostRequired(14), VACANT)
    vacant.when(Tick(), at=DUE - timedelta(seconds=1), facts=SITE).then()
    told = vacant.when(Tick(), at=DUE, facts=SITE).then(
        overdue("jm", "secretary", DUE + CLIMBS_AFTER)
    )
    assert post.due(told.state) == DUE + CLIMBS_AFTER
    told.when(Tick(), at=DUE + timedelta(days=1), facts=SITE).then()


def overdue(to: str | None, person: str | None, climbs_at: datetime | None) -> PostVacancyOverdue:
    return PostVacancyOverdue(POST, "grid-head", "g1", DUE, NOW, to, person, climbs_at)


def test_a_vacancy_climbs_to_the_district_past_levels_where_nobody_sees_to_it() -> None:
    later = DUE + CLIMBS_AFTER
    told = given(post, ESTABLISHED, PostRequired(14), VACANT, overdue("jm", "secretary", later))
    top = told.when(Tick(), at=later, facts=SITE).then(
        overdue("st", None, later), overdue("gl", "officer", None)
    )
    assert post.due(top.state) is None
    top.when(Tick(), at=later + CLIMBS_AFTER, facts=SITE).then()


def test_a_vacancy_that_nobody_sees_to_anywhere_ends_at_the_district() -> None:
    vacant = given(post, ESTABLISHED, PostRequired(14), VACANT)
    nobody = Site(PlaceKind.GRID, above=(("jm", None), ("gl", None)))
    told = vacant.when(Tick(), at=DUE, facts=nobody).then(
        overdue("jm", None, DUE), overdue("gl", None, None)
    )
    assert post.due(told.state) is None
    alone = vacant.when(Tick(), at=DUE, facts=Site(PlaceKind.DISTRICT))
    assert post.due(alone.then(overdue(None, None, None)).state) is None


def test_a_vacancy_that_is_filled_climbs_no_more() -> None:
    later = DUE + CLIMBS_AFTER
    told = given(post, ESTABLISHED, PostRequired(14), VACANT, overdue("jm", "secretary", later))
    filled = told.when(AssignPost("admin", "lin"), at=DUE, facts=SITE)
    assert post.due(filled.then(*filled.events).state) is None


def test_a_vacancy_is_none_when_the_pattern_no_longer_asks() -> None:
    vacant = given(post, ESTABLISHED, PostRequired(14), VACANT)
    free = vacant.when(ReleasePost()).then(PostReleased())
    assert (free.state.vacancy, post.due(free.state)) == (None, None)
    free.when(ReleasePost()).then()
    given(post).when(ReleasePost()).then()


def test_posts_end_with_their_place() -> None:
    full = given(post, ESTABLISHED, PostRequired(14), ASSIGNED, PostScheduled("chen", MONDAY))
    full.when(EndWithPlace()).then(
        PostReleased(),
        PostCalledOff("chen"),
        PostVacated(POST, "grid-head", "g1", "lin", "place-closed"),
    ).when(EndWithPlace()).then()
    given(post).when(EndWithPlace()).then()


def test_a_closed_place_takes_no_new_holders() -> None:
    closed = Site(PlaceKind.GRID, open=False)
    establish = EstablishPost("admin", "g1", "grid-head")
    given(post).when(establish, facts=closed).then_rejected("post-place-closed")
    given(post, ESTABLISHED).when(AssignPost("admin", "lin"), facts=closed).then_rejected(
        "post-place-closed"
    )


def test_a_post_may_be_filled_by_an_organisation() -> None:
    given(post, ESTABLISHED).when(
        AssignPost("admin", "lin", organisation="org-1"), facts=SITE
    ).then(PostAssigned(POST, "grid-head", "g1", "lin", NOW, organisation="org-1"))


def test_the_verbs_follow_the_leave() -> None:
    assert "take-leave" in open_verbs(HELD.state)
    gone = given(post, ESTABLISHED, ASSIGNED, LeavePlanned(NOW, FRIDAY), away())
    assert "return-early" in open_verbs(gone.state)
