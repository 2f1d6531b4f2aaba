"""The roll: where a person lives and works, as broadcasts ask for it."""

from services.notifications.domain.gathering import (
    GatheringLearned,
    LearnItEnded,
    LearnSeat,
    LearnServes,
    gathering,
)
from services.notifications.domain.roll import (
    EnterGroup,
    EnterHome,
    EnterMovingOut,
    EnterPath,
    EnterPost,
    HeldPost,
    RollEntered,
    StrikeAll,
    StrikeGroup,
    StrikePost,
    roll,
)
from tests.given import given

UNIT, HOME = "u1", ("d1", "s1", "c1", "n1", "u1")
PROPERTY = HeldPost("c1:property", "c1", "property", ("d1", "s1", "c1"))
LIVES = RollEntered(UNIT, HOME, (), ())
WORKS = RollEntered(None, (), (PROPERTY,), ())


def test_a_home_is_known_with_all_above_it() -> None:
    given(roll).when(EnterHome(UNIT), facts=HOME).then(LIVES).when(
        EnterHome(UNIT), facts=HOME
    ).then()


def test_a_home_whose_place_is_not_known_yet_gets_its_path_later() -> None:
    given(roll).when(EnterHome(UNIT), facts=()).then(RollEntered(UNIT, (UNIT,), (), ())).when(
        EnterPath(UNIT, HOME), facts=()
    ).then(LIVES)


def test_who_moved_out_of_another_home_stays() -> None:
    given(roll, LIVES).when(EnterMovingOut("u2"), facts=()).then().when(
        EnterMovingOut(UNIT), facts=()
    ).then(RollEntered(None, (), (), ()))


def test_a_post_counts_at_its_place_and_above_with_and_without_the_duty() -> None:
    known = (
        given(roll)
        .when(EnterPost("c1:property", "c1", "property"), facts=("d1", "s1", "c1"))
        .then(WORKS)
    )
    assert set(known.state.works) == {
        "d1",
        "d1|property",
        "s1",
        "s1|property",
        "c1",
        "c1|property",
    }
    gone = known.when(StrikePost("c1:property"), facts=()).then(RollEntered(None, (), (), ()))
    assert gone.state.works == ()


def test_a_place_that_moves_takes_its_people_along() -> None:
    there = ("d1", "s2", "c1")
    moved = HeldPost("c1:property", "c1", "property", there)
    given(roll, WORKS).when(EnterPath("c1", there), facts=()).then(
        RollEntered(None, (), (moved,), ())
    ).when(EnterPath("elsewhere", ("d9",)), facts=()).then()


def test_groups_come_and_go() -> None:
    given(roll).when(EnterGroup("team:t1"), facts=()).then(
        RollEntered(None, (), (), ("team:t1",))
    ).when(EnterGroup("team:t1"), facts=()).then().when(StrikeGroup("team:t1"), facts=()).then(
        RollEntered(None, (), (), ())
    )


def test_of_who_was_erased_nothing_is_left() -> None:
    given(roll, RollEntered(UNIT, HOME, (PROPERTY,), ("team:t1",))).when(
        StrikeAll(), facts=()
    ).then(RollEntered(None, (), (), ()))


def test_where_an_organisation_or_a_team_is_at_home() -> None:
    ended = (
        given(gathering)
        .when(LearnSeat("c1", ("n1", "n2")))
        .then(GatheringLearned("c1", ("n1", "n2")))
        .when(LearnServes(("n3",)))
        .then(GatheringLearned("c1", ("n3",)))
        .when(LearnSeat("c2"))
        .then(GatheringLearned("c2", ("n3",)))
    )
    assert ended.state.places == ("c2", "n3")
    assert ended.when(LearnItEnded()).then(GatheringLearned(None, ())).state.places == ()
