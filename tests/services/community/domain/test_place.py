"""The place tree: what may hang below what."""

import pytest

from services.community.domain.place import MOST_MOVED, place
from services.community.domain.place_commands import MovePlace, RegisterPlace, RenamePlace
from services.community.domain.place_state import Above, may_lie_below
from shared.contracts.community import PlaceMoved, PlaceRegistered, PlaceRenamed
from shared.contracts.types import PlaceKind
from tests.given import NOTHING_SPECIAL as NOW
from tests.given import given

STREET = PlaceRegistered("dj", PlaceKind.STREET, "东街", ("gl", "dj"), "gl", NOW)
DISTRICT = Above(PlaceKind.DISTRICT, ("gl",))


def test_a_district_stands_at_the_top() -> None:
    given(place).when(RegisterPlace("admin", "gl", PlaceKind.DISTRICT, "鼓楼区")).then(
        PlaceRegistered("gl", PlaceKind.DISTRICT, "鼓楼区", ("gl",), None, NOW)
    )


def test_a_place_tells_its_path_from_the_district_down() -> None:
    command = RegisterPlace("admin", "dj", PlaceKind.STREET, "东街", "gl")
    given(place).when(command, facts=DISTRICT).then(STREET)


def test_only_a_district_has_no_parent() -> None:
    command = RegisterPlace("admin", "dj", PlaceKind.STREET, "东街")
    given(place).when(command).then_rejected("parent-missing")


def test_the_parent_must_be_registered() -> None:
    command = RegisterPlace("admin", "dj", PlaceKind.STREET, "东街", "gl")
    given(place).when(command).then_rejected("unknown-parent")


def test_a_code_is_given_once() -> None:
    command = RegisterPlace("admin", "dj", PlaceKind.STREET, "东街", "gl")
    given(place, STREET).when(command, facts=DISTRICT).then_rejected("place-exists")


@pytest.mark.parametrize(
    ("kind", "parent", "may"),
    [
        ("street", "district", True),
        ("unit", "district", True),
        ("building", "community", True),
        ("community", "community", False),
        ("street", "community", False),
        ("district", "street", False),
        ("grid", "community", True),
        ("grid", "area", True),
        ("grid", "neighbourhood", True),
        ("grid", "street", False),
        ("grid", "building", False),
        ("grid", "grid", False),
        ("building", "grid", True),
        ("unit", "grid", True),
        ("neighbourhood", "grid", False),
    ],
)
def test_what_may_hang_below_what(kind: str, parent: str, may: bool) -> None:
    assert may_lie_below(PlaceKind(kind), PlaceKind(parent)) is may


def test_no_chain_of_parents_comes_back_to_where_it_began() -> None:
    def above(kind: PlaceKind) -> set[PlaceKind]:
        parents = {parent for parent in PlaceKind if may_lie_below(kind, parent)}
        return parents.union(*(above(parent) for parent in parents)) if parents else parents

    assert all(kind not in above(kind) for kind in PlaceKind)


def test_a_smaller_place_cannot_hold_a_larger_one() -> None:
    command = MovePlace("admin", "u1")
    below = Above(PlaceKind.UNIT, ("gl", "u1"))
    given(place, STREET).when(command, facts=below).then_rejected("wrong-parent")


def test_a_renamed_place_keeps_its_parent_and_a_repeated_name_is_no_event() -> None:
    given(place, STREET).when(RenamePlace("admin", "东街街道")).then(
        PlaceRenamed("dj", "东街街道")
    ).when(RenamePlace("admin", "东街街道")).then()


def test_a_moved_place_tells_its_new_path() -> None:
    tai_jiang = Above(PlaceKind.DISTRICT, ("tj",))
    given(place, STREET).when(MovePlace("admin", "tj"), facts=tai_jiang).then(
        PlaceMoved("dj", "tj", ("tj", "dj"), NOW)
    ).when(MovePlace("admin", "tj"), facts=tai_jiang).then()


def test_a_district_is_not_moved() -> None:
    there = PlaceRegistered("gl", PlaceKind.DISTRICT, "鼓楼区", ("gl",))
    given(place, there).when(MovePlace("admin", "tj"), facts=DISTRICT).then_rejected("wrong-parent")


def test_all_below_a_moved_place_get_new_paths_too() -> None:
    below = (("jm", "dj"), ("b1", "jm"), ("b2", "dj"))
    there = Above(PlaceKind.DISTRICT, ("tj",), below)
    moved = given(place, STREET).when(MovePlace("admin", "tj"), facts=there)
    state = moved.then(
        PlaceMoved("dj", "tj", ("tj", "dj"), NOW),
        PlaceMoved("jm", "dj", ("tj", "dj", "jm"), NOW),
        PlaceMoved("b1", "jm", ("tj", "dj", "jm", "b1"), NOW),
        PlaceMoved("b2", "dj", ("tj", "dj", "b2"), NOW),
    ).state
    assert (state.code, state.parent) == ("dj", "tj")


def test_a_move_takes_a_bounded_number_of_places_along() -> None:
    below = tuple((f"b{n}", "dj") for n in range(MOST_MOVED + 1))
    there = Above(PlaceKind.DISTRICT, ("tj",), below)
    given(place, STREET).when(MovePlace("admin", "tj"), facts=there).then_rejected("too-many-below")


def test_nothing_is_done_to_a_place_that_is_not_there() -> None:
    given(place).when(RenamePlace("admin", "x")).then_rejected("unknown-place")
