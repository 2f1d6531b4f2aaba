"""The demo's own day: its files are read whole, agree with each other, and mistakes are named."""

from pathlib import Path

import pytest

from deploy.demo.day import DAY, RULES, Act, Wait, load_day
from deploy.demo.stage import community_rows, neighbourhoods
from deploy.demo.telling import DOES, KINDS, LEVELS, OUTCOMES, REACHED, WORDS
from deploy.local.layout import LocalError
from services.petitions.domain.verbs import OPEN
from services.petitions.rules import load_rules
from shared.contracts.envelope import public_events
from shared.contracts.types import Level, PetitionKind, PlaceKind


def test_the_day_and_the_community_know_each_other() -> None:
    day, rows = load_day(), community_rows()
    subjects = {person.sub for person in day.people.values()}
    assert {post.holder for post in rows.posts.values()} <= subjects
    for person in day.people.values():
        assert set(person.places) <= rows.places.keys()
        if person.home is not None:
            assert rows.places[person.home].kind is PlaceKind.UNIT
    for matter in day.petitions.values():
        assert matter.place in rows.places
    assert len(neighbourhoods()) == 5


def test_every_petition_is_filed_first_and_expected_to_end() -> None:
    day = load_day()
    acts = [act for scene in day.scenes for act in scene.acts if isinstance(act, Act)]
    for name, matter in day.petitions.items():
        own = [act.does for act in acts if act.petition == name]
        assert own[0] == "file"
        assert own.count("file") == 1
        assert matter.expect.status == "closed"
        assert matter.expect.levels[-1] == matter.expect.level
    assert {matter.expect.outcome for matter in day.petitions.values()} == set(OUTCOMES)
    assert any(isinstance(act, Wait) for scene in day.scenes for act in scene.acts)


def test_the_demos_rules_are_configuration_only() -> None:
    rules, shipped = load_rules(RULES), load_rules()
    assert rules.categories == shipped.categories
    assert (rules.warn_share, rules.reopenings) == (shipped.warn_share, shipped.reopenings)
    for matter in load_day().petitions.values():
        assert matter.category in rules.by_code


def test_there_is_a_word_for_all_that_can_be_shown() -> None:
    told = {cls.__name__ for cls in public_events("petitions").values()}
    # What other verbs lead to is told by the scenes, in words of their own.
    assert {*WORDS, "PetitionReachedLevel"} <= told
    acts = [act for scene in load_day().scenes for act in scene.acts]
    assert {act.does for act in acts if isinstance(act, Act)} == set(DOES)
    assert set(DOES) <= {verb for verbs in OPEN.values() for verb in verbs}
    assert set(LEVELS) == set(Level)
    assert set(KINDS) == set(PetitionKind)
    assert set(REACHED) == {"filed", "overdue", "handed-up", "rated-low", "review"}


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("who: he, does: file", "who: hee, does: file", "there is no person 'hee'"),
        ("wait: ebike", "wait: e-bike", "there is no petition 'e-bike'"),
        ("with: {stars: 4", "wth: {stars: 4", "unknown wth"),
        ("kind: question", "kind: riddle", "Invalid enum value 'riddle'"),
        ("register: grid", "", "missing required field `register`"),
        ("register: grid", "register: [", "is not YAML"),
        ("assignee: e2-property", "assignee: nobody", "there is no person 'nobody'"),
    ],
)
def test_a_mistake_in_the_day_is_named(before: str, after: str, told: str, tmp_path: Path) -> None:
    text = DAY.read_text(encoding="utf-8")
    assert before in text
    file = tmp_path / "day.yaml"
    file.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(LocalError) as refusal:
        load_day(file)
    assert str(file) in str(refusal.value)
    assert told in str(refusal.value)


def test_a_missing_day_is_named(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match=r"nowhere\.yaml: No such file"):
        load_day(tmp_path / "nowhere.yaml")
