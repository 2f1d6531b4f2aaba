"""What other services know of places and posts."""

from datetime import timedelta

from shared.contracts.types import OrganisationKind, PlaceKind
from shared.neighbourhood.home import HomeLearned, LearnHome, LearnMovingOut, home
from shared.neighbourhood.organisation import (
    LearnEnd,
    LearnOrganisation,
    OrganisationLearned,
    organisation,
)
from shared.neighbourhood.place import (
    KnownPlace,
    LearnClosing,
    LearnHours,
    LearnName,
    LearnPath,
    LearnPlace,
    PlaceLearned,
    place,
)
from shared.neighbourhood.post import (
    HolderLearned,
    LearnAbsence,
    LearnHolder,
    LearnReturn,
    LearnVacancy,
    post,
)
from tests.given import given

LEARNED = PlaceLearned(PlaceKind.GRID, "一网格", ("gl", "g1"))
HELD = HolderLearned("g1", "property", "lin")


def test_what_is_known_of_a_place_outlasts_a_new_name_path_and_hours() -> None:
    known = given(place, LEARNED)
    timed = known.when(LearnHours(((510, 720),), True)).then(
        PlaceLearned(PlaceKind.GRID, "一网格", ("gl", "g1"), ((510, 720),), True)
    )
    renamed = timed.when(LearnName("二网格")).then(
        PlaceLearned(PlaceKind.GRID, "二网格", ("gl", "g1"), ((510, 720),), True)
    )
    moved = renamed.when(LearnPath(("tj", "g1"))).then(
        PlaceLearned(PlaceKind.GRID, "二网格", ("tj", "g1"), ((510, 720),), True)
    )
    moved.when(LearnClosing(("g2",))).then(
        PlaceLearned(PlaceKind.GRID, "二网格", ("tj", "g1"), ((510, 720),), True, True, ("g2",))
    ).when(LearnClosing(("g2",))).then()


def test_hours_heard_before_the_place_itself_are_kept() -> None:
    early = given(place).when(LearnHours(((510, 720),), False))
    early.then(PlaceLearned(PlaceKind.UNIT, "", (), ((510, 720),))).when(
        LearnPlace(PlaceKind.GRID, "一网格", ("gl", "g1"))
    ).then(PlaceLearned(PlaceKind.GRID, "一网格", ("gl", "g1"), ((510, 720),)))


def test_a_place_without_hours_of_its_own_has_none() -> None:
    assert KnownPlace().hours is None
    hours = KnownPlace(spans=((510, 720), (840, 1440)), every_day=True).hours
    assert hours is not None
    assert (hours.a_day, hours.every_day) == (timedelta(hours=13.5), True)


def test_the_deputy_is_responsible_while_the_holder_is_away() -> None:
    away = (
        given(post, HELD)
        .when(LearnAbsence("lin", "chen"))
        .then(HolderLearned("g1", "property", "lin", None, True, "chen"))
    )
    assert away.state.responsible == "chen"
    alone = away.when(LearnAbsence("lin", None)).then(
        HolderLearned("g1", "property", "lin", None, True)
    )
    assert alone.state.responsible is None
    assert alone.when(LearnReturn("lin")).then(HELD).state.responsible == "lin"


def test_a_leave_goes_on_through_another_term_and_ends_with_the_holder() -> None:
    away = given(post, HolderLearned("g1", "property", "lin", None, True, "chen"))
    away.when(LearnHolder("g1", "property", "lin", "org-1")).then(
        HolderLearned("g1", "property", "lin", "org-1", True, "chen")
    )
    away.when(LearnHolder("g1", "property", "wu")).then(HolderLearned("g1", "property", "wu"))
    away.when(LearnVacancy("lin")).then(HolderLearned("g1", "property", None))
    away.when(LearnVacancy("wu")).then()
    away.when(LearnReturn("wu")).then()
    away.when(LearnAbsence("wu", None)).then()


def test_a_home_is_left_by_moving_on_and_by_moving_out_of_that_very_one() -> None:
    there = given(home).when(LearnHome("b1-101")).then(HomeLearned("b1-101"))
    there.when(LearnHome("b1-101")).then()
    moved = there.when(LearnHome("b2-202")).then(HomeLearned("b2-202"))
    moved.when(LearnMovingOut("b1-101")).then()
    moved.when(LearnMovingOut("b2-202")).then(HomeLearned(None))


def test_an_organisation_is_known_to_have_ended() -> None:
    kind = OrganisationKind.DEPARTMENT
    known = given(organisation).when(LearnOrganisation(kind)).then(OrganisationLearned(kind))
    known.when(LearnOrganisation(kind)).then()
    known.when(LearnEnd()).then(OrganisationLearned(kind, closed=True)).when(LearnEnd()).then()
