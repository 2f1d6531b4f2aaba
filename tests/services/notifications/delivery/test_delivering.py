"""How a message goes out: ways in turn, retries with an end, what comes back, what is too late."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st

from services.notifications.domain import delivering as d
from services.notifications.domain.delivery import (
    CLAIM_LASTS,
    AttemptFailed,
    Delivery,
    DeliveryAttempted,
    DeliveryConfirmed,
    DeliveryEnded,
    DeliveryGathered,
    DeliveryPlanned,
    DeliveryPutOff,
    DeliverySent,
    Status,
    WayBegan,
    WayFailed,
)
from services.notifications.domain.message import (
    Circumstances,
    Forget,
    Message,
    MessageForgotten,
    MessageWorded,
    Post,
    Read,
    message,
    message_id,
)
from services.notifications.domain.ways import Lane, Plan, Way
from shared.contracts.event import Event
from shared.contracts.notifications import MessagePosted, MessageRead
from shared.runtime.aggregate import Command, Rejected, Tick
from tests.given import NOTHING_SPECIAL as NOW
from tests.given import Given, given

EVENT = "petitions/petition-p1/3/0"
ID = message_id(EVENT, "wang", "petition-taken")
POST = Post("wang", "petition-taken", {"petition": "p1"}, "petition-p1", EVENT)
POSTED: tuple[Event, ...] = (
    MessagePosted(ID, "wang", "petition-taken", "petition-p1", EVENT),
    MessageWorded("petition-taken", {"petition": "p1"}, NOW),
)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
ALL_WAYS = (Way.PUSH, Way.SMS, Way.PHONE)
PUSH_FIRST = Plan(ways=ALL_WAYS)
AGREES = Circumstances(plan=PUSH_FIRST)


def planned(
    *ways: Way,
    lane: Lane = Lane.SINGLE,
    at: datetime = NOW,
    expires: datetime | None = None,
    heard_within: int = 0,
    group: str = "",
) -> DeliveryPlanned:
    lasts = d.LAST_WAY_LASTS if len(ways) == 1 else d.PATIENCE[lane]
    return DeliveryPlanned(ways, lane, at, at + lasts, expires, heard_within, group)


def posted(*more: Event) -> Given[Message]:
    return given(message, *POSTED, *more)


def delivery_of(past: Given[Message]) -> Delivery:
    assert past.state.delivery is not None
    return past.state.delivery


# --- the plan ------------------------------------------------------------------------------------


def test_a_message_without_ways_has_no_delivery_and_is_never_due() -> None:
    only = given(message).when(POST, facts=Circumstances()).then(*POSTED)
    assert only.state.delivery is None
    assert message.due(only.state) is None
    only.when(d.Attempt("c")).then().when(d.Sent(Way.SMS)).then().when(Tick()).then()


def test_a_plan_begins_with_its_first_way() -> None:
    begun = given(message).when(POST, facts=AGREES).then(*POSTED, planned(*ALL_WAYS))
    delivery = delivery_of(begun)
    assert (delivery.queue, delivery.next, delivery.rank) == ("push", NOW, 1)
    assert [step.status for step in delivery.steps] == [
        Status.QUEUED,
        Status.PLANNED,
        Status.PLANNED,
    ]
    assert message.due(begun.state) == NOW + d.PATIENCE[Lane.SINGLE]


def test_what_waits_for_a_digest_is_left_to_it() -> None:
    digest = Circumstances(plan=replace(PUSH_FIRST, digest=True))
    given(message).when(POST, facts=digest).then(*POSTED)


def test_nothing_goes_out_before_its_time() -> None:
    morning = NOW + timedelta(hours=8)
    quiet = Circumstances(plan=replace(PUSH_FIRST, not_before=morning))
    waits = given(message).when(POST, facts=quiet).then(*POSTED, planned(*ALL_WAYS, at=morning))
    waits.when(d.Attempt("c"), at=morning - SECOND, facts=AGREES).then()
    waits.when(d.Attempt("c"), at=morning, facts=AGREES).then(
        DeliveryAttempted("c", morning + CLAIM_LASTS)
    )


def test_what_would_come_too_late_is_not_planned() -> None:
    late = replace(PUSH_FIRST, not_before=NOW + MINUTE, expires=NOW + MINUTE)
    given(message).when(POST, facts=Circumstances(plan=late)).then(*POSTED)


# --- sending -------------------------------------------------------------------------------------


def test_it_is_claimed_sent_and_done_with() -> None:
    gone = (
        posted(planned(*ALL_WAYS))
        .when(d.Attempt("c1"), facts=AGREES)
        .then(DeliveryAttempted("c1", NOW + CLAIM_LASTS))
        .when(d.Sent(Way.PUSH, "r-1"), at=NOW + SECOND)
        .then(DeliverySent(Way.PUSH, "r-1", NOW + SECOND))
    )
    assert delivery_of(gone).step.receipt == "r-1"
    assert message.due(gone.state) is None
    gone.when(d.Attempt("c2"), at=NOW + MINUTE, facts=AGREES).then()


def test_of_two_couriers_one_has_it() -> None:
    taken = posted(planned(Way.SMS), DeliveryAttempted("c1", NOW + CLAIM_LASTS))
    sms = Circumstances(plan=Plan((Way.SMS,)))
    taken.when(d.Attempt("c2"), at=NOW + SECOND, facts=sms).then()
    assert delivery_of(taken).claim == "c1"


def test_a_claim_lapses_when_its_courier_dies() -> None:
    taken = posted(planned(Way.SMS), DeliveryAttempted("c1", NOW + CLAIM_LASTS))
    later = NOW + CLAIM_LASTS
    sms = Circumstances(plan=Plan((Way.SMS,)))
    again = taken.when(d.Attempt("c2"), at=later, facts=sms)
    again.then(DeliveryAttempted("c2", later + CLAIM_LASTS))


def test_time_does_not_take_a_letter_out_of_a_couriers_hands() -> None:
    plan = planned(Way.PUSH, Way.SMS)
    taken = posted(plan, DeliveryAttempted("c", plan.give_up + SECOND))
    assert message.due(taken.state) == plan.give_up + SECOND
    taken.when(Tick(), at=plan.give_up).then()


def test_what_failed_for_now_is_tried_again_with_jitter_and_an_end() -> None:
    past = posted(planned(Way.SMS))
    sms = Circumstances(plan=Plan((Way.SMS,)))
    now = NOW
    for n in range(d.MOST_TRIES - 1):
        taken = past.when(d.Attempt("c"), at=now, facts=sms)
        past = taken.then(DeliveryAttempted("c", now + CLAIM_LASTS))
        again = now + d.BACKOFF[n] * 0.75
        failing = past.when(d.Failed(Way.SMS, "http-503", False, 0.25), at=now)
        past = failing.then(AttemptFailed("http-503", again, now))
        past.when(d.Attempt("c"), at=again - SECOND, facts=sms).then()
        now = again
    past = past.when(d.Attempt("c"), at=now, facts=sms).then_among()
    ended = past.when(d.Failed(Way.SMS, "http-503", False, 0.0), at=now).then(
        WayFailed(Way.SMS, "http-503", False, now), DeliveryEnded("no-way-left", now)
    )
    assert message.due(ended.state) is None
    ended.when(d.Attempt("c"), at=now + timedelta(days=2), facts=sms).then()


@given_any(st.floats(0, 1), st.integers(1, d.MOST_TRIES - 1), st.integers(0, 100_000))
def test_a_pause_lies_between_half_and_one_and_a_half_or_is_what_was_asked_for(
    jitter: float, tries: int, asked: int
) -> None:
    attempts = [DeliveryAttempted("c", NOW)] * tries
    past = posted(planned(Way.SMS), *attempts)
    happened = past.when(d.Failed(Way.SMS, "busy", False, jitter, asked)).events
    assert isinstance(happened[0], AttemptFailed)
    pause = happened[0].again - NOW
    least, most = 0.5 * d.BACKOFF[tries - 1], 1.5 * d.BACKOFF[tries - 1]
    wanted = min(timedelta(seconds=asked), d.LONGEST_WAIT)
    assert least - SECOND <= pause <= max(most, wanted)
    assert pause >= wanted


def test_what_never_works_goes_on_to_the_next_way_at_once() -> None:
    past = posted(planned(*ALL_WAYS), DeliveryAttempted("c", NOW + CLAIM_LASTS))
    went_on = past.when(d.Failed(Way.PUSH, "http-410", True, 0.0)).then(
        WayFailed(Way.PUSH, "http-410", False, NOW),
        WayBegan(Way.SMS, NOW, NOW + d.PATIENCE[Lane.SINGLE]),
    )
    assert delivery_of(went_on).queue == "sms"


def test_a_way_has_its_time_and_the_last_one_a_day() -> None:
    past = posted(planned(*ALL_WAYS, lane=Lane.URGENT))
    first = NOW + d.PATIENCE[Lane.URGENT]
    second = first + d.PATIENCE[Lane.URGENT]
    assert message.due(past.state) == first
    ended = (
        past.when(Tick(), at=first)
        .then(WayFailed(Way.PUSH, "out-of-time", False, first), WayBegan(Way.SMS, first, second))
        .when(Tick(), at=second)
        .then(
            WayFailed(Way.SMS, "out-of-time", False, second),
            WayBegan(Way.PHONE, second, second + d.LAST_WAY_LASTS),
        )
        .when(Tick(), at=second + d.LAST_WAY_LASTS)
        .then(
            WayFailed(Way.PHONE, "out-of-time", False, second + d.LAST_WAY_LASTS),
            DeliveryEnded("no-way-left", second + d.LAST_WAY_LASTS),
        )
    )
    assert message.due(ended.state) is None


def test_what_is_too_late_to_tell_is_not_told() -> None:
    expires = NOW + timedelta(minutes=30)
    past = posted(planned(*ALL_WAYS, expires=expires))
    assert message.due(past.state) == expires
    ended = past.when(Tick(), at=expires).then(DeliveryEnded("expired", expires))
    assert delivery_of(ended).step.status is Status.FAILED
    past.when(d.Attempt("c"), at=expires, facts=AGREES).then(DeliveryEnded("expired", expires))
    past.when(d.Failed(Way.PUSH, "gone", True, 0.0), at=expires).then(
        WayFailed(Way.PUSH, "gone", False, expires), DeliveryEnded("expired", expires)
    )


# --- what the person wants meanwhile -----------------------------------------------------------


def test_who_turned_a_way_off_meanwhile_is_not_sent_it() -> None:
    without_push = Circumstances(plan=Plan((Way.SMS,)))
    posted(planned(Way.PUSH, Way.SMS)).when(d.Attempt("c"), facts=without_push).then(
        WayFailed(Way.PUSH, "not-wanted", False, NOW),
        WayBegan(Way.SMS, NOW, NOW + d.LAST_WAY_LASTS),
    )
    posted(planned(Way.SMS)).when(d.Attempt("c"), facts=Circumstances()).then(
        WayFailed(Way.SMS, "not-wanted", False, NOW), DeliveryEnded("no-way-left", NOW)
    )


def test_a_retry_does_not_fall_into_quiet_hours() -> None:
    morning = NOW + timedelta(hours=8)
    quiet = Circumstances(plan=replace(PUSH_FIRST, not_before=morning))
    put_off = DeliveryPutOff("quiet", morning, morning + d.PATIENCE[Lane.SINGLE])
    waits = posted(planned(*ALL_WAYS)).when(d.Attempt("c"), facts=quiet).then(put_off)
    assert message.due(waits.state) == put_off.give_up
    assert delivery_of(waits).step.tries == 0


def test_who_was_sent_too_much_is_left_alone_for_a_while() -> None:
    until = NOW + timedelta(minutes=20)
    put_off = DeliveryPutOff("person-limit", until, until + d.LAST_WAY_LASTS)
    posted(planned(Way.SMS)).when(d.PutOff("person-limit", until)).then(put_off)
    taken = posted(planned(Way.SMS), DeliveryAttempted("c", NOW + CLAIM_LASTS))
    taken.when(d.PutOff("person-limit", until)).then()


def test_who_has_read_it_in_the_inbox_is_told_by_no_other_way() -> None:
    read = posted(planned(*ALL_WAYS)).when(Read("wang")).then(MessageRead(ID, "wang"))
    assert delivery_of(read).queue == ""
    assert message.due(read.state) is None
    read.when(d.Attempt("c"), facts=AGREES).then()
    read.when(d.Failed(Way.PUSH, "gone", True, 0.0)).then()


def test_who_was_erased_is_told_nothing_more() -> None:
    past = posted(planned(*ALL_WAYS), DeliveryAttempted("c", NOW + CLAIM_LASTS))
    gone = past.when(Forget()).then(MessageForgotten())
    assert gone.state == Message(forgotten=True)
    gone.when(d.Sent(Way.PUSH)).then().when(d.Bounce(Way.PUSH, "gone")).then()


# --- what must be heard --------------------------------------------------------------------------


def test_what_must_be_heard_goes_on_until_it_is_read() -> None:
    sent = posted(planned(*ALL_WAYS, heard_within=300), DeliverySent(Way.PUSH, "", NOW))
    assert message.due(sent.state) == NOW + 5 * MINUTE
    arrived = sent.when(d.Confirm(Way.PUSH), at=NOW + MINUTE).then(
        DeliveryConfirmed(Way.PUSH, False, NOW + MINUTE)
    )
    assert message.due(arrived.state) == NOW + 5 * MINUTE
    unheard = NOW + 5 * MINUTE
    arrived.when(Tick(), at=unheard).then(
        WayFailed(Way.PUSH, "unheard", False, unheard),
        WayBegan(Way.SMS, unheard, unheard + d.PATIENCE[Lane.SINGLE]),
    )
    heard = arrived.when(Read("wang"), at=NOW + 2 * MINUTE).then(MessageRead(ID, "wang"))
    assert message.due(heard.state) is None
    assert delivery_of(heard).step.status is Status.READ


# --- what comes back -----------------------------------------------------------------------------


def test_a_receipt_says_that_it_arrived_once() -> None:
    sent = posted(planned(Way.SMS, Way.PHONE), DeliverySent(Way.SMS, "", NOW))
    arrived = sent.when(d.Confirm(Way.SMS)).then(DeliveryConfirmed(Way.SMS, False, NOW))
    assert delivery_of(arrived).step.status is Status.DELIVERED
    arrived.when(d.Confirm(Way.SMS)).then()
    arrived.when(d.Confirm(Way.EMAIL)).then()


def test_a_receipt_may_come_before_the_couriers_report() -> None:
    taken = posted(planned(Way.SMS), DeliveryAttempted("c", NOW + CLAIM_LASTS))
    arrived = taken.when(d.Confirm(Way.SMS)).then(DeliveryConfirmed(Way.SMS, False, NOW))
    arrived.when(d.Sent(Way.SMS)).then()
    assert delivery_of(arrived).queue == ""


def test_what_bounces_goes_on_to_the_next_way() -> None:
    later = NOW + timedelta(hours=1)
    sent = posted(planned(Way.EMAIL, Way.SMS), DeliverySent(Way.EMAIL, "", NOW))
    went_on = sent.when(d.Bounce(Way.EMAIL, "5.1.1"), at=later).then(
        WayFailed(Way.EMAIL, "5.1.1", True, later),
        WayBegan(Way.SMS, later, later + d.LAST_WAY_LASTS),
    )
    assert [step.status for step in delivery_of(went_on).steps] == [
        Status.BOUNCED,
        Status.QUEUED,
    ]
    went_on.when(d.Bounce(Way.EMAIL, "5.1.1"), at=later).then()


def test_what_was_read_may_still_bounce_and_nobody_is_told_again() -> None:
    read = posted(
        planned(Way.EMAIL, Way.SMS), DeliverySent(Way.EMAIL, "", NOW), MessageRead(ID, "wang")
    )
    bounced = read.when(d.Bounce(Way.EMAIL, "5.1.1")).then(WayFailed(Way.EMAIL, "5.1.1", True, NOW))
    assert delivery_of(bounced).queue == ""
    bounced.when(d.Bounce(Way.EMAIL, "5.1.1")).then()


# --- calls ---------------------------------------------------------------------------------------


def test_a_call_that_was_answered_is_the_end_of_it() -> None:
    past = posted(planned(Way.PHONE, heard_within=60))
    heard = past.when(d.Called("desk", reached=True)).then(DeliveryConfirmed(Way.PHONE, True, NOW))
    assert message.due(heard.state) is None
    heard.when(d.Called("desk", reached=True)).then_rejected("not-to-call")


def test_who_does_not_answer_is_called_again_and_not_for_ever() -> None:
    past, now = posted(planned(Way.PHONE)), NOW
    for _ in range(d.MOST_CALLS - 1):
        again = now + d.CALL_AGAIN
        past = past.when(d.Called("desk", reached=False), at=now).then(
            DeliveryAttempted("", again), AttemptFailed("nobody-answers", again, now)
        )
        assert delivery_of(past).next == again
        now = again
    past.when(d.Called("desk", reached=False), at=now).then(
        WayFailed(Way.PHONE, "nobody-answers", False, now), DeliveryEnded("no-way-left", now)
    )


@pytest.mark.parametrize(
    "more", [(), (planned(Way.SMS),), (planned(Way.PHONE), MessageRead(ID, "wang"))]
)
def test_nobody_is_called_without_need(more: tuple[Event, ...]) -> None:
    posted(*more).when(d.Called("desk", reached=True)).then_rejected("not-to-call")


# --- bursts --------------------------------------------------------------------------------------


def test_what_comes_later_goes_out_with_what_came_first() -> None:
    first = "0" * 32
    past = posted(planned(Way.PUSH, group="g"))
    joined = past.when(d.Gather(first, NOW)).then(DeliveryGathered(first, NOW))
    assert delivery_of(joined).joined == first
    assert message.due(joined.state) is None
    past.when(d.Gather(first, NOW + SECOND)).then()
    past.when(d.Gather(ID, NOW)).then()
    alone = posted(planned(Way.PUSH))
    alone.when(d.Gather(first, NOW)).then()
    taken = posted(planned(Way.PUSH, group="g"), DeliveryAttempted("c", NOW + CLAIM_LASTS))
    taken.when(d.Gather(first, NOW), at=NOW + SECOND).then()


def test_a_burst_waits_as_long_as_its_plan_says() -> None:
    plan = replace(PUSH_FIRST, gather_for=5 * MINUTE)
    begun = given(message).when(POST, facts=Circumstances(plan=plan)).events
    assert isinstance(begun[-1], DeliveryPlanned)
    assert begun[-1].at == NOW + 5 * MINUTE
    assert begun[-1].group
    other = replace(POST, about="petition-p2")
    elsewhere = given(message).when(other, facts=Circumstances(plan=plan)).events
    assert isinstance(elsewhere[-1], DeliveryPlanned)
    assert elsewhere[-1].group != begun[-1].group


# --- whatever happens ----------------------------------------------------------------------------

MOMENTS = st.integers(0, 3 * 24 * 3600)
WAYS = st.sampled_from(list(Way))
COMMANDS: st.SearchStrategy[Command] = st.one_of(
    st.just(Tick()),
    st.builds(d.Attempt, st.sampled_from(["a", "b"])),
    st.builds(d.Sent, WAYS),
    st.builds(d.Failed, WAYS, st.just("x"), st.booleans(), st.floats(0, 1), st.integers(0, 9_999)),
    st.builds(d.Confirm, WAYS),
    st.builds(d.Bounce, WAYS, st.just("x")),
    st.builds(d.Called, st.just("desk"), st.booleans()),
    st.builds(Read, st.just("wang")),
)
PLANS = st.builds(
    Plan,
    ways=st.lists(WAYS, min_size=1, max_size=5, unique=True).map(tuple),
    lane=st.sampled_from(list(Lane)),
    expires=st.none() | st.integers(1, 10_000).map(lambda s: NOW + timedelta(seconds=s)),
    heard_within=st.none() | st.integers(1, 900).map(lambda s: timedelta(seconds=s)),
)


@given_any(PLANS, st.lists(st.tuples(MOMENTS, COMMANDS), max_size=40))
def test_it_always_comes_to_an_end_and_never_goes_back(
    plan: Plan, course: list[tuple[int, Command]]
) -> None:
    around = Circumstances(plan=plan)
    past = given(message).when(POST, facts=around).then_among()
    turns = [0]
    for seconds, command in sorted(course, key=lambda one: one[0]):
        now = NOW + timedelta(seconds=seconds)
        before = past.state
        happened = past.when(command, at=now, facts=around)
        if happened.rejected is not None:
            assert isinstance(happened.rejected, Rejected)
            continue
        past = happened.then_among()
        due, was_due = message.due(past.state), message.due(before)
        if isinstance(command, Tick) and was_due is not None and was_due <= now:
            assert due is None or due > now, "a tick that changes nothing comes again for ever"
        turns.append(delivery_of(past).turn)
    assert turns == sorted(turns)
    for _ in range(20):
        if (due := message.due(past.state)) is None:
            return
        past = past.when(Tick(), at=due, facts=around).then_among()
    raise AssertionError("it never ends")
