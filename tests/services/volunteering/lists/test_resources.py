"""Resources: offered by units or by who has checked in, and never promised twice."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from services.volunteering.domain.lists.checked_in import CheckedInMember
from services.volunteering.domain.lists.resource import (
    ChangeResource,
    DeclineNeed,
    ForgetResource,
    FreeReservation,
    OfferResource,
    Reserve,
    WithdrawResource,
    resource,
)
from services.volunteering.domain.lists.resource_state import (
    Measure,
    ResourceDescribed,
    ResourceMeasured,
    ResourceOwnerForgotten,
    Site,
    Status,
    left,
)
from shared.contracts.event import Event
from shared.contracts.volunteering import (
    ResourceChanged,
    ResourceFreed,
    ResourceOffered,
    ResourceRefused,
    ResourceReserved,
    ResourceWithdrawn,
)
from shared.contracts.volunteering.lists import Provision
from shared.runtime.aggregate import Rejected
from tests.given import NOTHING_SPECIAL, given

NOW, DAY = NOTHING_SPECIAL, timedelta(days=1)
BEGIN, UNTIL = NOW, NOW + 30 * DAY
PATH = ("d", "s", "c", "n")
SITE = Site("r1", PATH[:3])
VENUE = Provision.VENUE

OFFER = OfferResource(
    "clerk", "school", VENUE, "c", "操场", "周末可用", 2, Measure.SESSION, BEGIN, UNTIL
)


def offered(renews: bool = False, person: str | None = None) -> ResourceOffered:
    unit = "school" if person is None else None
    return ResourceOffered("r1", VENUE, "c", PATH[:3], unit, person, 2, renews, BEGIN, UNTIL)


OFFERED: tuple[Event, ...] = (offered(), ResourceMeasured(Measure.SESSION, None))
RENEWING: tuple[Event, ...] = (offered(True), ResourceMeasured(Measure.SESSION, None))


def reserve(need: str = "w1", quantity: int = 1, begin: int = 0, days: int = 30) -> Reserve:
    first = NOW + begin * DAY
    return Reserve(need, VENUE, PATH, quantity, first, first + days * DAY)


def reserved(need: str, quantity: int, begin: int = 0, days: int = 30) -> ResourceReserved:
    first = NOW + begin * DAY
    return ResourceReserved("r1", need, quantity, first, first + days * DAY, "school", None)


def test_a_unit_offers_something_to_a_place() -> None:
    given(resource).when(OFFER, facts=SITE).then(*OFFERED, ResourceDescribed("操场", "周末可用"))


def test_who_has_checked_in_offers_where_they_are() -> None:
    member = CheckedInMember("k1", "s", "lin", None, ("venue",), here=True)
    own = replace(OFFER, by="lin", org=None, checkin="k1")
    site = replace(SITE, member=member)
    given(resource).when(own, facts=site).then_among(
        offered(person="lin"), ResourceMeasured(Measure.SESSION, "k1")
    )
    gone = replace(SITE, member=replace(member, here=False))
    given(resource).when(own, facts=gone).then_rejected("no-check-in")
    other = replace(own, by="chen")
    given(resource).when(other, facts=site).then_rejected("no-check-in")
    far = replace(SITE, member=replace(member, place="c9"))
    given(resource).when(own, facts=far).then_rejected("not-there")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"org": None}, "no-organisation"),
        ({"until": BEGIN}, "resource-times"),
        ({"until": BEGIN + 4 * 365 * DAY}, "resource-times"),
    ],
)
def test_what_is_no_offer(change: dict[str, object], code: str) -> None:
    given(resource).when(replace(OFFER, **change), facts=SITE).then_rejected(code)  # type: ignore[arg-type]
    given(resource).when(OFFER, facts=Site("r1")).then_rejected("unknown-place")
    given(resource, *OFFERED).when(OFFER, facts=SITE).then_rejected("resource-offered")


def test_the_last_unit_goes_to_the_first_need_and_the_second_hears() -> None:
    one = given(resource, *OFFERED).when(reserve("w1", 2), facts=SITE).then(reserved("w1", 2))
    refused = one.when(reserve("w2", 1), facts=SITE).then(
        ResourceRefused("r1", "w2", 1, "not-enough")
    )
    refused.when(reserve("w1", 2), facts=SITE).then()
    freed = refused.when(FreeReservation("w1"), facts=SITE).then(
        ResourceFreed("r1", "w1", 2, "released")
    )
    freed.when(reserve("w2", 1), facts=SITE).then(reserved("w2", 1))


def test_what_renews_is_promised_again_for_another_time() -> None:
    first = given(resource, *RENEWING, reserved("w1", 2, 0, 3))
    first.when(reserve("w2", 1, 2, 3), facts=SITE).then(
        ResourceRefused("r1", "w2", 1, "not-enough")
    )
    first.when(reserve("w2", 2, 3, 3), facts=SITE).then(reserved("w2", 2, 3, 3))
    used_up = given(resource, *OFFERED, reserved("w1", 2, 0, 3))
    used_up.when(reserve("w2", 2, 3, 3), facts=SITE).then(
        ResourceRefused("r1", "w2", 2, "not-enough")
    )


@pytest.mark.parametrize(
    ("change", "because"),
    [
        ({"kind": Provision.LAW}, "kind"),
        ({"path": ("d", "s", "c2")}, "place"),
        ({"begin": UNTIL, "until": UNTIL + DAY}, "time"),
        ({"quantity": 3}, "not-enough"),
    ],
)
def test_a_need_hears_why_it_is_refused(change: dict[str, object], because: str) -> None:
    asked = replace(reserve(), **change)  # type: ignore[arg-type]
    refused = ResourceRefused("r1", "w1", asked.quantity, because)
    given(resource, *OFFERED).when(asked, facts=SITE).then(refused)
    unknown = ResourceRefused("r1", "w1", asked.quantity, "withdrawn")
    given(resource).when(asked, facts=SITE).then(unknown)


def test_who_offers_it_takes_a_promise_or_all_of_it_back() -> None:
    promised = given(resource, *OFFERED, reserved("w1", 1), reserved("w2", 1))
    promised.when(DeclineNeed("clerk", "w1"), facts=SITE).then(
        ResourceFreed("r1", "w1", 1, "declined")
    )
    promised.when(DeclineNeed("clerk", "w3"), facts=SITE).then_rejected("nothing-promised")
    gone = promised.when(WithdrawResource("clerk"), facts=SITE).then(
        ResourceFreed("r1", "w1", 1, "withdrawn"),
        ResourceFreed("r1", "w2", 1, "withdrawn"),
        ResourceWithdrawn("r1"),
    )
    gone.when(WithdrawResource("clerk"), facts=SITE).then_rejected("resource-gone")
    assert gone.state.status is Status.WITHDRAWN


def test_it_is_never_changed_to_less_than_is_promised() -> None:
    promised = given(resource, *OFFERED, reserved("w1", 2))
    more = ChangeResource("clerk", 5, UNTIL)
    promised.when(more, facts=SITE).then(ResourceChanged("r1", 5, UNTIL))
    for less in (ChangeResource("clerk", 1, UNTIL), ChangeResource("clerk", 2, UNTIL - DAY)):
        promised.when(less, facts=SITE).then_rejected("promised-already")
    promised.when(ChangeResource("clerk", 2, NOW), facts=SITE).then_rejected("resource-times")


def test_whoever_leaves_takes_their_offer_along() -> None:
    own = given(resource, offered(person="lin"), ResourceMeasured(Measure.SESSION, "k1"))
    gone = own.when(ForgetResource(), facts=SITE).then(
        ResourceWithdrawn("r1"), ResourceOwnerForgotten()
    )
    assert gone.state.person is None
    gone.when(ForgetResource(), facts=SITE).then()


@hypothesis_given(
    st.booleans(),
    st.lists(
        st.tuples(
            st.sampled_from(["reserve", "free", "decline", "change"]),
            st.sampled_from(["w1", "w2", "w3", "w4"]),
            st.integers(1, 3),
            st.integers(0, 29),
            st.integers(1, 10),
        ),
        max_size=30,
    ),
)
def test_never_is_more_promised_than_there_is(
    renews: bool, steps: list[tuple[str, str, int, int, int]]
) -> None:
    """Whatever is asked in whatever order: on no day is more promised than there is."""
    state = given(resource, *(RENEWING if renews else OFFERED)).state
    for what, need, quantity, begin, days in steps:
        commands = {
            "reserve": reserve(need, quantity, begin, days),
            "free": FreeReservation(need),
            "decline": DeclineNeed("clerk", need),
            "change": ChangeResource("clerk", quantity, UNTIL),
        }
        try:
            events = resource.decide(commands[what], state, NOW, SITE)
        except Rejected:
            continue
        state = resource.fold(state, events)
        for day in range(30):
            at = NOW + day * DAY
            here = [one for one in state.reservations if not renews or one.begin <= at < one.until]
            assert sum(one.quantity for one in here) <= state.quantity
        assert len(set(state.needs)) == len(state.reservations)
        assert renews or left(state, BEGIN, UNTIL) >= 0
