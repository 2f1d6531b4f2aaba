"""Places over time: moves ahead, closing, splitting, hours, patterns."""

from datetime import UTC, datetime, timedelta

import pytest

from services.community.domain.place import MOST_PARENTS, open_verbs, place
from services.community.domain.place_commands import (
    AdoptPattern,
    CallOffPlan,
    ClosePlace,
    ContactKind,
    ContactPoint,
    DescribePlace,
    EndSplit,
    FoundPart,
    Given,
    HangUnderPart,
    MovePlace,
    NewPlace,
    OpeningHours,
    PlaceClosingPlanned,
    PlaceContactsSet,
    PlaceMovePlanned,
    PlaceParted,
    PlacePlanCalledOff,
    RegisterPlace,
    RenamePlace,
    SplitPlace,
)
from services.community.domain.place_state import Above, Around, Duties, Place, parent_at
from shared.contracts.community import (
    PatternAdopted,
    PlaceClosed,
    PlaceHoursSet,
    PlaceMoved,
    PlaceRegistered,
    PlaceSplit,
)
from shared.contracts.types import PlaceKind
from shared.runtime.aggregate import Tick
from tests.given import NOTHING_SPECIAL as NOW
from tests.given import given

MAY = datetime(2025, 5, 1, tzinfo=UTC)
BORN = datetime(2024, 1, 1, tzinfo=UTC)
BUILDING = PlaceRegistered("b1", PlaceKind.BUILDING, "一号楼", ("gl", "g1", "b1"), "g1", BORN)
GRID = Above(PlaceKind.GRID, ("gl", "g2"), (("u1", "b1"),))
CLOSED_GRID = Above(PlaceKind.GRID, ("gl", "g2"), open=False)
MOVED = (
    PlaceMoved("b1", "g2", ("gl", "g2", "b1"), MAY),
    PlaceMoved("u1", "b1", ("gl", "g2", "b1", "u1"), MAY),
)


def around(*children: str, **named: bool) -> Around:
    """The building's surroundings; `named` says of other buildings whether they are open."""
    others = {code: (PlaceKind.BUILDING, is_open) for code, is_open in named.items()}
    return Around(("gl", "g1", "b1"), frozenset(children), others)


# --- moves that lie ahead


def test_a_move_that_lies_ahead_is_done_when_its_time_has_come() -> None:
    waiting = (
        given(place, BUILDING)
        .when(MovePlace("admin", "g2", MAY), facts=GRID)
        .then(PlaceMovePlanned("g2", MAY))
    )
    assert waiting.state.parent == "g1"
    assert place.due(waiting.state) == MAY
    waiting.when(Tick(), at=MAY - timedelta(seconds=1), facts=GRID).then()
    done = waiting.when(Tick(), at=MAY + timedelta(seconds=1), facts=GRID).then(*MOVED)
    assert done.state.parent == "g2"
    assert place.due(done.state) is None


def test_history_stays_true() -> None:
    moved = given(place, BUILDING, *MOVED).state
    for moment, parent in ((BORN, "g1"), (MAY - timedelta(seconds=1), "g1"), (MAY, "g2")):
        lay = parent_at(moved, moment)
        assert lay is not None
        assert lay.parent == parent
    assert parent_at(moved, BORN - timedelta(seconds=1)) is None


def test_of_a_place_registered_before_times_were_kept_the_first_parent_always_held() -> None:
    old = PlaceRegistered("b1", PlaceKind.BUILDING, "一号楼", ("gl", "b1"), "gl")
    lay = parent_at(given(place, old).state, datetime(1990, 1, 1, tzinfo=UTC))
    assert lay is not None
    assert lay.parent == "gl"


@pytest.mark.parametrize(
    ("facts", "because"),
    [
        (CLOSED_GRID, "parent-closed"),
        (None, "unknown-parent"),
        (Above(PlaceKind.UNIT, ("gl", "u9")), "wrong-parent"),
    ],
)
def test_a_move_that_is_forbidden_when_its_time_comes_is_called_off(
    facts: Above | None, because: str
) -> None:
    waiting = given(place, BUILDING, PlaceMovePlanned("g2", MAY))
    gone = waiting.when(Tick(), at=MAY, facts=facts).then(PlacePlanCalledOff(because))
    assert gone.state.plan is None
    assert gone.state.parent == "g1"


def test_one_plan_lies_ahead_at_a_time_and_can_be_called_off() -> None:
    waiting = given(place, BUILDING, PlaceMovePlanned("g2", MAY))
    waiting.when(MovePlace("admin", "g3"), facts=GRID).then_rejected("plan-ahead")
    waiting.when(ClosePlace("admin"), facts=around()).then_rejected("plan-ahead")
    gone = waiting.when(CallOffPlan("admin")).then(PlacePlanCalledOff("called-off"))
    gone.when(CallOffPlan("admin")).then_rejected("no-plan")


def test_the_past_is_not_rewritten() -> None:
    there = given(place, BUILDING)
    there.when(MovePlace("admin", "g2", BORN), facts=GRID).then_rejected("time-past")
    bare = datetime(2025, 5, 1)
    there.when(MovePlace("admin", "g2", bare), facts=GRID).then_rejected("time-without-zone")


def test_a_place_remembers_so_many_parents_and_no_more() -> None:
    moves = [PlaceMoved("b1", f"g{n}", ("gl", f"g{n}", "b1"), NOW) for n in range(MOST_PARENTS - 1)]
    often = given(place, BUILDING, *moves)
    often.when(MovePlace("admin", "other"), facts=GRID).then_rejected("moved-too-often")


def test_nothing_new_comes_below_a_closed_place() -> None:
    register = RegisterPlace("admin", "b9", PlaceKind.BUILDING, "九号楼", "g2")
    given(place).when(register, facts=CLOSED_GRID).then_rejected("parent-closed")
    given(place, BUILDING).when(MovePlace("admin", "g2"), facts=CLOSED_GRID).then_rejected(
        "parent-closed"
    )


# --- closing


def test_a_place_is_closed_with_or_without_a_successor() -> None:
    there = given(place, BUILDING)
    there.when(ClosePlace("admin"), facts=around()).then(PlaceClosed("b1", (), NOW))
    closed = there.when(ClosePlace("admin", successor="b2"), facts=around(b2=True)).then(
        PlaceClosed("b1", ("b2",), NOW)
    )
    closed.when(MovePlace("admin", "g2"), facts=GRID).then_rejected("place-closed")
    assert open_verbs(closed.state) == ("rename",)
    closed.when(RenamePlace("admin", "旧一号楼"))


def test_a_place_with_open_places_below_is_not_closed() -> None:
    there = given(place, BUILDING)
    there.when(ClosePlace("admin"), facts=around("u1")).then_rejected("places-below")


@pytest.mark.parametrize("successor", ["b1", "b2", "nowhere", "g2"])
def test_a_successor_is_another_open_place_of_the_same_kind(successor: str) -> None:
    known = Around(
        ("gl", "g1", "b1"),
        named={
            "b1": (PlaceKind.BUILDING, True),
            "b2": (PlaceKind.BUILDING, False),
            "g2": (PlaceKind.GRID, True),
        },
    )
    asked = ClosePlace("admin", successor=successor)
    given(place, BUILDING).when(asked, facts=known).then_rejected("no-such-successor")


def test_a_closing_that_lies_ahead_looks_again_when_its_time_has_come() -> None:
    waiting = (
        given(place, BUILDING)
        .when(ClosePlace("admin", MAY, "b2"), facts=around(b2=True))
        .then(PlaceClosingPlanned(MAY, "b2"))
    )
    assert place.due(waiting.state) == MAY
    waiting.when(Tick(), at=MAY, facts=around(b2=True)).then(PlaceClosed("b1", ("b2",), MAY))
    waiting.when(Tick(), at=MAY, facts=around("u1", b2=True)).then(
        PlacePlanCalledOff("places-below")
    )
    waiting.when(Tick(), at=MAY, facts=around(b2=False)).then(
        PlacePlanCalledOff("no-such-successor")
    )


# --- splitting

INTO = (NewPlace("b1-e", "一号楼东"), NewPlace("b1-w", "一号楼西"))
GIVEN = (Given("u1", "b1-e"), Given("u2", "b1-w"))
SPLIT = (PlaceParted(INTO, GIVEN), PlaceSplit("b1", ("b1-e", "b1-w"), ("gl", "g1", "b1"), NOW))


def test_a_split_says_first_what_shall_be_and_is_ended_last() -> None:
    asked = SplitPlace("admin", INTO, GIVEN)
    parting = given(place, BUILDING).when(asked, facts=around("u1", "u2")).then(*SPLIT)
    parting.when(MovePlace("admin", "g2"), facts=GRID).then_rejected("place-closed")
    ended = parting.when(EndSplit(), at=MAY).then(PlaceClosed("b1", ("b1-e", "b1-w"), MAY))
    assert ended.state.parting is None
    ended.when(EndSplit(), at=MAY).then()


def test_a_part_is_founded_once() -> None:
    found = FoundPart("b1-e", PlaceKind.BUILDING, "一号楼东", "g1", ("gl", "g1", "b1-e"))
    given(place).when(found).then(
        PlaceRegistered("b1-e", PlaceKind.BUILDING, "一号楼东", ("gl", "g1", "b1-e"), "g1", NOW)
    ).when(found).then()


def test_what_lay_below_hangs_under_its_part_unless_it_was_moved_away() -> None:
    unit = PlaceRegistered("u1", PlaceKind.UNIT, "101", ("gl", "g1", "b1", "u1"), "b1", BORN)
    part = Above(PlaceKind.UNIT, ("gl", "g1", "b1-e"))
    hang = HangUnderPart("b1", "b1-e", ("gl", "g1", "b1-e"))
    done = (
        given(place, unit)
        .when(hang, facts=part)
        .then(PlaceMoved("u1", "b1-e", ("gl", "g1", "b1-e", "u1"), NOW))
    )
    done.when(hang, facts=part).then()


@pytest.mark.parametrize(
    ("into", "children", "code"),
    [
        (INTO[:1], (Given("u1", "b1-e"), Given("u2", "b1-e")), "not-a-split"),
        ((INTO[0], INTO[0]), GIVEN, "not-a-split"),
        ((INTO[0], NewPlace("b7", "七号楼")), GIVEN, "place-exists"),
        (INTO, GIVEN[:1], "children-not-given"),
        (INTO, (*GIVEN, Given("u3", "b1-e")), "children-not-given"),
        (INTO, (*GIVEN, Given("u1", "b1-w")), "children-not-given"),
        (INTO, (GIVEN[0], Given("u2", "elsewhere")), "children-not-given"),
    ],
)
def test_a_split_names_new_places_and_gives_each_child_to_one(
    into: tuple[NewPlace, ...], children: tuple[Given, ...], code: str
) -> None:
    asked = SplitPlace("admin", into, children)
    facts = around("u1", "u2", b7=True)
    given(place, BUILDING).when(asked, facts=facts).then_rejected(code)


# --- hours, languages, contacts


def test_hours_and_languages_are_told_and_contacts_stay_here() -> None:
    desk = ContactPoint(ContactKind.DESK, "一楼服务大厅")
    asked = DescribePlace(
        "admin", OpeningHours(("08:30-12:00", "14:30-24:00")), ("zh-Hans", "en"), (desk,)
    )
    told = PlaceHoursSet("b1", ((510, 720), (870, 1440)), False, ("zh-Hans", "en"), NOW)
    there = given(place, BUILDING).when(asked).then(told, PlaceContactsSet((desk,)))
    there.when(asked).then()
    there.when(DescribePlace("admin", None, ("zh-Hans", "en"), (desk,))).then(
        PlaceHoursSet("b1", (), False, ("zh-Hans", "en"), NOW)
    )


@pytest.mark.parametrize(
    "spans",
    [(), ("12:00-08:30",), ("08:00-12:00", "11:00-13:00"), ("08:00-24:30",), ("08:00-08:00",)],
)
def test_hours_lie_within_a_day_in_order(spans: tuple[str, ...]) -> None:
    asked = DescribePlace("admin", OpeningHours(spans))
    given(place, BUILDING).when(asked).then_rejected("hours-unusable")


# --- patterns

FIVE = Duties(("grid-head", "grid-worker"), 14, frozenset({PlaceKind.BUILDING}))
THREE = Duties(("grid-head", "patrol"), 7, frozenset({PlaceKind.BUILDING}))


def test_a_place_adopts_a_pattern_changes_it_and_drops_it() -> None:
    adopted = PatternAdopted("b1", "five", FIVE.duties, (), 14)
    first = given(place, BUILDING).when(AdoptPattern("admin", "five"), facts=FIVE).then(adopted)
    first.when(AdoptPattern("admin", "five"), facts=FIVE).then()
    second = first.when(AdoptPattern("admin", "three"), facts=THREE).then(
        PatternAdopted("b1", "three", THREE.duties, ("grid-worker",), 7)
    )
    none = second.when(AdoptPattern("admin")).then(PatternAdopted("b1", None, (), THREE.duties, 0))
    none.when(AdoptPattern("admin")).then()


def test_a_pattern_exists_and_is_for_places_of_this_kind() -> None:
    there = given(place, BUILDING)
    there.when(AdoptPattern("admin", "nine")).then_rejected("unknown-pattern")
    grids = Duties(("grid-head",), 14, frozenset({PlaceKind.GRID}))
    there.when(AdoptPattern("admin", "five"), facts=grids).then_rejected("pattern-for-others")


def test_a_place_that_is_not_registered_knows_nothing() -> None:
    for command in (CallOffPlan("admin"), EndSplit(), AdoptPattern("admin")):
        given(place).when(command).then_rejected("unknown-place")
    assert open_verbs(Place()) == ()
