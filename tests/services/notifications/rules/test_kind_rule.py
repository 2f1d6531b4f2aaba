"""What an administrator changes of a kind, and what cannot be changed; robots of groups."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.notifications.domain.group_robot import (
    GroupRobot,
    ReplaceRobot,
    RobotGiven,
    RobotKind,
    RobotReplaced,
    RobotSetUp,
    RobotTakenDown,
    SetUpRobot,
    TakeDownRobot,
    group_robot,
    open_verbs,
)
from services.notifications.domain.kind_rule import (
    ChangeRule,
    ChangeWords,
    KindChange,
    KindTurnedOff,
    KindTurnedOn,
    ResetRule,
    RuleChanged,
    RuleFacts,
    RuleReset,
    TurnOff,
    TurnOn,
    Words,
    WordsChanged,
    in_force,
    kind_rule,
)
from services.notifications.domain.kinds import KindRule, Topic, Urgency
from services.notifications.domain.preferences.state import Tongue
from services.notifications.domain.ways import Way
from tests.given import given

NEWS = KindRule(Topic.PETITIONS, ways=(Way.PUSH, Way.EMAIL), lasts=timedelta(days=7))
MUST = replace(NEWS, must=True)
ALARM = replace(MUST, urgency=Urgency.URGENT)
OWN = {Tongue.HANS: Words("标题", "{{ petition }}")}


def known(shipped: KindRule | None = NEWS, fault: str | None = None) -> RuleFacts:
    return RuleFacts(shipped, fault)


def test_urgency_and_ways_are_changed_and_taken_back() -> None:
    changed = given(kind_rule).when(
        ChangeRule("admin", Urgency.LOW, (Way.EMAIL, Way.EMAIL)), facts=known()
    )
    past = changed.then(RuleChanged(Urgency.LOW, (Way.EMAIL,)))
    rule = in_force(NEWS, past.state)
    assert rule == replace(NEWS, urgency=Urgency.LOW, ways=(Way.EMAIL,))
    past.when(ChangeRule("admin", Urgency.LOW, (Way.EMAIL,)), facts=known()).then()
    back = past.when(ResetRule("admin"), facts=known()).then(RuleReset())
    assert in_force(NEWS, back.state) == NEWS
    back.when(ResetRule("admin"), facts=known()).then()


def test_a_kind_is_turned_off_and_on_again() -> None:
    off = given(kind_rule).when(TurnOff("admin"), facts=known()).then(KindTurnedOff())
    assert in_force(NEWS, off.state) is None
    on = off.when(TurnOn("admin"), facts=known()).then(KindTurnedOn())
    assert in_force(NEWS, on.state) == NEWS


def test_what_must_be_told_keeps_a_way_and_its_haste() -> None:
    for command, code in (
        (TurnOff("admin"), "must-be-told"),
        (ChangeRule("admin", None, ()), "must-be-told"),
    ):
        given(kind_rule).when(command, facts=known(MUST)).then_rejected(code)
    calmer = ChangeRule("admin", Urgency.NORMAL)
    given(kind_rule).when(calmer, facts=known(ALARM)).then_rejected("must-be-urgent")
    given(kind_rule).when(calmer, facts=known(replace(ALARM, must=False))).then(
        RuleChanged(Urgency.NORMAL, None)
    )


def test_what_a_later_version_ships_as_a_must_is_told_whatever_was_changed() -> None:
    assert in_force(MUST, KindChange(off=True, ways=())) == MUST
    assert in_force(NEWS, KindChange(ways=())) == replace(NEWS, ways=())


def test_words_are_changed_language_by_language_if_they_can_be_used() -> None:
    own = ChangeWords("admin", OWN)
    past = given(kind_rule).when(own, facts=known()).then(WordsChanged(OWN))
    english = {Tongue.ENGLISH: Words("Title", "{{ petition }}", "short")}
    both = past.when(ChangeWords("admin", english), facts=known()).then(WordsChanged(english))
    assert both.state.words == {**OWN, **english}
    past.when(own, facts=known()).then()
    bad = past.when(ChangeWords("admin", english), facts=known(fault="zh-Hans: no such thing"))
    bad.then_rejected("unusable-words")
    past.when(ChangeWords("admin", {}), facts=known()).then_rejected("no-words")


def test_there_is_no_rule_of_a_kind_that_there_is_not() -> None:
    given(kind_rule).when(TurnOff("admin"), facts=known(None)).then_rejected("no-such-kind")


# --- robots ---------------------------------------------------------------------------------------

URL, OTHER = "https://robot.example/a", "https://robot.example/b"


def test_a_group_has_one_robot_which_is_replaced_and_taken_down() -> None:
    set_up = SetUpRobot("o1", "c1", RobotKind.WECOM, URL)
    past = (
        given(group_robot)
        .when(set_up)
        .then(RobotSetUp("o1", "c1", RobotKind.WECOM), RobotGiven(RobotKind.WECOM, URL, ""))
    )
    past.when(set_up).then_rejected("robot-there-already")
    assert open_verbs(past.state) == ("replace", "take-down")
    other = past.when(ReplaceRobot(RobotKind.FEISHU, OTHER, "s")).then(
        RobotReplaced(RobotKind.FEISHU), RobotGiven(RobotKind.FEISHU, OTHER, "s")
    )
    gone = other.when(TakeDownRobot()).then(RobotTakenDown())
    assert gone.state == GroupRobot("o1", "c1", None)
    assert open_verbs(gone.state) == ()
    for command in (TakeDownRobot(), ReplaceRobot(RobotKind.WECOM, URL)):
        gone.when(command).then_rejected("no-robot")
    gone.when(set_up).then_among(RobotSetUp("o1", "c1", RobotKind.WECOM))


@pytest.mark.parametrize("event", [RobotReplaced, RobotTakenDown])
def test_a_former_address_is_deleted(event: Any) -> None:
    assert event.forgets
