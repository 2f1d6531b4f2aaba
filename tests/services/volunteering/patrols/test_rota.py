"""Rotas of the three lines: shared out fairly, swapped by agreement, nobody twice at once."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given as proposed
from hypothesis import settings
from hypothesis import strategies as st

from services.volunteering.domain.patrols.duty import OrganisersPassed, PassOn
from services.volunteering.domain.patrols.rota import (
    open_verbs,
    patrol_rota,
    shift_id,
    successor_of,
)
from services.volunteering.domain.patrols.rota_commands import (
    Away,
    ConfirmSwap,
    DeclineSwap,
    DrawAgain,
    DrawUp,
    Line,
    PatrolRota,
    ProposeSwap,
    PublishRota,
    RotaMemberForgotten,
    StandIn,
    Strike,
    WithdrawSwap,
)
from services.volunteering.domain.teams.team_state import TeamStatus
from shared.contracts.volunteering import (
    PatrolRotaChanged,
    PatrolRotaPublished,
    PatrolSwapEnded,
    PatrolSwapProposed,
)
from shared.contracts.volunteering.patrols import (
    PatrolKind,
)
from shared.runtime.aggregate import Rejected, Tick
from tests.given import given
from tests.services.volunteering.patrols.world import (
    AN,
    BO,
    CAPTAIN,
    CHEN,
    DENG,
    DEPUTY,
    EVENINGS,
    MUSTER,
    NIGHTS,
    NOW,
    PATH,
    PEOPLE,
    VOLUNTEERS,
    draw_up,
    drawn,
    local,
    published,
    volunteer,
)


def load(rota: PatrolRota) -> Counter[str]:
    return Counter(person for shift in rota.shifts for person in shift.crew)


def evenings(rota: PatrolRota) -> list[int]:
    return [n for n, shift in enumerate(rota.shifts) if shift.line == 0]


def test_each_line_shares_its_shifts_out_evenly_and_in_whole_crews() -> None:
    rota = drawn().state
    assert [(shift.begin, shift.line) for shift in rota.shifts] == [
        (local(day, hour), line) for day in range(3, 7) for hour, line in ((20, 0), (22, 1))
    ]
    assert all(len(set(shift.crew)) == shift.size == (2, 1)[shift.line] for shift in rota.shifts)
    assert {load(rota)[person] for person in PEOPLE["safety"]} == {2}
    assert sorted(load(rota)[person] for person in PEOPLE["party"]) == [1, 1, 2]
    assert rota.organisers == (CAPTAIN, DEPUTY, "hu", "wu")
    assert rota.over == local(7, 0)
    assert open_verbs(rota) == ("draw-again", "publish")


def test_who_did_more_in_the_rota_before_has_fewer_in_the_next() -> None:
    before = replace(drawn().state, lines=(), shifts=())
    worn = replace(drawn().state.lines[0], done=((AN, 3), (BO, 0), (CHEN, 0), (DENG, 0)))
    muster = replace(MUSTER, follows=replace(before, lines=(worn,)))
    asked = draw_up(follows="w0", lines=(EVENINGS,))
    (event,) = given(patrol_rota).when(asked, at=NOW, facts=muster).events
    after = patrol_rota.evolve(PatrolRota(), event)
    assert load(after)[AN] == 0
    assert sorted(count for _, count in after.lines[0].done) == [2, 3, 3, 3]


def test_who_is_away_suspended_or_under_age_is_not_on_duty_then() -> None:
    suspended = volunteer("safety", suspended_until=local(5, 0))
    muster = replace(MUSTER, volunteers={**VOLUNTEERS, BO: suspended})
    asked = draw_up(lines=(EVENINGS,), away=(Away(AN, date(2026, 5, 3)),))
    (event,) = given(patrol_rota).when(asked, at=NOW, facts=muster).events
    shifts = patrol_rota.evolve(PatrolRota(), event).shifts
    assert shifts[0].crew == (CHEN, DENG)
    assert all(BO not in shift.crew for shift in shifts[:2])
    young = replace(MUSTER, volunteers={**VOLUNTEERS, BO: volunteer("safety", birth_year=2012)})
    given(patrol_rota).when(asked, at=NOW, facts=young).then_rejected("guardian-must-consent")
    stranger = replace(MUSTER, volunteers={**VOLUNTEERS, BO: volunteer("another")})
    given(patrol_rota).when(asked, at=NOW, facts=stranger).then_rejected("not-in-the-team")


ALL_DAY = ("00:00-13:00",)
OVERLAPPING = ("20:00-22:00", "21:30-23:00")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (draw_up(place="c1"), "not-its-place"),
        (draw_up(last=date(2026, 5, 2)), "wrong-range"),
        (draw_up(last=date(2026, 9, 2)), "wrong-range"),
        (draw_up(lines=()), "rota-empty"),
        (draw_up(lines=(replace(EVENINGS, members=()),)), "rota-empty"),
        (draw_up(lines=(replace(EVENINGS, shifts=()),)), "rota-empty"),
        (draw_up(lines=(replace(EVENINGS, team="arts"),)), "team-not-active"),
        (draw_up(lines=(EVENINGS, replace(NIGHTS, members=(AN,)))), "in-two-lines"),
        (draw_up(lines=(replace(EVENINGS, shifts=ALL_DAY),)), "shift-too-long"),
        (draw_up(lines=(replace(EVENINGS, weekdays=(3,)),)), "wrong-number-of-shifts"),
        (draw_up(lines=(replace(EVENINGS, shifts=OVERLAPPING),)), "shifts-overlap"),
        (draw_up(first=date(2026, 5, 1), last=date(2026, 5, 1), lines=(
            replace(EVENINGS, shifts=("11:00-13:00",)),)), "rota-begun"),
        (draw_up(lines=(replace(EVENINGS, crew=5),)), "too-few-free"),
        (draw_up(by=AN, team="safety"), "another-team"),
        (draw_up(by=CHEN, team="safety", lines=(EVENINGS,)), "not-a-leader"),
    ],
)  # fmt: skip
def test_what_is_not_drawn_up(asked: DrawUp, code: str) -> None:
    given(patrol_rota).when(asked, at=NOW, facts=MUSTER).then_rejected(code)


def test_a_rota_needs_an_open_route_and_teams_at_work() -> None:
    nowhere = replace(MUSTER, route=None)
    given(patrol_rota).when(draw_up(), at=NOW, facts=nowhere).then_rejected("unknown-route")
    resting = replace(MUSTER.teams["party"], status=TeamStatus.SUSPENDED)
    muster = replace(MUSTER, teams={**MUSTER.teams, "party": resting})
    given(patrol_rota).when(draw_up(), at=NOW, facts=muster).then_rejected("team-not-active")
    elsewhere = replace(MUSTER.teams["party"], place="n2")
    muster = replace(MUSTER, teams={**MUSTER.teams, "party": elsewhere})
    given(patrol_rota).when(draw_up(), at=NOW, facts=muster).then_rejected("not-its-place")


def test_leaders_draw_up_their_own_lines_and_stay_with_them() -> None:
    led = drawn(by=AN, team="safety", lines=(EVENINGS,))
    assert (led.state.led, led.state.organisers) == ("safety", (CAPTAIN, DEPUTY))
    again = DrawAgain(AN, date(2026, 5, 3), date(2026, 5, 4), (NIGHTS,))
    led.when(again, at=NOW, facts=MUSTER).then_rejected("another-team")
    fewer = led.when(replace(again, lines=(EVENINGS,)), at=NOW, facts=MUSTER)
    (event,) = fewer.events
    assert len(fewer.then(event).state.shifts) == 2


def test_it_is_drawn_again_until_it_is_published() -> None:
    again = DrawAgain("wu", date(2026, 5, 3), date(2026, 5, 3), (NIGHTS,))
    crews = (person for shift in drawn().state.shifts for person in shift.crew)
    told = PatrolRotaPublished("w1", "n1", PATH, "r1", 8, local(3, 20), tuple(dict.fromkeys(crews)))
    holds = drawn().when(PublishRota("wu"), at=NOW, facts=MUSTER).then(told)
    for command in (again, PublishRota("wu")):
        holds.when(command, at=NOW, facts=MUSTER).then_rejected("rota-published")
    holds.when(draw_up(), at=NOW, facts=MUSTER).then_rejected("rota-exists")
    late = drawn().when(PublishRota("wu"), at=local(3, 20), facts=MUSTER)
    late.then_rejected("rota-begun")
    given(patrol_rota).when(again, at=NOW, facts=MUSTER).then_rejected("unknown-rota")
    swap = ProposeSwap(AN, BO, 0, 2)
    drawn().when(swap, at=NOW, facts=MUSTER).then_rejected("rota-not-published")


def test_a_shift_is_followed_by_the_one_that_begins_when_it_ends() -> None:
    rota = published().state
    assert (successor_of(rota, 0), successor_of(rota, 1)) == (1, None)
    assert shift_id("w1", 0) == "w1.0"


# --- swaps ---------------------------------------------------------------------------------------


def two_of_a_line(rota: PatrolRota) -> tuple[str, int, str, int]:
    """Somebody with a shift of the first line, and somebody else with another."""
    mine, theirs = evenings(rota)[:2]
    one = next(p for p in rota.shifts[mine].crew if p not in rota.shifts[theirs].crew)
    other = next(p for p in rota.shifts[theirs].crew if p not in rota.shifts[mine].crew)
    return one, mine, other, theirs


def test_a_swap_is_done_when_both_agree() -> None:
    holds = published()
    one, mine, other, theirs = two_of_a_line(holds.state)
    asked = ProposeSwap(one, other, mine, theirs)
    until = local(3, 19, 30)
    offered = holds.when(asked, at=NOW, facts=MUSTER).then(
        PatrolSwapProposed("w1", "n1", one, other, mine, theirs, until)
    )
    assert patrol_rota.due(offered.state) == until
    offered.when(asked, at=NOW, facts=MUSTER).then_rejected("swap-pending")
    confirm = ConfirmSwap(other, one, theirs)
    offered.when(replace(confirm, by=CHEN, of=CHEN), at=NOW, facts=MUSTER).then_rejected(
        "no-such-swap"
    )
    swapped = offered.when(confirm, at=NOW, facts=MUSTER).then(
        PatrolRotaChanged("w1", "n1", mine, one, other, "swapped"),
        PatrolRotaChanged("w1", "n1", theirs, other, one, "swapped"),
    )
    assert swapped.state.swaps == ()
    assert other in swapped.state.shifts[mine].crew
    assert one in swapped.state.shifts[theirs].crew
    assert load(swapped.state) == load(holds.state)


def test_a_swap_comes_to_nothing_when_it_is_declined_withdrawn_or_left_unanswered() -> None:
    holds = published()
    one, mine, other, theirs = two_of_a_line(holds.state)
    offered = given(patrol_rota)
    when = holds.when(ProposeSwap(one, other, mine, theirs), at=NOW, facts=MUSTER)
    offered = when.then(*when.events)
    for command, because, at in (
        (DeclineSwap(other, one, theirs), "declined", NOW),
        (WithdrawSwap(one, mine), "withdrawn", NOW),
        (Tick(), "unanswered", local(3, 19, 30)),
    ):
        ended = offered.when(command, at=at, facts=MUSTER).then(
            PatrolSwapEnded("w1", "n1", one, other, mine, theirs, because)
        )
        assert ended.state.swaps == ()
        assert ended.state.shifts == holds.state.shifts
    holds.when(WithdrawSwap(one, mine), at=NOW, facts=MUSTER).then_rejected("no-such-swap")
    late = offered.when(ConfirmSwap(other, one, theirs), at=local(3, 19, 30), facts=MUSTER)
    late.then_rejected("shift-begun")


def test_what_is_no_swap() -> None:
    holds = published()
    rota = holds.state
    one, mine, other, theirs = two_of_a_line(rota)
    outsider = next(p for p in PEOPLE["safety"] if p not in rota.shifts[mine].crew)
    party = rota.shifts[1].crew[0]
    for asked, code in (
        (ProposeSwap(outsider, other, mine, theirs), "not-your-shift"),
        (ProposeSwap(one, one, mine, theirs), "not-their-shift"),
        (ProposeSwap(one, party, mine, 1), "another-line"),
        (ProposeSwap(one, other, mine, 99), "unknown-shift"),
    ):
        holds.when(asked, at=NOW, facts=MUSTER).then_rejected(code)


# --- others in their place -----------------------------------------------------------------------


def test_a_member_of_the_team_stands_in() -> None:
    holds = published()
    before = holds.state.shifts[0].crew[0]
    other = next(p for p in PEOPLE["safety"] if p not in holds.state.shifts[0].crew)
    stand_in = StandIn("wu", 0, other, before)
    stood = holds.when(stand_in, at=NOW, facts=MUSTER).then(
        PatrolRotaChanged("w1", "n1", 0, before, other, "stand-in")
    )
    assert set(stood.state.shifts[0].crew) == {other, *holds.state.shifts[0].crew} - {before}
    for asked, code in (
        (replace(stand_in, instead_of=other), "not-in-the-crew"),
        (replace(stand_in, instead_of=None), "crew-complete"),
        (replace(stand_in, person=holds.state.shifts[0].crew[1]), "in-the-crew"),
        (replace(stand_in, person="hu"), "not-in-the-team"),
        (replace(stand_in, person="stranger"), "not-a-volunteer"),
    ):
        holds.when(asked, at=NOW, facts=MUSTER).then_rejected(code)
    late = holds.when(stand_in, at=local(3, 19, 45), facts=MUSTER)
    late.then_rejected("shift-begun")


def test_who_leaves_the_team_or_is_suspended_leaves_shifts_to_come() -> None:
    holds = published()
    theirs = [n for n, shift in enumerate(holds.state.shifts) if CHEN in shift.crew]
    gone = holds.when(Strike(CHEN, "left-the-team", "safety"), at=NOW, facts=MUSTER).then(
        *(PatrolRotaChanged("w1", "n1", n, CHEN, None, "left-the-team") for n in theirs)
    )
    assert load(gone.state)[CHEN] == 0
    filled = gone.when(StandIn("wu", theirs[0], "somebody-new"), at=NOW, facts=replace(
        MUSTER, volunteers={"somebody-new": volunteer("safety")}))  # fmt: skip
    now_on = filled.then(PatrolRotaChanged("w1", "n1", theirs[0], None, "somebody-new", "stand-in"))
    assert "somebody-new" in now_on.state.lines[0].members
    holds.when(Strike(CHEN, "left-the-team", "party"), at=NOW, facts=MUSTER).then()
    first = holds.state.shifts[theirs[0]]
    until = first.begin + timedelta(minutes=1)
    holds.when(Strike(CHEN, "suspended", until=until), at=NOW, facts=MUSTER).then(
        PatrolRotaChanged("w1", "n1", theirs[0], CHEN, None, "suspended")
    )
    drawn().when(Strike(CHEN, "stopped"), at=NOW, facts=MUSTER).then()


def test_of_who_is_erased_nothing_is_left() -> None:
    holds = published()
    for person in (CHEN, "wu", CAPTAIN):
        when = holds.when(Strike(person, "erased"), at=NOW, facts=MUSTER)
        assert when.events[-1] == RotaMemberForgotten(person)
        assert repr(person) not in str(when.then(*when.events).state)
    holds.when(Strike("stranger", "erased"), at=NOW, facts=MUSTER).then()


def test_the_duty_passes_on() -> None:
    leaders = ("new", DEPUTY, "hu")
    passed = published().when(PassOn(leaders, (CAPTAIN,)), at=NOW, facts=MUSTER)
    passed.then(OrganisersPassed((*leaders, "wu"), "wu"))


# --- whatever happens ----------------------------------------------------------------------------

EARLY_LINE = Line(PatrolKind.SAFETY, "safety", (AN, BO), ("19:00-21:00",), crew=1)
LATE_LINE = Line(PatrolKind.SAFETY, "safety", (CHEN, DENG), ("20:00-22:00",), crew=1)
COMMANDS = st.one_of(
    st.builds(
        ProposeSwap,
        st.sampled_from(PEOPLE["safety"]),
        st.sampled_from(PEOPLE["safety"]),
        st.integers(0, 7),
        st.integers(0, 7),
    ),
    st.builds(
        ConfirmSwap,
        st.sampled_from(PEOPLE["safety"]),
        st.sampled_from(PEOPLE["safety"]),
        st.integers(0, 7),
    ),
    st.builds(
        StandIn,
        st.just("wu"),
        st.integers(0, 7),
        st.sampled_from(PEOPLE["safety"]),
        st.one_of(st.none(), st.sampled_from(PEOPLE["safety"])),
    ),
    st.builds(Strike, st.sampled_from(PEOPLE["safety"]), st.just("left-the-team")),
    st.just(Tick()),
)


def collisions(rota: PatrolRota) -> int:
    """How often somebody is in two shifts at once."""
    return sum(
        bool(set(a.crew) & set(b.crew)) and a.begin < b.end and b.begin < a.end
        for n, a in enumerate(rota.shifts)
        for b in rota.shifts[n + 1 :]
    )


@proposed(st.lists(st.tuples(COMMANDS, st.integers(0, 40)), max_size=25))
@settings(max_examples=150)
def test_whatever_is_swapped_no_crew_grows_nobody_stands_twice_and_loads_add_up(
    steps: list[tuple[Any, int]],
) -> None:
    rota = published(lines=(EARLY_LINE, LATE_LINE)).state
    at: datetime = NOW
    for command, hours in steps:
        at += timedelta(hours=hours)
        try:
            events = patrol_rota.decide(command, rota, at, MUSTER)
        except Rejected:
            continue
        rota = patrol_rota.fold(rota, events)
    assert all(len(set(shift.crew)) == len(shift.crew) <= shift.size for shift in rota.shifts)
    assert not collisions(rota)
    counted = Counter(dict(rota.lines[0].done)) + Counter(dict(rota.lines[1].done))
    assert counted == load(rota)
    for swap in rota.swaps:
        assert swap.by in rota.shifts[swap.mine].crew
        assert swap.to in rota.shifts[swap.theirs].crew
