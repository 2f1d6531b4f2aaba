"""Suspension: who may stop a clock, why, for how long, and what is left of the time afterwards."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given as such_that
from hypothesis import settings
from hypothesis import strategies as st

from services.petitions.domain.commands import Answer, Assign, Close, Comment, Return, Withdraw
from services.petitions.domain.dossier import ReasonGiven
from services.petitions.domain.ladder import Surroundings, Suspension
from services.petitions.domain.petition import due, petition
from services.petitions.domain.state import Petition, Status
from services.petitions.domain.suspension import ClockHeld, Resume, Suspend
from services.petitions.domain.verbs import can
from shared.contracts.petitions import PetitionAnswered, PetitionResumed, PetitionSuspended
from shared.contracts.types import Level
from shared.runtime.aggregate import Tick
from tests.given import Given, after
from tests.services.petitions.town import (
    DISTRICT_DEPUTY,
    DISTRICT_OFFICER,
    FILE,
    GRID_HEAD,
    HOUR,
    ID,
    MONDAY,
    RESIDENT,
    STREET_OFFICER,
    TOWN,
    TUESDAY,
    WORKING_DAY,
    filed,
    in_review,
    local,
    told,
)

DAY = timedelta(days=1)
REASONS = (Suspension("season", 60 * DAY), Suspension("court", 90 * DAY))
STREET = replace(TOWN, suspensions=REASONS, suspended_most=90 * DAY, standing=Level.STREET)
"""As the street's officer meets it."""
DISTRICT = replace(STREET, standing=Level.DISTRICT)
UNTIL = local(3, 31, 8, 30)
SUSPEND = Suspend(by=STREET_OFFICER, reason="season", until=UNTIL, words="雨季过后才能开挖")


def suspended(at: datetime = TUESDAY) -> Given[Petition]:
    """A petition whose neighbourhood had one of its two working days left."""
    return told((FILE, MONDAY), (SUSPEND, at), facts=STREET)


def resumed(because: str, until: datetime, answer_by: datetime, warn_at: datetime) -> object:
    return PetitionResumed(
        petition=ID,
        because=because,
        reason="season",
        level=Level.NEIGHBOURHOOD,
        place="banyan",
        assignee=GRID_HEAD,
        petitioner=RESIDENT,
        answer_by=answer_by,
        warn_at=warn_at,
        suspended_until=until,
    )


def test_a_level_above_stops_the_clock_until_a_date() -> None:
    state = (
        filed()
        .when(SUSPEND, at=TUESDAY, facts=STREET)
        .then(
            ClockHeld("season", TUESDAY, UNTIL, left=WORKING_DAY, warn_left=WORKING_DAY / 2),
            PetitionSuspended(
                petition=ID,
                reason="season",
                until=UNTIL,
                by=STREET_OFFICER,
                level=Level.NEIGHBOURHOOD,
                place="banyan",
                assignee=GRID_HEAD,
                petitioner=RESIDENT,
            ),
            ReasonGiven("suspend", "雨季过后才能开挖"),
        )
        .state
    )
    assert (state.status, state.answer_by, due(state)) == (Status.SUSPENDED, None, UNTIL)


def test_it_ends_by_itself_with_the_time_that_was_left() -> None:
    state = (
        suspended()
        .when(Tick(), at=UNTIL, facts=TOWN)
        .then(resumed("until", UNTIL, local(3, 31, 18), local(3, 31, 12)))  # type: ignore[arg-type]
        .state
    )
    assert (state.status, state.suspended_for) == (Status.ASSIGNED, UNTIL - TUESDAY)
    assert due(state) == local(3, 31, 12)


def test_it_is_not_ended_before_its_time() -> None:
    suspended().when(Tick(), at=UNTIL - HOUR, facts=TOWN).then()


def test_it_is_ended_before_by_a_level_above_or_by_who_has_it() -> None:
    early = local(3, 10, 8, 30)
    for by, facts in ((STREET_OFFICER, STREET), (GRID_HEAD, TOWN)):
        suspended().when(Resume(by=by), at=early, facts=facts).then(
            resumed("resumed", early, local(3, 10, 18), local(3, 10, 12))  # type: ignore[arg-type]
        )
    words = Resume(by=GRID_HEAD, words="钱到了")
    suspended().when(words, at=early, facts=TOWN).then_among(ReasonGiven("resume", "钱到了"))
    suspended().when(Resume(by="neighbour"), at=early, facts=TOWN).then_rejected("not-above")


@pytest.mark.parametrize("standing", [None, Level.NEIGHBOURHOOD])
def test_nobody_below_or_beside_it_may(standing: Level | None) -> None:
    facts = replace(STREET, standing=standing)
    filed().when(SUSPEND, at=TUESDAY, facts=facts).then_rejected("not-above")


def test_nobody_stops_their_own_clock() -> None:
    own = replace(SUSPEND, by=GRID_HEAD)
    filed().when(own, at=TUESDAY, facts=STREET).then_rejected("not-above")


def test_at_the_top_another_person_of_that_level_may_also_in_review() -> None:
    past = in_review(reviewer_answered=True)
    court = Suspend(by=DISTRICT_OFFICER, reason="court", until=TUESDAY, words="已起诉")
    held = past.when(court, at=MONDAY, facts=DISTRICT)
    state = held.then(*held.events).state
    assert state.status is Status.SUSPENDED
    assert "close" in can(state, DISTRICT_DEPUTY)
    assert "close" not in can(state, DISTRICT_OFFICER), "whose own answer it was"
    back = Given(petition, state).when(Tick(), at=TUESDAY, facts=DISTRICT)
    assert back.then(*back.events).state.status is Status.REVIEW
    ended = Given(petition, state).when(Close(by=DISTRICT_DEPUTY, reason="撤诉"), facts=DISTRICT)
    assert isinstance(ended.events[0], PetitionResumed)
    assert ended.then(*ended.events).state.status is Status.CLOSED


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason": "holiday"}, "unknown-suspension"),
        ({"until": TUESDAY}, "suspended-into-the-past"),
        ({"until": TUESDAY + 60 * DAY + HOUR}, "suspended-too-long"),
        ({"until": datetime(2025, 3, 31)}, "suspended-without-zone"),
        ({"words": " "}, "reason-needed"),
    ],
)
def test_only_for_a_reason_from_the_list_and_with_an_end(
    changes: dict[str, object], code: str
) -> None:
    command = replace(SUSPEND, **changes)  # type: ignore[arg-type]
    filed().when(command, at=TUESDAY, facts=STREET).then_rejected(code)


def test_what_is_overdue_is_not_suspended() -> None:
    late = local(3, 4, 18)
    filed().when(SUSPEND, at=late, facts=STREET).then_rejected("overdue-stays")


def test_all_suspensions_together_have_an_end() -> None:
    second = Suspend(by=STREET_OFFICER, reason="court", until=UNTIL + 63 * DAY, words="已起诉")
    past = told((FILE, MONDAY), (SUSPEND, TUESDAY), (Tick(), UNTIL), (second, UNTIL), facts=STREET)
    assert past.state.status is Status.SUSPENDED
    longer = replace(second, until=UNTIL + 64 * DAY)
    again = told((FILE, MONDAY), (SUSPEND, TUESDAY), (Tick(), UNTIL), facts=STREET)
    refused = again.when(longer, at=UNTIL, facts=STREET)
    refused.then_rejected("suspended-too-long")
    assert refused.rejected is not None
    assert refused.rejected.details == {"days": 63}


def test_while_suspended_people_talk_name_another_person_and_take_it_back() -> None:
    past = suspended()
    at = local(3, 10, 9)
    said = past.when(Comment(by=RESIDENT, text="还有多久？"), at=at, facts=TOWN)
    assert said.then(*said.events).state == past.state
    named = past.when(Assign(by=STREET_OFFICER, assignee="volunteer-fang"), at=at, facts=TOWN)
    state = named.then(*named.events).state
    assert (state.status, state.assignee) == (Status.SUSPENDED, "volunteer-fang")
    gone = past.when(Withdraw(by=RESIDENT), at=at, facts=TOWN)
    assert due(gone.then(*gone.events).state) is None
    past.when(Return(by=GRID_HEAD, question="?"), at=at, facts=TOWN).then_rejected("suspended")
    past.when(Close(by=GRID_HEAD, reason="?"), at=at, facts=TOWN).then_rejected(
        "closing-needs-review"
    )


def test_facts_given_meanwhile_are_not_forgotten() -> None:
    asked = (Return(by=GRID_HEAD, question="哪一层？"), MONDAY)
    told_so = (Comment(by=RESIDENT, text="一楼"), TUESDAY)
    past = told((FILE, MONDAY), asked, (SUSPEND, TUESDAY), told_so, (Tick(), UNTIL), facts=STREET)
    assert past.state.status is Status.TAKEN


def test_who_was_named_meanwhile_has_it_afterwards() -> None:
    named = (Assign(by=STREET_OFFICER, assignee="volunteer-fang"), TUESDAY)
    past = told((FILE, MONDAY), (SUSPEND, TUESDAY), named, (Tick(), UNTIL), facts=STREET)
    assert (past.state.status, past.state.assignee) == (Status.ASSIGNED, "volunteer-fang")


def test_an_answer_ends_it_and_is_in_time() -> None:
    answer = Answer(
        by=GRID_HEAD, done="下水道已经疏通，污水已清走", done_by="物业公司", finished=True
    )
    happened = suspended().when(answer, at=local(3, 10, 9), facts=TOWN)
    state = happened.then(*happened.events).state
    assert isinstance(happened.events[0], PetitionResumed)
    assert happened.events[0].because == "done"
    answered = next(e for e in happened.events if isinstance(e, PetitionAnswered))
    assert (answered.in_time, state.status) == (True, Status.ANSWERED)


@pytest.mark.parametrize("by", [STREET_OFFICER, GRID_HEAD])
def test_only_what_is_suspended_is_resumed(by: str) -> None:
    filed().when(Resume(by=by), facts=STREET).then_rejected("not-suspended")


# --- what always holds ---------------------------------------------------------------------------

MINUTE = timedelta(minutes=1)


def worked(begin: datetime, end: datetime) -> int:
    """The working minutes between two moments, counted one by one, by the hours of the town."""
    minutes = 0
    local_time = begin + 8 * HOUR  # Shanghai
    while local_time < end + 8 * HOUR:
        at = local_time.hour * 60 + local_time.minute
        if local_time.weekday() < 5 and (510 <= at < 720 or 870 <= at < 1080):
            minutes += 1
        local_time += MINUTE
    return minutes


@such_that(
    steps=st.lists(
        st.tuples(st.integers(0, 700), st.integers(1, 60 * 24 * 12), st.booleans()), max_size=4
    ),
    facts=st.just(STREET),
)
@settings(max_examples=60)
def test_the_time_served_is_the_time_promised(
    steps: list[tuple[int, int, bool]], facts: Surroundings
) -> None:
    """`steps`: minutes until the next suspension, how long it is agreed for, whether it is ended
    half way.
    """
    past, now = filed(), MONDAY
    served = 0
    for pause, agreed, early in steps:
        begin, now = now, now + pause * MINUTE
        deadline = past.state.answer_by
        assert deadline is not None
        until = now + agreed * MINUTE
        command = replace(SUSPEND, until=until)
        if now >= deadline:
            Given(petition, past.state).when(command, at=now, facts=facts).then_rejected(
                "overdue-stays"
            )
            now = begin
            break
        events = petition.decide(command, past.state, now, facts)
        past = Given(petition, after(petition, past.state, events))
        served += worked(begin, now)
        now = now + (agreed // 2 + 1 if early else agreed) * MINUTE
        end = Resume(by=GRID_HEAD) if early and now < until else Tick()
        events = petition.decide(end, past.state, now, facts)
        past = Given(petition, after(petition, past.state, events))
    assert past.state.answer_by is not None
    assert served + worked(now, past.state.answer_by) == 2 * WORKING_DAY // MINUTE
