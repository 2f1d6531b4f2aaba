"""Rotas: drawn up, published, swapped by agreement of both, stood in for."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.community.domain.rota import on_duty, open_verbs, rota
from services.community.domain.rota_commands import (
    Away,
    ConfirmSwap,
    DeclineSwap,
    DrawAgain,
    DrawUp,
    ProposeSwap,
    PublishRota,
    Roster,
    RotaDrawnUp,
    Shift,
    StandIn,
    WithdrawSwap,
)
from shared.contracts.community import (
    RotaPublished,
    RotaShiftChanged,
    RotaSwapEnded,
    RotaSwapProposed,
)
from shared.runtime.aggregate import Command, Tick
from tests.given import given

ID = "jm:may"
DAYS = tuple(date(2025, 5, day) for day in range(1, 6))
ROSTER = Roster(ID, True, frozenset(DAYS))


def at(day: int, hour: int) -> datetime:
    """A local time in May 2025."""
    return datetime(2025, 5, day, hour, tzinfo=UTC) - timedelta(hours=8)


def ask(**changes: object) -> DrawUp:
    asked = {
        "by": "keeper",
        "place": "jm",
        "name": "may",
        "first": date(2025, 4, 28),
        "last": date(2025, 5, 5),
        "members": ("an", "bo", "chen"),
        "shifts": ("09:00-17:00",),
        "days_off_only": True,
    }
    return DrawUp(**{**asked, **changes})  # type: ignore[arg-type]


SHIFTS = tuple(
    Shift(at(day, 9), at(day, 17), person)
    for day, person in zip(range(1, 6), ("an", "bo", "chen", "an", "bo"), strict=True)
)
MEMBERS = ("an", "bo", "chen")
DRAWN = RotaDrawnUp("jm", "may", "keeper", MEMBERS, SHIFTS)
TOLD = RotaPublished(ID, "jm", tuple((s.start, s.end, s.person) for s in SHIFTS))
PUBLISHED = given(rota, DRAWN, TOLD)
OFFER = RotaSwapProposed(ID, "jm", "an", "bo", 0, 1, at(1, 9))


def swap_ended(because: str) -> RotaSwapEnded:
    return RotaSwapEnded(ID, "jm", "an", "bo", 0, 1, because)


def shift_changed(number: int, before: str, person: str, because: str) -> RotaShiftChanged:
    shift = SHIFTS[number]
    return RotaShiftChanged(ID, "jm", number, shift.start, shift.end, before, person, because)


def test_the_holidays_are_shared_out_and_published() -> None:
    drawn = given(rota).when(ask(), facts=ROSTER).then(DRAWN)
    assert on_duty(drawn.state, at(1, 10)) == []
    published = drawn.when(PublishRota("keeper"), facts=ROSTER).then(TOLD)
    assert [shift.person for shift in on_duty(published.state, at(2, 9))] == ["bo"]
    assert on_duty(published.state, at(2, 17)) == []


def test_a_shift_may_last_into_the_next_day() -> None:
    asked = ask(first=DAYS[0], last=DAYS[0], shifts=("09:00-21:00", "21:00-09:00"))
    given(rota).when(asked, facts=ROSTER).then(
        RotaDrawnUp(
            "jm",
            "may",
            "keeper",
            MEMBERS,
            (Shift(at(1, 9), at(1, 21), "an"), Shift(at(1, 21), at(2, 9), "bo")),
        )
    )


def test_who_is_away_has_no_shift_and_who_did_more_before_has_fewer() -> None:
    away = tuple(Away("an", day) for day in DAYS)
    (drawn,) = given(rota).when(ask(away=away), facts=ROSTER).events
    assert isinstance(drawn, RotaDrawnUp)
    assert {shift.person for shift in drawn.shifts} == {"bo", "chen"}
    veteran = Roster(ID, True, frozenset(DAYS), {"an": 9, "bo": 7, "chen": 7})
    (drawn,) = given(rota).when(ask(), facts=veteran).events
    assert isinstance(drawn, RotaDrawnUp)
    assert sum(shift.person == "an" for shift in drawn.shifts) == 1


TWICE = ("08:00-09:00", "20:00-21:00")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (ask(members=()), "rota-empty"),
        (ask(shifts=()), "rota-empty"),
        (ask(last=date(2025, 4, 1)), "wrong-range"),
        (ask(last=date(2027, 4, 1)), "wrong-range"),
        (ask(last=date(2025, 4, 29)), "wrong-number-of-shifts"),
        (ask(last=date(2026, 4, 1), days_off_only=False, shifts=TWICE), "wrong-number-of-shifts"),
        (ask(first=date(2025, 3, 3), days_off_only=False), "rota-begun"),
        (ask(members=("an",), away=(Away("an", DAYS[2]),)), "nobody-free"),
    ],
)
def test_what_cannot_be_drawn_up(asked: DrawUp, code: str) -> None:
    given(rota).when(asked, facts=ROSTER).then_rejected(code)


def test_a_rota_needs_an_open_place_and_a_name_of_its_own() -> None:
    given(rota).when(ask(), facts=Roster(ID)).then_rejected("unknown-place")
    given(rota, DRAWN).when(ask(), facts=ROSTER).then_rejected("rota-exists")
    given(rota).when(PublishRota("keeper"), facts=ROSTER).then_rejected("unknown-rota")


def test_a_rota_is_drawn_again_until_it_is_published() -> None:
    again = DrawAgain("wu", DAYS[0], DAYS[0], ("bo",), ("09:00-17:00",))
    given(rota, DRAWN).when(again, facts=ROSTER).then(
        RotaDrawnUp("jm", "may", "wu", ("bo",), (Shift(at(1, 9), at(1, 17), "bo"),))
    )
    for command in (again, PublishRota("keeper")):
        PUBLISHED.when(command, facts=ROSTER).then_rejected("rota-published")
    swap = ProposeSwap("an", 0, 1)
    given(rota, DRAWN).when(swap, facts=ROSTER).then_rejected("rota-not-published")


def test_a_swap_is_done_when_both_agree() -> None:
    offered = PUBLISHED.when(ProposeSwap("an", 0, 1), facts=ROSTER).then(OFFER)
    assert [one.person for one in offered.state.shifts[:2]] == ["an", "bo"]
    assert rota.due(offered.state) == at(1, 9)
    swapped = offered.when(ConfirmSwap("bo", 1), facts=ROSTER).then(
        shift_changed(0, "an", "bo", "swapped"), shift_changed(1, "bo", "an", "swapped")
    )
    assert [one.person for one in swapped.state.shifts[:2]] == ["bo", "an"]
    assert swapped.state.swaps == ()


def test_an_offer_is_declined_withdrawn_or_lapses_when_the_shift_begins() -> None:
    offered = given(rota, DRAWN, TOLD, OFFER)
    offered.when(DeclineSwap("bo", 1), facts=ROSTER).then(swap_ended("declined"))
    offered.when(WithdrawSwap("an", 0), facts=ROSTER).then(swap_ended("withdrawn"))
    offered.when(Tick(), at=at(1, 8), facts=ROSTER).then()
    offered.when(ConfirmSwap("bo", 1), at=at(1, 9), facts=ROSTER).then_rejected("shift-begun")
    gone = offered.when(Tick(), at=at(1, 9), facts=ROSTER).then(swap_ended("unanswered"))
    assert rota.due(gone.state) is None


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (ProposeSwap("bo", 0, 1), "not-your-shift"),
        (ProposeSwap("an", 0, 3), "own-swap"),
        (ProposeSwap("an", 0, 5), "unknown-shift"),
        (ProposeSwap("an", 3, 1), "swap-pending"),
        (ProposeSwap("chen", 2, 0), "swap-pending"),
        (ConfirmSwap("chen", 1), "no-such-swap"),
        (ConfirmSwap("an", 0), "no-such-swap"),
        (DeclineSwap("bo", 4), "no-such-swap"),
        (WithdrawSwap("bo", 1), "no-such-swap"),
    ],
)
def test_what_cannot_be_swapped(command: Command, code: str) -> None:
    given(rota, DRAWN, TOLD, OFFER).when(command, facts=ROSTER).then_rejected(code)


def test_a_shift_that_has_begun_is_not_swapped() -> None:
    PUBLISHED.when(ProposeSwap("an", 0, 1), at=at(1, 9), facts=ROSTER).then_rejected("shift-begun")


def test_somebody_stands_in_for_who_is_ill_and_offers_of_the_shift_end() -> None:
    offered = given(rota, DRAWN, TOLD, OFFER)
    offered.when(StandIn("keeper", 1, "dong"), facts=ROSTER).then(
        swap_ended("overtaken"), shift_changed(1, "bo", "dong", "stand-in")
    )
    PUBLISHED.when(StandIn("keeper", 1, "bo"), facts=ROSTER).then()
    PUBLISHED.when(StandIn("keeper", 0, "bo"), at=at(1, 17), facts=ROSTER).then_rejected(
        "shift-over"
    )


def test_the_verbs_follow_the_rota() -> None:
    assert "publish" in open_verbs(given(rota, DRAWN).state)
    assert "confirm-swap" not in open_verbs(PUBLISHED.state)
    assert "confirm-swap" in open_verbs(given(rota, DRAWN, TOLD, OFFER).state)
    assert open_verbs(rota.initial) == ()
