"""Whatever happens in whatever order: an order is never given to two, and hours never exceed
presence.
"""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.volunteering.domain.orders.commands import (
    Accept,
    Acknowledge,
    Agree,
    Begin,
    Cancel,
    Confirm,
    CorrectHours,
    Decline,
    Dispatch,
    Dispute,
    EndedBecause,
    EndOrder,
    Entrust,
    ErasePerson,
    Finish,
    GiveBack,
    GivenBackBecause,
    NameTimes,
    ProposeTime,
    Rate,
    ReportAbsence,
    ReturnEntrusted,
    Settle,
    TakeOver,
    Weigh,
)
from services.volunteering.domain.orders.order import order
from services.volunteering.domain.orders.state import AT_HAND, OPEN_TO_TAKERS, OVER, Order, Status
from shared.contracts.event import Event
from shared.contracts.volunteering.hours import HoursConfirmed, HoursCorrected
from shared.contracts.volunteering.orders import (
    OrderAccepted,
    OrderEnded,
    OrderGivenBack,
    OrderOffered,
    OrderTakenOver,
)
from shared.runtime.aggregate import Command, Rejected, Tick
from tests.given import after
from tests.services.volunteering.orders.an_order import (
    DAY,
    HOST,
    HOUR,
    NOW,
    WANTED,
    Window,
    found,
    handy,
    placing,
    scene,
)

VOLUNTEERS = [f"v-{n}" for n in range(6)]
OFFICE = ["lin", "wu"]
EVERYBODY = [*VOLUNTEERS, *OFFICE, HOST]
WORLD = {"volunteers": {one: handy() for one in VOLUNTEERS}}

volunteers, office, everybody = map(st.sampled_from, (VOLUNTEERS, OFFICE, EVERYBODY))
several = st.lists(volunteers, min_size=1, max_size=6).map(tuple)
moments = st.integers(0, 120).map(lambda hours: NOW + timedelta(hours=hours))
minutes = st.integers(0, 720)

commands: st.SearchStrategy[Any] = st.one_of(
    st.builds(Accept, volunteers),
    st.builds(Accept, volunteers),
    st.builds(Decline, volunteers),
    st.builds(Dispatch, office, st.sampled_from((None, "o-1")), several),
    st.builds(Entrust, office, st.just("o-1")),
    st.builds(ReturnEntrusted, office),
    st.builds(TakeOver, everybody),
    st.builds(EndOrder, office, st.sampled_from(EndedBecause)),
    st.builds(Acknowledge, office),
    st.builds(ProposeTime, everybody, moments),
    st.builds(Agree, everybody),
    st.builds(GiveBack, everybody, st.sampled_from(GivenBackBecause)),
    st.builds(Begin, everybody),
    st.builds(Finish, everybody),
    st.builds(Confirm, everybody),
    st.builds(Dispute, everybody),
    st.builds(ReportAbsence, everybody),
    st.builds(Settle, office, minutes),
    st.builds(CorrectHours, office, minutes),
    st.builds(Rate, everybody, st.integers(1, 5)),
    st.builds(Cancel, everybody),
    st.builds(NameTimes, st.just(HOST), moments.map(lambda at: (Window(at, at + 2 * HOUR),))),
    st.builds(ErasePerson, st.sampled_from([*VOLUNTEERS, HOST])),
    st.builds(
        lambda number, persons: Weigh(number, tuple(map(found, persons))),
        st.integers(1, 4),
        several.map(lambda persons: tuple(dict.fromkeys(persons))),
    ),
    st.just(Tick()),
)
steps = st.lists(
    st.tuples(commands, st.sampled_from([timedelta(0), timedelta(minutes=5), HOUR, 7 * HOUR, DAY])),
    max_size=40,
)


def holders(events: list[Event]) -> list[str]:
    """Who has it after these events; at most one at any time, or it fails."""
    having: list[str] = []
    for event in events:
        match event:
            case OrderAccepted(volunteer=person) | OrderTakenOver(by=person):
                having.append(person)
            case OrderGivenBack(volunteer=person):
                having.remove(person)
        assert len(having) <= 1, f"two have it: {having}"
    return having


def hold(state: Order, events: list[Event]) -> None:
    """What is always so."""
    having = holders(events)
    asked = [one.volunteer for one in state.offers]
    assert len(asked) == len(set(asked)), "one person, one offer"
    assert set(asked) <= set(state.asked) <= set(state.known)
    if state.status in (*AT_HAND, Status.DONE):
        assert having == [state.volunteer]
        assert asked == []
    if state.status in OPEN_TO_TAKERS:
        assert having == []
        assert state.volunteer is None
    if state.status is Status.OFFERED:
        assert asked != []
    if state.status in OVER:
        assert order.due(state) is None
        assert asked == []
    for event in events:
        if isinstance(event, HoursConfirmed | HoursCorrected):
            assert state.begun is not None
            assert state.ended is not None
            assert event.minutes <= (state.ended - state.begun) // timedelta(minutes=1)
    assert sum(isinstance(event, HoursConfirmed) for event in events) <= 1
    assert sum(isinstance(event, OrderEnded) for event in events) <= 1


@settings(max_examples=400)
@given(steps)
def test_an_order_is_never_given_to_two(
    told: list[tuple[Command, timedelta]],
) -> None:
    now: datetime = NOW
    events = order.decide(placing(), order.initial, now, scene(**WORLD))
    state = after(order, order.initial, events)
    for command, later in told:
        now += later
        ticks = 0
        while (due := order.due(state)) is not None and due <= now:
            new = order.decide(Tick(), state, now, scene(**WORLD))
            assert new != [], "what is due leads to something"
            state, events, ticks = after(order, state, new), events + new, ticks + 1
            assert ticks < 5, "a tick does all that is due"
        offered_now = {one.volunteer: one.until for one in state.offers}
        try:
            new = order.decide(command, state, now, scene(**WORLD))
        except Rejected:
            continue
        if any(isinstance(event, OrderAccepted) for event in new):
            accepted = next(event for event in new if isinstance(event, OrderAccepted))
            assert offered_now[accepted.volunteer] > now, "only an offer that stands is accepted"
        for event in new:
            if isinstance(event, OrderOffered):
                assert not set(event.volunteers) & (offered_now.keys() - gone(new))
        state, events = after(order, state, new), events + new
        hold(state, events)


def gone(events: list[Event]) -> set[str]:
    """Who is not asked any more by these events."""
    return {
        event.volunteer  # type: ignore[attr-defined]
        for event in events
        if type(event).__name__ == "OrderDeclined"
    }


def test_the_story_reaches_the_end_at_all() -> None:
    """The commands above can lead to hours: the invariant is not held by nothing happening."""
    state, at = order.initial, NOW
    for command, moment in (
        (placing(), NOW),
        (Weigh(1, (found("v-1"), found("v-2"))), NOW),
        (Accept("v-2"), NOW),
        (ProposeTime("v-2", WANTED.begin), NOW),
        (Begin("v-2"), WANTED.begin),
        (Finish("v-2"), WANTED.begin + HOUR),
        (Confirm(HOST), WANTED.begin + HOUR),
    ):
        at = moment
        state = after(order, state, order.decide(command, state, at, scene(**WORLD)))
    assert (state.status, state.minutes) == (Status.DONE, 60)
