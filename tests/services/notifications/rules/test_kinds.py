"""The table of kinds: complete, with the parameters that messages really have."""

from datetime import timedelta
from pathlib import Path

import pytest

from services.notifications.domain.audience import who_must_know
from services.notifications.domain.kinds import Topic, Urgency
from services.notifications.domain.preferences.state import Tongue
from services.notifications.domain.ways import Way
from services.notifications.kinds import (
    LONGEST_NIGHT,
    SHIPPED,
    KindsUnusable,
    kinds_in_use,
    load_kinds,
)
from services.notifications.wording import wording
from tests.services.notifications.telling import CASES

TOLD: dict[str, list[set[str]]] = {}
for _event, _ in CASES:
    for _telling in who_must_know(_event):
        TOLD.setdefault(_telling.kind, []).append(set(_telling.params))
MADE_HERE = {"digest": {"count", "topics"}, "address-code-sent": {"way", "code", "until"}}
"""Kinds that no event tells of by itself, and what they are filled with."""


def test_every_kind_that_is_told_stands_in_the_table() -> None:
    assert set(kinds_in_use().rules) == TOLD.keys() | MADE_HERE.keys()


def test_the_parameters_are_those_that_every_message_of_a_kind_has() -> None:
    for kind, rule in kinds_in_use().rules.items():
        have = TOLD.get(kind) or [MADE_HERE[kind]]
        assert set(rule.params) == set.intersection(*have), kind


def test_every_topic_and_way_has_a_name_in_every_language() -> None:
    for tongue in Tongue:
        assert set(wording(tongue).names("topics")) == set(Topic)
        assert set(wording(tongue).names("ways")) == set(Way)


def test_a_deadline_that_costs_a_right_and_an_alarm_must_be_told() -> None:
    rules = kinds_in_use().rules
    for kind in ("petition-answered", "dispute-invited", "clause-due", "points-expiring"):
        assert rules[kind].must, kind
    for kind in ("danger", "care-alarm", "dispute-risk-police"):
        assert rules[kind].must, kind
        assert rules[kind].urgency is Urgency.URGENT
        assert rules[kind].heard_within == timedelta(minutes=10)
        assert rules[kind].ways[-1] is Way.PHONE
    assert not rules["wish-thanks"].must


def test_a_night_never_outlasts_what_must_be_told() -> None:
    for kind, rule in kinds_in_use().rules.items():
        if rule.must and rule.urgency is not Urgency.URGENT:
            assert rule.lasts is None or rule.lasts > LONGEST_NIGHT, kind


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ("told: news", "told: shouting", "there is no manner shouting"),
        ("params: petition category place", "params: petition weather", "weather has no sample"),
        ("topic: points", "topic: weather", "topic"),
        ("lasts: P3D", "lasts: PT9H", "a night may outlast it"),
        ("ways: [push, sms, email], must", "ways: [], must", "needs a way"),
        ("manners:", "manner:", "manners"),
        ("kinds:", "kinds: [", "kinds.yaml"),
    ],
)
def test_a_table_with_a_fault_is_not_taken(
    tmp_path: Path, was: str, becomes: str, told: str
) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    assert was in text
    file = tmp_path / "kinds.yaml"
    file.write_text(text.replace(was, becomes), encoding="utf-8")
    with pytest.raises(KindsUnusable, match=told):
        load_kinds(file)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(KindsUnusable, match=r"nowhere\.yaml"):
        load_kinds(tmp_path / "nowhere.yaml")
