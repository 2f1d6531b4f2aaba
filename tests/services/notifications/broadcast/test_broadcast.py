"""A broadcast: two people, one page after the other, at its rate, until it is done or stopped."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given as always
from hypothesis import strategies as st

from services.notifications.domain.broadcast import (
    CATCH_UP,
    MOST_ON_A_PAGE,
    PAGE_WITHIN,
    broadcast,
    page_size,
)
from services.notifications.domain.broadcast_commands import (
    ApproveBroadcast,
    DraftBroadcast,
    NotePage,
    ReviseBroadcast,
    SendBackBroadcast,
    SentBackBecause,
    StopBecause,
    StopBroadcast,
    SubmitBroadcast,
    Words,
)
from services.notifications.domain.broadcast_state import (
    Broadcast,
    BroadcastDrafted,
    BroadcastPageTold,
    Status,
    Surroundings,
    words_in,
)
from shared.contracts.event import Event
from shared.contracts.notifications import (
    BroadcastApproved,
    BroadcastDone,
    BroadcastPageDue,
    BroadcastSentBack,
    BroadcastStopped,
    BroadcastSubmitted,
)
from shared.contracts.notifications.broadcasts import Group
from shared.runtime.aggregate import Rejected, Tick
from tests.given import NOTHING_SPECIAL, given

B, STREET, PATH = "b1", "s1", ("d1", "s1")
WRITER, CHIEF = "writer", "chief"
HERE = Surroundings(B, PATH)
NOW = NOTHING_SPECIAL
STORM = Words("zh-Hans", "台风红色预警", "今晚八点后请勿外出。")
STORM_EN = Words("en", "Typhoon red warning", "Stay in after eight tonight.")
RATE, HOURS = 500, 12
UNTIL = NOW + timedelta(hours=HOURS)


def drafted(urgent: bool = True, rate: int = RATE, by: str = WRITER) -> BroadcastDrafted:
    return BroadcastDrafted(
        by, STREET, PATH, Group.RESIDENTS, None, (STORM,), urgent, rate, HOURS, NOW
    )


def draft(**changes: Any) -> DraftBroadcast:
    whole: dict[str, Any] = {
        "by": WRITER,
        "place": STREET,
        "words": (STORM,),
        "urgent": True,
        "rate": RATE,
        "hours": HOURS,
    }
    return DraftBroadcast(**{**whole, **changes})


SUBMITTED = BroadcastSubmitted(B, STREET, Group.RESIDENTS, True, WRITER)
APPROVED = BroadcastApproved(B, STREET, Group.RESIDENTS, True, WRITER, CHIEF, UNTIL)
FIRST_PAGE = BroadcastPageDue(B, 1, RATE, None, NOW)
RUNNING: tuple[Event, ...] = (drafted(), SUBMITTED, APPROVED, FIRST_PAGE)
WHILE_IT_TAKES = NOW + timedelta(milliseconds=300)


def test_one_writes_it_another_approves_it_and_the_first_page_is_due() -> None:
    given(broadcast).when(draft(), facts=HERE).then(drafted()).when(
        SubmitBroadcast(WRITER), facts=HERE
    ).then(SUBMITTED).when(ApproveBroadcast(CHIEF, urgent=True), facts=HERE).then(
        APPROVED, FIRST_PAGE
    )


def test_nobody_approves_what_they_wrote() -> None:
    given(broadcast, drafted(), SUBMITTED).when(ApproveBroadcast(WRITER), facts=HERE).then_rejected(
        "own-broadcast"
    )


def test_urgent_is_what_was_written_and_approved_as_such() -> None:
    ordinary = BroadcastApproved(B, STREET, Group.RESIDENTS, False, WRITER, CHIEF, UNTIL)
    given(broadcast, drafted(), SUBMITTED).when(ApproveBroadcast(CHIEF), facts=HERE).then(
        ordinary, FIRST_PAGE
    )
    given(broadcast, drafted(urgent=False), SUBMITTED).when(
        ApproveBroadcast(CHIEF, urgent=True), facts=HERE
    ).then_rejected("not-drafted-urgent")


def test_what_is_sent_back_is_changed_and_submitted_again() -> None:
    sent_back = BroadcastSentBack(B, STREET, WRITER, CHIEF, "wrong-words")
    revise = ReviseBroadcast(WRITER, (STORM, STORM_EN), urgent=True, hours=HOURS)
    given(broadcast, drafted(), SUBMITTED).when(
        SendBackBroadcast(CHIEF, SentBackBecause.WRONG_WORDS), facts=HERE
    ).then(sent_back).when(ApproveBroadcast(CHIEF), facts=HERE).then_rejected("wrong-moment").when(
        revise, facts=HERE
    ).then(
        BroadcastDrafted(
            WRITER,
            STREET,
            PATH,
            Group.RESIDENTS,
            None,
            (STORM, STORM_EN),
            True,
            RATE,
            HOURS,
            NOW,
        )
    )


@pytest.mark.parametrize(
    ("changes", "facts", "code"),
    [
        ({}, Surroundings(B), "unknown-place"),
        ({"words": ()}, HERE, "no-chinese"),
        ({"words": (STORM_EN,)}, HERE, "no-chinese"),
        ({"words": (STORM, STORM)}, HERE, "language-twice"),
        ({"of": "property"}, HERE, "group-not-named"),
        ({"group": Group.TEAM}, HERE, "group-not-named"),
        ({"group": Group.TEAM, "of": "t1"}, Surroundings(B, PATH, False), "not-of-this-place"),
    ],
)
def test_what_cannot_be_broadcast(changes: Any, facts: Surroundings, code: str) -> None:
    given(broadcast).when(draft(**changes), facts=facts).then_rejected(code)


@pytest.mark.parametrize("of", [None, "property"])
def test_a_duty_may_be_any(of: str | None) -> None:
    events = given(broadcast).when(draft(group=Group.DUTY, of=of), facts=HERE).events
    assert isinstance(events[0], BroadcastDrafted)
    assert events[0].of == of


def test_the_next_page_waits_for_the_rate() -> None:
    second = NOW + timedelta(seconds=1)
    told = BroadcastPageTold(1, "p0500", RATE, second, WHILE_IT_TAKES)
    given(broadcast, *RUNNING).when(
        NotePage(1, "p0500", RATE, False), at=WHILE_IT_TAKES, facts=HERE
    ).then(told).when(Tick(), at=WHILE_IT_TAKES, facts=HERE).then().when(
        Tick(), at=second, facts=HERE
    ).then(BroadcastPageDue(B, 2, RATE, "p0500", second))


def test_what_is_late_is_followed_at_once() -> None:
    late = NOW + timedelta(seconds=1.4)
    due = NOW + timedelta(seconds=1)
    given(broadcast, *RUNNING).when(NotePage(1, "p0500", RATE, False), at=late, facts=HERE).then(
        BroadcastPageTold(1, "p0500", RATE, due, late),
        BroadcastPageDue(B, 2, RATE, "p0500", due),
    )


def test_it_does_not_make_up_for_a_long_rest() -> None:
    late = NOW + timedelta(minutes=1)
    events = (
        given(broadcast, *RUNNING).when(NotePage(1, "p0500", RATE, False), at=late, facts=HERE)
    ).events
    assert events[-1] == BroadcastPageDue(B, 2, RATE, "p0500", late - CATCH_UP)


def test_it_is_done_with_the_last_page() -> None:
    given(broadcast, *RUNNING).when(
        NotePage(1, "p0120", 120, True), at=WHILE_IT_TAKES, facts=HERE
    ).then(
        BroadcastPageTold(1, "p0120", 120, None, WHILE_IT_TAKES),
        BroadcastDone(B, STREET, WRITER, CHIEF, 120),
    ).when(Tick(), at=UNTIL, facts=HERE).then()


def test_a_page_of_which_nothing_is_heard_is_due_once_more() -> None:
    later = NOW + PAGE_WITHIN
    again = BroadcastPageDue(B, 1, RATE, None, later)
    page = NotePage(1, "p0500", RATE, False)
    following = later + timedelta(seconds=1)
    # Both are told of at last; the second report of the same page counts for nothing.
    given(broadcast, *RUNNING).when(Tick(), at=later, facts=HERE).then(again).when(
        page, at=later, facts=HERE
    ).then(BroadcastPageTold(1, "p0500", RATE, following, later)).when(
        page, at=later, facts=HERE
    ).then()


def test_stopped_midway_no_page_follows_and_what_was_under_way_counts() -> None:
    stopped = BroadcastStopped(B, STREET, WRITER, CHIEF, CHIEF, "all-clear", 0)
    end = (
        given(broadcast, *RUNNING)
        .when(StopBroadcast(CHIEF, StopBecause.ALL_CLEAR), at=WHILE_IT_TAKES, facts=HERE)
        .then(stopped)
        .when(NotePage(1, "p0500", RATE, False), at=WHILE_IT_TAKES, facts=HERE)
        .then(BroadcastPageTold(1, "p0500", RATE, None, WHILE_IT_TAKES))
        .when(Tick(), at=UNTIL, facts=HERE)
        .then()
    )
    assert (end.state.status, end.state.told) == (Status.STOPPED, RATE)
    assert broadcast.due(end.state) is None


def test_its_time_ends_it() -> None:
    given(broadcast, *RUNNING).when(Tick(), at=UNTIL, facts=HERE).then(
        BroadcastStopped(B, STREET, WRITER, CHIEF, None, "expired", 0)
    )


@pytest.mark.parametrize(
    "command",
    [
        draft(),
        SubmitBroadcast(WRITER),
        ApproveBroadcast(CHIEF),
        SendBackBroadcast(CHIEF, SentBackBecause.NOT_NOW),
    ],
)
def test_a_running_one_is_only_stopped(command: Any) -> None:
    given(broadcast, *RUNNING).when(command, facts=HERE).then_rejected("wrong-moment")


def test_words_are_those_of_the_reader_or_the_nearest() -> None:
    hant = Words("zh-Hant", "颱風", "請勿外出。")
    assert words_in((STORM, STORM_EN), "en") is STORM_EN
    assert words_in((STORM, STORM_EN), "en-GB") is STORM_EN
    assert words_in((STORM, STORM_EN), "fr") is STORM
    assert words_in((STORM, hant), "zh-Hant") is hant
    assert words_in((STORM,), "zh-Hant") is STORM


@always(
    rate=st.integers(1, 2_000),
    people=st.integers(0, 5_000),
    delays=st.lists(st.integers(0, 3_000), min_size=1, max_size=20),
)
def test_it_never_tells_faster_than_its_rate(rate: int, people: int, delays: list[int]) -> None:
    """Whatever each page takes: after so many seconds no more were asked for than the rate allows
    with what it may catch up; and at the end everybody was, once.
    """
    state, now = Broadcast(), NOW
    for command in (draft(rate=rate), SubmitBroadcast(WRITER), ApproveBroadcast(CHIEF)):
        state = broadcast.fold(state, broadcast.decide(command, state, now, HERE))
    told, n = 0, 0
    while state.status is Status.RUNNING and n < 200:
        if not state.asked:
            due = broadcast.due(state)
            assert due is not None
            now = max(now, due)
            state = broadcast.fold(state, broadcast.decide(Tick(), state, now, HERE))
        count = min(page_size(rate), people - told)
        told += count
        seconds = (now - NOW + CATCH_UP).total_seconds()
        assert told <= rate * seconds + page_size(rate)
        now += timedelta(milliseconds=delays[n % len(delays)])
        note = NotePage(state.page, f"p{told}", count, count < page_size(rate))
        state = broadcast.fold(state, broadcast.decide(note, state, now, HERE))
        n += 1
    if state.status is Status.DONE:
        assert state.told == people == told


def test_pages_are_small() -> None:
    assert [page_size(rate) for rate in (1, 499, 2_000)] == [1, 499, MOST_ON_A_PAGE]


def test_who_did_not_write_it_is_told_so() -> None:
    with pytest.raises(Rejected, match="somebody else has to approve"):
        broadcast.decide(
            ApproveBroadcast(WRITER),
            broadcast.fold(Broadcast(), [drafted(), SUBMITTED]),
            NOW,
            HERE,
        )
