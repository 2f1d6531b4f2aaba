"""A person's record of orders follows what happens to the orders."""

from datetime import timedelta

import pytest

from services.volunteering.domain.orders.record import (
    BEHIND_ABSENT,
    BEHIND_LATE,
    AtHand,
    BeginAnew,
    ForgetRecord,
    NoteAwaited,
    NoteLeft,
    NoteOffered,
    NoteRated,
    NoteServed,
    NoteSettled,
    NoteTaken,
    OrderRecord,
    order_record,
)
from shared.runtime.aggregate import Command
from tests.services.volunteering.orders.an_order import HOUR, NOW

BEGIN, END = NOW + HOUR, NOW + 2 * HOUR


def after(*commands: Command) -> OrderRecord:
    state = order_record.initial
    for command in commands:
        state = order_record.fold(state, order_record.decide(command, state, NOW))
    return state


TAKEN = (NoteOffered("v-1"), NoteTaken("v-1", "o-1"))


def test_an_order_is_at_hand_from_accepting_with_its_times_once_agreed() -> None:
    state = after(*TAKEN, NoteTaken("v-1", "o-1", BEGIN, END))
    assert state.at_hand == (AtHand("o-1", BEGIN, END),)
    assert (state.offered, state.taken, state.last) == (1, 1, NOW)


def test_a_served_order_counts_its_minutes() -> None:
    state = after(*TAKEN, NoteServed("v-1", "o-1", 80), NoteRated("v-1", 4), NoteRated("v-1", 5))
    assert (state.at_hand, state.done, state.minutes) == ((), 1, 80)
    assert (state.rated, state.stars) == (2, 9)


@pytest.mark.parametrize(
    ("left", "behind", "given_back", "absent"),
    [
        (NoteLeft("v-1", "o-1", blameless=True), None, 0, 0),
        (NoteLeft("v-1", "o-1", blameless=False), None, 1, 0),
        (NoteLeft("v-1", "o-1", blameless=False, late=True), BEHIND_LATE, 1, 0),
        (NoteLeft("v-1", "o-1", blameless=False, late=True, absent=True), BEHIND_ABSENT, 0, 1),
    ],
)
def test_giving_back_late_and_not_coming_have_consequences(
    left: Command, behind: timedelta | None, given_back: int, absent: int
) -> None:
    state = after(*TAKEN, left)
    assert state.at_hand == ()
    assert (state.given_back, state.absent) == (given_back, absent)
    assert state.behind_until == (None if behind is None else NOW + behind)


def test_what_they_do_not_have_cannot_be_left() -> None:
    assert after(NoteLeft("v-1", "o-9", blameless=False)) == order_record.initial
    assert after(NoteServed("v-1", "o-9", 80)) == order_record.initial


def test_who_asks_waits_and_calling_off_late_is_remembered() -> None:
    state = after(
        NoteAwaited("r-1", "o-1"),
        NoteAwaited("r-1", "o-2"),
        NoteSettled("r-1", "o-1", late=True),
        NoteSettled("r-1", "o-9", late=True),
    )
    assert state.open == ("o-2",)
    assert state.late == (NOW,)


def test_an_erased_person_has_no_record_and_gets_none_by_what_comes_to_light_later() -> None:
    assert after(*TAKEN, ForgetRecord()) == OrderRecord(forgotten=True)
    late = (
        NoteOffered("v-1"),
        NoteTaken("v-1", "o-2"),
        NoteRated("v-1", 5),
        NoteAwaited("v-1", "o-3"),
        ForgetRecord(),
    )
    assert after(*TAKEN, ForgetRecord(), *late) == OrderRecord(forgotten=True)
    assert after(ForgetRecord(), *late) == OrderRecord(forgotten=True), "erased before any of it"


def test_who_comes_back_begins_with_an_empty_record() -> None:
    assert after(*TAKEN, ForgetRecord(), BeginAnew()) == order_record.initial
    assert after(ForgetRecord(), BeginAnew(), NoteAwaited("r-1", "o-1")).open == ("o-1",)
    assert after(*TAKEN, BeginAnew()) == after(*TAKEN), "who was not erased has come from nowhere"
