"""Needs: stated, met from resources and by who has checked in, matched with reasons."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from services.volunteering.domain.lists.matching import best, match, steps_between
from services.volunteering.domain.lists.need import need
from services.volunteering.domain.lists.need_commands import (
    AcceptNeed,
    AskResource,
    AttachProject,
    Candidate,
    DeclineOffer,
    DetachProject,
    FulfilNeed,
    HearRefused,
    HearReserved,
    NeedCarried,
    NeedDescribed,
    NeedMeasured,
    NeedMembersStruck,
    NeedPromised,
    OfferNeed,
    ReleaseResource,
    StateNeed,
    StrikeMembers,
    WithdrawNeed,
)
from services.volunteering.domain.lists.need_state import Ground
from services.volunteering.domain.lists.resource import resource
from services.volunteering.domain.lists.resource_state import Measure, Resource
from shared.contracts.event import Event
from shared.contracts.volunteering import (
    NeedAsked,
    NeedEnded,
    NeedLeftOut,
    NeedMet,
    NeedNotGiven,
    NeedOfferAnswered,
    NeedOffered,
    NeedOffersLapsed,
    NeedReleased,
    NeedStated,
    ResourceOffered,
)
from shared.contracts.volunteering.lists import NeedOutcome, Provision
from shared.runtime.aggregate import Rejected, Tick
from tests.given import NOTHING_SPECIAL, given

NOW, DAY = NOTHING_SPECIAL, timedelta(days=1)
BEGIN, UNTIL = NOW + DAY, NOW + 21 * DAY
PATH = ("d", "s", "c", "n")
GROUND = Ground("w1", PATH)
ELDERS = Provision.ELDERS

STATE = StateNeed("desk", ELDERS, "n", "陪诊", "每周一次", 3, Measure.PERSON, BEGIN, UNTIL)
STATED: tuple[Event, ...] = (
    NeedStated("w1", ELDERS, "n", PATH, 3, BEGIN, UNTIL, "desk"),
    NeedMeasured(Measure.PERSON),
)
OFFER_ENDS = NOW + 7 * DAY


def asked(resource: str, quantity: int) -> NeedAsked:
    return NeedAsked("w1", resource, ELDERS, PATH, quantity, BEGIN, UNTIL, "desk")


def offered(checkin: str, person: str | None, unit: str | None = None) -> NeedOffered:
    return NeedOffered("w1", checkin, ELDERS, "n", person, unit, OFFER_ENDS)


def answered(checkin: str, person: str | None, quantity: int, unit: str | None = None) -> Event:
    return NeedOfferAnswered("w1", checkin, person, unit, quantity, "desk")


MET = NeedMet("w1", "n", "desk")
ASKED: tuple[Event, ...] = (*STATED, asked("r1", 2))
OFFERED: tuple[Event, ...] = (
    *STATED,
    offered("k1", "lin"),
    offered("k2", "chen"),
    offered("k3", None, "school"),
)


def ended(outcome: NeedOutcome, *resources: str) -> NeedEnded:
    return NeedEnded("w1", ELDERS, "n", PATH, outcome, resources, "desk")


def test_a_community_states_what_it_needs() -> None:
    given(need).when(STATE, facts=GROUND).then(*STATED, NeedDescribed("陪诊", "每周一次"))
    given(need).when(STATE, facts=Ground("w1")).then_rejected("unknown-place")
    backwards = replace(STATE, until=BEGIN)
    given(need).when(backwards, facts=GROUND).then_rejected("need-times")
    given(need, *STATED).when(STATE, facts=GROUND).then_rejected("need-stated")


def test_a_resource_is_asked_for_no_more_than_is_lacking() -> None:
    open = given(need, *STATED)
    open.when(AskResource("desk", "r1", 4), facts=GROUND).then_rejected("need-covered")
    one = open.when(AskResource("desk", "r1", 2), facts=GROUND).then(asked("r1", 2))
    one.when(AskResource("desk", "r1", 1), facts=GROUND).then_rejected("resource-asked")
    one.when(AskResource("desk", "r2", 2), facts=GROUND).then_rejected("need-covered")
    one.when(AskResource("desk", "r2", 1), facts=GROUND).then(asked("r2", 1))


def test_the_need_hears_what_is_promised_and_what_is_refused() -> None:
    both = given(need, *ASKED, asked("r2", 1))
    half = both.when(HearReserved("r1", 2), facts=GROUND).then(NeedPromised("r1", 2))
    half.when(HearReserved("r1", 2), facts=GROUND).then()
    half.when(HearReserved("r2", 1), facts=GROUND).then(NeedPromised("r2", 1), MET)
    out = half.when(HearRefused("r2", "not-enough"), facts=GROUND).then(
        NeedLeftOut("w1", "r2", "not-enough", "desk")
    )
    assert out.state.lacking == 1
    half.when(HearRefused("r1", "declined"), facts=GROUND).then(
        NeedLeftOut("w1", "r1", "declined", "desk")
    )


def test_a_promise_that_came_too_late_is_given_back() -> None:
    back = (
        given(need, *ASKED)
        .when(ReleaseResource("desk", "r1"), facts=GROUND)
        .then(NeedReleased("w1", "r1"))
    )
    back.when(ReleaseResource("desk", "r1"), facts=GROUND).then_rejected("resource-not-asked")
    late = back.when(HearReserved("r1", 2), facts=GROUND).then(NeedReleased("w1", "r1"))
    late.when(HearRefused("r1", "released"), facts=GROUND).then()
    other = given(need, *ASKED).when(HearReserved("r1", 1), facts=GROUND)
    other.then()


def test_who_has_checked_in_is_asked_once() -> None:
    people = (Candidate("k1", "n", "lin", None), Candidate("k2", "c", "chen", None))
    asked_both = (
        given(need, *STATED)
        .when(OfferNeed(people), facts=GROUND)
        .then(offered("k1", "lin"), offered("k2", "chen"))
    )
    asked_both.when(OfferNeed(people), facts=GROUND).then()
    many = tuple(Candidate(f"x{n}", "n", f"p{n}", None) for n in range(50))
    events = asked_both.when(OfferNeed(many), facts=GROUND).events
    assert len(events) == 18


def test_they_accept_until_nothing_is_lacking() -> None:
    first = (
        given(need, *OFFERED)
        .when(AcceptNeed("lin", None, "k1"), facts=GROUND)
        .then(answered("k1", "lin", 1))
    )
    first.when(AcceptNeed("lin", None, "k1"), facts=GROUND).then_rejected("offer-accepted")
    full = first.when(AcceptNeed("clerk", "school", "k3", 2), facts=GROUND).then(
        answered("k3", None, 2, "school"), MET
    )
    full.when(AcceptNeed("chen", None, "k2"), facts=GROUND).then_rejected("need-covered")
    less = full.when(DeclineOffer("lin", None, "k1"), facts=GROUND).then(answered("k1", "lin", 0))
    assert not less.state.met
    less.when(AcceptNeed("chen", None, "k2"), facts=GROUND).then(answered("k2", "chen", 1), MET)


@pytest.mark.parametrize(
    "accept",
    [
        AcceptNeed("chen", None, "k1"),
        AcceptNeed("lin", None, "k9"),
        AcceptNeed("clerk", None, "k3"),
        AcceptNeed("clerk", "bank", "k3"),
    ],
)
def test_only_who_was_asked_answers(accept: AcceptNeed) -> None:
    given(need, *OFFERED).when(accept, facts=GROUND).then_rejected("not-offered")


def test_an_offer_lapses_and_a_need_ends_with_its_time() -> None:
    lapsed = (
        given(need, *OFFERED)
        .when(Tick(), at=OFFER_ENDS, facts=GROUND)
        .then(NeedOffersLapsed("w1", ("k1", "k2", "k3")))
    )
    lapsed.when(AcceptNeed("lin", None, "k1"), facts=GROUND).then_rejected("offer-lapsed")
    assert need.due(lapsed.state) == UNTIL
    lapsed.when(Tick(), at=UNTIL, facts=GROUND).then(ended(NeedOutcome.EXPIRED))


def test_who_leaves_is_not_counted_on() -> None:
    accepted = given(need, *OFFERED, answered("k1", "lin", 1))
    gone = accepted.when(StrikeMembers(("k1", "k9")), facts=GROUND).then(NeedMembersStruck(("k1",)))
    assert gone.state.lacking == 3
    assert gone.state.offers[0].person is None


def test_one_project_carries_a_need() -> None:
    carried = given(need, *ASKED).when(AttachProject("p1"), facts=GROUND).then(NeedCarried("p1"))
    carried.when(AttachProject("p1"), facts=GROUND).then()
    carried.when(AttachProject("p2"), facts=GROUND).then(NeedNotGiven("w1", "p2", "p1"))
    carried.when(WithdrawNeed("desk"), facts=GROUND).then_rejected("need-carried")
    carried.when(Tick(), at=UNTIL, facts=GROUND).then()
    carried.when(DetachProject("p2"), facts=GROUND).then()
    carried.when(DetachProject("p1"), facts=GROUND).then(NeedCarried(None))
    carried.when(FulfilNeed("p2"), facts=GROUND).then()
    over = carried.when(FulfilNeed("p1"), facts=GROUND).then(ended(NeedOutcome.FULFILLED, "r1"))
    over.when(AttachProject("p2"), facts=GROUND).then(NeedNotGiven("w1", "p2", None))
    over.when(WithdrawNeed("desk"), facts=GROUND).then_rejected("need-over")
    given(need).when(AttachProject("p2"), facts=GROUND).then(NeedNotGiven("w1", "p2", None))


def test_a_need_is_withdrawn_and_its_resources_are_free() -> None:
    given(need, *ASKED).when(WithdrawNeed("desk"), facts=GROUND).then(
        ended(NeedOutcome.WITHDRAWN, "r1")
    )
    given(need).when(WithdrawNeed("desk"), facts=GROUND).then_rejected("unknown-need")


@hypothesis_given(
    st.lists(
        st.tuples(
            st.sampled_from(["ask", "promise", "refuse", "release", "accept", "decline", "leave"]),
            st.sampled_from([0, 1, 2]),
            st.integers(1, 3),
        ),
        max_size=40,
    )
)
def test_a_need_is_never_covered_twice(steps: list[tuple[str, int, int]]) -> None:
    state = given(need, *OFFERED).state
    people = [("lin", None), ("chen", None), ("clerk", "school")]
    for what, n, quantity in steps:
        by, org = people[n]
        commands = {
            "ask": AskResource("desk", f"r{n}", quantity),
            "promise": HearReserved(f"r{n}", quantity),
            "refuse": HearRefused(f"r{n}", "not-enough"),
            "release": ReleaseResource("desk", f"r{n}"),
            "accept": AcceptNeed(by, org, f"k{n + 1}", quantity),
            "decline": DeclineOffer(by, org, f"k{n + 1}"),
            "leave": StrikeMembers((f"k{n + 1}",)),
        }
        try:
            events = need.decide(commands[what], state, NOW, GROUND)
        except Rejected:
            continue
        state = need.fold(state, events)
        assert 0 <= state.covered <= state.quantity
        assert state.lacking >= 0
        assert state.met == (state.covered == state.quantity)


# --- matching ------------------------------------------------------------------------------------


def offer(
    id: str, place: str, path: tuple[str, ...], quantity: int = 3, until: datetime = UNTIL
) -> Resource:
    event = ResourceOffered(id, ELDERS, place, path, "school", None, quantity, False, BEGIN, until)
    return given(resource, event).state


def test_the_nearest_that_is_there_for_long_and_has_enough_is_best() -> None:
    stated = given(need, *STATED).state
    here = offer("here", "n", PATH)
    above = offer("above", "c", PATH[:3])
    short = offer("short", "n", PATH, until=BEGIN + 5 * DAY)
    scarce = offer("scarce", "n", PATH, quantity=1)
    elsewhere = offer("elsewhere", "c2", ("d", "s", "c2"))
    ranked = best(stated, [elsewhere, scarce, short, above, here])
    assert [one.resource for one in ranked] == ["here", "above", "scarce", "short", "elsewhere"]
    assert (ranked[0].score, ranked[0].unfit) == (1.0, None)
    assert ranked[-1].unfit == "place"


def test_a_match_says_why() -> None:
    stated = given(need, *STATED).state
    found = match(stated, offer("r", "c", PATH[:3], quantity=2, until=BEGIN + 10 * DAY))
    assert (found.steps, found.days, found.days_needed) == (1, 10.0, 20.0)
    assert (found.left, found.offers) == (2, 2)
    assert dict(found.parts) == {"distance": 0.5, "time": 0.5, "quantity": 0.667}
    assert found.score == 0.55


@pytest.mark.parametrize(
    ("one", "other", "steps"),
    [(PATH, PATH, 0), (PATH, PATH[:2], 2), (PATH, ("d", "s", "c2"), 3), (PATH, (), 4)],
)
def test_steps_in_the_place_tree(one: tuple[str, ...], other: tuple[str, ...], steps: int) -> None:
    assert steps_between(one, other) == steps
